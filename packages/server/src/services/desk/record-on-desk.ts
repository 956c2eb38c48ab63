import { type Channel, everything, evidenceEntry, uuidV7 } from '@verzet/core'
import { z } from 'zod'
import { type CallAnswer, type CallRow, markRightOffered } from '../../storage/calls.ts'
import { transact } from '../../storage/database.ts'
import { appendEvidence, listEvidence } from '../../storage/evidence-log.ts'
import { registersNow, writeCalls } from '../calls/record-calls.ts'
import type { Hub } from '../hub.ts'
import { noteDeliveryFacts } from '../note-delivery-facts.ts'
import type { KeyedContactPoint } from '../ports.ts'
import type { ChoiceToRecord, ChoiceWords } from '../record-choices.ts'
import { needsSecondPerson, proposeLift } from '../staff/four-eyes.ts'
import { staffActor } from '../staff/staff-evidence.ts'
import { withdrawChoice } from '../withdraw-choice.ts'

/** How a word at the desk was heard. */
export const deskSignal = 'desk'

/** What an agent records with one key, in the order of the keys. */
export const deskActs = [
  'no_calls',
  'no_advertising',
  'less',
  'pause_30',
  'pause_90',
  'wrong_number',
  'no_objection',
] as const
export type DeskAct = (typeof deskActs)[number]

const dayMs = 86_400_000
/** "Less" without a number: a person who says it in a call means hardly anything. */
const lessOften = { max: 1, per: 'month' } as const
/** As much as anybody says in one breath; the same as a comment on the public page. */
export const wordsCharactersMax = 2_000

export type DeskRecord = {
  readonly act: DeskAct
  readonly keyed: KeyedContactPoint
  readonly staffId: string
  /** The person's own words. */
  readonly words?: string
}

export type DeskOutcome = {
  /** To take it back with; absent where nothing was said, or it had been said before. */
  readonly choiceId?: string
  readonly alreadySince?: number
  readonly until?: number
  /** The call it was said in; absent where no number was given. */
  readonly callId?: string
  /** A yes that a second member of staff has to agree to, and until when; nothing was recorded yet. */
  readonly waitsUntil?: number
}

/** Whether an act is for this kind of contact point: only a number can be the wrong one, or was called. */
export function fitsContact(act: DeskAct, { contactPoint }: KeyedContactPoint): boolean {
  return contactPoint.type === 'phone' || (act !== 'wrong_number' && act !== 'no_objection')
}

/** The word first and durable (rule 4), then the call it was said in. Nobody is asked who they are to say no. */
export async function recordOnDesk(hub: Hub, { act, keyed, staffId, words }: DeskRecord): Promise<DeskOutcome> {
  const now = hub.clock()
  const actor = staffActor(staffId)
  if (!fitsContact(act, keyed)) throw new TypeError(`${act} is about a phone number`)
  const said = wordsOf(act, now)
  const choice = said && deskChoice(hub, keyed, said, actor, words === undefined ? {} : { comment: words })
  const [outcome] = choice === undefined ? [] : await hub.committer.record([choice])
  if (act === 'wrong_number') await noteWrongNumber(hub, keyed, actor, now)
  const isNew = outcome?.kind === 'recorded' && outcome.alreadySince === undefined
  const call = await keepCall(hub, keyed, { actor, now, act, ...(outcome && { choiceId: outcome.id }) })
  return {
    ...(isNew && { choiceId: outcome.id }),
    ...(outcome?.kind === 'recorded' && outcome.alreadySince !== undefined && { alreadySince: outcome.alreadySince }),
    ...(said?.kind === 'pause' && { until: said.until }),
    ...(call !== undefined && { callId: call }),
  }
}

export type DeskConsent = {
  readonly keyed: KeyedContactPoint
  readonly staffId: string
  readonly scope: { readonly brand: string; readonly channel: Channel; readonly topic: string }
  /** How the person asked for it: an agent records the person's own request, and has to be able to show it (rule 2). */
  readonly note: string
}

/** A yes that the person asked for in this conversation, narrow and with its proof. */
export async function recordConsentOnDesk(hub: Hub, consent: DeskConsent): Promise<DeskOutcome> {
  const { keyed, staffId, scope, note } = consent
  const now = hub.clock()
  const actor = staffActor(staffId)
  if (await needsSecondPerson(hub, { contactKey: keyed.key, scope })) {
    const lift = { contactKey: keyed.key, scope, note, signal: deskSignal, saidAt: now, staffId }
    const { expiresAt } = await proposeLift(hub, lift)
    const call = await keepCall(hub, keyed, { actor, now, act: 'consent' })
    return { waitsUntil: expiresAt, ...(call !== undefined && { callId: call }) }
  }
  const said = { kind: 'consent', scope, author: 'agent', saidAt: now } as const
  const choice = deskChoice(hub, keyed, said, actor, { proof: { note, askedBy: 'person', recordedBy: actor } })
  const [outcome] = await hub.committer.record([choice])
  if (outcome === undefined) throw new Error('a consent was not recorded')
  const call = await keepCall(hub, keyed, { actor, now, act: 'consent', choiceId: outcome.id })
  return { choiceId: outcome.id, ...(call !== undefined && { callId: call }) }
}

