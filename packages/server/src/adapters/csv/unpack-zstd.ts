import { Decompress } from 'fzstd'

/** Zstandard in plain JavaScript, for a Node whose zlib has none (before 22.15). Memory is bounded by the frame's window. */
export async function* unpackZstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let unpacked: Uint8Array[] = []
  const stream = new Decompress((chunk) => {
    unpacked.push(chunk)
  })
  const push = (chunk: Uint8Array, isLast: boolean) => {
    try {
      stream.push(chunk, isLast)
    } catch (error) {
      // As Node's own unpackers call it.
      throw Object.assign(new Error('invalid or unfinished Zstandard', { cause: error }), { code: 'Z_DATA_ERROR' })
    }
  }
  for await (const chunk of input) {
    push(chunk, false)
    yield* unpacked
    unpacked = []
  }
  push(new Uint8Array(0), true)
  yield* unpacked
}
