import {
  fill,
  PDFDocument,
  type PDFFont,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  rectangle,
  rgb,
  StandardFonts,
  setFillingGrayscaleColor,
} from 'pdf-lib'
import { darkRuns, qrModules } from './qr-code.ts'

/** What stands on one card. */
export type PrintedCard = {
  /** As printed: two groups of five. */
  readonly code: string
  /** What the QR code says. */
  readonly url: string
  /** The way out in words, the longest that fits first. */
  readonly texts: readonly string[]
  /** Who sends it, and where they can be reached. */
  readonly sender: string
}

const pointsPerMm = 72 / 25.4
const mm = (length: number) => length * pointsPerMm
const page = { width: mm(210), height: mm(297) }
const columns = 2
const rows = 5
export const cardsPerSheet = columns * rows
/** The common size of a business card in Europe (ISO 7810 ID-1 is within half a millimetre of it). */
const card = { width: mm(85), height: mm(55) }
const margin = {
  left: (page.width - columns * card.width) / 2,
  bottom: (page.height - rows * card.height) / 2,
}
/** A cutter is off by two millimetres at most: nothing that matters stands closer to an edge. */
const safe = mm(4)
/** Modules alone; the white around them comes on top. 15 mm is the least that any phone reads. */
const qrSide = mm(23)
const cropMark = { length: mm(4), gap: mm(1.5), width: 0.4 }
/** `verzet check` asks for 7 points at least. */
const points = { largest: 9, smallest: 7, step: 0.5, code: 11, sender: 7 }
const leading = 1.2

/** Not even the shortest text fits on a card. */
export class CardTooSmall extends Error {
  override readonly name = 'CardTooSmall'
}

/** A PDF of A4 sheets with ten cards each and crop marks, built card by card. One document is held in memory. */
export class CardSheets {
  readonly #document: PDFDocument
  readonly #font: PDFFont
  readonly #bold: PDFFont
  readonly #signs: ReadonlySet<number>
  #page: PDFPage | undefined
  #cards = 0

  private constructor(document: PDFDocument, font: PDFFont, bold: PDFFont) {
    this.#document = document
    this.#font = font
    this.#bold = bold
    this.#signs = new Set(font.getCharacterSet())
  }

  static async open(title: string, language: string): Promise<CardSheets> {
    const document = await PDFDocument.create()
    document.setTitle(title)
    document.setLanguage(language)
    const font = await document.embedFont(StandardFonts.Helvetica)
    return new CardSheets(document, font, await document.embedFont(StandardFonts.HelveticaBold))
  }

  get cards(): number {
    return this.#cards
  }

  /** @throws {CardTooSmall} when no text fits at 7 points. */
  add(content: PrintedCard): void {
    const place = this.#cards % cardsPerSheet
    if (place === 0 || this.#page === undefined) {
      this.#page = this.#document.addPage([page.width, page.height])
      drawCropMarks(this.#page)
    }
    this.#cards += 1
    const x = margin.left + (place % columns) * card.width
    const y = margin.bottom + (rows - 1 - Math.floor(place / columns)) * card.height
    this.#drawCard(this.#page, content, x, y)
  }

  async bytes(): Promise<Uint8Array> {
    return this.#document.save()
  }

  #drawCard(sheet: PDFPage, content: PrintedCard, x: number, y: number): void {
    const modules = qrModules(content.url)
    const module = qrSide / modules.length
    // Four modules of white on each side (ISO/IEC 18004 §5.3.8); to the right the safe edge is white as well.
    const quiet = 4 * module
    const qrLeft = x + card.width - safe - qrSide
    const top = y + card.height - safe
    drawQr(sheet, modules, qrLeft, top - qrSide, module)
    const width = qrLeft - quiet - (x + safe)
    const sender = this.#wrap(content.sender, this.#font, points.sender, card.width - 2 * safe)
    const senderTop = y + safe + sender.length * points.sender * leading
    const codeBase = senderTop + points.code * 0.6
    const height = top - (codeBase + points.code)
    const { lines, size } = this.#fit(content.texts, width, height)
    this.#write(sheet, lines, this.#font, size, x + safe, top)
    sheet.drawText(content.code, { x: x + safe, y: codeBase, size: points.code, font: this.#bold })
    this.#write(sheet, sender, this.#font, points.sender, x + safe, senderTop)
  }

  /** The longest text that fits, in the largest size it fits in. */
  #fit(texts: readonly string[], width: number, height: number): { lines: readonly string[]; size: number } {
    for (const text of texts) {
      for (let size = points.largest; size >= points.smallest; size -= points.step) {
        const lines = this.#wrap(text, this.#font, size, width)
        if (lines.length * size * leading <= height) return { lines, size }
      }
    }
    throw new CardTooSmall('the text does not fit on a card at 7 points: shorten the name or the address of the brand')
  }

  #write(sheet: PDFPage, lines: readonly string[], font: PDFFont, size: number, x: number, top: number): void {
    for (const [index, line] of lines.entries()) {
      sheet.drawText(line, { x, y: top - size - index * size * leading, size, font })
    }
  }

