import { type Channel, channels, maskContactPoint, type StandingItem } from '@verzet/core'
import type { OpenedLink } from '../../../services/open-link.ts'
import {
  decideForPerson,
  type Person,
  reachesAllOf,
  refusalsTouching,
  restrictionsInForce,
} from '../../../services/read-person.ts'
import type { TopicRow } from '../../../storage/catalog.ts'
import type { ContactPointRow } from '../../../storage/contact-points.ts'
import type { PrintBatchRow } from '../../../storage/print.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { BroughtBy } from '../pages/brought-by.ts'
import type { LimitedTo } from '../pages/outcome.ts'
import type { PersonModel } from '../pages/person-section.tsx'
import type { CellState, GridModel } from '../pages/preference-grid.tsx'
import type { PreferenceModel, PreferenceNotice } from '../pages/preference-page.tsx'
import type { StandsLine } from '../pages/stands.ts'
import { type Language, readLanguage } from '../pages/text.ts'
import type { Reading } from './frame.ts'

const dayMs = 86_400_000
/** Offered with one press; any other day can be picked. */
const pauseDays = [30, 90] as const
/** Two years: a longer break is a no, and that button is above. */
export const pauseDaysMax = 730

/** Boxes that wait for a confirmation mail, as `channel:topic`. */
export type PendingBoxes = ReadonlySet<string>

export type PersonPage = {
  readonly link: OpenedLink
  readonly person: Person
  readonly topics: readonly TopicRow[]
  readonly pending: PendingBoxes
  readonly pendingContacts: readonly { readonly reference: string; readonly masked: string }[]
  /** When the newest snapshot of each register was taken. */
  readonly registers: Readonly<Record<string, number>>
  /** The print day of the letter that the link stands on, where its run is known. */
  readonly printedOn: Date | undefined
  /** Post for this person that was printed and may still land. */
  readonly printed: readonly PrintBatchRow[]
  readonly now: number
}

export function preferenceModel(
  page: PersonPage,
  personal: PersonalLink,
  reading: Reading,
  notice?: PreferenceNotice,
): PreferenceModel {
  const { link, person } = page
  const standing = person.standings.get(person.key)
  const refusals = standing === undefined ? [] : refusalsTouching(standing, {})
  const restrictions = restrictionsOnAll(page)
  const grid = gridModel(page, reading.language)
  // Who took an alternative instead of a no to everything gets something again, and may stop it again.
  const all = isAnythingOpen(grid) ? undefined : refusals.find(({ scope }) => Object.keys(scope).length === 0)
  const pause = restrictions.find((item) => item.kind === 'pause')
  const cadence = restrictions.find((item) => item.kind === 'cadence')
  const topicRefused = refusals.some(
    ({ scope }) =>
      scope.channel === undefined &&
      (scope.brand === undefined || scope.brand === link.brand.id) &&
      (scope.topic === undefined ? scope.brand !== undefined : scope.topic === link.topic?.id),
  )
  const channelRefused = refusals.some(
    ({ scope }) => scope.channel === link.claims.channel && scope.brand === undefined && scope.topic === undefined,
  )
  const topicName = link.topic?.purpose === 'marketing' ? nameOf(link.topic, reading.language) : undefined
  // Nobody can be asked any more whether they mean it: what was erased stays stopped.
  const isKnown = typeof person.contactPoint?.value === 'string'
  const canComeBack = all === undefined || isKnown
  return {
    frame: reading.frame,
    link: personal,
    ...(notice && { notice }),
    address: maskedAddress(person, link),
    ...(all && { stopped: { since: new Date(all.at) } }),
    channels: ['email', 'sms', 'phone', 'post'],
    broughtBy: broughtBy(page, reading.language),
    stopOnly: {
      ...(all === undefined && !topicRefused && topicName !== undefined && { topic: topicName }),
      ...(all === undefined && !channelRefused && { channel: link.claims.channel }),
    },
    ...(canComeBack && alternatives(page, pause, cadence)),
    grid: canComeBack ? grid : { channels: [], rows: [] },
    ...(isKnown && { person: personModel(page) }),
  }
}

