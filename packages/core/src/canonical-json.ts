/** A value as JSON has it; `undefined` members are left out. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [member: string]: JsonValue | undefined }

/**
 * JSON Canonicalization Scheme (RFC 8785): members sorted by UTF-16 code units, numbers and strings as ECMAScript
 * writes them. Throws on what JSON cannot say (NaN, infinities, lone surrogates).
 */
export function canonicalJson(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) return canonicalObject(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError('a JSON number is finite')
  if (typeof value === 'string' && !value.isWellFormed()) throw new TypeError('a JSON string has no lone surrogates')
  return JSON.stringify(value)
}

function canonicalObject(value: object): string {
  const members: { readonly [member: string]: JsonValue | undefined } = { ...value }
  let text = ''
  // Without a function of comparison strings are sorted by their UTF-16 code units.
  for (const name of Object.keys(members).sort()) {
    const member = members[name]
    if (member !== undefined) text += `${text === '' ? '' : ','}${canonicalJson(name)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}
