import { hash } from 'node:crypto'

/** SHA-256 works on blocks of 64 bytes. */
const hashBlockBytes = 64
const digestBytes = 32

/** The two padded key blocks of HMAC (RFC 2104 §2), made once: a one-shot hash after them is five times `createHmac`. */
export type HmacBlocks = { readonly inner: Buffer; readonly outer: Buffer }

export function hmacBlocks(key: Uint8Array): HmacBlocks {
  return { inner: paddedKey(key, 0x36), outer: paddedKey(key, 0x5c) }
}

/** HMAC-SHA-256 of a message of so many bytes, which `write` puts into the buffer from the offset it is given. */
export function hmacSha256(
  blocks: HmacBlocks,
  messageBytes: number,
  write: (into: Buffer, offset: number) => void,
): Buffer {
  const message = Buffer.allocUnsafe(hashBlockBytes + messageBytes)
  blocks.inner.copy(message)
  write(message, hashBlockBytes)
  const tail = Buffer.allocUnsafe(hashBlockBytes + digestBytes)
  blocks.outer.copy(tail)
  hash('sha256', message, 'buffer').copy(tail, hashBlockBytes)
  return hash('sha256', tail, 'buffer')
}

function paddedKey(key: Uint8Array, padding: number): Buffer {
  const short = key.length > hashBlockBytes ? hash('sha256', key, 'buffer') : key
  const block = Buffer.alloc(hashBlockBytes, padding)
  for (const [index, byte] of short.entries()) block[index] = byte ^ padding
  return block
}
