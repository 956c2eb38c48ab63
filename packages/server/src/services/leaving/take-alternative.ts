import { assertNever, type Cadence, type Channel, channels, type Scope, uuidV7 } from '@verzet/core'
import { transact } from '../../storage/database.ts'
import type { LeaveRow } from '../../storage/leaves.ts'
import { choiceByLink, type Said } from '../choices-by-link.ts'
import type { Restriction } from '../confirmation-details.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'
import { type ActResult, contextOf, momentAfter, withAnswer } from '../person-acts.ts'
import { readPerson } from '../read-person.ts'
import { recordChoices } from '../record-choices.ts'
import { withdrawChoice } from '../withdraw-choice.ts'
import {
  cameThroughBefore,
  channelsTaken,
  type LeaveInSight,
  liftOf,
  readLeaveInSight,
  scopesTaken,
} from './before-leave.ts'
import { answerTo } from './leave-by-link.ts'

/** What a person takes instead of the no they said; `id` is how the timeline and the counts name it. */
export type TakenAlternative = { readonly id: string } & (
  | { readonly kind: 'restrict'; readonly restriction: Restriction }
  | { readonly kind: 'digest'; readonly topic: string }
  | { readonly kind: 'other_channel'; readonly channel: Channel }
)

/** A digest is one message a month of one topic; the rest of the no stands. */
export const digestCadence: Cadence = { max: 1, per: 'month' }

/**
 * Takes an alternative instead of a no already said. Through the same link, within half an hour, it holds at once and
 * is recorded as what reopens and what restricts (rule 1); otherwise `lift` is what the person confirms by mail, and
 * the no stands until then. Undefined when there is nothing it could be.
 */
export async function takeAlternative(
  hub: Hub,
  link: OpenedLink,
  leave: LeaveRow,
  taken: TakenAlternative,
): Promise<ActResult | undefined> {
  const sight = await readLeaveInSight(hub, link, leave)
  switch (taken.kind) {
    case 'restrict':
      return restrict(hub, link, sight, taken)
    case 'digest':
      return digest(hub, link, sight, taken)
    case 'other_channel':
      return moveToChannel(hub, link, sight, taken)
    default:
      return assertNever(taken)
  }
}

/** The person takes the no back whole: at once through the same link, by mail otherwise. */
export async function stayByLink(hub: Hub, link: OpenedLink, leave: LeaveRow): Promise<ActResult> {
  const sight = await readLeaveInSight(hub, link, leave)
  const lift = { choiceIds: [], lift: liftOf(hub, link, sight, { state: 'returned' }) }
  if (!sight.mayAnswerNow) return lift
  const now = hub.clock()
  const outcome = await transact(hub.db, (tx) => withdrawChoice(tx, withdrawalOf(hub, link, leave), now))
  return outcome.kind === 'withdrawn' || outcome.kind === 'already_withdrawn' ? { choiceIds: [] } : lift
}

type Restrict = Extract<TakenAlternative, { kind: 'restrict' }>

async function restrict(
  hub: Hub,
  link: OpenedLink,
  sight: LeaveInSight,
  { id, restriction }: Restrict,
): Promise<ActResult> {
  const { scope } = sight.leave
  const reopened = sight.mayAnswerNow ? scopesTaken(hub, sight) : []
  const words: Said['words'][] = [
    ...reopened.map((one) => ({ kind: 'consent' as const, scope: one })),
    { ...restriction, scope },
  ]
  // Beside a no that is over it only restricts, which needs no proof.
  if (reopened.length > 0 || !sight.isInForce) return record(hub, link, sight, words, id)
  const lift = liftOf(hub, link, sight, { state: 'narrowed', alternative: id })
  return { choiceIds: [], lift: { ...lift, restriction, restrictionScope: scope } }
}

type Digest = Extract<TakenAlternative, { kind: 'digest' }>