function alternatives(
  { now }: PersonPage,
  pause: StandingItem | undefined,
  cadence: StandingItem | undefined,
): Pick<PreferenceModel, 'less' | 'pause'> {
  return {
    less: {
      options: [
        { max: 1, per: 'week' },
        { max: 1, per: 'month' },
      ],
      ...(cadence?.kind === 'cadence' && { current: cadence.cadence }),
    },
    pause: {
      options: pauseDays.map((days) => ({ days, until: new Date(now + days * dayMs) })),
      earliest: new Date(now + dayMs),
      latest: new Date(now + pauseDaysMax * dayMs),
      ...(pause?.kind === 'pause' && { current: { until: new Date(pause.until) } }),
    },
  }
}

/** The limits on all of the brand's advertising, the longest pause first: what the page can speak of in one sentence. */
function restrictionsOnAll({ link, person, now }: PersonPage): StandingItem[] {
  const standing = person.standings.get(person.key)
  if (standing === undefined) return []
  const endOf = (item: StandingItem) => (item.kind === 'pause' ? item.until : 0)
  return restrictionsInForce(standing, now)
    .filter((item) => reachesAllOf(item.scope, link.brand.id))
    .toSorted((one, other) => endOf(other) - endOf(one))
}

export function gridModel(page: PersonPage, language: Language): GridModel {
  const { link, person, pending, now } = page
  const rows = page.topics.map((topic) => {
    const decisions = decideForPerson(person, link.brand, topic, page.registers, now)
    const cells: Partial<Record<Channel, CellState>> = {}
    for (const [channel, decision] of decisions) {
      const box = `${channel}:${topic.id}`
      cells[channel] =
        decision === 'unavailable'
          ? 'unavailable'
          : decision.decision !== 'deny'
            ? 'on'
            : pending.has(box)
              ? 'pending'
              : 'off'
    }
    return { topic: topic.id, name: nameOf(topic, language), cells }
  })
  const reachable = channels.filter((channel) =>
    rows.some((row) => (row.cells[channel] ?? 'unavailable') !== 'unavailable'),
  )
  return { channels: reachable, rows }
}

function isAnythingOpen({ rows }: GridModel): boolean {
  return rows.some(({ cells }) => Object.values(cells).includes('on'))
}

/** What holds now, in a few lines, for the page after an act. */
export function standsLines(page: PersonPage, language: Language): StandsLine[] {
  const standing = page.person.standings.get(page.person.key)
  if (standing === undefined) return []
  const grid = gridModel(page, language)
  const isAllRefused = refusalsTouching(standing, {}).some(({ scope }) => Object.keys(scope).length === 0)
  if (isAllRefused && !isAnythingOpen(grid)) return [{ kind: 'nothing' }]
  const limits = restrictionsOnPart(page, language)
  const isPaused = (name: string) =>
    limits.some(({ about, limit }) => limit.kind === 'pause' && about.kind === 'topic' && about.topic === name)
  const topics = grid.rows.flatMap((row): StandsLine[] => {
    const on = grid.channels.filter((channel) => row.cells[channel] === 'on')
    if (on.length === 0) return [{ kind: 'refused', topic: row.name }]
    return isPaused(row.name) ? [] : [{ kind: 'receives', topic: row.name, channels: on }]
  })
  const restrictions = restrictionsOnAll(page)
  const pause = restrictions.find((item) => item.kind === 'pause')
  const cadence = restrictions.find((item) => item.kind === 'cadence')
  return [
    ...(pause?.kind === 'pause' ? [{ kind: 'paused' as const, until: new Date(pause.until) }] : []),
    ...(cadence?.kind === 'cadence' ? [{ kind: 'cadence' as const, cadence: cadence.cadence }] : []),
    ...limits,
    // During a pause nothing comes, whatever is ticked for afterwards.
    ...(pause === undefined ? topics : topics.filter(({ kind }) => kind === 'refused')),
  ]
}

