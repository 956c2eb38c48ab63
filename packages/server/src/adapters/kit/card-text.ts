import { showPrintedCode } from '@verzet/core'
import { brandSettings } from '../../services/brand-settings.ts'
import type { PublicPlace } from '../../services/mint-links.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import { overridesOf } from '../http/pages/overrides.ts'
import type { Language, Texts } from '../http/pages/text.ts'
import type { PrintedCard } from '../print/card-sheets.ts'

/** An address as it is printed on one line. */
export function onOneLine(address: string): string {
  return address
    .split(/\s*\n\s*/)
    .filter((line) => line !== '')
    .join(', ')
}

/** The page where a code is typed, as somebody reads it from paper: without its scheme. */
export function codePage(place: Pick<PublicPlace, 'url'>): string {
  return `${place.url.replace(/^https?:\/\//, '')}/c`
}

/** The line of text that goes on a letter, a card or a flyer, the longest first. `code` as printed. */
export function cardTexts(
  texts: Texts,
  place: Pick<PublicPlace, 'url'>,
  brand: BrandRow,
  language: Language,
  code: string,
): readonly string[] {
  const text = texts.for(language, overridesOf(brand, language))
  const { postalAddress } = brandSettings(brand)
  const values = { url: codePage(place), code }
  const short = text('kit.card.short', values)
  const full = postalAddress === undefined ? [] : [text('kit.card', { ...values, postal: onOneLine(postalAddress) })]
  const lines = [...full, short]
  // Code Postfilter (Reclamecode, 1 April 2021): unasked post in the Netherlands names the register.
  return brand.country === 'NL' ? lines.map((line) => `${line} ${text('kit.postfilter')}`) : lines
}

/** Who sends it, by name and with a way to reach them (Directive 2000/31/EC art. 5(1)). */
export function senderLine(brand: BrandRow): string {
  const { postalAddress, contactEmail } = brandSettings(brand)
  const names = brand.name === brand.controller ? [brand.name] : [brand.name, brand.controller]
  const reach = postalAddress === undefined ? contactEmail : onOneLine(postalAddress)
  return [...names, ...(reach === undefined ? [] : [reach])].join(' · ')
}

/** A card for one code. */
export function printedCard(
  texts: Texts,
  place: Pick<PublicPlace, 'url'>,
  brand: BrandRow,
  language: Language,
  plainCode: string,
): PrintedCard {
  const code = showPrintedCode(plainCode)
  return {
    code,
    url: `${place.url}/c/${plainCode}`,
    texts: cardTexts(texts, place, brand, language, code),
    sender: senderLine(brand),
  }
}
