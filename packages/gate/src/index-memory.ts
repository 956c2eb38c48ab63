import { slotsFor } from './refusal-set.ts'

export const wordsPerId = 4

/** What the codes of refusals stand for. */
export type IndexCountries = readonly (string | null)[]

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
  const words = new Uint32Array(wordsPerId)
  words[0] = Number.parseInt(uuid.slice(0, 8), 16)
  words[1] = Number.parseInt(uuid.slice(9, 13) + uuid.slice(14, 18), 16)
  words[2] = Number.parseInt(uuid.slice(19, 23) + uuid.slice(24, 28), 16)
  words[3] = Number.parseInt(uuid.slice(28, 36), 16)
  return words
}

const uuidCharacters = 36
const idText = Buffer.alloc(uuidCharacters, '-')
const digits = Buffer.from('0123456789abcdef')
/** Where the digits of an id stand in its text. */
const digitPlaces = [...'xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx'].flatMap((sign, place) => (sign === 'x' ? [place] : []))
const digitsPerWord = 8

/** The id kept in this slot, as text. */
export function idAt(ids: Uint32Array, slot: number): string {
  for (let word = 0; word < wordsPerId; word += 1) {
    let rest = ids[slot * wordsPerId + word] ?? 0
    for (let digit = digitsPerWord - 1; digit >= 0; digit -= 1) {
      idText[digitPlaces[word * digitsPerWord + digit] ?? 0] = digits[rest & 15] ?? 0
      rest >>>= 4
    }
  }
  return idText.toString('latin1')
}
