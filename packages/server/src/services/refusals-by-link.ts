import { channelsServedBy, emptyStanding, type Scope, type Standing } from '@verzet/core'
import { listChoices } from '../storage/choices.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { findStandings } from '../storage/standings.ts'
import type { Hub } from './hub.ts'
import { type OpenedLink, typeOfChannel } from './open-link.ts'
import { decideForPoint, type PointInSight } from './read-person.ts'
import { standingWithout } from './refold-standings.ts'
import { undoWithinMs } from './withdraw-choice.ts'

/** The ways in which only the holder of a personal link speaks. */
const signalsOfLinks: ReadonlySet<string> = new Set(['one_click', 'page', 'mailto'])

/**
 * What holds for the contact point of a link, and what held before its holder said no a moment ago. The difference is
 * what the holder may take back without further proof; everything older is lifted by a confirmed consent alone (rule 2).
 */
export type BeforeAndNow = {
  readonly point: PointInSight
  readonly standing: Standing
  readonly before: Standing
}

export async function readBeforeAndNow(hub: Hub, link: OpenedLink, now: number): Promise<BeforeAndNow> {
  const key = link.claims.contactPointKey
  const row = (await findStandings(hub.db, [key])).get(key)
  const point = (await findContactPoints(hub.db, [key])).get(key) ?? {
    type: typeOfChannel(link.claims.channel),
    value: null,
  }
  if (row === undefined) return { point, standing: emptyStanding, before: emptyStanding }
  const recent = (await listChoices(hub.db, [key])).filter(
    (choice) =>
      choice.kind === 'objection' &&
      choice.author === 'person' &&
      signalsOfLinks.has(choice.context.signal) &&
      choice.recordedAt + undoWithinMs >= now,
  )
  const unsaid = new Set(recent.map((choice) => choice.id))
  return { point, standing: row.record, before: await standingWithout(hub.db, row, unsaid) }
}

/**
 * What came through on this contact point before the no of a moment ago and does not now, as the widest scopes that
 * hold nothing else: a whole channel of a brand where every topic did, else topic by topic.
 */
export function scopesToReopen(hub: Hub, { point, standing, before }: BeforeAndNow, now: number): Scope[] {
  return hub.catalog.brands().flatMap((brand) => {
    const topics = hub.catalog.topics(brand.id).filter((topic) => topic.purpose === 'marketing')
    return channelsServedBy(point.type).flatMap((channel): Scope[] => {
      const isOpen = (record: Standing) => (topic: (typeof topics)[number]) =>
        decideForPoint(point, record, { brand, topic, channel }, now).decision !== 'deny'
      const wasOpen = topics.filter(isOpen(before))
      const lost = wasOpen.filter((topic) => !isOpen(standing)(topic))
      if (lost.length === topics.length && lost.length > 0) return [{ brand: brand.id, channel }]
      return lost.map((topic) => ({ brand: brand.id, channel, topic: topic.id }))
    })
  })
}
