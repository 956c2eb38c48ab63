import type { FastifyReply, FastifyRequest } from 'fastify'
import { forgetPerson } from '../../../../services/people/erase-person.ts'
import { findPeople } from '../../../../services/people/find-people.ts'
import { mergeRelations } from '../../../../services/people/merge-relations.ts'
import { noteLook } from '../../../../services/people/note-look.ts'
import { readPersonFile } from '../../../../services/people/person-file.ts'
import { unmergeRelations } from '../../../../services/people/unmerge-relations.ts'
import { staffActor } from '../../../../services/staff/staff-evidence.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import { renderErase, renderMerge } from './confirm-pages.tsx'
import { personView } from './person-model.ts'
import { postedKey, sendPerson, sendSearch } from './show-people.ts'

/** Shows both persons before anything is done; each is a look of its own. */
export async function compareForMerge(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const key = postedKey(request, 'key')
  const staffId = request.staff?.session.staffId
  if (key === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  const frame = staffFrame(parts, request, `/people/${key}`)
  const typed = postedField(request, 'other') ?? ''
  const refuse = (kind: string) => {
    const mergeProblem = frame.text('people.merge.problem', { kind })
    return sendPerson(parts, request, reply, key, { mergeProblem, mergeTyped: typed })
  }
  const found = await findPeople(hub, typed)
  if (found.kind !== 'person') return refuse('unknown_relation')
  const other = await readPersonFile(hub.db, found.key, hub.clock())
  if (other.relations.length === 0) return refuse('unknown_relation')
  if (found.key === key) return refuse('same_relation')
  const file = await readPersonFile(hub.db, key, hub.clock())
  if (file.relations.some((relation) => relation.key === found.key)) return refuse('already_merged')
  await noteLook(hub, { subjectKey: found.key, staffId, act: 'person_viewed' })
  const view = (one: typeof file) => personView(parts, one, frame, { isMasked: false })
  return sendStaffPage(reply, 200, renderMerge(frame, view(file), view(other)))
}

export async function mergeOnPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const keptKey = postedKey(request, 'key')
  const joinedKey = postedKey(request, 'other')
  const staffId = request.staff?.session.staffId
  if (keptKey === undefined || joinedKey === undefined || staffId === undefined) {
    return sendSearch(parts, request, reply, { problem: 'nobody' })
  }
  const { text } = staffFrame(parts, request, '/people')
  const outcome = await mergeRelations(parts.hub, { keptKey, joinedKey, actor: staffActor(staffId) })
  const shown =
    outcome.kind === 'merged'
      ? { said: { line: text('people.merged') } }
      : { mergeProblem: text('people.merge.problem', { kind: outcome.kind }) }
  return sendPerson(parts, request, reply, keptKey, shown)
}

export async function unmergeOnPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const relationKey = postedKey(request, 'key')
  const mergeId = postedKey(request, 'merge')
  const staffId = request.staff?.session.staffId
  if (relationKey === undefined || mergeId === undefined || staffId === undefined) {
    return sendSearch(parts, request, reply, { problem: 'nobody' })
  }
  const { text } = staffFrame(parts, request, '/people')
  const outcome = await unmergeRelations(parts.hub, { relationKey, mergeId, actor: staffActor(staffId) })
  const shown =
    outcome.kind === 'unmerged'
      ? { said: { line: text('people.unmerged', { count: outcome.refusalsKept }) } }
      : { mergeProblem: text('people.merge.problem', { kind: outcome.kind }) }
  return sendPerson(parts, request, reply, relationKey, shown)
}

export async function askErase(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const key = postedKey(request, 'key')
  if (key === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  return sendErase(parts, request, reply, key, false)
}

async function sendErase(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
  isUnsure: boolean,
): Promise<FastifyReply> {
  const { hub } = parts
  const frame = staffFrame(parts, request, `/people/${key}`)
  const file = await readPersonFile(hub.db, key, hub.clock())
  const view = personView(parts, file, frame, { isMasked: false })
  return sendStaffPage(reply, isUnsure ? 422 : 200, renderErase(frame, view, isUnsure))
}

/** The refusals stay by their keys; of the person nothing else does (GDPR art. 17). */
export async function eraseOnPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const key = postedKey(request, 'key')
  const staffId = request.staff?.session.staffId
  if (key === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  if (postedField(request, 'sure') !== 'yes') return sendErase(parts, request, reply, key, true)
  const count = await forgetPerson(hub, { key, actor: staffActor(staffId) })
  const said = staffFrame(parts, request, '/people').text('people.erase.done', { count })
  return sendSearch(parts, request, reply, { said })
}
