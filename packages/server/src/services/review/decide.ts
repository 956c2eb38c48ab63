import { type Channel, digestOfWords, everything, evidenceEntry, releaseReview, type Scope, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import {
  insertReviewSubjects,
  listReviewSubjects,
  lockReviewItem,
  markReviewDecided,
  type ReviewDecision,
  type ReviewItemRow,
  type ReviewSource,
  type ReviewSubjectRow,
} from '../../storage/review-items.ts'
import { amendStandings } from '../amend-standings.ts'
import type { Hub } from '../hub.ts'
import type { KeyedContactPoint } from '../ports.ts'
import { type ChoiceToRecord, recordChoices } from '../record-choices.ts'
import { type SubmissionFault, scopeFaults } from '../submit-choice.ts'

/** A sentence or two of why; what the person wrote belongs in the item, not here. */
export const reviewNoteCharactersMax = 500

/** What a human read in it. `opt_out` is a no as wide as was proposed, `narrow` one to exactly `scope`. */
export type ReviewVerdict = {
  readonly decision: Exclude<ReviewDecision, 'deadline'>
  readonly scope?: Scope
  readonly note?: string
  /** Whose no it is, where the item names nobody. */
  readonly contactPoint?: KeyedContactPoint
}

export type DecideOutcome =
  | { readonly kind: 'decided' }
  | { readonly kind: 'unknown_item' }
  | { readonly kind: 'already_decided' }
  /** A no of nobody cannot be recorded: say whose it is. */
  | { readonly kind: 'nobody_named' }
  | { readonly kind: 'refused'; readonly faults: readonly SubmissionFault[] }

type Parts = Pick<Hub, 'db' | 'catalog' | 'clock' | 'random' | 'secrets'>

/**
 * Carries out what a human decided, in one transaction: the no if it is one, the end of the waiting, the evidence. A no
 * counts from when it was written, so that what the person said since then decides over it (rule 1).
 */
export async function decideReview(
  hub: Parts,
  itemId: string,
  verdict: ReviewVerdict,
  actor: string,
): Promise<DecideOutcome> {
  const faults = verdictFaults(hub, verdict)
  if (faults.length > 0) return { kind: 'refused', faults }
  return transact(hub.db, async (tx) => {
    const item = await lockReviewItem(tx, itemId)
    if (item === undefined) return { kind: 'unknown_item' }
    if (item.decidedAt !== null) return { kind: 'already_decided' }
    const known = await listReviewSubjects(tx, item.id)
    const named = known.length === 0 && verdict.contactPoint ? [subjectRow(verdict.contactPoint)] : []
    if (verdict.decision !== 'not_a_no' && known.length + named.length === 0) return { kind: 'nobody_named' }
    await insertReviewSubjects(tx, item.id, named)
    await carryOut(tx, hub, { item, subjects: [...known, ...named], actor, ...verdict })
    return { kind: 'decided' }
  })
}

export type DecisionToCarryOut = {
  readonly item: ReviewItemRow
  readonly subjects: readonly ReviewSubjectRow[]
  readonly decision: ReviewDecision
  readonly scope?: Scope
  readonly note?: string
  readonly actor: string
  readonly contactPoint?: KeyedContactPoint
}

/** The caller holds the item's lock. */
export async function carryOut(tx: Transaction, hub: Parts, decision: DecisionToCarryOut): Promise<void> {
  const { item, subjects, actor, note } = decision
  const now = hub.clock()
  const scope = scopeRefused(decision)
  const choices = scope === undefined ? [] : subjects.map((subject) => refusal(hub, decision, subject, scope, now))
  const recorded = []
  if (choices.length > 0) {
    const outcomes = (await recordChoices(tx, hub.secrets.pepper, choices)).outcomes()
    for (const [index, outcome] of outcomes.entries()) {
      const subjectKey = choices[index]?.subjectKey
      if (outcome.kind === 'recorded' && subjectKey !== undefined) recorded.push({ subjectKey, choiceId: outcome.id })
    }
  }
  // What was repeated, and who said nothing, waits no longer either.
  const waiting = item.proposedScope === null ? [] : subjects
  const released = waiting.map(({ contactKey: key, type, fingerprint }) => ({ key, type, fingerprint }))
  await amendStandings(tx, released, (standing) => releaseReview(standing, item.id), now)
  const mark = { decision: decision.decision, scope: scope ?? null, by: actor, note: note ?? null, recorded }
  await markReviewDecided(tx, item.id, mark, now)
  const details = {
    item: item.id,
    decision: decision.decision,
    scope: scope === undefined ? null : { ...scope },
    actor,
    note: note === undefined ? null : digestOfWords(hub.secrets.pepper, note),
    mail: item.proofHash?.toString('hex') ?? null,
    choices: recorded.map(({ choiceId }) => choiceId),
  }
  const about = new Set([...subjects.map(({ contactKey }) => contactKey), item.contactKey ?? item.id])
  await appendEvidence(
    tx,
    [...about].map((subjectKey) => {
      const id = uuidV7(now, hub.random(10))
      return evidenceEntry({ id, subjectKey, kind: 'review_decided', recordedAt: now, details })
    }),
  )
}

function scopeRefused({ decision, scope, item }: DecisionToCarryOut): Scope | undefined {
  if (decision === 'not_a_no') return undefined
  return decision === 'narrow' ? scope : (item.proposedScope ?? everything)
}

/** An agent says what the person's own words mean; past the deadline the organisation takes them for a no itself. */
function refusal(
  hub: Parts,
  { item, decision, actor, contactPoint }: DecisionToCarryOut,
  { contactKey, type, fingerprint }: ReviewSubjectRow,
  scope: Scope,
  now: number,
): ChoiceToRecord {
  const isLate = decision === 'deadline'
  const brand = hub.catalog.brand(item.brand ?? '') ?? hub.catalog.brands()[0]
  const channel = channelOf(item.source)
  // Who complained is not written to again; of several subjects the writer alone is answered.
  const isAnswered = item.source === 'email' && !item.reason.startsWith('complaint_') && contactKey === item.contactKey
  return {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: contactKey,
    subjectIfMissing: { type, fingerprint },
    ...(contactPoint?.key === contactKey && {
      subject: { type, value: contactPoint.contactPoint.normalised, fingerprint },
    }),
    words: {
      kind: 'objection',
      scope,
      author: isLate ? 'controller' : 'agent',
      saidAt: Math.min(item.arrivedAt.getTime(), now),
    },
    context: {
      signal: isLate ? 'review_deadline' : 'review',
      proof: { item: item.id, mail: item.proofHash?.toString('hex') ?? null },
      origin: { ...(item.brand !== null && { brand: item.brand }), ...(channel !== undefined && { channel }) },
    },
    recordedAt: now,
    actor,
    // A human found a person's words in it: messages arrive where they answered from.
    ...(!isLate && channel !== undefined && { arrivedBy: channel }),
    decides: item.id,
    isRepeatable: true,
    ...(isAnswered &&
      brand !== undefined && {
        acknowledge: {
          mailId: uuidV7(now, hub.random(10)),
          brandCountry: brand.country,
          autoSubmitted: 'auto-replied' as const,
        },
      }),
  }
}

function channelOf(source: ReviewSource): Channel | undefined {
  return source === 'portal' ? undefined : source
}

function subjectRow({ key, fingerprint, contactPoint }: KeyedContactPoint): ReviewSubjectRow {
  return { contactKey: key, type: contactPoint.type, fingerprint }
}

/** A narrow no says what it is about; the others are as wide as the words were. */
function verdictFaults({ catalog }: Parts, { decision, scope }: ReviewVerdict): SubmissionFault[] {
  const isGiven = scope !== undefined && Object.keys(scope).length > 0
  if (decision === 'narrow' && !isGiven) {
    return [
      { path: ['scope'], code: 'scope_needed', hint: 'Say what the person refuses: a brand, a channel or a topic.' },
    ]
  }
  if (decision !== 'narrow' && isGiven) {
    return [
      { path: ['scope'], code: 'scope_not_taken', hint: 'Only a narrow no has a scope; use the decision narrow.' },
    ]
  }
  return scope === undefined ? [] : scopeFaults(catalog, scope)
}
