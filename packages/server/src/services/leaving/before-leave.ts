import { type Channel, channelsServedBy, emptyStanding, type Scope } from '@verzet/core'
import type { TopicRow } from '../../storage/catalog.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import type { LeaveRow } from '../../storage/leaves.ts'
import { findStandings } from '../../storage/standings.ts'
import type { Hub } from '../hub.ts'
import { type OpenedLink, typeOfChannel } from '../open-link.ts'
import type { LiftRequest } from '../person-acts.ts'
import { decideForPoint, type Person, refusalsTouching } from '../read-person.ts'
import { standingWithout } from '../refold-standings.ts'
import { type BeforeAndNow, readMembers, scopesToReopen } from '../refusals-by-link.ts'
import { undoWithinMs } from '../withdraw-choice.ts'
import { isSaidBy } from './leave-by-link.ts'

/** A leave as its own link sees it, with what came through before and what does now. */
export type LeaveInSight = {
  readonly leave: LeaveRow
  readonly seen: BeforeAndNow
  /** The no itself still stands. */
  readonly isInForce: boolean
  /**
   * The same link, within half an hour: what its holder says now takes back what they said. Anything later, and anything
   * through another link, is proven by mail first (rule 2).
   */
  readonly mayAnswerNow: boolean
}

export async function readLeaveInSight(hub: Hub, link: OpenedLink, leave: LeaveRow): Promise<LeaveInSight> {
  const key = link.claims.contactPointKey
  const row = (await findStandings(hub.db, [key])).get(key)
  const point = (await findContactPoints(hub.db, [key])).get(key) ?? {
    type: typeOfChannel(link.claims.channel),
    value: null,
  }
  const standing = row?.record ?? emptyStanding
  const before = row === undefined ? emptyStanding : await standingWithout(hub.db, row, new Set([leave.id]))
  const members = row?.type === 'customer' ? await readMembers(hub, key, new Set([leave.id])) : undefined
  const isInForce = refusalsTouching(standing, {}).some(({ id }) => id === leave.id)
  const isRecent = leave.startedAt.getTime() + undoWithinMs >= hub.clock()
  return {
    leave,
    seen: { point, standing, before, ...(members && { members }) },
    isInForce,
    mayAnswerNow: isInForce && isRecent && isSaidBy(leave, link),
  }
}

/** What the no took from this contact point, as the widest scopes that hold nothing else. */
export function scopesTaken(hub: Hub, { seen }: LeaveInSight): Scope[] {
  return scopesToReopen(hub, seen, hub.clock())
}

/** Of one topic, the channels of this contact point on which it came through before and does not now. */
export function channelsTaken(hub: Hub, { seen }: LeaveInSight, link: OpenedLink, topic: TopicRow): Channel[] {
  const { point, standing, before } = seen
  const isOpen = (record: typeof standing, channel: Channel) =>
    decideForPoint(
      point,
      record,
      { brand: link.brand, topic, channel, registers: hub.catalog.registers() },
      hub.clock(),
    ).decision !== 'deny'
  return channelsServedBy(point.type).filter((channel) => isOpen(before, channel) && !isOpen(standing, channel))
}

/** Whether anything of the brand came through to this person on a channel before the no. */
export async function cameThroughBefore(
  hub: Hub,
  link: OpenedLink,
  person: Person,
  leave: LeaveRow,
  channel: Channel,
): Promise<boolean> {
  const points = person.contactPoints.filter(({ type }) => channelsServedBy(type).includes(channel))
  const rows = await findStandings(
    hub.db,
    points.map(({ key }) => key),
  )
  const topics = hub.catalog
    .topics(link.brand.id)
    .filter(
      ({ id, purpose }) => purpose === 'marketing' && (leave.scope.topic === undefined || leave.scope.topic === id),
    )
  for (const point of points) {
    const row = rows.get(point.key)
    const before = row && (await standingWithout(hub.db, row, new Set([leave.id])))
    const isOpen = (topic: TopicRow) =>
      decideForPoint(
        point,
        before,
        { brand: link.brand, topic, channel, registers: hub.catalog.registers() },
        hub.clock(),
      ).decision !== 'deny'
    if (topics.some(isOpen)) return true
  }
  return false
}

/** What the person is asked to confirm by mail: what the no took, or all of what it was about where that was nothing. */
export function liftOf(
  hub: Hub,
  link: OpenedLink,
  sight: LeaveInSight,
  answer: { readonly state: 'narrowed' | 'returned'; readonly alternative?: string },
): LiftRequest {
  const { leave } = sight
  const subjectKey = link.claims.contactPointKey
  const taken = scopesTaken(hub, sight)
  const scopes = taken.length > 0 ? taken : [{ ...leave.scope, brand: leave.scope.brand ?? link.brand.id }]
  const answers = { subjectKey: leave.subjectKey, leaveId: leave.id, ...answer }
  return { items: scopes.map((scope) => ({ subjectKey, scope })), answers }
}
