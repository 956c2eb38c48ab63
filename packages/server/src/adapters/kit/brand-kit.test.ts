import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { BrandKit, KitPieceId } from '../../services/brand-kit.ts'
import { mailLanguages } from '../../services/mail-language.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import { checkEmail } from '../check/email/check-email.ts'
import { readEmail } from '../check/email/read-email.ts'
import { checkPhone } from '../check/phone/check-phone.ts'
import { checkPrint } from '../check/print/check-print.ts'
import { readPages } from '../check/print/read-pages.ts'
import { checkSms } from '../check/sms/check-sms.ts'
import { broken, code, contextOf, hubUrl, page } from '../check/testing/context.ts'
import { htmlWith, mailWith } from '../check/testing/mails.ts'
import { loadTexts } from '../http/pages/text.ts'
import { CardSheets } from '../print/card-sheets.ts'
import { signMessage } from '../smtp/message/dkim-sign.ts'
import { bothKeys } from '../smtp/message/testing/dkim.ts'
import { brandKit, kitPlaceholders } from './brand-kit.ts'
import { cardTexts, printedCard, senderLine } from './card-text.ts'
import { kitFormats, showKit, showPiece } from './show-kit.ts'

const texts = loadTexts(fileURLToPath(new URL('../../../locales', import.meta.url)))
const place = { url: hubUrl }
const brand: BrandRow = {
  id: 'acme',
  number: 1,
  name: 'Acme',
  controller: 'Acme NV',
  country: 'BE',
  settings: { postalAddress: 'Kerkstraat 1\n9000 Gent', contactEmail: 'info@acme.example', printLeadDays: 14 },
}
const short = `${hubUrl}/c/${code.replace('-', '')}`
const countries = ['BE', 'NL', 'FR', 'DE']

const withTexts = { hearsTexts: true }

function filled(kit: BrandKit, id: KitPieceId, format: 'text' | 'html'): string {
  const piece = kit.pieces.find((one) => one.id === id)
  if (piece === undefined) throw new Error(`no ${id}`)
  return showPiece(piece, format)
    .replaceAll(kitPlaceholders.stop, `${page}#stop`)
    .replaceAll(kitPlaceholders.preferences, `${page}#preferences`)
    .replaceAll(kitPlaceholders.short, short)
    .replaceAll(kitPlaceholders.code, code)
}