async function digest(
  hub: Hub,
  link: OpenedLink,
  sight: LeaveInSight,
  { id, topic: topicId }: Digest,
): Promise<ActResult | undefined> {
  const topic = hub.catalog.topic(link.brand.id, topicId)
  if (topic?.purpose !== 'marketing') return undefined
  const scope: Scope = { brand: link.brand.id, topic: topic.id }
  const reopened = sight.mayAnswerNow ? channelsTaken(hub, sight, link, topic) : []
  if (reopened.length > 0) {
    const words: Said['words'][] = [
      ...reopened.map((channel) => ({ kind: 'consent' as const, scope: { ...scope, channel } })),
      { kind: 'cadence', cadence: digestCadence, scope },
    ]
    return record(hub, link, sight, words, id)
  }
  const { answers } = liftOf(hub, link, sight, { state: 'narrowed', alternative: id })
  const items = [{ subjectKey: link.claims.contactPointKey, scope: { ...scope, channel: link.claims.channel } }]
  const restriction = { kind: 'cadence' as const, cadence: digestCadence }
  return { choiceIds: [], lift: { items, restriction, restrictionScope: scope, ...(answers && { answers }) } }
}

type OtherChannel = Extract<TakenAlternative, { kind: 'other_channel' }>

/**
 * The narrower noes are said first and the wide one is taken back after them, in one transaction: at no moment does
 * anything come through that was refused before and is refused after.
 */
async function moveToChannel(
  hub: Hub,
  link: OpenedLink,
  sight: LeaveInSight,
  { id, channel }: OtherChannel,
): Promise<ActResult | undefined> {
  const { leave } = sight
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  if (sight.mayAnswerNow && (await cameThroughBefore(hub, link, person, leave, channel))) {
    const narrower = channels
      .filter((one) => one !== channel && (leave.scope.channel === undefined || leave.scope.channel === one))
      .map((one) => sayAgain(hub, link, { ...leave.scope, channel: one }))
    await transact(hub.db, async (tx) => {
      await recordChoices(tx, hub.secrets.pepper, narrower)
      await withdrawChoice(tx, { ...withdrawalOf(hub, link, leave), alternative: id }, now)
    })
    return { choiceIds: [] }
  }
  const relation = person.relations[0]
  if (relation === undefined) return undefined
  const scope: Scope = { ...leave.scope, brand: leave.scope.brand ?? link.brand.id, channel }
  const { answers } = liftOf(hub, link, sight, { state: 'narrowed', alternative: id })
  return { choiceIds: [], lift: { items: [{ subjectKey: relation.key, scope }], ...(answers && { answers }) } }
}

/** Part of a no that was acknowledged already, and that stands until the whole is taken back. */
function sayAgain(hub: Hub, link: OpenedLink, scope: Scope) {
  const words = { kind: 'objection' as const, scope }
  const {
    acknowledge: _acknowledge,
    isRepeatable: _isRepeatable,
    ...choice
  } = choiceByLink(link, { words }, contextOf(hub, link))
  return choice
}

async function record(
  hub: Hub,
  link: OpenedLink,
  { leave, seen }: LeaveInSight,
  words: readonly Said['words'][],
  alternative: string,
): Promise<ActResult> {
  const saidAt = momentAfter(seen.standing, hub.clock())
  const choices = words.map((said) => choiceByLink(link, { words: said, saidAt }, contextOf(hub, link)))
  const leaving = answerTo(hub, leave, 'narrowed', alternative)
  const outcomes = await hub.committer.record(withAnswer(choices, leaving))
  return { choiceIds: outcomes.map((outcome) => outcome.id) }
}

function withdrawalOf(hub: Hub, link: OpenedLink, leave: LeaveRow) {
  const id = () => uuidV7(hub.clock(), hub.random(10))
  const { subjectKey, id: choiceId } = leave
  const { signal } = contextOf(hub, link)
  return { subjectKey, choiceId, evidenceId: id(), leavingEvidenceId: id(), signal, actor: 'person' }
}
