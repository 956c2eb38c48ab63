const linkedAt = Buffer.from('"linkedAt": ')
const separator = Buffer.from(', ')
const relation = Buffer.from('"relation": ')
const none = Buffer.from('null}')
const afterKey = Buffer.from('"}')
const quote = 34
const uuidBytes = 36

/** Where it ends; below 0 when it is not there, or what came before it was not. */
export function after(text: Uint8Array, at: number, expected: Uint8Array): number {
  if (at < 0) return -1
  for (let index = 0; index < expected.length; index += 1) if (text[at + index] !== expected[index]) return -1
  return at + expected.length
}

export function afterDigits(text: Uint8Array, at: number): number {
  if (at < 0) return -1
  let end = at
  while ((text[end] ?? 0) - 48 >= 0 && (text[end] ?? 0) - 48 <= 9) end += 1
  return end > at ? end : -1
}

/** Where a group ends whose items end here: what follows in it says whose it is, and since when. */
export function afterGroup(text: Uint8Array, at: number): number {
  if (at < 0) return -1
  const linked = after(text, at, linkedAt)
  const key = after(text, linked < 0 ? at : after(text, afterDigits(text, linked), separator), relation)
  if (key < 0) return -1
  return text[key] === quote ? after(text, key + 1 + uuidBytes, afterKey) : after(text, key, none)
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false
  return true
}
