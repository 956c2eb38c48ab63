import type { MailLanguage } from '../../services/mail-language.ts'
import { loadMailCatalogues } from './mail-catalogue.ts'

/** How the two ways out are called in a mail that the relay passes on. */
export type WayOutLabels = { readonly stop: string; readonly preferences: string }

/** A label on the line above its address; French sets its colon apart. */
export function beforeAddress(label: string, language: MailLanguage): string {
  return language === 'fr' ? `${label} :` : `${label}:`
}

/** The labels in every language, read once from `locales/mail`. */
export function loadWayOutLabels(localesDir: string): Readonly<Record<MailLanguage, WayOutLabels>> {
  const catalogues = loadMailCatalogues(localesDir)
  const labels = (language: MailLanguage): WayOutLabels => ({
    stop: catalogues.for(language)('waysOut.stop'),
    preferences: catalogues.for(language)('waysOut.preferences'),
  })
  return { nl: labels('nl'), fr: labels('fr'), de: labels('de'), en: labels('en') }
}
