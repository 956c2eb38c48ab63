import type { FastifyReply, FastifyRequest } from 'fastify'
import { pageHeaders } from '../public/frame.ts'
import type { StaffVisit } from './access.ts'
import { staffPolicy } from './staff-style.ts'

/** What of a request a page is made from. Plain data: it can be sent to another thread. */
export type StaffAsking = {
  readonly method: string
  readonly url: string
  readonly query: unknown
  readonly headers: { readonly 'accept-language'?: string | undefined }
  readonly staff: StaffVisit | undefined
}

/** What is answered to it; plain data too. */
export type StaffAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

export function askingOf({ method, url, query, headers, staff }: FastifyRequest): StaffAsking {
  return { method, url, query, headers: { 'accept-language': headers['accept-language'] }, staff }
}

/** Kept nowhere: it shows people. The referrer stays within this origin, or a browser would hide where a form came from. */
export function staffPage(status: number, html: string, policy: string = staffPolicy): StaffAnswer {
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...pageHeaders,
      'referrer-policy': 'same-origin',
      'content-security-policy': policy,
    },
    body: html,
  }
}

/** A file that is saved beside others. */
export function staffFile(contentType: string, filename: string, body: string | Uint8Array): StaffAnswer {
  return {
    status: 200,
    headers: {
      'content-type': contentType,
      'cache-control': 'no-store',
      'content-disposition': `attachment; filename="${filename}"`,
    },
    body,
  }
}

export function sendAnswer(reply: FastifyReply, { status, headers, body }: StaffAnswer): FastifyReply {
  return reply.code(status).headers(headers).send(body)
}
