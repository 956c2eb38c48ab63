import { constants, deflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { pagesMax } from '../check-limits.ts'
import { broken, code, contextOf, hubUrl, otherBrandToken } from '../testing/context.ts'
import { type PagePieces, pdfOf } from '../testing/pdf.ts'
import { checkPrint } from './check-print.ts'
import { readPages } from './read-pages.ts'

const short = `${hubUrl}/c/${code}`
const line = (points: number) => ({
  text: `Geen reclame meer? Scan de code of ga naar ${hubUrl.slice(8)}/c en typ ${code}.`,
  points,
})
const letter = { text: 'Beste klant, deze week is er van alles te doen. Acme NV, Kerkstraat 1, 9000 Gent', points: 11 }
const right: PagePieces = { lines: [letter, line(9)], qr: { text: short, sideMm: 20 } }

async function check(pages: readonly PagePieces[], changes: Parameters<typeof contextOf>[0] = {}) {
  const read = await readPages(await pdfOf(pages))
  if (read.kind === 'unreadable') throw new Error(read.reason)
  return checkPrint(contextOf(changes), read, true)
}
const rules = async (...given: Parameters<typeof check>) => broken(await check(...given))

describe('a printed page', () => {
  it('that is right breaks no rule', async () => {
    expect(await check([right])).toEqual([])
  })

  it('has a QR code that leads to this hub, and is large enough', async () => {
    expect(await rules([{ ...right, qr: { text: 'https://shop.example/offer', sideMm: 25 } }])).toEqual(['print-qr'])
    expect(await rules([{ lines: right.lines ?? [] }])).toEqual(['print-qr'])
    expect(await rules([{ ...right, qr: { text: short, sideMm: 11 } }])).toEqual(['print-qr-size'])
    expect(await rules([{ ...right, qr: { text: `${hubUrl}/u/${otherBrandToken}`, sideMm: 25 } }])).toEqual([
      'link-brand',
      'link-channel',
    ])
    expect(await rules([{ ...right, qr: { text: `${hubUrl}/u/${otherBrandToken}x`, sideMm: 25 } }])).toEqual([
      'link-opens',
      'print-qr',
    ])
  })

  it('has link and code as text that can be read', async () => {
    const text = (words: string, points = 9) => ({ ...right, lines: [letter, { text: words, points }] })
    expect(await rules([text(`Geen reclame meer? Typ ${code}.`)])).toEqual(['print-link'])
    expect(await rules([text(`Geen reclame meer? ${hubUrl}/c`)])).toEqual(['print-code'])
    expect(await rules([text(`Geen reclame meer? ${hubUrl}/c, 1111111111`)])).toEqual(['print-code'])
    expect(await rules([text(`Meer weten? ${hubUrl}/c, ${code}`)])).toEqual(['print-way-out'])
    expect(await rules([{ ...right, lines: [letter, line(6)] }])).toEqual(['print-size'])
    expect(await rules([{ ...right, lines: [line(9)] }])).toEqual(['sender-contact', 'sender-named'])
  })

  it('shows them in ink that can be seen', async () => {
    const inGrey = (grey: number) => ({ ...right, lines: [letter, { ...line(9), grey }] })
    expect(await rules([inGrey(0.5)])).toEqual([])
    expect(await rules([inGrey(1)])).toEqual(['print-code', 'print-link', 'print-way-out'])
    expect(await rules([{ ...right, qr: { text: short, sideMm: 20, grey: 0.5 } }])).toEqual([])
    expect(await rules([{ ...right, qr: { text: short, sideMm: 20, grey: 0.9 } }])).toEqual(['print-qr'])
  })

  it('names postfilter.nl in the Netherlands', async () => {
    expect(await rules([right], { country: 'NL' })).toEqual(['print-postfilter'])
    const named = { text: 'Zie postfilter.nl', points: 9 }
    expect(await rules([{ ...right, lines: [...(right.lines ?? []), named] }], { country: 'NL' })).toEqual([])
  })

  it('is one of many, of which so many are looked at', async () => {
    const findings = await check(Array.from({ length: pagesMax + 1 }, (_, index) => (index === 0 ? right : {})))
    expect(findings.map(({ rule }) => rule)).toEqual(['print-pages'])
  })
})

describe('a hostile PDF', () => {
  it('is no PDF, or is refused within bounds', async () => {
    const cut = (await pdfOf([right])).subarray(0, 300)
    expect(await readPages(Buffer.from('hello'))).toEqual({ kind: 'unreadable', reason: 'not_a_pdf' })
    expect((await readPages(cut)).kind).toBe('unreadable')
    expect((await readPages(Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(100_000, 0x41)]))).kind).toBe(
      'unreadable',
    )
  })

  it('that unpacks to a gigabyte is read as far as the memory goes', async () => {
    const piece = deflateRawSync(Buffer.alloc(1_000_000, 0x20), { finishFlush: constants.Z_FULL_FLUSH })
    const stream = Buffer.concat([Buffer.from([0x78, 0x9c]), ...Array<Buffer>(1_000).fill(piece), Buffer.from([3, 0])])
    const head = Buffer.from(
      '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n' +
        '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n' +
        `4 0 obj\n<< /Length ${stream.length} /Filter /FlateDecode >>\nstream\n`,
      'latin1',
    )
    const bomb = Buffer.concat([head, stream, Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n')])
    const before = process.memoryUsage().rss
    const read = await readPages(bomb)
    expect(['pages', 'unreadable']).toContain(read.kind)
    expect(process.memoryUsage().rss - before).toBeLessThan(1_000_000_000)
  }, 60_000)

  it('that takes too long is given up', async () => {
    expect(await readPages(await pdfOf([right]), 1)).toEqual({ kind: 'unreadable', reason: 'too_long' })
  })

  it('with a page as large as a field is rendered no larger than a sheet', async () => {
    const file = await pdfOf([right])
    const wide = Buffer.from(file.toString('latin1').replace('[0 0 595 842]', '[0 0 14000 14000]'), 'latin1')
    expect((await readPages(wide)).kind).toBe('pages')
  })
})
