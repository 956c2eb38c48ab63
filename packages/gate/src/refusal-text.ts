import { codeOfFacts } from './gate-record.ts'
import { after, afterDigits, afterGroup, isSame } from './jsonb-text.ts'

const beforeAt = Buffer.from('{"groups": [{"items": [{"at": ')
const beforeId = Buffer.from(', "id": "')
const afterId = Buffer.from('", "kind": "objection", "scope": {}')
const beforeTie = Buffer.from(', "tiedAt": ')
const inherited = Buffer.from(', "inherited": true')
const afterItem = Buffer.from('}], ')
const afterGroups = Buffer.from(']')
const uuidBytes = 36
/** The ends of records say what else is known of a person; few differ. */
const endsMax = 1_000
const endBytesMax = 300

/** The value of a hexadecimal digit as the database writes it; 16: it is none. */
const digits = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 48 && byte <= 57) return byte - 48
  return byte >= 97 && byte <= 102 ? byte - 87 : 16
})

/** Reads records that are one refusal of everything without making documents of them, which takes ten times as long. */
export class RefusalReader {
  /** The choice of the last one, in four words. */
  readonly id = new Uint32Array(4)
  readonly #codes = new Map<string, number>()
  #lastEnd: { readonly bytes: Uint8Array; readonly code: number } | undefined

  /**
   * The code of a record in the way nearly all refusals are written: as `jsonb` becomes text, one group with one item.
   * 0 for anything else, which `toGateRecord` then reads; a test compares the two.
   */
  read(text: Uint8Array): number {
    const end = endOfRefusal(text, this.id)
    return end < 0 ? 0 : this.#codeOfEnd(text.subarray(end))
  }

  #codeOfEnd(end: Uint8Array): number {
    if (this.#lastEnd !== undefined && isSame(this.#lastEnd.bytes, end)) return this.#lastEnd.code
    if (end.length > endBytesMax) return 0
    const text = Buffer.from(end).toString('utf8')
    let code = this.#codes.get(text)
    if (code === undefined) {
      code = codeOfFacts(text)
      if (this.#codes.size < endsMax) this.#codes.set(text, code)
    }
    this.#lastEnd = { bytes: Uint8Array.from(end), code }
    return code
  }
}

/** Where the groups end; below 0 when they are anything else than one refusal of everything. */
function endOfRefusal(text: Uint8Array, id: Uint32Array): number {
  let at = afterDigits(text, after(text, 0, beforeAt))
  at = after(text, at, beforeId)
  if (!readUuid(text, at, id)) return -1
  at = after(text, at + uuidBytes, afterId)
  at = ifAny(text, at, beforeTie, true)
  at = ifAny(text, at, inherited, false)
  return after(text, afterGroup(text, after(text, at, afterItem)), afterGroups)
}

function readUuid(text: Uint8Array, at: number, id: Uint32Array): boolean {
  if (at < 0 || at + uuidBytes > text.length) return false
  let seen = 0
  let place = at
  for (let word = 0; word < 4; word += 1) {
    let value = 0
    for (let digit = 0; digit < 8; digit += 1) {
      const offset = place - at
      if (offset === 8 || offset === 13 || offset === 18 || offset === 23) {
        if (text[place] !== 45) return false
        place += 1
      }
      const one = digits[text[place] ?? 0] ?? 16
      seen |= one
      value = (value << 4) | (one & 15)
      place += 1
    }
    id[word] = value
  }
  return seen < 16
}

function ifAny(text: Uint8Array, at: number, expected: Uint8Array, hasDigits: boolean): number {
  const found = after(text, at, expected)
  if (found < 0) return at
  return hasDigits ? afterDigits(text, found) : found
}
