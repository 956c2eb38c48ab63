import { brandSettings } from '../../services/brand-settings.ts'
import { type MailLanguage, mailLanguages } from '../../services/mail-language.ts'
import { ownMailWords } from '../../services/own-mail-words.ts'
import type { MailSentence } from '../../services/page-lint/brand-pages.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import type { MailCatalogues } from './mail-catalogue.ts'
import { mailTextsOf } from './mail-texts.ts'
import { ownTextsOf } from './own-texts.ts'

/** Nobody's, and the same at every look. */
const sampleAt = Date.UTC(2026, 0, 5, 12)
const samplePage = 'https://optout.example/u/sample'

/** The brand's own sentences as they stand; what is filled in is nobody's wording. */
export function mailSentencesOf(brand: BrandRow): MailSentence[] {
  return mailLanguages.flatMap((language) =>
    Object.entries(ownMailWords(brand, language) ?? {}).map(([key, words]) => ({ language, key, words })),
  )
}

/** What somebody gets who stopped everything: the acknowledgement by mail, and the one text. */
export function mailSample(
  mails: MailCatalogues,
  brand: BrandRow,
  language: MailLanguage,
): { readonly html: string; readonly text: string } {
  const { accent, contactEmail, timeZone } = brandSettings(brand)
  const own = ownMailWords(brand, language)
  const ownWords = own && { ownWords: own }
  const scope = { kind: 'all' as const, controller: brand.controller }
  const { html } = mailTextsOf(mails).render({
    language,
    brand: { name: brand.name, ...(accent && { accent }) },
    controller: { name: brand.controller, ...(contactEmail && { contactEmail }) },
    timeZone,
    ...ownWords,
    kind: 'acknowledgement',
    saidAt: sampleAt,
    scope,
    page: samplePage,
  })
  const names = { language, brand: brand.name, controller: brand.controller }
  const text = ownTextsOf(mails).render({ ...names, ...ownWords, url: 'optout.example/s/3KD9', kind: 'stopped', scope })
  return { html, text }
}