/** A slip of the hand: what this agent recorded is taken back for as long as the person could. False when it is too late. */
export async function undoOnDesk(
  hub: Pick<Hub, 'db' | 'clock' | 'random'>,
  undo: {
    readonly subjectKey: string
    readonly choiceId: string
    readonly staffId: string
    /** Where it was recorded and is taken back; the desk where it is left out. */
    readonly signal?: string
  },
): Promise<boolean> {
  const { subjectKey, choiceId, staffId, signal = deskSignal } = undo
  const now = hub.clock()
  const actor = staffActor(staffId)
  const recordedHere = z.object({
    kind: z.literal('choice'),
    details: z.object({ actor: z.literal(actor), choice: z.object({ id: z.literal(choiceId) }) }),
  })
  const entries = await listEvidence(hub.db, [subjectKey])
  const own = entries.some(({ body }) => recordedHere.safeParse(JSON.parse(body)).success)
  if (!own) return false
  const ids = { evidenceId: uuidV7(now, hub.random(10)), leavingEvidenceId: uuidV7(now, hub.random(10)) }
  const outcome = await transact(hub.db, (tx) =>
    withdrawChoice(tx, { subjectKey, choiceId, ...ids, signal, actor }, now),
  )
  return outcome.kind === 'withdrawn' || outcome.kind === 'already_withdrawn'
}

/** Asked after the word is recorded: whether the right to object was offered in that call (Telecommunicatiewet art. 11.7). */
export function answerRightOffered(
  hub: Pick<Hub, 'db' | 'clock' | 'random'>,
  call: { readonly contactKey: string; readonly id: string; readonly staffId: string },
  offered: boolean,
): Promise<boolean> {
  const now = hub.clock()
  const { contactKey, id, staffId } = call
  const actor = staffActor(staffId)
  return transact(hub.db, async (tx) => {
    if (!(await markRightOffered(tx, { contactKey, id, actor }, offered))) return false
    const details = { call: id, rightOffered: offered, actor }
    const evidenceId = uuidV7(now, hub.random(10))
    await appendEvidence(tx, [
      evidenceEntry({ id: evidenceId, subjectKey: contactKey, kind: 'call', recordedAt: now, details }),
    ])
    return true
  })
}

function wordsOf(act: DeskAct, now: number): ChoiceWords | undefined {
  const base = { author: 'agent', saidAt: now, scope: everything } as const
  switch (act) {
    case 'no_calls':
      return { ...base, kind: 'objection', scope: { channel: 'phone' } }
    case 'no_advertising':
      return { ...base, kind: 'objection' }
    case 'less':
      return { ...base, kind: 'cadence', cadence: lessOften }
    case 'pause_30':
      return { ...base, kind: 'pause', until: now + 30 * dayMs }
    case 'pause_90':
      return { ...base, kind: 'pause', until: now + 90 * dayMs }
    case 'wrong_number':
    case 'no_objection':
      return undefined
  }
}

function deskChoice(
  hub: Pick<Hub, 'clock' | 'random'>,
  keyed: KeyedContactPoint,
  words: ChoiceWords,
  actor: string,
  kept: { readonly comment?: string; readonly proof?: unknown },
): ChoiceToRecord {
  const now = hub.clock()
  const { contactPoint, key, fingerprint } = keyed
  return {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: key,
    subject: { type: contactPoint.type, value: contactPoint.normalised, fingerprint },
    words,
    context: { signal: deskSignal, ...kept },
    recordedAt: now,
    actor,
    ...(words.kind === 'objection' && { isRepeatable: true }),
  }
}

/** The number is somebody else's: nothing for this person is to go there, and it is no word of anybody. */
async function noteWrongNumber(hub: Hub, keyed: KeyedContactPoint, actor: string, now: number): Promise<void> {
  const { contactPoint, key, fingerprint } = keyed
  const subject = { key, type: contactPoint.type, value: contactPoint.normalised, fingerprint }
  const report = { subject, channel: 'phone', outcome: 'dead', at: now, isVerified: true, source: 'desk' } as const
  await transact(hub.db, (tx) => noteDeliveryFacts(tx, hub.random, [report], now, { actor }))
}

async function keepCall(
  hub: Hub,
  { key, contactPoint }: KeyedContactPoint,
  about: { actor: string; now: number; act: DeskAct | 'consent'; choiceId?: string },
): Promise<string | undefined> {
  if (contactPoint.type !== 'phone') return undefined
  const { actor, now, act, choiceId } = about
  const answer = answerOf(act)
  const row: CallRow = {
    contactKey: key,
    id: uuidV7(now, hub.random(10)),
    brand: null,
    topic: null,
    campaign: null,
    outcome: act === 'wrong_number' ? 'dead_number' : 'answered',
    rightOffered: act === 'no_objection' ? true : null,
    answer,
    choiceId: choiceId ?? null,
    registers: registersNow(hub.catalog),
    calledAt: new Date(now),
    recordedAt: new Date(now),
    actor,
    source: 'desk',
  }
  await transact(hub.db, (tx) => writeCalls(tx, [row]))
  return row.id
}

function answerOf(act: DeskAct | 'consent'): CallAnswer | null {
  if (act === 'wrong_number') return null
  if (act === 'consent' || act === 'no_objection') return act
  return act === 'no_calls' || act === 'no_advertising' ? 'objection' : 'restriction'
}
