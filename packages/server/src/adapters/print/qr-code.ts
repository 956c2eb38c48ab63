import { crc32, deflateSync } from 'node:zlib'
import { encode } from 'uqr'

/** White around the code, in modules (ISO/IEC 18004 §5.3.8): without it a camera does not find the code. */
export const quietModules = 4
/** A code printed at 25 mm from this many dots a module is sharp at 600 dots per inch. */
const pngDotsPerModule = 12

/** The dark modules of a code, row by row, without the white around it. Level M: a smudge over a seventh does no harm. */
export function qrModules(text: string): readonly (readonly boolean[])[] {
  return encode(text, { ecc: 'M', border: 0 }).data
}

/** Runs of dark modules in a row, so that a code is drawn with few and gapless shapes. */
export function darkRuns(row: readonly boolean[]): readonly { readonly start: number; readonly length: number }[] {
  const runs: { start: number; length: number }[] = []
  for (const [index, isDark] of row.entries()) {
    const last = runs.at(-1)
    if (!isDark) continue
    if (last !== undefined && last.start + last.length === index) last.length += 1
    else runs.push({ start: index, length: 1 })
  }
  return runs
}

/** As a picture without a size of its own; a layout program gives it one. */
export function qrSvg(text: string): string {
  const modules = qrModules(text)
  const side = modules.length + 2 * quietModules
  const path = modules.flatMap((row, y) =>
    darkRuns(row).map(({ start, length }) => `M${start + quietModules} ${y + quietModules}h${length}v1h-${length}z`),
  )
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${side}v${side}H0z"/><path fill="#000" d="${path.join('')}"/></svg>\n`
  )
}

/** As a PNG of one bit a dot (W3C PNG, third edition, §11). */
export function qrPng(text: string): Buffer {
  const modules = qrModules(text)
  const side = (modules.length + 2 * quietModules) * pngDotsPerModule
  const rowBytes = Math.ceil(side / 8)
  const white = Buffer.alloc(1 + rowBytes, 0xff)
  white[0] = 0
  const blank = Array<Buffer>(quietModules * pngDotsPerModule).fill(white)
  const rows = modules.flatMap((row) => Array<Buffer>(pngDotsPerModule).fill(pngRow(row, white)))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  // Bit depth 1, greyscale; deflate, no filter, not interlaced.
  head[8] = 1
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(Buffer.concat([...blank, ...rows, ...blank]))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

function pngRow(row: readonly boolean[], white: Buffer): Buffer {
  const line = Buffer.from(white)
  for (const { start, length } of darkRuns(row)) {
    const from = (start + quietModules) * pngDotsPerModule
    for (let dot = from; dot < from + length * pngDotsPerModule; dot += 1) {
      const at = 1 + (dot >> 3)
      line[at] = (line[at] ?? 0) & ~(0x80 >> (dot & 7))
    }
  }
  return line
}

function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(named), 4)
  return Buffer.concat([frame.subarray(0, 4), named, frame.subarray(4)])
}
