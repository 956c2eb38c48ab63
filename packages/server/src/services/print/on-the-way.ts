import { evidenceEntry, type Scope, uuidV7 } from '@verzet/core'
import { type Database, type Queryable, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { findPrintCards, listArrivingBatches, type PrintBatchRow } from '../../storage/print.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../../storage/ties.ts'
import type { CommitListener } from '../choice-committer.ts'
import type { Clock, RandomBytes } from '../ports.ts'

/**
 * What was printed for these contact points before now and may still land (RULE P-2: what is in flight is recorded, and
 * the person is told). A run whose print day is yet to come is none: its list can still be asked about at the gate.
 */
export async function findOnTheWay(
  db: Queryable,
  contactKeys: readonly string[],
  now: number,
): Promise<PrintBatchRow[]> {
  const batches = (await listArrivingBatches(db, now)).filter(({ printedAt }) => printedAt.getTime() <= now)
  return holding(db, batches, contactKeys)
}

async function holding(
  db: Queryable,
  batches: readonly PrintBatchRow[],
  contactKeys: readonly string[],
): Promise<PrintBatchRow[]> {
  const cards = await findPrintCards(
    db,
    contactKeys,
    batches.map(({ id }) => id),
  )
  const found = new Set(cards.map(({ batchId }) => batchId))
  return batches.filter(({ id }) => found.has(id))
}

/** True when a no of this scope would have stopped the run. */
export function wouldHaveStopped(scope: Scope, batch: Pick<PrintBatchRow, 'brand' | 'topic'>): boolean {
  return (
    (scope.channel === undefined || scope.channel === 'post') &&
    (scope.brand === undefined || scope.brand === batch.brand) &&
    (scope.topic === undefined || scope.topic === batch.topic)
  )
}

/** How old the list of runs that are on the way may be: the one question that every commit would otherwise ask. */
const batchesKeptMs = 10_000

export type NoSaid = { readonly subjectKey: string; readonly choiceId: string; readonly scope: Scope }

/**
 * Writes into the evidence what had been printed when a no came, so that what lands after it is explained. It works after
 * the commit, out of the way of the no itself; the page reads the same from the batches and waits for none of it.
 */
export class PrintWatch implements AsyncDisposable {
  readonly #db: Database
  readonly #clock: Clock
  readonly #random: RandomBytes
  #batches: readonly PrintBatchRow[] = []
  #readAt = Number.NEGATIVE_INFINITY
  #working: Promise<void> = Promise.resolve()

  constructor(db: Database, clock: Clock, random: RandomBytes) {
    this.#db = db
    this.#clock = clock
    this.#random = random
  }

  /** For the committer. What cannot be written is left out: the no holds all the same. */
  readonly heard: CommitListener = (choices, outcomes) => {
    const noes = choices.flatMap(({ words, subjectKey }, index) => {
      const outcome = outcomes[index]
      const isNew = outcome?.kind === 'recorded' && outcome.alreadySince === undefined
      return words.kind === 'objection' && isNew ? [{ subjectKey, choiceId: outcome.id, scope: words.scope }] : []
    })
    if (noes.length > 0) this.#working = this.#working.then(() => this.note(noes)).catch(() => {})
  }

  async note(noes: readonly NoSaid[]): Promise<void> {
    const now = this.#clock()
    if (now - this.#readAt > batchesKeptMs) {
      this.#batches = await listArrivingBatches(this.#db, now)
      this.#readAt = now
    }
    const printed = this.#batches.filter((batch) => batch.printedAt.getTime() <= now)
    if (printed.length === 0) return
    for (const no of noes) await this.#noteOne(no, printed, now)
  }

  async #noteOne({ subjectKey, choiceId, scope }: NoSaid, printed: readonly PrintBatchRow[], now: number) {
    const meant = printed.filter((batch) => wouldHaveStopped(scope, batch))
    const batches = await holding(this.#db, meant, await reachedFrom(this.#db, subjectKey))
    if (batches.length === 0) return
    const details = {
      choice: choiceId,
      batches: batches.map(({ id, brand, campaign, printedAt, arrivesUntil }) => ({
        id,
        brand,
        campaign,
        printedAt: printedAt.toISOString(),
        arrivesUntil: arrivesUntil.toISOString(),
      })),
    }
    const id = uuidV7(now, this.#random(10))
    const entry = evidenceEntry({ id, subjectKey, kind: 'already_printed', recordedAt: now, details })
    await transact(this.#db, (tx) => appendEvidence(tx, [entry]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#working
  }
}

/** Everything a no said through this contact point, or for this relation, bears on. */
async function reachedFrom(db: Queryable, subjectKey: string): Promise<string[]> {
  const relations = (await tiesOfContactPoints(db, [subjectKey])).filter((tie) => tie.endedAt === null)
  const keys = [subjectKey, ...relations.map((tie) => tie.relationKey)]
  const members = (await tiesOfRelations(db, keys)).filter((tie) => tie.endedAt === null)
  return [...new Set([...keys, ...members.map((tie) => tie.contactKey)])]
}
