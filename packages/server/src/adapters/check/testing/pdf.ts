import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { prepareZXingModule, writeBarcode } from 'zxing-wasm/writer'

const { resolve } = createRequire(import.meta.url)
prepareZXingModule({ overrides: { wasmBinary: wasmOf('zxing-wasm/writer/zxing_writer.wasm') } })

function wasmOf(name: string): ArrayBuffer {
  return new Uint8Array(readFileSync(resolve(name))).buffer
}

export type PagePieces = {
  /** `grey` goes from 0, black, to 1, the colour of the paper. */
  readonly lines?: readonly { readonly text: string; readonly points: number; readonly grey?: number }[]
  readonly qr?: { readonly text: string; readonly sideMm: number; readonly grey?: number }
}

const pointsPerMm = 72 / 25.4

/** A PDF of A4 pages written by hand, its QR codes drawn as rectangles, as a layout program does it. */
export async function pdfOf(pages: readonly PagePieces[]): Promise<Buffer> {
  const contents = await Promise.all(pages.map(contentOf))
  const kids = contents.map((_, index) => `${4 + index * 2} 0 R`).join(' ')
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${kids}] /Count ${contents.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    ...contents.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents ${5 + index * 2} 0 R >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ]
  return fileOf(objects)
}

function fileOf(objects: readonly string[]): Buffer {
  let file = '%PDF-1.4\n'
  const places = objects.map((object, index) => {
    const place = file.length
    file += `${index + 1} 0 obj\n${object}\nendobj\n`
    return place
  })
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('')
  const start = file.length
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  file += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(file, 'latin1')
}

async function contentOf({ lines = [], qr }: PagePieces): Promise<string> {
  const written = lines.map(
    ({ text, points, grey = 0 }, index) =>
      `${grey} g BT /F ${points} Tf 60 ${780 - index * 16} Td (${escaped(text)}) Tj ET`,
  )
  return [...written, ...(qr === undefined ? [] : [await drawn(qr.text, qr.sideMm * pointsPerMm, qr.grey ?? 0)])].join(
    '\n',
  )
}

function escaped(text: string): string {
  return text.replace(/[\\()]/g, (sign) => `\\${sign}`)
}

async function drawn(text: string, side: number, grey: number): Promise<string> {
  const { symbol } = await writeBarcode(text, { format: 'QRCode' })
  const module = side / symbol.width
  const squares: string[] = []
  symbol.data.forEach((value, index) => {
    if (value !== 0) return
    const x = 420 + (index % symbol.width) * module
    const y = 100 + side - (Math.floor(index / symbol.width) + 1) * module
    squares.push(`${x.toFixed(3)} ${y.toFixed(3)} ${module.toFixed(3)} ${module.toFixed(3)} re`)
  })
  return `${grey} g ${squares.join(' ')} f`
}
