import { uuidFromHex, uuidToBytes } from '@verzet/core'
import { slotsFor } from './refusal-set.ts'

export const wordsPerId = 4

type Counts = { readonly entries: number; readonly removed: number }
export type IndexCounts = {
  readonly refusals: Counts
  readonly records: Counts
  /** What the codes of refusals stand for. */
  readonly countries: readonly (string | null)[]
}

/** Where everything lies, in memory that threads share. */
export type IndexMemory = {
  readonly refusals: Uint32Array
  readonly records: Uint32Array
  readonly store: Uint8Array
  readonly choiceIds: Uint32Array | undefined
}

/** The first word is odd while something changes; `onMoved` is told of memory that others have to look at from then on. */
export type Sharing = { readonly words: Int32Array; readonly onMoved: () => void }

/** Room for the choices of a set for so many refusals. */
export function idsFor(capacity: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(slotsFor(capacity) * wordsPerId * 4))
}

/** Puts ids of four words each beside the slots that are none below 0. */
export function putIds(ids: Uint32Array, slots: Int32Array, words: Uint32Array): void {
  for (let index = 0; index < slots.length; index += 1) {
    const slot = slots[index] ?? -1
    if (slot < 0) continue
    const [to, from] = [slot * wordsPerId, index * wordsPerId]
    for (let word = 0; word < wordsPerId; word += 1) ids[to + word] = words[from + word] ?? 0
  }
}

/** The same bytes where threads can share them. */
export function shared(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof SharedArrayBuffer && bytes.byteOffset === 0) return bytes
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

export function wordsIn(bytes: Uint8Array): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
}

export function wordsOf(uuid: string): Uint32Array {
  const bytes = uuidToBytes(uuid)
  return Uint32Array.from({ length: wordsPerId }, (_, index) => bytes.readUInt32BE(index * 4))
}

export function textOf(words: Uint32Array): string {
  return uuidFromHex([...words].map((word) => word.toString(16).padStart(8, '0')).join(''))
}
