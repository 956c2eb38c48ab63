/** The languages the hub's own mails are written in. */
export const mailLanguages = ['nl', 'fr', 'de', 'en'] as const
export type MailLanguage = (typeof mailLanguages)[number]

/** Where nobody's language is known: the first language of the brand's country, and English elsewhere. */
const languageOfCountry: Readonly<Record<string, MailLanguage>> = { NL: 'nl', BE: 'nl', FR: 'fr', LU: 'fr', DE: 'de' }

/** The first of these that is a language of ours (the one on record, then the one being read), else the brand country's. */
export function chooseMailLanguage(
  candidates: readonly (string | null | undefined)[],
  brandCountry: string,
): MailLanguage {
  for (const candidate of candidates) {
    const known = mailLanguages.find((language) => language === candidate?.slice(0, 2).toLowerCase())
    if (known !== undefined) return known
  }
  return languageOfCountry[brandCountry] ?? 'en'
}
