import { assertNever, normaliseContactPoint, type Scope } from '@verzet/core'
import { requestContactPoint } from '../../../services/ask-by-link.ts'
import type { Hub } from '../../../services/hub.ts'
import { nameContactPoint } from '../../../services/key-contact-point.ts'
import { confirmLeave, readLeave } from '../../../services/leaving/leave-by-link.ts'
import { alternativeId, leavingOf } from '../../../services/leaving/leaving-settings.ts'
import { type OfferedAlternative, offeredAlternatives } from '../../../services/leaving/offered-alternatives.ts'
import { remindOfPause } from '../../../services/leaving/remind-pause.ts'
import { stayByLink, type TakenAlternative, takeAlternative } from '../../../services/leaving/take-alternative.ts'
import type { LeaveRow } from '../../../storage/leaves.ts'
import type { LimitedBy, Outcome } from '../pages/outcome.ts'
import { type ActDone, afterLift, done, isUuid, noticeOf, readPauseEnd, refused } from './act-outcome.ts'
import { type FormFields, field } from './form-body.ts'
import type { Reading } from './frame.ts'
import { nameOf, type PersonPage } from './person-model.ts'

/** "Yes, I meant it": the no held before, and only what is known of it changes. */
export async function confirm(hub: Hub, page: PersonPage, form: FormFields): Promise<ActDone> {
  const leave = await leaveOf(hub, page, form)
  if (leave === undefined || !(await confirmLeave(hub, page.link, leave))) return refused('nothing_changed')
  return done({ kind: 'leaving_confirmed' })
}

/** "I want to keep getting this": at once where the same link says so within half an hour, by mail otherwise. */
export async function stay(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const leave = await leaveOf(hub, page, form)
  if (leave === undefined) return refused('nothing_changed')
  return afterLift(hub, page, await stayByLink(hub, page.link, leave), reading, { kind: 'undone' })
}

/** Something the brand offers instead of the no. What is not offered, or not to this person, is not taken. */
export async function takeOffered(hub: Hub, page: PersonPage, form: FormFields, reading: Reading): Promise<ActDone> {
  const leave = await leaveOf(hub, page, form)
  const offered = leave && findOffered(hub, page, leave, field(form, 'alternative') ?? '')
  if (leave === undefined || offered === undefined) return refused('choice_missing')
  const { alternative } = offered
  switch (alternative.kind) {
    case 'pause':
      return pause(hub, page, leave, reading, offered, readPauseEnd(page, reading, String(alternative.days), undefined))
    case 'pause_until':
      return pause(hub, page, leave, reading, offered, readPauseEnd(page, reading, undefined, field(form, 'until')))
    case 'less': {
      const cadence = { max: alternative.max, per: alternative.per }
      const taken = { id: offered.id, kind: 'restrict' as const, restriction: { kind: 'cadence' as const, cadence } }
      const outcome = limited(page, leave, reading, { kind: 'cadence', cadence })
      return take(hub, page, leave, reading, taken, outcome)
    }
    case 'digest': {
      const { topic } = offered
      if (topic === undefined) return refused('choice_missing')
      const outcome = { kind: 'digest' as const, topic: nameOf(topic, reading.language) }
      return take(hub, page, leave, reading, { id: offered.id, kind: 'digest', topic: topic.id }, outcome)
    }
    case 'other_channel': {
      const { channel } = alternative
      const outcome = { kind: 'channel_only' as const, channel }
      return take(hub, page, leave, reading, { id: offered.id, kind: 'other_channel', channel }, outcome)
    }
    case 'other_address':
      return moveAddress(hub, page, leave, reading, form)
    case 'fewer_topics':
      return { kind: 'show_page' }
    default:
      return assertNever(alternative)
  }
}

