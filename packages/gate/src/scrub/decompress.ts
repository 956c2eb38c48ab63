import { pipeline, Readable } from 'node:stream'
import zlib from 'node:zlib'

const signatures = {
  gzip: [0x1f, 0x8b],
  zstd: [0x28, 0xb5, 0x2f, 0xfd],
} as const
const signatureBytesMax = 4

/** How a Node without Zstandard unpacks it. */
export type Unpack = (input: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>

/** The input is packed in a way that cannot be unpacked here. */
export class PackingUnknown extends Error {
  override readonly name = 'PackingUnknown'
  readonly code = 'packing_unknown'
}

/**
 * The list itself, unpacked when its first bytes say that it is packed with gzip or Zstandard; then `onPacked` is called
 * before anything is given.
 * @throws {PackingUnknown} for Zstandard where neither Node nor the caller can unpack it.
 */
export async function* unpacked(
  input: AsyncIterable<Uint8Array>,
  fallback?: Unpack,
  onPacked: () => void = () => {},
): AsyncGenerator<Uint8Array> {
  const unpackZstd = zstdOfNode() ?? fallback
  const chunks = input[Symbol.asyncIterator]()
  const head: Uint8Array[] = []
  let headBytes = 0
  while (headBytes < signatureBytesMax) {
    const next = await chunks.next()
    if (next.done === true) break
    head.push(next.value)
    headBytes += next.value.length
  }
  const first = Buffer.concat(head)
  const whole = joined(first, chunks)
  const isPacked = beginsWith(first, signatures.gzip) || beginsWith(first, signatures.zstd)
  if (isPacked) onPacked()
  if (beginsWith(first, signatures.gzip)) yield* through(whole, zlib.createGunzip())
  else if (!isPacked) yield* whole
  else if (unpackZstd === undefined)
    throw new PackingUnknown('this Node cannot unpack Zstandard: unpack the list first')
  else yield* unpackZstd(whole)
}

function beginsWith(bytes: Uint8Array, signature: readonly number[]): boolean {
  return signature.every((byte, index) => bytes[index] === byte)
}

async function* joined(first: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (first.length > 0) yield first
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/** From Node 22.15 on. */
function zstdOfNode(): Unpack | undefined {
  const create: unknown = Reflect.get(zlib, 'createZstdDecompress')
  if (typeof create !== 'function') return undefined
  return (input) => {
    const unpacker: unknown = Reflect.apply(create, zlib, [])
    if (!isDuplex(unpacker)) throw new PackingUnknown('this Node cannot unpack Zstandard')
    return through(input, unpacker)
  }
}

function isDuplex(value: unknown): value is NodeJS.ReadWriteStream {
  return typeof value === 'object' && value !== null && 'pipe' in value && 'write' in value
}

async function* through(
  input: AsyncIterable<Uint8Array>,
  unpacker: NodeJS.ReadWriteStream,
): AsyncGenerator<Uint8Array> {
  const output = pipeline(Readable.from(input), unpacker, () => {})
  for await (const chunk of output) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}