/** The limits on one topic of the brand, or on one channel, as an alternative to a narrow no leaves them. */
function restrictionsOnPart(
  { link, person, topics, now }: PersonPage,
  language: Language,
): Extract<StandsLine, { kind: 'limited' }>[] {
  const standing = person.standings.get(person.key)
  return (standing === undefined ? [] : restrictionsInForce(standing, now)).flatMap(
    (item): Extract<StandsLine, { kind: 'limited' }>[] => {
      const { brand, channel, topic: topicId } = item.scope
      if (brand !== undefined && brand !== link.brand.id) return []
      const topic = topics.find(({ id }) => id === topicId)
      const about: LimitedTo | undefined = topic
        ? { kind: 'topic', topic: nameOf(topic, language) }
        : topicId === undefined && channel !== undefined
          ? { kind: 'channel', channel }
          : undefined
      if (about === undefined) return []
      if (item.kind === 'pause') {
        return [{ kind: 'limited' as const, about, limit: { kind: 'pause' as const, until: new Date(item.until) } }]
      }
      return item.kind === 'cadence'
        ? [{ kind: 'limited' as const, about, limit: { kind: 'cadence' as const, cadence: item.cadence } }]
        : []
    },
  )
}

/** A letter bears its print day or none: its code was made before that. What is sent carries a link made as it leaves. */
export function broughtBy({ link, printedOn }: PersonPage, language: Language): BroughtBy {
  const sentAt = link.claims.channel === 'post' ? printedOn : new Date(link.claims.mintedAt)
  return {
    channel: link.claims.channel,
    ...(link.topic && { topic: nameOf(link.topic, language) }),
    ...(sentAt && { sentAt }),
  }
}

export function nameOf(topic: TopicRow, language: Language): string {
  return topic.names[language] ?? topic.names.en ?? topic.names.nl ?? topic.id
}

export function maskedAddress(person: Person, link: OpenedLink) {
  const point = person.contactPoint
  // A customer number says nothing to its owner: a name or an address does.
  if (point?.type === 'customer') return maskedPerson(person) ?? { type: point.type, masked: '•••' }
  if (point?.value) return { type: point.type, masked: maskContactPoint({ type: point.type, normalised: point.value }) }
  // Erased or never known by value: the link still holds for whoever it was sent to.
  return { type: point?.type ?? ('email' as const), masked: link.claims.channel === 'email' ? '•••@•••' : '•••' }
}

function maskedPerson({ relations, contactPoints }: Person) {
  const name = relations[0]?.name
  if (name) return { type: 'customer' as const, masked: maskName(name) }
  const [point] = contactPoints.filter(({ value }) => value !== null)
  return point && { type: point.type, masked: maskContactPoint({ type: point.type, normalised: point.value ?? '' }) }
}

function personModel({ person, pendingContacts }: PersonPage): PersonModel {
  const relation = person.relations[0]
  const language = readLanguage(relation?.language)
  const known = person.contactPoints.filter(
    (point): point is ContactPointRow & { value: string } => point.value !== null,
  )
  return {
    ...(language && { language }),
    ...(relation?.name && { maskedName: maskName(relation.name) }),
    contactPoints: [
      ...known
        .filter((point) => point.type !== 'customer')
        .map((point) => ({
          reference: point.key,
          type: point.type,
          masked: maskContactPoint({ type: point.type, normalised: point.value }),
          pending: false,
        })),
      ...pendingContacts.map((point) => ({ ...point, type: 'email' as const, pending: true })),
    ],
  }
}

/** First letter of each word and three dots, whatever its length. */
function maskName(name: string): string {
  return name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => `${[...word][0]}•••`)
    .join(' ')
}