/** One mail the day before a pause ends, for who ticked that they want it. */
export async function remind(hub: Hub, page: PersonPage, form: FormFields): Promise<ActDone> {
  const choiceId = field(form, 'choice') ?? ''
  if (field(form, 'remind') === undefined) return { kind: 'show_page' }
  if (!isUuid(choiceId)) return refused('nothing_changed')
  const outcome = await remindOfPause(hub, page.link, choiceId)
  return outcome.kind === 'will_remind'
    ? done({ kind: 'reminder_set', at: new Date(outcome.at) })
    : refused('nothing_changed')
}

function leaveOf(hub: Hub, page: PersonPage, form: FormFields): Promise<LeaveRow | undefined> {
  const id = field(form, 'leave') ?? ''
  return readLeave(hub, page.link, isUuid(id) ? id : undefined)
}

function findOffered(hub: Hub, page: PersonPage, leave: LeaveRow, id: string): OfferedAlternative | undefined {
  const { link, person } = page
  const wanted = leavingOf(link.brand, link.topic).alternatives.find((one) => alternativeId(one) === id)
  if (wanted === undefined) return undefined
  const reason = wanted.reasons?.[0]
  return offeredAlternatives(hub.catalog, {
    brand: link.brand,
    ...(link.topic && { topic: link.topic }),
    channel: link.claims.channel,
    scope: leave.scope,
    person,
    ...(reason !== undefined && { reason }),
  }).find((offered) => offered.id === id)
}

async function pause(
  hub: Hub,
  page: PersonPage,
  leave: LeaveRow,
  reading: Reading,
  { id }: OfferedAlternative,
  until: number | undefined,
): Promise<ActDone> {
  if (until === undefined) return refused('date_refused')
  const taken = { id, kind: 'restrict' as const, restriction: { kind: 'pause' as const, until } }
  const outcome = limited(page, leave, reading, { kind: 'pause', until: new Date(until) })
  return take(hub, page, leave, reading, taken, outcome)
}

async function take(
  hub: Hub,
  page: PersonPage,
  leave: LeaveRow,
  reading: Reading,
  taken: TakenAlternative,
  outcome: Outcome,
): Promise<ActDone> {
  const result = await takeAlternative(hub, page.link, leave, taken)
  return result === undefined ? refused('choice_missing') : afterLift(hub, page, result, reading, outcome)
}

/** Named by what was refused: all advertising, one topic, or one channel. */
function limited({ topics }: PersonPage, { scope }: LeaveRow, { language }: Reading, limit: LimitedBy): Outcome {
  const { topic, channel } = scope
  if (topic !== undefined) {
    const found = topics.find(({ id }) => id === topic)
    return { kind: 'limited', about: { kind: 'topic', topic: found ? nameOf(found, language) : topic }, limit }
  }
  if (channel !== undefined) return { kind: 'limited', about: { kind: 'channel', channel }, limit }
  return limit.kind === 'pause'
    ? { kind: 'paused', until: limit.until }
    : { kind: 'less_often', cadence: limit.cadence }
}

async function moveAddress(
  hub: Hub,
  { link }: PersonPage,
  leave: LeaveRow,
  { language }: Reading,
  form: FormFields,
): Promise<ActDone> {
  const read = normaliseContactPoint({ type: 'email', value: field(form, 'email') ?? '' })
  if (read.kind !== 'ok') return refused('email_refused')
  // To the address that just refused it would be a way round the confirmation of a lift.
  if (nameContactPoint(hub.secrets, read.contactPoint).key === link.claims.contactPointKey)
    return refused('email_refused')
  const { brand, topic } = leave.scope
  const receive: Scope = { brand: brand ?? link.brand.id, channel: 'email', ...(topic && { topic }) }
  const answers = {
    subjectKey: leave.subjectKey,
    leaveId: leave.id,
    state: 'narrowed' as const,
    alternative: 'other_address',
  }
  const asked = await requestContactPoint(hub, link, read.contactPoint, language, { receive, answers })
  return asked.kind === 'asked' ? done({ kind: 'contact_point_added', masked: asked.masked }) : refused(noticeOf(asked))
}
