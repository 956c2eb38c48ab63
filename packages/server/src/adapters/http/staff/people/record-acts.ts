import type { FastifyReply, FastifyRequest } from 'fastify'
import { undoOnDesk } from '../../../../services/desk/record-on-desk.ts'
import { readPersonFile } from '../../../../services/people/person-file.ts'
import { peopleSignal, recordForPerson } from '../../../../services/people/record-for-person.ts'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { type StaffParts, staffFrame } from '../staff-reading.ts'
import { readRecord } from './read-record.ts'
import { postedKey, sendPerson, sendSearch } from './show-people.ts'

export async function recordOnPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = parts
  const key = postedKey(request, 'key')
  const staffId = request.staff?.session.staffId
  if (key === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  const frame = staffFrame(parts, request, `/people/${key}`)
  const { text, language, timeZone } = frame
  const file = await readPersonFile(hub.db, key, hub.clock())
  const read = readRecord(request, file, { catalog: hub.catalog, now: hub.clock(), timeZone })
  if (read.kind === 'refused') {
    return sendPerson(parts, request, reply, key, { record: { asked: read.asked, faults: read.faults } })
  }
  const done = await recordForPerson(hub, { ...read.record, staffId })
  if (done.kind === 'proposed') {
    const date = momentInWords(new Date(done.expiresAt), language, timeZone)
    return sendPerson(parts, request, reply, key, { said: { line: text('people.proposed', { date }) } })
  }
  if (done.alreadySince !== undefined) {
    const since = dayInWords(new Date(done.alreadySince), language, timeZone)
    return sendPerson(parts, request, reply, key, { said: { line: text('desk.already', { since }) } })
  }
  const undo = { subjectKey: read.record.subjectKey, choiceId: done.choiceId }
  return sendPerson(parts, request, reply, key, { said: { line: text('people.recorded'), undo } })
}

/** A slip of the hand: for as long as the person themselves could, and only by who recorded it. */
export async function undoOnPage(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const key = postedKey(request, 'key')
  const subjectKey = postedKey(request, 'subject')
  const choiceId = postedKey(request, 'choice')
  const staffId = request.staff?.session.staffId
  if (key === undefined || subjectKey === undefined || choiceId === undefined || staffId === undefined) {
    return sendSearch(parts, request, reply, { problem: 'nobody' })
  }
  const isUndone = await undoOnDesk(parts.hub, { subjectKey, choiceId, staffId, signal: peopleSignal })
  const line = staffFrame(parts, request, '/people').text(isUndone ? 'desk.undone' : 'desk.undo.late')
  return sendPerson(parts, request, reply, key, { said: { line } })
}
