import { channels, channelsServedBy } from '@verzet/core'
import type { FastifyRequest } from 'fastify'
import type { Catalog } from '../../../../services/catalog.ts'
import type { PersonFile } from '../../../../services/people/person-file.ts'
import {
  noteCharactersMax,
  noteCharactersMin,
  type RecordForPerson,
  type WordsForPerson,
} from '../../../../services/people/record-for-person.ts'
import { readDay } from '../../public/read-day.ts'
import { postedField } from '../access.ts'

export const recordKinds = ['objection', 'cadence', 'pause', 'consent'] as const
export type RecordKind = (typeof recordKinds)[number]

/** What can be wrong, named after the field. */
export type RecordFault = 'kind' | 'scope' | 'said' | 'note'

/** The fields as they were posted. */
export type RecordFields = {
  readonly subject: string
  readonly kind: string
  readonly about: string
  readonly channel: string
  readonly said: string
  readonly note: string
}

export type ReadRecord =
  | { readonly kind: 'read'; readonly record: Omit<RecordForPerson, 'staffId'> }
  | { readonly kind: 'refused'; readonly faults: readonly RecordFault[]; readonly asked: RecordFields }

/** As at the desk: long enough to be felt, short enough to be remembered. */
const pauseMs = 90 * 86_400_000
const lessOften = { max: 1, per: 'month' } as const

/** What a form says that staff record for a person; the subject is one of the person's own or nothing is read. */
export function readRecord(
  request: FastifyRequest,
  file: PersonFile,
  { catalog, now, timeZone }: { readonly catalog: Catalog; readonly now: number; readonly timeZone: string },
): ReadRecord {
  const asked = fieldsOf(request)
  const kind = recordKinds.find((one) => one === asked.kind)
  const scope = readScope(asked, catalog)
  const note = asked.note.trim().slice(0, noteCharactersMax)
  const saidAt = asked.said === '' ? now : readDay(asked.said, timeZone)
  const isWhole = file.relations.some(({ key }) => key === asked.subject)
  const point = file.person.contactPoints.find(({ key }) => key === asked.subject)
  const arrives = isWhole || (point !== undefined && channelsServedBy(point.type).some((one) => one === scope.channel))
  const isNarrow = scope.brand !== undefined && scope.topic !== undefined && scope.channel !== undefined && arrives
  const faults: RecordFault[] = [
    ...(kind === undefined ? (['kind'] as const) : []),
    ...((kind === 'consent' && !isNarrow) || (!isWhole && point === undefined) ? (['scope'] as const) : []),
    ...(saidAt === undefined || saidAt > now ? (['said'] as const) : []),
    ...(note.length < noteCharactersMin ? (['note'] as const) : []),
  ]
  if (faults.length > 0 || kind === undefined || saidAt === undefined) return { kind: 'refused', faults, asked }
  return { kind: 'read', record: { subjectKey: asked.subject, words: wordsOf(kind, scope, now), saidAt, note } }
}

function fieldsOf(request: FastifyRequest): RecordFields {
  const posted = (name: string) => postedField(request, name) ?? ''
  return {
    subject: posted('subject'),
    kind: posted('kind'),
    about: posted('about'),
    channel: posted('channel'),
    said: posted('said'),
    note: posted('note'),
  }
}

/** `acme`, `acme news` or nothing, and a channel or nothing; what nobody knows is everything (rule 3). */
function readScope({ about, channel }: RecordFields, catalog: Catalog) {
  const [brandId = '', topicId = ''] = about.split(' ')
  const brand = catalog.brand(brandId)?.id
  const topic = brand === undefined ? undefined : catalog.topic(brand, topicId)
  const on = channels.find((one) => one === channel)
  return {
    ...(brand !== undefined && { brand }),
    ...(topic?.purpose === 'marketing' && { topic: topic.id }),
    ...(on !== undefined && { channel: on }),
  }
}

function wordsOf(kind: RecordKind, scope: WordsForPerson['scope'], now: number): WordsForPerson {
  switch (kind) {
    case 'objection':
    case 'consent':
      return { kind, scope }
    case 'pause':
      return { kind, scope, until: now + pauseMs }
    case 'cadence':
      return { kind, scope, cadence: lessOften }
  }
}
