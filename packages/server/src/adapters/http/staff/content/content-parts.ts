import type { FastifyReply, FastifyRequest } from 'fastify'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { type Language, readLanguage } from '../../pages/text.ts'
import { pageHeaders } from '../../public/frame.ts'
import { renderNotice } from '../sign-in-page.tsx'
import { type StaffParts, sendStaffPage, staffFrame } from '../staff-reading.ts'
import { staffPolicy } from '../staff-style.ts'

/** Room for a whole group of sentences, or every answer of every question in four languages, percent-encoded. */
export const contentFormBytesMax = 1024 * 1024

/** One part of the address, decoded by the framework. */
export function pathPart({ params }: FastifyRequest, name: string): string {
  if (typeof params !== 'object' || params === null) return ''
  const value: unknown = Reflect.get(params, name)
  return typeof value === 'string' ? value : ''
}

export function brandInPath({ hub }: StaffParts, request: FastifyRequest): BrandRow | undefined {
  return hub.catalog.brand(pathPart(request, 'brand'))
}

/** The language that is written in, beside the one the room is read in. */
export function languageInPath(request: FastifyRequest): Language | undefined {
  const given = pathPart(request, 'language')
  const known = readLanguage(given)
  return known === given ? known : undefined
}

export function sendNotThere(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const frame = staffFrame(parts, request, '/content')
  const back = { to: '/content', text: 'staff.room.content' } as const
  return sendStaffPage(reply, 404, renderNotice(frame, 'content.missing', 'content.missing.explained', back))
}

/** A page of the room that shows a page of the brand within it. */
export function sendFramingPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return sendStaffPage(reply, status, html, `${staffPolicy}; frame-src 'self'`)
}

/** Into the frame of a page of ours, and of nobody else: to look at, not to use. */
export function sendFramedPage(reply: FastifyReply, status: number, html: string, style: string): FastifyReply {
  const policy = `default-src 'none'; style-src ${style}; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox`
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .headers({ ...pageHeaders, 'x-frame-options': 'SAMEORIGIN' })
    .header('content-security-policy', policy)
    .send(html)
}
