import type { BrandRow } from '../storage/catalog.ts'
import type { LeavingSettings } from './leaving/leaving-settings.ts'

/** How far a one-click header or a bare STOP reaches when the message itself offered both (rule 3). */
export const oneClickScopes = ['all', 'channel', 'topic'] as const
export type OneClickScope = (typeof oneClickScopes)[number]

/** One answer to "why are you leaving?", with its text per language. */
export type ReasonOption = { readonly id: string; readonly labels: Readonly<Record<string, string>> }

/** What a brand decides for itself; everything has a default. Stored as JSON, checked where it enters. */
export type BrandSettings = {
  readonly oneClick: OneClickScope
  /** Colour of buttons, `#rrggbb`; too pale a one is not used. */
  readonly accent?: string
  readonly privacyUrl?: string
  readonly postalAddress?: string
  readonly contactEmail?: string
  readonly timeZone: string
  readonly reasons?: readonly ReasonOption[]
  /** How long words that nobody could judge by rule may wait for a human. */
  readonly reviewWithinHours?: number
  /** What comes after a no: whether it is asked back, and what is offered instead. */
  readonly leaving?: LeavingSettings
  /** Who is told when somebody says that they never signed up, or that this is spam. */
  readonly privacyMail?: string
  /** Origins of the organisation's own sites that may hold the form and be returned to. */
  readonly siteOrigins?: readonly string[]
  /** How long after its print day post may still land. */
  readonly printLeadDays?: number
  /** The outside lists that no law asks for and that the brand holds itself to. */
  readonly pledgedRegisters?: readonly string[]
}

/** Addressed print is handed over two to three weeks before it lands. */
export const printLeadDaysDefault = 21
/** Three months, the longest that senders ask for; what takes longer was not on its way. */
export const printLeadDaysMax = 92

/** More sites than one brand has. */
export const siteOriginsMax = 20
export const siteOriginHint = 'Give the origin of a site, such as https://www.example.com'

/** An origin as a browser writes it; plain http only on this very machine, where somebody tries it out. */
export function isSiteOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { origin, protocol, hostname } = new URL(text)
  const isHere = hostname === 'localhost' || hostname === '127.0.0.1'
  // A browser sends no pattern as its origin: a star would look like one and never match.
  return origin === text && !hostname.includes('*') && (protocol === 'https:' || (protocol === 'http:' && isHere))
}

const defaults: BrandSettings = { oneClick: 'all', timeZone: 'Europe/Brussels' }

/** The settings of a stored brand: the API let only valid ones in. */
export function brandSettings(brand: Pick<BrandRow, 'settings'>): BrandSettings {
  return { ...defaults, ...brand.settings }
}
