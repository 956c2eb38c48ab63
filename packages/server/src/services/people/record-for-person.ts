import { type Cadence, type Scope, uuidV7 } from '@verzet/core'
import type { Hub } from '../hub.ts'
import type { ChoiceToRecord, ChoiceWords } from '../record-choices.ts'
import { needsSecondPerson, proposeLift } from '../staff/four-eyes.ts'
import { staffActor } from '../staff/staff-evidence.ts'

/** How a word that staff record for a person was heard. */
export const peopleSignal = 'people'
/** A sentence that says how it came: "by letter of 3 May, scan 812". Less says nothing. */
export const noteCharactersMin = 10
export const noteCharactersMax = 2_000

/** What staff can record for a person. */
export type WordsForPerson = { readonly scope: Scope } & (
  | { readonly kind: 'objection' }
  | { readonly kind: 'pause'; readonly until: number }
  | { readonly kind: 'cadence'; readonly cadence: Cadence }
  | { readonly kind: 'consent' }
)

export type RecordForPerson = {
  /** A contact point or a relation that the hub knows. */
  readonly subjectKey: string
  readonly words: WordsForPerson
  /** When the person said it; now where it is left out. */
  readonly saidAt?: number
  /** How it came: what can be looked up later. */
  readonly note: string
  readonly staffId: string
}

export type RecordedForPerson =
  | { readonly kind: 'recorded'; readonly choiceId: string; readonly alreadySince?: number }
  /** It would lift a no, and a second member of staff has to agree first. Until then the no stands. */
  | { readonly kind: 'proposed'; readonly expiresAt: number }

/**
 * Records what a person said some other way: by letter, at a fair, in a conversation. It is their own word, said when they
 * said it, with how it came as its proof; a yes lifts an earlier no only because the person asked for it (rule 2).
 */
export async function recordForPerson(hub: Hub, input: RecordForPerson): Promise<RecordedForPerson> {
  const now = hub.clock()
  const { subjectKey, words, note, staffId } = input
  const saidAt = Math.min(input.saidAt ?? now, now)
  if (words.kind === 'consent' && (await needsSecondPerson(hub, { contactKey: subjectKey, scope: words.scope }))) {
    const lift = { contactKey: subjectKey, scope: words.scope, note, signal: peopleSignal, saidAt, staffId }
    const { expiresAt } = await proposeLift(hub, lift)
    return { kind: 'proposed', expiresAt }
  }
  const [outcome] = await hub.committer.record([toRecord(hub, input, { ...words, author: 'agent', saidAt })])
  if (outcome === undefined) throw new Error('a choice was not recorded')
  const since = outcome.kind === 'recorded' &&
    outcome.alreadySince !== undefined && { alreadySince: outcome.alreadySince }
  return { kind: 'recorded', choiceId: outcome.id, ...since }
}

function toRecord(hub: Hub, { subjectKey, note, staffId }: RecordForPerson, words: ChoiceWords): ChoiceToRecord {
  const now = hub.clock()
  const actor = staffActor(staffId)
  return {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey,
    words,
    context: { signal: peopleSignal, proof: { note, askedBy: 'person', recordedBy: actor } },
    recordedAt: now,
    actor,
    ...(words.kind === 'objection' && { isRepeatable: true }),
  }
}
