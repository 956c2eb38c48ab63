import { decodedBytes } from './learnt-bytes.ts'
import learnt from './learnt-weights.json' with { type: 'json' }
import { partBuckets, partsOf } from './word-features.ts'

/** What the detectors say of a message, in log-odds against the ordinary. */
export type WindowVotes = { readonly no: number; readonly doubtful: number }

type Detectors = { readonly parts: Float32Array; readonly weights: Float32Array }

const { thresholds, no, doubtful } = learnt.windows
/** Words that a detector looks at together. */
const words = 5
let loaded: Detectors | undefined

/**
 * Each detector looks at every five words in a row and counts for the place where it sees most: a no that is said once is
 * heard beside whatever else is said. `scripts/wish-model.mjs` says where that comes from.
 */
export function windowVotes(text: string): WindowVotes {
  loaded ??= load()
  const { parts, weights } = loaded
  const width = parts.length / partBuckets
  const said = partsOf(text)
  const embedded = embed(said, parts, width)
  const votes = { no: 0, doubtful: 0 }
  for (const [detector, threshold] of thresholds.entries()) {
    const detects = weights.subarray(detector * words * width, (detector + 1) * words * width)
    let most = 0
    for (let word = 0; word < said.length; word += 1) {
      most = Math.max(most, threshold + product(detects, embedded, word * width))
    }
    votes.no += most * (no[detector] ?? 0)
    votes.doubtful += most * (doubtful[detector] ?? 0)
  }
  return votes
}

/** Each word as the sum of its parts, with room for half a window before the first and after the last. */
function embed(said: readonly Uint16Array[], parts: Float32Array, width: number): Float32Array {
  const embedded = new Float32Array((said.length + words - 1) * width)
  for (const [word, ofWord] of said.entries()) {
    const to = (word + (words - 1) / 2) * width
    const scale = 1 / Math.sqrt(ofWord.length)
    for (const part of ofWord) {
      for (let at = 0; at < width; at += 1)
        embedded[to + at] = (embedded[to + at] ?? 0) + scale * (parts[part * width + at] ?? 0)
    }
  }
  return embedded
}

function product(detects: Float32Array, embedded: Float32Array, from: number): number {
  let sum = 0
  for (let at = 0; at < detects.length; at += 1) sum += (detects[at] ?? 0) * (embedded[from + at] ?? 0)
  return sum
}

function load(): Detectors {
  const { parts, detectors } = learnt.windows
  const width = Buffer.byteLength(parts.bytes, 'base64') / partBuckets
  const unpacked = ({ step, bytes }: typeof parts, length: number) =>
    Float32Array.from(decodedBytes(bytes, length), (byte) => byte * step)
  return {
    parts: unpacked(parts, partBuckets * width),
    weights: unpacked(detectors, thresholds.length * words * width),
  }
}
