import { after, afterDigits, afterGroup } from './jsonb-text.ts'

const beforeItems = Buffer.from('{"groups": [{"items": [')
const beforeAt = Buffer.from('{"at": ')
const beforeId = Buffer.from(', "id": "')
const beforeKind = Buffer.from('", "kind": "')
const objection = Buffer.from('objection", "scope": {')
const separator = Buffer.from(', ')
const afterGroups = Buffer.from(']')
const noRelation = Buffer.from(',"relation":null}]')
const uuidBytes = 36
const [quote, backslash, space, open, close, openObject, closeObject] = [34, 92, 32, 91, 93, 123, 125]

/**
 * Reads records of one group that say more than a no to everything, such as a consent to one topic, without making
 * documents of them: what a gate needs of one is its own text, but for whose group it is and since when.
 */
export class SpokenReader {
  #compact = Buffer.alloc(1_024)
  #end = 0

  /** The text for a gate, until the next is read; undefined for anything else, which `toGateRecord` then reads. */
  read(text: Uint8Array): Buffer | undefined {
    const items = afterFirstKind(text)
    if (items < 0) return undefined
    if (this.#compact.length < text.length + noRelation.length) this.#compact = Buffer.alloc(2 * text.length + 1_024)
    this.#end = 0
    const itemsEnd = this.#copy(text, 0, beforeItems.length)
    const groupsEnd = after(text, afterGroup(text, after(text, itemsEnd, separator)), afterGroups)
    if (groupsEnd < 0) return undefined
    this.#compact.set(noRelation, this.#end)
    this.#end += noRelation.length
    this.#copy(text, groupsEnd, text.length)
    return this.#compact.subarray(0, this.#end)
  }

  /** Copies without the spaces between words, until the list ends that is open at `openAt`. Where it ended; the end if it did not. */
  #copy(text: Uint8Array, from: number, openAt: number): number {
    const compact = this.#compact
    let [end, depth, isInside] = [this.#end, 0, false]
    let at = from
    for (; at < text.length; at += 1) {
      const byte = text[at] ?? 0
      if (byte === space && !isInside) continue
      compact[end] = byte
      end += 1
      if (byte === quote) isInside = !isInside
      else if (byte === backslash) {
        at += 1
        compact[end] = text[at] ?? 0
        end += 1
      } else if (!isInside && at >= openAt) {
        if (byte === open || byte === openObject) depth += 1
        else if (byte === close || byte === closeObject) depth -= 1
        if (depth < 0) {
          at += 1
          break
        }
      }
    }
    this.#end = end
    return at
  }
}

/** Where the first thing said says that it is no refusal of everything; below 0 when it may be, or is written in another way. */
function afterFirstKind(text: Uint8Array): number {
  const id = after(text, afterDigits(text, after(text, after(text, 0, beforeItems), beforeAt)), beforeId)
  if (id < 0) return -1
  const kind = after(text, id + uuidBytes, beforeKind)
  if (kind < 0) return -1
  if (text[kind] !== objection[0]) return kind
  const scope = after(text, kind, objection)
  return scope >= 0 && text[scope] === quote ? scope : -1
}
