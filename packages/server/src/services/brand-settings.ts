import type { BrandRow } from '../storage/catalog.ts'

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
}

const defaults: BrandSettings = { oneClick: 'all', timeZone: 'Europe/Brussels' }

/** The settings of a stored brand: the API let only valid ones in. */
export function brandSettings(brand: Pick<BrandRow, 'settings'>): BrandSettings {
  return { ...defaults, ...brand.settings }
}
