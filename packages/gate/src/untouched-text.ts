import { after, afterGroup } from './jsonb-text.ts'

const beforeGroups = Buffer.from('{"groups": [')
const beforeGroup = Buffer.from('{"items": [], ')
const separator = Buffer.from(', ')
const afterGroups = Buffer.from(']')

/**
 * Where the groups end of a record in which nobody said anything, as most people have who are only customers; below 0 when
 * somebody did, or it is written in another way. What a gate needs of such a record is in what follows, and few differ in
 * that: whose groups they are and since when makes each record another text.
 */
export function endOfUntouched(text: Uint8Array): number {
  let at = after(text, 0, beforeGroups)
  if (at < 0) return -1
  const none = after(text, at, afterGroups)
  if (none >= 0) return none
  for (;;) {
    at = afterGroup(text, after(text, at, beforeGroup))
    if (at < 0) return -1
    const end = after(text, at, afterGroups)
    if (end >= 0) return end
    at = after(text, at, separator)
  }
}
