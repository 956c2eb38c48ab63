import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { OutsideSettings } from '../../../services/channels/read-connections.ts'
import type { Hub } from '../../../services/hub.ts'
import type { SignInProvider } from '../../../services/staff/sign-in-by-provider.ts'
import { chooseLanguage, type Texts } from '../pages/text.ts'
import { pageHeaders, queryLanguage } from '../public/frame.ts'
import type { StaffFrame } from './layout.tsx'
import { staffPolicy } from './staff-style.ts'

/** What the rooms of staff are made with. */
export type StaffParts = {
  readonly hub: Hub
  readonly texts: Texts
  /** What is set up for mail, for the room of channels. */
  readonly outside?: OutsideSettings
  /** Where staff may sign in with their account of the organisation. */
  readonly provider?: SignInProvider
}

/** How a page is written for this reader; `path` is where its languages lead to. */
export function staffFrame({ hub, texts }: StaffParts, request: FastifyRequest, path: string): StaffFrame {
  const query = queryLanguage(request)
  const language = chooseLanguage({ query, acceptLanguage: request.headers['accept-language'] })
  const brand = hub.catalog.brands()[0]
  const asked = askedFor(request, path)
  return {
    language,
    text: texts.for(language),
    timeZone: brand === undefined ? 'Europe/Brussels' : brandSettings(brand).timeZone,
    controller: brand?.controller ?? 'Verzet',
    path,
    search: query === undefined ? '' : `?lang=${query}`,
    ...(asked !== undefined && { asked }),
    ...(request.staff && { visit: request.staff }),
  }
}

/** Of the page itself alone: what a form or another address was asked for is no question to the page at `path`. */
function askedFor({ method, url }: FastifyRequest, path: string): string | undefined {
  const [own, query] = url.split('?', 2)
  if (method !== 'GET' || own !== path || query === undefined) return undefined
  const words = new URLSearchParams(query)
  words.delete('lang')
  return words.size === 0 ? undefined : words.toString()
}

/** Kept nowhere: it shows people. The referrer stays within this origin, or a browser would hide where a form came from. */
export function sendStaffPage(
  reply: FastifyReply,
  status: number,
  html: string,
  policy: string = staffPolicy,
): FastifyReply {
  return reply
    .code(status)
    .header('content-type', 'text/html; charset=utf-8')
    .headers({ ...pageHeaders, 'referrer-policy': 'same-origin' })
    .header('content-security-policy', policy)
    .send(html)
}
