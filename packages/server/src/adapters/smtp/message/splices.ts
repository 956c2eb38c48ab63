/** One change of a message: the bytes from `start` to `end` give way to `bytes`. */
export type Splice = { readonly start: number; readonly end: number; readonly bytes: Buffer }

/**
 * The bytes with every change made, all else as it stands. The changes may come in any order and may not overlap; those
 * at one place keep their order. Throws a RangeError when two overlap, for then a part of the message would be lost.
 */
export function applySplices(raw: Buffer, splices: readonly Splice[]): Buffer {
  const pieces: Buffer[] = []
  let position = 0
  for (const splice of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < position || splice.end < splice.start || splice.end > raw.length) {
      throw new RangeError(`changes overlap at byte ${splice.start}`)
    }
    pieces.push(raw.subarray(position, splice.start), splice.bytes)
    position = splice.end
  }
  pieces.push(raw.subarray(position))
  return Buffer.concat(pieces)
}

/** The same for text. */
export type TextSplice = { readonly start: number; readonly end: number; readonly text: string }

export function applyTextSplices(text: string, splices: readonly TextSplice[]): string {
  let result = ''
  let position = 0
  for (const splice of [...splices].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (splice.start < position) throw new RangeError(`changes overlap at character ${splice.start}`)
    result += text.slice(position, splice.start) + splice.text
    position = splice.end
  }
  return result + text.slice(position)
}
