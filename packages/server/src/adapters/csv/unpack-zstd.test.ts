import { describe, expect, it } from 'vitest'
import { unpackZstd } from './unpack-zstd.ts'

/** A frame of RFC 8878 §3.1.1 with one raw block: single segment, its size in one byte. */
function packed(text: string): Buffer {
  const content = Buffer.from(text)
  const block = (content.length << 3) | 1
  return Buffer.concat([
    Buffer.of(0x28, 0xb5, 0x2f, 0xfd, 0x20, content.length),
    Buffer.of(block & 255, block >> 8, block >> 16),
    content,
  ])
}

async function unpacked(pieces: readonly Uint8Array[]): Promise<string> {
  const parts: Uint8Array[] = []
  const input = (async function* () {
    yield* pieces
  })()
  for await (const part of unpackZstd(input)) parts.push(part)
  return Buffer.concat(parts).toString()
}

describe('a list packed with Zstandard', () => {
  it('comes out as it was, however it arrives', async () => {
    const bytes = packed('email\nan@x.be\n')
    expect(await unpacked([bytes])).toBe('email\nan@x.be\n')
    expect(await unpacked([...bytes].map((byte) => Uint8Array.of(byte)))).toBe('email\nan@x.be\n')
  })

  it('is not taken for whole when its end is missing', async () => {
    await expect(unpacked([packed('email\nan@x.be\n').subarray(0, 15)])).rejects.toThrow(/EOF|invalid|unexpected/i)
  })
})