describe.each(mailLanguages)('the kit in %s', (language) => {
  const kit = brandKit(texts, place, brand, language, withTexts)

  it('has a mail footer that passes the check at the top and the bottom of a mail', () => {
    const [html, text] = [filled(kit, 'mail', 'html'), filled(kit, 'mail', 'text')]
    const words = 'Nouvelles, Neuigkeiten, news, nieuws.\n'.repeat(30)
    const mail = mailWith({
      html: htmlWith(`<div style="background:#ffffff;color:#000000">${html}</div>`, 'a{color:#0b5d3b}'),
      text: `${text}\n\n${words}\n${text}\n\nAcme NV, Kerkstraat 1, 9000 Gent\n`,
    })
    const signed = signMessage(mail, bothKeys, Date.UTC(2026, 10, 21))
    const read = readEmail(signed.kind === 'refused' ? mail : signed.message)
    if (read.kind === 'unreadable') throw new Error(read.reason)
    const facts = { isAdvertising: true, isForRecipient: () => true }
    expect(broken(checkEmail(contextOf({ language }), read, facts))).toEqual([])
  })

  it('has an SMS footer of one message that leaves room, and passes', () => {
    const message = `Acme: -20 %. ${filled(kit, 'sms', 'text')}`
    const [[plain, link] = []] = contextOf().codes
    if (plain === undefined || link === undefined) throw new Error('no code')
    const codes = new Map([[plain, { ...link, claims: { ...link.claims, channel: 'sms' as const } }]])
    const findings = checkSms(contextOf({ language, codes }), message, { sender: undefined, isAdvertising: true })
    // The hub of the tests has a long name.
    expect(broken(findings)).toEqual(['sms-link-length'])
    const sms = kit.pieces.find(({ id }) => id === 'sms')?.sms
    expect(sms).toMatchObject({ alphabet: 'gsm', segments: 1 })
    expect((sms?.characters ?? 0) + (sms?.charactersLeft ?? 0)).toBe(159)
  })

  it('says nothing of STOP where nobody would hear it', () => {
    const deaf = brandKit(texts, place, brand, language, { hearsTexts: false })
    for (const id of ['sms', 'privacy'] as const) expect(filled(deaf, id, 'text')).not.toContain('STOP')
    expect(filled(deaf, 'sms', 'text')).toContain(short)
    for (const id of ['sms', 'privacy'] as const) expect(filled(kit, id, 'text')).toContain('STOP')
  })

  it('has a script for the phone that passes in each country', () => {
    for (const country of countries) {
      const script = filled(brandKit(texts, place, { ...brand, country }, language, withTexts), 'phone', 'text')
      expect(broken(checkPhone(contextOf({ language, country }), script)), country).toEqual([])
    }
  })

  it('has a line for letters and flyers that passes on a printed card in each country', async () => {
    for (const country of ['BE', 'NL']) {
      const here = { ...brand, country }
      const sheets = await CardSheets.open('Acme', language)
      sheets.add(printedCard(texts, place, here, language, code.replace('-', '')))
      const read = await readPages(Buffer.from(await sheets.bytes()))
      if (read.kind === 'unreadable') throw new Error(read.reason)
      expect(checkPrint(contextOf({ language, country }), read, true), country).toEqual([])
      expect(filled(brandKit(texts, place, here, language, withTexts), 'flyer', 'text')).toContain(code)
    }
  })

  it('has a privacy paragraph that names the right, the ways, the reach and the lists', () => {
    const paragraph = filled(kit, 'privacy', 'text')
    for (const part of [
      `${hubUrl}/opt-out/acme`,
      'verzet.acme.example/c',
      'Kerkstraat 1, 9000 Gent',
      '14',
      'dncm.be',
    ]) {
      expect(paragraph).toContain(part)
    }
    expect(paragraph).not.toMatch(/[{}]/)
    expect(
      filled(brandKit(texts, place, { ...brand, settings: {} }, language, withTexts), 'privacy', 'text'),
    ).not.toContain('Gent')
  })
})

describe('a brand’s texts', () => {
  it('say what is configured, and nothing in its place', () => {
    const bare = { ...brand, settings: {}, controller: 'Acme' }
    expect(senderLine(bare)).toBe('Acme')
    expect(senderLine({ ...brand, settings: { contactEmail: 'info@acme.example' } })).toBe(
      'Acme · Acme NV · info@acme.example',
    )
    expect(cardTexts(texts, place, bare, 'nl', code)).toHaveLength(1)
  })

  it('are the brand’s own words where it has published them', () => {
    const wording = { version: 1, texts: { nl: { 'kit.mail.stop': 'Stop alle reclame' } } }
    expect(filled(brandKit(texts, place, { ...brand, wording }, 'nl', withTexts), 'mail', 'text')).toContain(
      'Stop alle reclame: http',
    )
  })

  it('are no markup, whatever the name of the brand holds', () => {
    const kit = brandKit(
      texts,
      place,
      { ...brand, name: '<b>*A*</b>', controller: '<i>"x"</i> [y](z)' },
      'en',
      withTexts,
    )
    for (const format of kitFormats) expect(showKit(kit, format)).not.toContain(format === 'text' ? '{url}' : '<i>')
    expect(showKit(kit, 'markdown')).toContain('\\[y\\](z)')
    expect(showKit(kit, 'html')).toContain('&lt;b&gt;*A*&lt;/b&gt;')
    expect(showKit(kit, 'markdown')).toContain(`](${kitPlaceholders.stop})`)
  })
})
