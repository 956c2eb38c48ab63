import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { showPrintedCode } from '@verzet/core'
import { languages, loadTexts } from '../adapters/http/pages/text.ts'
import { printedCard } from '../adapters/kit/card-text.ts'
import { CardSheets } from '../adapters/print/card-sheets.ts'
import { qrPng, qrSvg } from '../adapters/print/qr-code.ts'
import type { Hub } from '../services/hub.ts'
import type { Mailing } from '../services/mint-link-rows.ts'
import { openDrop } from '../services/print/drop.ts'
import { print, printJson } from './command-frame.ts'
import type { CardsOptions } from './commands/cards.ts'
import { type ExitCode, exitCodes } from './exit-codes.ts'
import { packageDirectory } from './package-directory.ts'

/** The code of a drop as pictures, and a sheet with a card in each language. Asked for again it is the same code. */
export async function writeDrop(hub: Hub, mailing: Mailing, name: string, options: CardsOptions): Promise<ExitCode> {
  const code = await openDrop(hub, mailing, name)
  const texts = loadTexts(join(packageDirectory(), 'locales'))
  const cards = languages.map((language) => printedCard(texts, hub.place, mailing.brand, language, code))
  const sheets = await CardSheets.open(`${mailing.brand.name}: ${name}`, 'nl')
  for (const card of cards) sheets.add(card)
  const url = `${hub.place.url}/c/${code}`
  mkdirSync(options.out, { recursive: true })
  writeFileSync(join(options.out, `${name}.svg`), qrSvg(url))
  writeFileSync(join(options.out, `${name}.png`), qrPng(url))
  if (options.sheets) writeFileSync(join(options.out, `${name}.pdf`), await sheets.bytes())
  const lines = languages.map((language, index) => ({ language, text: cards[index]?.texts[0] ?? '' }))
  if (options.json) {
    const byLanguage = Object.fromEntries(lines.map(({ language, text }) => [language, text]))
    printJson({ drop: name, code: showPrintedCode(code), url, texts: byLanguage, out: options.out })
    return exitCodes.ok
  }
  print(`${name}: ${showPrintedCode(code)}, ${url}`)
  for (const { language, text } of lines) print(`  ${language}  ${text}`)
  return exitCodes.ok
}
