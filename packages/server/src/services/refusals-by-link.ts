import { channelsServedBy, emptyStanding, type Scope, type Standing, sameScope } from '@verzet/core'
import { listChoices } from '../storage/choices.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { findStandings } from '../storage/standings.ts'
import { tiesOfRelations } from '../storage/ties.ts'
import type { Hub } from './hub.ts'
import { saidByOtherLinks } from './leaving/leave-by-link.ts'
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
export type BeforeAndNow = PointBeforeAndNow & {
  /** Where the subject is a person as a whole: the same for each of their contact points. */
  readonly members?: readonly PointBeforeAndNow[]
}

type PointBeforeAndNow = {
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
  const elsewhere = await saidByOtherLinks(hub.db, link, now - undoWithinMs)
  const recent = (await listChoices(hub.db, [key])).filter(
    (choice) =>
      !elsewhere.has(choice.id) &&
      choice.kind === 'objection' &&
      choice.author === 'person' &&
      (link.portal !== undefined || signalsOfLinks.has(choice.context.signal)) &&
      choice.recordedAt + undoWithinMs >= now,
  )
  const unsaid = new Set(recent.map((choice) => choice.id))
  const seen = { point, standing: row.record, before: await standingWithout(hub.db, row, unsaid) }
  return row.type === 'customer' ? { ...seen, members: await readMembers(hub, key, unsaid) } : seen
}

/** What held and holds for each contact point of a person. */
export async function readMembers(
  hub: Hub,
  relationKey: string,
  unsaid: ReadonlySet<string>,
): Promise<PointBeforeAndNow[]> {
  const ties = (await tiesOfRelations(hub.db, [relationKey])).filter((tie) => tie.endedAt === null)
  const keys = ties.map((tie) => tie.contactKey)
  const [points, rows] = await Promise.all([findContactPoints(hub.db, keys), findStandings(hub.db, keys)])
  const members: PointBeforeAndNow[] = []
  for (const [key, row] of rows) {
    const point = points.get(key)
    if (point === undefined) continue
    members.push({ point, standing: row.record, before: await standingWithout(hub.db, row, unsaid) })
  }
  return members
}

/**
 * What came through on this contact point before the no of a moment ago and does not now, as the widest scopes that
 * hold nothing else: a whole channel of a brand where every topic did, else topic by topic.
 */
export function scopesToReopen(hub: Hub, seen: BeforeAndNow, now: number): Scope[] {
  const scopes: Scope[] = []
  // A person as a whole is reached where one of their contact points is.
  for (const scope of (seen.members ?? [seen]).flatMap((one) => scopesOfPoint(hub, one, now))) {
    if (!scopes.some((known) => sameScope(known, scope))) scopes.push(scope)
  }
  return scopes
}

function scopesOfPoint(hub: Hub, { point, standing, before }: PointBeforeAndNow, now: number): Scope[] {
  return hub.catalog.brands().flatMap((brand) => {
    const topics = hub.catalog.topics(brand.id).filter((topic) => topic.purpose === 'marketing')
    return channelsServedBy(point.type).flatMap((channel): Scope[] => {
      const isOpen = (record: Standing) => (topic: (typeof topics)[number]) =>
        decideForPoint(point, record, { brand, topic, channel, registers: hub.catalog.registers() }, now).decision !==
        'deny'
      const wasOpen = topics.filter(isOpen(before))
      const lost = wasOpen.filter((topic) => !isOpen(standing)(topic))
      if (lost.length === topics.length && lost.length > 0) return [{ brand: brand.id, channel }]
      return lost.map((topic) => ({ brand: brand.id, channel, topic: topic.id }))
    })
  })
}
