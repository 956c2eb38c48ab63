import type { FastifyReply } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { OutsideSettings } from '../../../services/channels/read-connections.ts'
import type { Hub } from '../../../services/hub.ts'
import type { SignInProvider } from '../../../services/staff/sign-in-by-provider.ts'
import { chooseLanguage, type Texts } from '../pages/text.ts'
import { queryLanguage } from '../public/frame.ts'
import type { StaffFrame } from './layout.tsx'
import { type StaffAnswer, type StaffAsking, sendAnswer, staffPage } from './staff-page.ts'

/** What the rooms of staff are made with. */
export type StaffParts = {
  readonly hub: Hub
  readonly texts: Texts
  /** What is set up for mail, for the room of channels. */
  readonly outside?: OutsideSettings
  /** Where staff may sign in with their account of the organisation. */
  readonly provider?: SignInProvider
  /** Where pages of insight are put together so that no opt-out waits for them; without it, it is done here. */
  readonly insightElsewhere?: InsightElsewhere
}

export type InsightElsewhere = {
  /** `path` is one of the room's addresses; what was asked of it comes with the request. */
  read(path: string, request: StaffAsking): Promise<StaffAnswer>
  /** Somebody who may look at insight is at work: the first page should not have to wait for a start. */
  prepare(): void
}

/** How a page is written for this reader; `path` is where its languages lead to. */
export function staffFrame(
  { hub, texts }: { readonly hub: Pick<Hub, 'catalog'>; readonly texts: Texts },
  request: StaffAsking,
  path: string,
): StaffFrame {
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
function askedFor({ method, url }: StaffAsking, path: string): string | undefined {
  const [own, query] = url.split('?', 2)
  if (method !== 'GET' || own !== path || query === undefined) return undefined
  const words = new URLSearchParams(query)
  words.delete('lang')
  return words.size === 0 ? undefined : words.toString()
}

export function sendStaffPage(reply: FastifyReply, status: number, html: string, policy?: string): FastifyReply {
  return sendAnswer(reply, staffPage(status, html, policy))
}
