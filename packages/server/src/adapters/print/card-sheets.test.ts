import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { makePrintedCode, showPrintedCode } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { readPages } from '../check/print/read-pages.ts'
import { hubUrl } from '../check/testing/context.ts'
import { CardSheets, CardTooSmall, cardsPerSheet } from './card-sheets.ts'
import { darkRuns, qrModules, qrPng, qrSvg } from './qr-code.ts'

const { resolve } = createRequire(import.meta.url)
const wasm = new Uint8Array(readFileSync(resolve('zxing-wasm/reader/zxing_reader.wasm')))
prepareZXingModule({ overrides: { wasmBinary: wasm.buffer } })

const codeOf = (index: number) => makePrintedCode(Buffer.from(`code ${String(index).padStart(4, '0')}`))
const card = (index: number, texts: readonly string[] = ['Geen reclame meer? Scan de code.']) => ({
  code: showPrintedCode(codeOf(index)),
  url: `${hubUrl}/c/${codeOf(index)}`,
  texts,
  sender: 'Acme · Acme NV, Kerkstraat 1, 9000 Gent',
})

async function read(cards: readonly ReturnType<typeof card>[]) {
  const sheets = await CardSheets.open('Cards', 'nl')
  for (const one of cards) sheets.add(one)
  const found = await readPages(Buffer.from(await sheets.bytes()))
  if (found.kind === 'unreadable') throw new Error(found.reason)
  return found.pages
}

describe('a sheet of cards', () => {
  it('holds ten, each with a QR code that another library reads, large enough for a phone', async () => {
    const cards = Array.from({ length: cardsPerSheet + 1 }, (_, index) => card(index))
    const pages = await read(cards)
    expect(pages.map(({ codes }) => codes.length)).toEqual([cardsPerSheet, 1])
    const decoded = pages.flatMap(({ codes }) => codes)
    expect(decoded.map(({ text }) => text).toSorted()).toEqual(cards.map(({ url }) => url).toSorted())
    expect(Math.min(...decoded.map(({ sideMm }) => sideMm))).toBeGreaterThan(20)
  })

  it('has each code whole in its text, in seven points or more', async () => {
    const long = `Geen reclame meer? Ga naar ${hubUrl.slice(8)}/c en typ ${card(1).code}, of schrijf naar ${'Kerkstraat 1 bus 3, '.repeat(6)}9000 Gent.`
    const [page] = await read([card(1, [long, 'Kort.'])])
    const text = page?.words.map((word) => word.text).join('') ?? ''
    expect(text.split(card(1).code).length - 1).toBe(2)
    expect(Math.min(...(page?.words ?? []).map(({ points }) => points))).toBeGreaterThanOrEqual(6.95)
  })

  it('takes the shorter text where the longer does not fit, and none that does not', async () => {
    const [page] = await read([card(1, ['lang '.repeat(300), 'Kort genoeg.'])])
    expect(page?.words.map((word) => word.text).join('')).toContain('Kort genoeg.')
    const sheets = await CardSheets.open('Cards', 'nl')
    expect(() => sheets.add(card(1, ['lang '.repeat(300)]))).toThrow(CardTooSmall)
  })

  it('writes what the font lacks without its accent, and breaks what is longer than a line', async () => {
    const [page] = await read([card(1, [`Łódź 東 ${'www.'.repeat(30)}example`])])
    const text = page?.words.map((word) => word.text).join('') ?? ''
    expect(text).toMatch(/\?ódz \?/)
    expect(text.replace(/\s/g, '')).toContain(`${'www.'.repeat(30)}example`)
  })
})

describe('a QR code', () => {
  it('as a PNG is read by another library', async () => {
    const [found] = await readBarcodes(new Blob([Uint8Array.from(qrPng(card(2).url))]), { formats: ['QRCode'] })
    expect(found?.text).toBe(card(2).url)
  })

  it('as SVG draws exactly its modules, with four of white around them', () => {
    const modules = qrModules(card(3).url)
    const drawn = [...qrSvg(card(3).url).matchAll(/M(\d+) (\d+)h(\d+)v1/g)].flatMap(([, x, y, length]) =>
      Array.from({ length: Number(length) }, (_, step) => `${Number(x) + step - 4}:${Number(y) - 4}`),
    )
    const dark = modules.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`${x}:${y}`] : [])))
    expect(drawn.toSorted()).toEqual(dark.toSorted())
    expect(qrSvg(card(3).url)).toContain(`viewBox="0 0 ${modules.length + 8} ${modules.length + 8}"`)
  })

  it('is drawn in runs', () => {
    expect(darkRuns([true, true, false, true])).toEqual([
      { start: 0, length: 2 },
      { start: 3, length: 1 },
    ])
  })
})
