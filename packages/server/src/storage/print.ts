import type { Queryable, Transaction } from './database.ts'

/** One print run, finished: what of it was printed before a no may still land after it. */
export type PrintBatchRow = {
  readonly id: string
  readonly brand: string
  readonly topic: string
  readonly campaign: string | null
  readonly printedAt: Date
  readonly arrivesUntil: Date
}

export async function insertPrintBatch(tx: Transaction, batch: PrintBatchRow, now: number): Promise<void> {
  await tx.execute(
    `insert into print_batches (id, brand, topic, campaign, printed_at, arrives_until, created_at)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [batch.id, batch.brand, batch.topic, batch.campaign, batch.printedAt, batch.arrivesUntil, new Date(now)],
  )
}

const insertCards = {
  name: 'print-cards-insert',
  text: `insert into print_cards (contact_key, batch_id) select key, $2::uuid from unnest($1::uuid[]) as new (key)
    on conflict (contact_key, batch_id) do nothing`,
}

export async function insertPrintCards(
  tx: Transaction,
  batchId: string,
  contactKeys: readonly string[],
): Promise<void> {
  const inOrder = [...new Set(contactKeys)].sort()
  if (inOrder.length > 0) await tx.execute(insertCards, [inOrder, batchId])
}

/** From now on the run counts. */
export async function finishPrintBatch(tx: Transaction, batchId: string, cards: number, now: number): Promise<void> {
  await tx.execute('update print_batches set cards = $2, finished_at = $3 where id = $1', [
    batchId,
    cards,
    new Date(now),
  ])
}

/** Takes away a run that was broken off; its cards belong to nothing then. */
export async function deletePrintBatch(tx: Transaction, batchId: string): Promise<void> {
  await tx.execute('delete from print_batches where id = $1 and finished_at is null', [batchId])
}

const columns = `id, brand, topic, campaign, printed_at as "printedAt", arrives_until as "arrivesUntil"`

const arriving = {
  name: 'print-batches-arriving',
  text: `select ${columns} from print_batches where finished_at is not null and arrives_until >= $1
    order by printed_at, id`,
}

/** The runs that may still land: a handful, whatever the number of people in them. */
export async function listArrivingBatches(db: Queryable, now: number): Promise<PrintBatchRow[]> {
  return db.query<PrintBatchRow>(arriving, [new Date(now)])
}

const madeAt = {
  name: 'print-batches-made-at',
  text: `select ${columns} from print_batches where finished_at >= $1 and created_at < $2 order by created_at, id`,
}

/** The runs whose cards were being made between two moments. */
export async function listBatchesMadeAt(db: Queryable, from: number, to: number): Promise<PrintBatchRow[]> {
  return db.query<PrintBatchRow>(madeAt, [new Date(from), new Date(to)])
}

const cardsOf = {
  name: 'print-cards-of',
  text: `select contact_key as "contactKey", batch_id as "batchId" from print_cards
    where contact_key = any($1::uuid[]) and batch_id = any($2::uuid[])`,
}

export async function findPrintCards(
  db: Queryable,
  contactKeys: readonly string[],
  batchIds: readonly string[],
): Promise<{ readonly contactKey: string; readonly batchId: string }[]> {
  if (contactKeys.length === 0 || batchIds.length === 0) return []
  return db.query(cardsOf, [contactKeys, batchIds])
}

export type PrintDropRow = { readonly brand: string; readonly name: string; readonly code: string }

export async function findPrintDrop(db: Queryable, brand: string, name: string): Promise<PrintDropRow | undefined> {
  const rows = await db.query<PrintDropRow>(
    'select brand, name, code from print_drops where brand = $1 and name = $2',
    [brand, name],
  )
  return rows[0]
}

/** False when somebody else made the drop a moment before. */
export async function insertPrintDrop(tx: Transaction, drop: PrintDropRow, now: number): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into print_drops (brand, name, code, created_at) values ($1, $2, $3, $4)
     on conflict (brand, name) do nothing`,
    [drop.brand, drop.name, drop.code, new Date(now)],
  )
  return inserted === 1
}

export type PrintReturnRow = {
  readonly contactKey: string
  readonly id: string
  readonly mark: string
  readonly cameBackAt: Date | null
}

const insertReturns = {
  name: 'print-returns-insert',
  text: `insert into print_returns (contact_key, id, mark, came_back_at, recorded_at)
    select *, $5::timestamptz from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[])
    on conflict (contact_key, id) do nothing returning id`,
}

/** The ids of those that had not come before. */
export async function insertPrintReturns(
  tx: Transaction,
  rows: readonly PrintReturnRow[],
  now: number,
): Promise<Set<string>> {
  if (rows.length === 0) return new Set()
  const inserted = await tx.query<{ id: string }>(insertReturns, [
    rows.map((row) => row.contactKey),
    rows.map((row) => row.id),
    rows.map((row) => row.mark),
    rows.map((row) => row.cameBackAt),
    new Date(now),
  ])
  return new Set(inserted.map(({ id }) => id))
}
