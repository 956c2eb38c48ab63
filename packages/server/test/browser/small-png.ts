import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * Writes a screenshot (8 bits a channel, not interlaced) anew with a palette of at most 256 colours and the strongest
 * compression: a page of text shrinks to a quarter. Shades that are nearly one become one.
 */
export function shrinkPng(png: Buffer): Buffer {
  const { width, height, channels, data } = readChunks(png)
  const pixels = unfilter(inflateSync(data), width, height, channels)
  for (const bits of [6, 5, 4, 3]) {
    const palette = new Map<number, number>()
    const indexed = Buffer.alloc((width + 1) * height)
    if (!index(pixels, { width, height, channels, bits }, palette, indexed)) continue
    const colours = Buffer.from([...palette.keys()].flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]))
    const header = Buffer.alloc(13)
    header.writeUInt32BE(width, 0)
    header.writeUInt32BE(height, 4)
    header.set([8, 3, 0, 0, 0], 8)
    const parts = [chunk('IHDR', header), chunk('PLTE', colours), chunk('IDAT', deflateSync(indexed, { level: 9 })), chunk('IEND', Buffer.alloc(0))]
    return Buffer.concat([png.subarray(0, 8), ...parts])
  }
  return png
}

type Picture = { readonly width: number; readonly height: number; readonly channels: number }

function readChunks(png: Buffer): Picture & { readonly data: Buffer } {
  const parts: Buffer[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length))
    at += length + 12
  }
  return { width: png.readUInt32BE(16), height: png.readUInt32BE(20), channels: png[25] === 6 ? 4 : 3, data: Buffer.concat(parts) }
}

/** PNG (ISO/IEC 15948) §9: each line was written as its difference from what is left of it, above it, or both. */
function unfilter(raw: Buffer, width: number, height: number, channels: number): Buffer {
  const stride = width * channels
  const out = Buffer.alloc(stride * height)
  for (let line = 0; line < height; line += 1) {
    const filter = raw[line * (stride + 1)]
    for (let x = 0; x < stride; x += 1) {
      const at = line * stride + x
      const left = x >= channels ? (out[at - channels] ?? 0) : 0
      const up = line > 0 ? (out[at - stride] ?? 0) : 0
      const corner = x >= channels && line > 0 ? (out[at - stride - channels] ?? 0) : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      out[at] = ((raw[line * (stride + 1) + 1 + x] ?? 0) + guess) & 255
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (toLeft <= toUp && toLeft <= toCorner) return left
  return toUp <= toCorner ? up : corner
}

/** False when there are more colours than a palette holds. */
function index(pixels: Buffer, picture: Picture & { bits: number }, palette: Map<number, number>, out: Buffer): boolean {
  const { width, height, channels, bits } = picture
  const round = (value: number) => Math.min(255, Math.round(value / 2 ** (8 - bits)) * 2 ** (8 - bits))
  for (let line = 0; line < height; line += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (line * width + x) * channels
      const colour = (round(pixels[at] ?? 0) << 16) | (round(pixels[at + 1] ?? 0) << 8) | round(pixels[at + 2] ?? 0)
      const known = palette.get(colour) ?? palette.size
      if (known > 255) return false
      palette.set(colour, known)
      out[line * (width + 1) + 1 + x] = known
    }
  }
  return true
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const out = Buffer.alloc(data.length + 12)
  out.writeUInt32BE(data.length, 0)
  body.copy(out, 4)
  out.writeUInt32BE(crc32(body), data.length + 8)
  return out
}
