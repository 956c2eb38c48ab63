import { evidenceEntry, holdForReview, type Scope, uuidV7 } from '@verzet/core'
import type { Transaction } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { insertReviewItem, type ReviewSource } from '../../storage/review-items.ts'
import { amendStandings, type StandingSubject } from '../amend-standings.ts'
import type { Hub } from '../hub.ts'
import { reviewWithinMs } from './deadline.ts'

/** The longest excerpt any source keeps: enough to judge by, and not somebody's whole letter. */
export const reviewTextCharactersMax = 2_000

/** Words that may be a no and that nobody could judge by rule, from any source. */
export type WordsToReview = {
  readonly source: ReviewSource
  /** What was heard, in a word of the source: `unclear_reply`, `unclear_text`. */
  readonly kind: string
  /** Why a human is needed. */
  readonly reason: string
  readonly text: string
  /** Who wrote it, as the source names them. */
  readonly sender?: string
  /** Under whom the words are kept: erasing that contact point erases them. */
  readonly keptUnder?: string
  readonly language?: string
  /** The brand whose message was answered. */
  readonly brand?: string
  /** Who may have said no. */
  readonly subjects: readonly StandingSubject[]
  /**
   * What it would refuse if it is a no. Marketing within it waits for the decision, and is refused when none comes in
   * time. Left out where silence must not be taken for a no, since anybody may have written it.
   */
  readonly proposedScope?: Scope
  /** SHA-256 over what came in, as it came. */
  readonly proofHash?: Buffer
  /** ms since 1970. */
  readonly receivedAt: number
}

/** Under an id of their own, with everybody who may have said no in them. */
export async function insertWords(
  tx: Transaction,
  hub: Pick<Hub, 'catalog' | 'random'>,
  words: WordsToReview,
  now: number,
) {
  // From when the hub heard it: what lay in a mailbox is to be read by a human all the same.
  const dueAt = Math.max(now, words.receivedAt) + reviewWithinMs(hub.catalog, words.brand)
  const subjects = words.subjects.map(({ key, type, fingerprint }) => ({ contactKey: key, type, fingerprint }))
  const item = {
    id: uuidV7(now, hub.random(10)),
    contactKey: words.keptUnder ?? words.subjects[0]?.key ?? null,
    source: words.source,
    kind: words.kind,
    reason: words.reason,
    excerpt: words.text.slice(0, reviewTextCharactersMax),
    sender: words.sender ?? null,
    language: words.language ?? null,
    brand: words.brand ?? null,
    proposedScope: words.proposedScope ?? null,
    proofHash: words.proofHash ?? null,
    arrivedAt: new Date(words.receivedAt),
    dueAt: new Date(dueAt),
  }
  await insertReviewItem(tx, item, subjects)
  return item
}

/** Puts words on the review list and lets what they may refuse wait (rules 6 and 7). Returns the id of the item. */
export async function openReview(
  tx: Transaction,
  hub: Pick<Hub, 'catalog' | 'clock' | 'random'>,
  words: WordsToReview,
): Promise<string> {
  const now = hub.clock()
  const { id, contactKey, dueAt } = await insertWords(tx, hub, words, now)
  const details = { item: id, reason: words.reason, mail: words.proofHash?.toString('hex') }
  const evidenceId = uuidV7(now, hub.random(10))
  await appendEvidence(tx, [
    evidenceEntry({
      id: evidenceId,
      subjectKey: contactKey ?? id,
      kind: 'review_opened',
      recordedAt: now,
      details,
    }),
  ])
  const { proposedScope } = words
  if (proposedScope === undefined) return id
  const hold = { item: id, scope: proposedScope, until: dueAt.getTime() }
  await amendStandings(tx, words.subjects, (standing) => holdForReview(standing, hold), now)
  return id
}
