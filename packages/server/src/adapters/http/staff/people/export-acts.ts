import type { FastifyReply, FastifyRequest } from 'fastify'
import { noteLook } from '../../../../services/people/note-look.ts'
import { type PersonFile, readPersonFile } from '../../../../services/people/person-file.ts'
import { pageHeaders } from '../../public/frame.ts'
import { type StaffParts, staffFrame } from '../staff-reading.ts'
import { staffPolicy } from '../staff-style.ts'
import { renderPersonCopy } from './copy-page.tsx'
import { personCopy } from './person-copy.ts'
import { postedKey, sendSearch } from './show-people.ts'

export function exportToRead(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendCopy(parts, request, reply, 'text/html; charset=utf-8', 'html', async (file) =>
    renderPersonCopy(parts, file, staffFrame(parts, request, '/people')),
  )
}

export function exportToFile(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  return sendCopy(parts, request, reply, 'application/json; charset=utf-8', 'json', async (file) =>
    JSON.stringify(await personCopy(parts, file), undefined, 2),
  )
}

/** A file is named after the key: the name of a person has no business in a list of downloads. */
async function sendCopy(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  contentType: string,
  extension: 'html' | 'json',
  write: (file: PersonFile) => Promise<string>,
): Promise<FastifyReply> {
  const { hub } = parts
  const key = postedKey(request, 'key')
  const staffId = request.staff?.session.staffId
  if (key === undefined || staffId === undefined) return sendSearch(parts, request, reply, { problem: 'nobody' })
  const file = await readPersonFile(hub.db, key, hub.clock())
  await noteLook(hub, { subjectKey: key, staffId, act: 'person_exported' })
  return reply
    .headers(pageHeaders)
    .header('content-type', contentType)
    .header('content-security-policy', staffPolicy)
    .header('content-disposition', `attachment; filename="person-${key}.${extension}"`)
    .send(await write(file))
}
