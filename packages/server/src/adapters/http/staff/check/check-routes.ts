import type { FastifyReply, FastifyRequest } from 'fastify'
import { pdfBytesMax } from '../../../check/check-limits.ts'
import { type CheckReport, checkMessage } from '../../../check/check-message.ts'
import { checkKinds } from '../../../check/check-rules.ts'
import { readLanguage } from '../../pages/text.ts'
import { postedField } from '../access.ts'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { type CheckModel, renderCheck, senderCharactersMax } from './check-page.tsx'

/** The file, and the fields around it. */
const formBytesMax = pdfBytesMax + 64 * 1024

/** Whether a message may leave, for who would rather read a page than a command's output. Keeps nothing. */
export const checkRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/check', access: 'check', handle: showForm },
  { method: 'POST', url: '/check', access: 'check', bodyBytesMax: formBytesMax, handle: check },
]

export type CheckAnswer = CheckReport | 'nothing_given' | 'too_large'

function showForm(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(parts, request, reply, 200, {})
}

async function check(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const kind = checkKinds.find((one) => one === postedField(request, 'kind')) ?? 'email'
  const about = postedField(request, 'brand') ?? ''
  const [brandId = '', topicId = ''] = about.split(' ')
  const brand = parts.hub.catalog.brand(brandId)?.id
  const topic = parts.hub.catalog.topic(brandId, topicId)?.id
  const language = readLanguage(postedField(request, 'language'))
  const sender = (postedField(request, 'sender') ?? '').trim().slice(0, senderCharactersMax)
  const known = { kind, ...(language !== undefined && { language }), ...(sender !== '' && { sender }) }
  const text = postedField(request, 'message') ?? ''
  const file = await readFile(request)
  const message = file ?? Buffer.from(text, 'utf8')
  const asked = { ...known, about, message: text }
  if (message.length === 0) return send(parts, request, reply, 422, { ...asked, answer: 'nothing_given' })
  const from = { ...(brand !== undefined && { brand }), ...(topic !== undefined && { topic }) }
  const outcome = await checkMessage(parts.hub, { ...known, ...from, message })
  if (outcome.kind === 'checked') return send(parts, request, reply, 200, { ...asked, answer: outcome.report })
  return send(parts, request, reply, 422, { ...asked, answer: 'too_large' })
}

/** The form's one file, where one was chosen (RFC 7578). */
async function readFile({ headers, body }: FastifyRequest): Promise<Buffer | undefined> {
  const contentType = headers['content-type'] ?? ''
  if (!Buffer.isBuffer(body) || !contentType.toLowerCase().startsWith('multipart/form-data')) return undefined
  const form = await new Response(Uint8Array.from(body), { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined)
  const file = form?.get('file')
  if (file === null || file === undefined || typeof file === 'string' || file.size === 0) return undefined
  return Buffer.from(await file.arrayBuffer())
}

function send(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  model: Omit<CheckModel, 'frame' | 'catalog'>,
): FastifyReply {
  const html = renderCheck({ frame: staffFrame(parts, request, '/check'), catalog: parts.hub.catalog, ...model })
  return sendStaffPage(reply, status, html)
}
