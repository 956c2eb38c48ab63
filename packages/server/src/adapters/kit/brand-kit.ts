import { printedCodeCharacters } from '@verzet/core'
import type { BrandKit, KitBlock, KitOptions, KitPiece } from '../../services/brand-kit.ts'
import { brandSettings, printLeadDaysDefault } from '../../services/brand-settings.ts'
import { type PublicPlace, shortOriginOf } from '../../services/mint-links.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import { smsLength } from '../check/sms/sms-length.ts'
import { overridesOf } from '../http/pages/overrides.ts'
import type { Language, Texts, Translate } from '../http/pages/text.ts'
import { cardTexts, codePage, onOneLine } from './card-text.ts'

/** As the relay fills them in; `verzet links` and `verzet cards` give the others as columns of the same name. */
export const kitPlaceholders = {
  stop: '{{verzet_stop}}',
  preferences: '{{verzet_preferences}}',
  short: '{{optout_short}}',
  code: '{{optout_code}}',
} as const

/** Lists of people who want no advertising from anybody, where there is one. */
const registers: Readonly<Record<string, readonly string[]>> = {
  BE: ['dncm.be', 'robinson.be'],
  NL: ['postfilter.nl'],
}

/** A text of one message holds so many signs (3GPP TS 23.038 §6.2). */
const oneMessage = { gsm: 160, ucs2: 70 } as const

/**
 * Everything a brand puts in its own messages to offer the way out, from what is configured. STOP is offered only where
 * somebody hears it.
 */
export function brandKit(
  texts: Texts,
  place: Pick<PublicPlace, 'url' | 'shortUrl'>,
  brand: BrandRow,
  language: Language,
  { hearsTexts }: KitOptions,
): BrandKit {
  const text = texts.for(language, overridesOf(brand, language))
  const [line = ''] = cardTexts(texts, place, brand, language, kitPlaceholders.code)
  const paper = [{ kind: 'text' as const, text: line }]
  return {
    brand: brand.id,
    language,
    pieces: [
      {
        id: 'privacy',
        title: text('kit.privacy.title'),
        blocks: privacy(text, place, brand, hearsTexts),
        placeholders: [],
      },
      mail(text),
      sms(text, place, hearsTexts),
      { id: 'letter', blocks: paper, placeholders: [kitPlaceholders.code] },
      { id: 'flyer', blocks: paper, placeholders: [kitPlaceholders.code] },
      { id: 'phone', blocks: phone(text, brand), placeholders: [] },
    ],
  }
}

function privacy(
  text: Translate,
  place: Pick<PublicPlace, 'url'>,
  brand: BrandRow,
  hearsTexts: boolean,
): readonly KitBlock[] {
  const { postalAddress, contactEmail, printLeadDays } = brandSettings(brand)
  const contact = [contactEmail, postalAddress === undefined ? undefined : onOneLine(postalAddress)]
    .filter((one) => one !== undefined)
    .join(' · ')
  const lists = registers[brand.country] ?? []
  const sentences = [
    text('kit.privacy.right', { controller: brand.controller }),
    text('kit.privacy.how', {
      codes: codePage(place),
      form: `${place.url}/opt-out/${brand.id}`,
      texts: hearsTexts ? 'yes' : 'no',
    }),
    ...(contact === '' ? [] : [text('kit.privacy.contact', { contact })]),
    text('kit.privacy.effect', { days: printLeadDays ?? printLeadDaysDefault }),
    text('kit.privacy.kept'),
    ...(lists.length === 0 ? [] : [text('kit.privacy.registers', { registers: lists.join(', ') })]),
  ]
  return sentences.map((sentence) => ({ kind: 'text', text: sentence }))
}

function mail(text: Translate): KitPiece {
  const links = [
    { label: text('kit.mail.stop'), url: kitPlaceholders.stop },
    { label: text('kit.mail.preferences'), url: kitPlaceholders.preferences },
  ]
  const placeholders = [kitPlaceholders.stop, kitPlaceholders.preferences]
  return { id: 'mail', blocks: [{ kind: 'links', links }], placeholders }
}

function sms(text: Translate, place: Pick<PublicPlace, 'url' | 'shortUrl'>, hearsTexts: boolean): KitPiece {
  // The no-break space of French is no sign of GSM-7: it alone would make each message cost two.
  const words = hearsTexts ? 'kit.sms' : 'kit.sms.link'
  const say = (url: string) => text(words, { url }).replace(/[\u00a0\u202f]/g, ' ')
  const filled = say(`${shortOriginOf(place)}/c/${'0'.repeat(printedCodeCharacters)}`)
  const { alphabet, segments } = smsLength(filled)
  const characters = [...filled].length
  return {
    id: 'sms',
    blocks: [{ kind: 'text', text: say(kitPlaceholders.short) }],
    placeholders: [kitPlaceholders.short],
    // One space stands between the text and the footer.
    sms: { alphabet, segments, characters, charactersLeft: Math.max(0, oneMessage[alphabet] - characters - 1) },
  }
}

/** The register of Belgium lives; that of the Netherlands closed on 1 July 2021, and naming it would mislead. */
function phone(text: Translate, brand: BrandRow): readonly KitBlock[] {
  const said = text('kit.phone', { brand: brand.name, caller: text('kit.phone.caller') }).split('\n')
  const lines = brand.country === 'BE' ? [...said, text('kit.phone.register')] : said
  return lines.map((line) => ({ kind: 'text', text: line }))
}
