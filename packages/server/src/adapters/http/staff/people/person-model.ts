import { type Channel, channels, maskContactPoint } from '@verzet/core'
import type { PersonFile } from '../../../../services/people/person-file.ts'
import { type CellDecision, decideForPerson } from '../../../../services/read-person.ts'
import { nameOfTopic } from '../../../../services/scope-in-words.ts'
import type { ContactPointRow } from '../../../../storage/contact-points.ts'
import { contactPointName, dayInWords, momentInWords } from '../../pages/wording.ts'
import { standsForCaller } from '../desk/stands-in-words.ts'
import type { StaffFrame } from '../layout.tsx'
import type { StaffParts } from '../staff-reading.ts'
import { actorInWords, eventInWords, wordsOf } from './event-in-words.ts'

/** What a page shows of a history; the export has the rest. */
export const eventsShownMax = 200

export type PointLine = {
  readonly key: string
  readonly type: string
  readonly value: string
  readonly confirmed?: string
  readonly stands: readonly string[]
}

export type GridTable = {
  readonly brand: string
  readonly rows: readonly {
    readonly topic: string
    readonly name: string
    readonly cells: readonly { readonly channel: Channel; readonly decision: string; readonly reason: string }[]
  }[]
}

export type TimelineLine = {
  readonly id: string
  readonly when: string
  readonly what: readonly string[]
  readonly where: string
  readonly by: string
  readonly evidence?: { readonly id: string; readonly hash: string }
}

/** A person as a page shows them. `isMasked`: nobody asked for more yet, and no look was noted. */
export type PersonView = {
  readonly key: string
  readonly isMasked: boolean
  readonly isErased: boolean
  readonly title: string
  readonly about: readonly string[]
  readonly stands: readonly string[]
  readonly points: readonly PointLine[]
  readonly grids: readonly GridTable[]
  readonly merges: readonly { readonly id: string; readonly line: string }[]
  readonly timeline: readonly TimelineLine[]
  readonly eventsCount: number
  readonly isRelation: boolean
}

type Words = Pick<StaffFrame, 'text' | 'language' | 'timeZone'>

export function personView(
  { hub }: Pick<StaffParts, 'hub'>,
  file: PersonFile,
  frame: Words,
  { isMasked, staffNames = new Map() }: { isMasked: boolean; staffNames?: ReadonlyMap<string, string> },
): PersonView {
  const { text } = frame
  const now = hub.clock()
  const [relation] = file.relations
  const own = file.points.get(file.key)
  const shown = (point: ContactPointRow) => valueInWords(point, frame, isMasked)
  const name = isMasked ? undefined : (relation?.name ?? undefined)
  const named = own === undefined || own.value === null ? undefined : shown(own)
  return {
    key: file.key,
    isMasked,
    isErased: relation === undefined ? own?.value === null : relation.erasedAt !== null,
    isRelation: relation !== undefined,
    title: name ?? (relation === undefined ? (named ?? text('people.gone')) : numberInWords(relation, frame, isMasked)),
    about: aboutInWords(file, frame, isMasked),
    stands: standsForCaller({ standing: file.standing }, hub.catalog, frame, now),
    points: file.person.contactPoints.map((point) => ({
      key: point.key,
      type: contactPointName(point.type, text),
      value: shown(point),
      ...(point.confirmedAt !== null && { confirmed: dayInWords(point.confirmedAt, frame.language, frame.timeZone) }),
      stands: pointStands(file, point, { hub }, frame),
    })),
    grids: gridsOf({ hub }, file, frame),
    merges: isMasked ? [] : mergesOf(file, frame),
    timeline: isMasked
      ? []
      : file.events.slice(0, eventsShownMax).map((event) => lineOf(event, file, { hub }, frame, staffNames)),
    eventsCount: file.events.length,
  }
}

/** Nothing where the person as a whole says it already. */
function pointStands(
  file: PersonFile,
  point: ContactPointRow,
  { hub }: Pick<StaffParts, 'hub'>,
  frame: Words,
): string[] {
  const standing = file.person.standings.get(point.key)
  if (standing === undefined || point.key === file.key) return []
  const whole = new Set(standsForCaller({ standing: file.standing }, hub.catalog, frame, hub.clock()))
  return standsForCaller({ standing }, hub.catalog, frame, hub.clock()).filter((line) => !whole.has(line))
}

