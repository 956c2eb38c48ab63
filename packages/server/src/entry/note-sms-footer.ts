import type { Hub } from '../services/hub.ts'
import { mailLanguages } from '../services/mail-language.ts'
import { shortOriginOf } from '../services/mint-links.ts'
import { hearsTexts } from '../services/texts/sms-accounts.ts'
import type { BrandRow } from '../storage/catalog.ts'
import { note } from './command-frame.ts'

/** What a short link may take after its scheme; it leaves most of 160 signs for the text. */
export const shortLinkCharactersMax = 24
/** `/c/` and a code. */
const pathCharacters = 13

/** Beside a list for text messages: what ends a text in each language, and how much of one message it takes. */
export async function noteSmsFooter(
  { db, pages, place }: Pick<Hub, 'db' | 'pages' | 'place'>,
  brand: BrandRow,
): Promise<void> {
  const options = { hearsTexts: await hearsTexts(db, brand.id) }
  for (const language of mailLanguages) {
    const piece = pages.kit(place, brand, language, options).pieces.find(({ id }) => id === 'sms')
    const [block] = piece?.blocks ?? []
    if (piece?.sms === undefined || block?.kind !== 'text') continue
    const { characters, segments, charactersLeft } = piece.sms
    note(
      `${language}  ${block.text}  (${characters} signs, ${segments} message${segments === 1 ? '' : 's'}, ${charactersLeft} left)`,
    )
  }
  const linkCharacters = new URL(shortOriginOf(place)).host.length + pathCharacters
  if (linkCharacters > shortLinkCharactersMax)
    note(
      `A short link takes ${linkCharacters} signs after its scheme, more than ${shortLinkCharactersMax}: set VERZET_SHORT_URL to a shorter name of this hub.`,
    )
}
