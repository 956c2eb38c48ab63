import { Decompress } from 'fzstd'

/** Zstandard in plain JavaScript, for a Node whose zlib has none (before 22.15). Memory is bounded by the frame's window. */
export async function* unpackZstd(input: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let unpacked: Uint8Array[] = []
  const stream = new Decompress((chunk) => {
    unpacked.push(chunk)
  })
  for await (const chunk of input) {
    stream.push(chunk)
    yield* unpacked
    unpacked = []
  }
  stream.push(new Uint8Array(0), true)
  yield* unpacked
}