function valueInWords({ type, value }: ContactPointRow, { text }: Words, isMasked: boolean): string {
  if (value === null) return text('people.gone')
  // A postal address is kept with its parts apart.
  return isMasked ? maskContactPoint({ type, normalised: value }) : value.split('|').filter(Boolean).join(', ')
}

function numberInWords({ externalId }: { externalId: string | null }, { text }: Words, isMasked: boolean): string {
  if (externalId === null) return text('people.gone')
  const number = isMasked ? maskContactPoint({ type: 'customer', normalised: externalId }) : externalId
  return text('people.number', { number })
}

function aboutInWords({ relations }: PersonFile, frame: Words, isMasked: boolean): string[] {
  const { text, language, timeZone } = frame
  const numbers = relations.filter(({ externalId }) => externalId !== null)
  const [first] = relations
  const since = first?.customerSince
  return [
    ...(isMasked ? [] : numbers.map((relation) => numberInWords(relation, frame, false))),
    ...(since === null || since === undefined
      ? []
      : [text('people.since', { date: dayInWords(new Date(since), language, timeZone) })]),
    ...[first?.language, first?.country].flatMap((code) =>
      code === null || code === undefined ? [] : [code.toUpperCase()],
    ),
  ]
}

function gridsOf({ hub }: Pick<StaffParts, 'hub'>, file: PersonFile, { language }: Words): GridTable[] {
  const now = hub.clock()
  const registers = hub.catalog.registers()
  return hub.catalog.brands().map((brand) => ({
    brand: brand.name,
    rows: hub.catalog.topics(brand.id).map((topic) => {
      const decisions = decideForPerson(file.person, brand, topic, registers, now)
      const cells = channels.map((channel) => ({ channel, ...cellOf(decisions.get(channel)) }))
      return { topic: topic.id, name: nameOfTopic(topic, language), cells }
    }),
  }))
}

function cellOf(decision: CellDecision | undefined): { decision: string; reason: string } {
  if (decision === undefined || decision === 'unavailable') return { decision: 'none', reason: 'unavailable' }
  return { decision: decision.decision, reason: decision.reason }
}

function mergesOf({ merges, relations }: PersonFile, { text, language, timeZone }: Words) {
  const nameOf = (key: string) => {
    const relation = relations.find((one) => one.key === key)
    return relation?.externalId ?? key.slice(0, 8)
  }
  return merges.map(({ id, keptKey, joinedKey, mergedAt }) => {
    const date = dayInWords(mergedAt, language, timeZone)
    return { id, line: text('people.merged.list', { date, kept: nameOf(keptKey), joined: nameOf(joinedKey) }) }
  })
}

function lineOf(
  event: PersonFile['events'][number],
  file: PersonFile,
  { hub }: Pick<StaffParts, 'hub'>,
  frame: Words,
  staffNames: ReadonlyMap<string, string>,
): TimelineLine {
  const { comment, note } = wordsOf(event)
  const point = file.points.get(event.subjectKey)
  const isRelation = point === undefined || point.type === 'customer'
  const evidence = event.kind === 'entry' ? event.entry.evidence : undefined
  const quoted = [comment, note].flatMap((words) =>
    words === undefined ? [] : [frame.text('people.quoted', { words })],
  )
  return {
    id: evidence?.id ?? idOf(event),
    when: momentInWords(new Date(event.at), frame.language, frame.timeZone),
    what: [...eventInWords(event, hub.catalog, frame), ...quoted],
    where: isRelation ? frame.text('people.whole') : valueInWords(point, frame, false),
    by: actorInWords(event, frame, staffNames),
    ...(evidence && { evidence: { id: evidence.id, hash: evidence.hash } }),
  }
}

function idOf(event: PersonFile['events'][number]): string {
  switch (event.kind) {
    case 'entry':
      return event.entry.mail?.id ?? event.entry.choice?.id ?? ''
    case 'call':
      return event.call.id
    case 'send':
      return event.send.id
    case 'text':
      return event.text.id
    case 'sign_up':
      return event.signUp.id
  }
}
