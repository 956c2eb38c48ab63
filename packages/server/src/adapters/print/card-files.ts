import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CardSheets, cardsPerSheet, type PrintedCard } from './card-sheets.ts'
import { qrPng, qrSvg } from './qr-code.ts'

/** A document is held in memory until it is written: fifty sheets are some megabytes. */
const sheetsPerFile = 50

export type CardFilesOptions = {
  readonly directory: string
  readonly title: string
  readonly language: string
  readonly qr: readonly ('svg' | 'png')[]
  readonly sheets: boolean
}

/** Writes cards as they come: PDF files of fifty sheets, and a picture of each code where that is asked for. */
export class CardFiles {
  readonly #options: CardFilesOptions
  readonly #made = new Set<string>()
  #sheets: CardSheets | undefined
  #files = 0

  constructor(options: CardFilesOptions) {
    this.#options = options
  }

  get files(): number {
    return this.#files
  }

  async add(card: PrintedCard): Promise<void> {
    this.#writeQr(card)
    if (!this.#options.sheets) return
    this.#sheets ??= await CardSheets.open(this.#options.title, this.#options.language)
    this.#sheets.add(card)
    if (this.#sheets.cards === sheetsPerFile * cardsPerSheet) await this.finish()
  }

  /** Writes what is left. */
  async finish(): Promise<void> {
    if (this.#sheets === undefined) return
    this.#files += 1
    const name = `sheets-${String(this.#files).padStart(4, '0')}.pdf`
    writeFileSync(join(this.#options.directory, name), await this.#sheets.bytes(), { mode: 0o600 })
    this.#sheets = undefined
  }

  /** In directories by the first two signs, so that none grows beyond what a file manager opens. */
  #writeQr({ code, url }: PrintedCard): void {
    if (this.#options.qr.length === 0) return
    const directory = join(this.#options.directory, 'qr', code.slice(0, 2))
    if (!this.#made.has(directory)) mkdirSync(directory, { recursive: true, mode: 0o700 })
    this.#made.add(directory)
    for (const form of this.#options.qr) {
      writeFileSync(join(directory, `${code}.${form}`), form === 'svg' ? qrSvg(url) : qrPng(url), { mode: 0o600 })
    }
  }
}