  /** Breaks at spaces, and an address longer than a line behind a dot or a slash, else where the line ends. */
  #wrap(text: string, font: PDFFont, size: number, width: number): string[] {
    const lines: string[] = []
    let line = ''
    const widthOf = (words: string) => font.widthOfTextAtSize(words, size)
    for (const word of this.#printable(text).split(/[ \n]+/)) {
      const joined = line === '' ? word : `${line} ${word}`
      if (widthOf(joined) <= width) {
        line = joined
        continue
      }
      if (line !== '') lines.push(line)
      line = word
      while (widthOf(line) > width) {
        let cut = line.length - 1
        while (cut > 1 && widthOf(line.slice(0, cut)) > width) cut -= 1
        const soft = Math.max(line.lastIndexOf('.', cut - 1), line.lastIndexOf('/', cut - 1)) + 1
        const at = soft > 1 ? soft : cut
        lines.push(line.slice(0, at))
        line = line.slice(at)
      }
    }
    return [...lines, line]
  }

  /** The font of every reader has the signs of Western Europe: an accent beyond them is left off, another sign is a `?`. */
  #printable(text: string): string {
    const has = (sign: string) => this.#signs.has(sign.codePointAt(0) ?? 0)
    const space = this.#signs.has(0xa0) ? '\u00a0' : ' '
    return [...text.normalize('NFC').replace(/[\u202f\u00a0]/g, space)]
      .map((sign) => {
        if (has(sign) || sign === '\n') return sign
        const plain = sign.normalize('NFKD').replace(/\p{M}/gu, '')
        return plain !== '' && [...plain].every(has) ? plain : '?'
      })
      .join('')
  }
}

function drawQr(
  sheet: PDFPage,
  modules: readonly (readonly boolean[])[],
  left: number,
  bottom: number,
  module: number,
): void {
  const squares = modules.flatMap((row, index) =>
    darkRuns(row).map(({ start, length }) =>
      rectangle(left + start * module, bottom + (modules.length - 1 - index) * module, length * module, module),
    ),
  )
  sheet.pushOperators(pushGraphicsState(), setFillingGrayscaleColor(0), ...squares, fill(), popGraphicsState())
}

/** In the margins alone, so that no card carries one. */
function drawCropMarks(sheet: PDFPage): void {
  const right = margin.left + columns * card.width
  const top = margin.bottom + rows * card.height
  const line = (x1: number, y1: number, x2: number, y2: number) =>
    sheet.drawLine({
      start: { x: x1, y: y1 },
      end: { x: x2, y: y2 },
      thickness: cropMark.width,
      color: rgb(0, 0, 0),
    })
  for (let column = 0; column <= columns; column += 1) {
    const x = margin.left + column * card.width
    line(x, margin.bottom - cropMark.gap - cropMark.length, x, margin.bottom - cropMark.gap)
    line(x, top + cropMark.gap, x, top + cropMark.gap + cropMark.length)
  }
  for (let row = 0; row <= rows; row += 1) {
    const y = margin.bottom + row * card.height
    line(margin.left - cropMark.gap - cropMark.length, y, margin.left - cropMark.gap, y)
    line(right + cropMark.gap, y, right + cropMark.gap + cropMark.length, y)
  }
}
