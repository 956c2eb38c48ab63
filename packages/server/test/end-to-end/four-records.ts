import { evidenceHolds, partitionOf } from '@verzet/core'
import type { Database } from '../../src/storage/database.ts'

/** What all one-click opt-outs left behind, looked for from each of the four ends: `choice id → key`, or ids alone. */
export type FourRecords = {
  readonly choices: ReadonlyMap<string, string>
  readonly evidence: ReadonlyMap<string, string>
  readonly standings: ReadonlySet<string>
  readonly changes: ReadonlySet<string>
}

type Row = { id: string; key: string }

const itemsOf = (table: string) =>
  `select item ->> 'id' as id, contact_key::text as key from ${table},
   jsonb_array_elements(record -> 'groups') as part, jsonb_array_elements(part -> 'items') as item`

export async function readFourRecords(db: Database): Promise<FourRecords> {
  const choices = await db.query<Row>('select id::text, subject_key::text as key from choices')
  const evidence = await db.query<Row>(
    `select body::json #>> '{details,choice,id}' as id, subject_key::text as key from evidence where kind = 'choice'`,
  )
  const standings = await db.query<Row>(itemsOf('standings'))
  const changes = await db.query<Row>(itemsOf('changes'))
  return {
    choices: mapOf(choices),
    evidence: mapOf(evidence),
    standings: setOf(standings),
    changes: setOf(changes),
  }
}

/** A choice without its evidence, standing or change is as wrong as the reverse: all four or none, everywhere it reaches. */
export function findHalfThere(records: FourRecords, reachOf: (key: string) => readonly string[]): string[] {
  const { choices, evidence, standings, changes } = records
  const expected = new Set([...choices].flatMap(([id, key]) => reachOf(key).map((reached) => `${id} ${reached}`)))
  return [
    ...[...choices].filter(([id, key]) => evidence.get(id) !== key).map(([id]) => `choice ${id} without evidence`),
    ...[...evidence].filter(([id, key]) => choices.get(id) !== key).map(([id]) => `evidence of ${id} without choice`),
    ...[...expected].filter((said) => !standings.has(said)).map((said) => `${said} without standing`),
    ...[...expected].filter((said) => !changes.has(said)).map((said) => `${said} without change`),
    ...[...standings].filter((said) => !expected.has(said)).map((said) => `standing of ${said} without choice`),
    ...[...changes].filter((said) => !expected.has(said)).map((said) => `change of ${said} without choice`),
  ]
}

export async function findForged(db: Database): Promise<string[]> {
  const rows = await db.query<Row & { body: string; hash: string }>(
    `select id::text, subject_key::text as key, body, encode(hash, 'hex') as hash from evidence`,
  )
  return rows.filter((row) => !evidenceHolds(row)).map(({ id }) => id)
}

/** What is wrong with the feed: numbers with a gap, a counter elsewhere, a last change that is not what stands. */
export async function findFeedFaults(db: Database): Promise<string[]> {
  const counters = await db.query<{ partition: number; last: bigint }>(
    'select partition, last_seq as last from partitions',
  )
  const changes = await db.query<{ partition: number; seq: bigint; key: string; record: string }>(
    'select partition, seq, contact_key::text as key, record::text from changes order by partition, seq',
  )
  const standings = await db.query<{ key: string; seq: bigint; record: string }>(
    'select contact_key::text as key, seq, record::text from standings where seq > 0',
  )
  const faults: string[] = []
  const reached = new Map<number, bigint>()
  const newest = new Map<string, string>()
  for (const { partition, seq, key, record } of changes) {
    if (seq !== (reached.get(partition) ?? 0n) + 1n) faults.push(`partition ${partition} has a gap before ${seq}`)
    if (partition !== partitionOf(key)) faults.push(`change ${seq} lies in partition ${partition}`)
    reached.set(partition, seq)
    newest.set(key, `${seq} ${record}`)
  }
  for (const { partition, last } of counters) {
    if ((reached.get(partition) ?? 0n) !== last) faults.push(`the counter of partition ${partition} stands at ${last}`)
  }
  for (const { key, seq, record } of standings) {
    if (newest.get(key) !== `${seq} ${record}`) faults.push(`the standing of ${key} was not told`)
    newest.delete(key)
  }
  return [...faults, ...[...newest.keys()].map((key) => `a change of ${key} left no standing`)]
}

function mapOf(rows: readonly Row[]): Map<string, string> {
  return new Map(rows.map(({ id, key }) => [id, key]))
}

function setOf(rows: readonly Row[]): Set<string> {
  return new Set(rows.map(({ id, key }) => `${id} ${key}`))
}
