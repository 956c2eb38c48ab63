import type { FastifyReply, FastifyRequest } from 'fastify'
import { type FoundPeople, findPeople, resolvePerson } from '../../../../services/people/find-people.ts'
import { noteLook } from '../../../../services/people/note-look.ts'
import { type PersonFile, readPersonFile } from '../../../../services/people/person-file.ts'
import { nameOfTopic } from '../../../../services/scope-in-words.ts'
import { listStaff } from '../../../../storage/staff.ts'
import { contactPointName, dayForInput } from '../../pages/wording.ts'
import { postedField } from '../access.ts'
import type { StaffFrame } from '../layout.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import { renderPeopleSearch, type SearchModel } from './people-page.tsx'
import { personView } from './person-model.ts'
import { type PersonModel, renderPerson } from './person-page.tsx'
import type { RecordModel } from './record-form.tsx'

const uuidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** A key that the hub wrote into a page; undefined for anything else. */
export function postedKey(request: FastifyRequest, name: string): string | undefined {
  const key = postedField(request, name) ?? ''
  return uuidPattern.test(key) ? key : undefined
}

export function sendSearch(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  model: Omit<SearchModel, 'frame'> = {},
): FastifyReply {
  const html = renderPeopleSearch({ ...model, frame: staffFrame(parts, request, '/people') })
  return sendStaffPage(reply, model.problem === undefined ? 200 : 422, html)
}

export function showPeople(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendSearch(parts, request, reply)
}

/** A search is posted: what was typed stays out of addresses, histories and the log of a proxy, and a look can be noted. */
export async function searchPeople(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const typed = postedField(request, 'who') ?? ''
  if (typed.trim() === '') return sendSearch(parts, request, reply)
  return answerFound(parts, request, reply, await findPeople(parts.hub, typed), typed)
}

export async function showPerson(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = postedKey(request, 'key')
  if (key === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  const found = await resolvePerson(parts.hub.db, key)
  return answerFound(parts, request, reply, found.kind === 'people' ? { kind: 'person', key } : found)
}

async function answerFound(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  found: FoundPeople,
  typed?: string,
): Promise<FastifyReply> {
  switch (found.kind) {
    case 'person':
      return sendPerson(parts, request, reply, found.key)
    case 'people':
      return sendSearch(parts, request, reply, { ...(typed !== undefined && { typed }), found })
    default:
      return sendSearch(parts, request, reply, { ...(typed !== undefined && { typed }), problem: found.kind })
  }
}

/** Writes nothing, so it shows nobody: masked, with the button that shows the rest and keeps who looked (rule 5). */
export async function showMasked(
  parts: StaffParts,
  request: FastifyRequest<{ Params: unknown }>,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = /^\/people\/([^/?]+)/.exec(request.url)?.[1] ?? ''
  const found = uuidPattern.test(key) ? await resolvePerson(parts.hub.db, key) : ({ kind: 'nobody' } as const)
  if (found.kind !== 'person') {
    const people = found.kind === 'people' ? { found: { people: [], hasMore: true } } : { problem: 'nobody' as const }
    return sendSearch(parts, request, reply, people)
  }
  const file = await readPersonFile(parts.hub.db, found.key, parts.hub.clock())
  const frame = staffFrame(parts, request, `/people/${found.key}`)
  const view = personView(parts, file, frame, { isMasked: true })
  return sendStaffPage(reply, 200, renderPerson({ frame, view, record: recordModel(parts, file, frame) }))
}

type Shown = Pick<PersonModel, 'said' | 'mergeProblem' | 'mergeTyped'> & {
  readonly record?: Pick<RecordModel, 'asked' | 'faults'>
}

/** The whole of a person, once it is kept that this member of staff saw it. */
export async function sendPerson(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  shown: Shown = {},
): Promise<FastifyReply> {
  const { hub } = parts
  const staffId = request.staff?.session.staffId
  if (staffId === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  // Nothing is sent before the look is durable; reading meanwhile is what the reader does not wait for.
  const [file, staff] = await Promise.all([
    readPersonFile(hub.db, key, hub.clock()),
    listStaff(hub.db),
    noteLook(hub, { subjectKey: key, staffId, act: 'person_viewed' }),
  ])
  const staffNames = new Map(staff.map(({ id, email }) => [id, email]))
  const frame = staffFrame(parts, request, `/people/${key}`)
  const { record, ...rest } = shown
  const html = renderPerson({
    frame,
    view: personView(parts, file, frame, { isMasked: false, staffNames }),
    record: { ...recordModel(parts, file, frame), ...record },
    ...rest,
  })
  const isRefused = record?.faults !== undefined || shown.mergeProblem !== undefined
  return sendStaffPage(reply, isRefused ? 422 : 200, html)
}

function recordModel({ hub }: StaffParts, file: PersonFile, frame: StaffFrame): RecordModel {
  const { text, language, timeZone } = frame
  const isWhole = file.relations.some(({ key }) => key === file.key)
  const points = file.person.contactPoints.filter(({ value }) => value !== null)
  const subjects = points.map(({ key, type, value }) => ({
    key,
    name: `${contactPointName(type, text)}: ${(value ?? '').split('|').filter(Boolean).join(', ')}`,
  }))
  const topics = hub.catalog.brands().flatMap((brand) => [
    { value: brand.id, name: brand.name },
    ...hub.catalog
      .topics(brand.id)
      .filter(({ purpose }) => purpose === 'marketing')
      .map((topic) => ({ value: `${brand.id} ${topic.id}`, name: `${brand.name}: ${nameOfTopic(topic, language)}` })),
  ])
  return {
    personKey: file.key,
    subjects: [...(isWhole ? [{ key: file.key, name: text('people.whole') }] : []), ...subjects],
    topics,
    today: dayForInput(new Date(hub.clock()), timeZone),
  }
}
