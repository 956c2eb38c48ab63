import { assertNever } from '@verzet/core'
import type { Hub } from '../../../services/hub.ts'
import { readLeaveInSight } from '../../../services/leaving/before-leave.ts'
import { readLeave } from '../../../services/leaving/leave-by-link.ts'
import { alternativeAnchor } from '../../../services/leaving/leaving-message.ts'
import { type OfferedAlternative, offeredAlternatives } from '../../../services/leaving/offered-alternatives.ts'
import { pauseWorthRemindingMs } from '../../../services/leaving/remind-pause.ts'
import type { LeaveRow } from '../../../storage/leaves.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { AlternativeOption } from '../pages/alternatives-section.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { LeavingPageModel } from '../pages/leaving-page.tsx'
import type { LeavingModel } from '../pages/leaving-question.tsx'
import type { PerformedAct } from './act-outcome.ts'
import type { Reading } from './frame.ts'
import { maskedAddress, nameOf, type PersonPage, pauseDaysMax } from './person-model.ts'

const dayMs = 86_400_000

/** What the page after an act adds about leaving: the question, the alternatives, the reminder of a pause. */
export async function leavingParts(
  hub: Hub,
  page: PersonPage,
  reading: Reading,
  act: PerformedAct,
): Promise<Pick<DoneModel, 'leaving' | 'reminder'>> {
  const leaving = await leavingAfter(hub, page, reading, act)
  const reminder = reminderOf(page, act)
  return { ...(leaving && { leaving }), ...(reminder && { reminder }) }
}

async function leavingAfter(
  hub: Hub,
  page: PersonPage,
  reading: Reading,
  { result, answered }: PerformedAct,
): Promise<LeavingModel | undefined> {
  const id = result?.leaveId ?? answered?.choiceId
  const leave = id === undefined ? undefined : await readLeave(hub, page.link, id)
  if (leave?.id !== id || leave === undefined) return undefined
  if (result?.leaveId !== undefined) return leavingModel(hub, page, reading, leave)
  // Some alternatives are an answer to one reason, and come with the thanks for it.
  if (answered?.reason === undefined) return undefined
  const model = await leavingModel(hub, page, reading, leave, answered.reason)
  return model.options.length > 0 ? { ...model, isAsked: false } : undefined
}

function reminderOf({ person, now }: PersonPage, { outcome, result }: PerformedAct): DoneModel['reminder'] {
  const until =
    outcome.kind === 'paused'
      ? outcome.until
      : outcome.kind === 'limited' && outcome.limit.kind === 'pause'
        ? outcome.limit.until
        : undefined
  const choiceId = result?.choiceIds.at(-1)
  const isReached = person.contactPoint?.type === 'email' && person.contactPoint.value !== null
  if (until === undefined || choiceId === undefined || !isReached) return undefined
  return until.getTime() >= now + pauseWorthRemindingMs ? { choiceId } : undefined
}

/** The page behind the mail that asks; undefined where nothing was asked, or it was answered. */
export async function leavingPageModel(
  hub: Hub,
  page: PersonPage,
  personal: PersonalLink,
  reading: Reading,
): Promise<LeavingPageModel | undefined> {
  const leave = await readLeave(hub, page.link)
  if (leave === undefined || leave.policy === 'immediate') return undefined
  const leaving = await leavingModel(hub, page, reading, leave)
  if (!leaving.isAsked) return undefined
  return {
    frame: reading.frame,
    link: personal,
    masked: maskedAddress(page.person, page.link).masked,
    stopped: stoppedBy(leave, page, reading),
    since: leave.startedAt,
    leaving,
  }
}

function stoppedBy({ scope }: LeaveRow, { topics }: PersonPage, { language }: Reading): LeavingPageModel['stopped'] {
  const { topic, channel } = scope
  if (topic !== undefined) {
    const found = topics.find(({ id }) => id === topic)
    return { kind: 'topic_stopped', topic: found ? nameOf(found, language) : topic }
  }
  return channel === undefined ? { kind: 'all_stopped' } : { kind: 'channel_stopped', channel }
}

async function leavingModel(
  hub: Hub,
  page: PersonPage,
  reading: Reading,
  leave: LeaveRow,
  reason?: string,
): Promise<LeavingModel> {
  const { link, person } = page
  const { mayAnswerNow } = await readLeaveInSight(hub, link, leave)
  const offered = offeredAlternatives(hub.catalog, {
    brand: link.brand,
    ...(link.topic && { topic: link.topic }),
    channel: link.claims.channel,
    scope: leave.scope,
    person,
    ...(reason !== undefined && { reason }),
  })
  const isOpen = leave.state === 'asked' || leave.state === 'first_act' || leave.state === 'unanswered'
  const isAskedHere = leave.policy === 'confirm_on_page' || leave.state === 'asked' || leave.state === 'unanswered'
  return {
    leaveId: leave.id,
    isAsked: leave.policy !== 'immediate' && isOpen && isAskedHere,
    holdsAtOnce: mayAnswerNow,
    options: offered.map((one) => optionOf(one, page, reading)),
  }
}

/** An alternative as the page shows it, in the brand's own words where it has some. */
export function optionOf(
  { id, alternative, topic }: OfferedAlternative,
  { now }: Pick<PersonPage, 'now'>,
  { text, language }: Reading,
): AlternativeOption {
  const option = (label: string, how: AlternativeOption['how']): AlternativeOption => ({
    id,
    anchor: alternativeAnchor(id),
    label: alternative.labels?.[language] ?? label,
    how,
  })
  switch (alternative.kind) {
    case 'pause': {
      const { days } = alternative
      return option(text('pause.days', { days }), { kind: 'press', until: new Date(now + days * dayMs) })
    }
    case 'pause_until':
      return option(text('pause.date'), {
        kind: 'pick_day',
        earliest: new Date(now + dayMs),
        latest: new Date(now + pauseDaysMax * dayMs),
      })
    case 'less':
      return option(text('less.option', { max: alternative.max, per: alternative.per }), { kind: 'press' })
    case 'digest':
      return option(text('alternative.digest', { topic: topic ? nameOf(topic, language) : '' }), { kind: 'press' })
    case 'other_channel':
      return option(text('alternative.channel', { channel: alternative.channel }), { kind: 'press' })
    case 'fewer_topics':
      return option(text('grid.title'), { kind: 'choose_topics' })
    case 'other_address':
      return option(text('alternative.address'), { kind: 'give_address' })
    default:
      return assertNever(alternative)
  }
}
