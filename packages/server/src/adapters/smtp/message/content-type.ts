/** A parameter and where its value stands in the field, quotes included. */
export type FieldParameter = { readonly value: string; readonly start: number; readonly end: number }

/** The value of Content-Type or Content-Disposition. Words and parameter names are in lower case. */
export type ParameterisedValue = {
  readonly word: string
  readonly parameters: ReadonlyMap<string, FieldParameter>
  /** After the last character or comment: where another parameter can be added that programs without comments read too. */
  readonly end: number
}

/** More than any field in use; what has more is left alone. */
const parametersMax = 50
/** RFC 5322 §3.2.2 lets comments nest; nobody nests them further than a few. */
const commentDepthMax = 10

/**
 * Reads RFC 2045 §5.1 with comments, folding and quoted strings; what real mail does beside the grammar is taken when it
 * can mean one thing only (`=` within an unquoted value, a semicolon at the end). Undefined for all else, and for a
 * parameter given twice, which readers understand differently.
 */
export function readParameterisedValue(text: string): ParameterisedValue | undefined {
  const parameters = new Map<string, FieldParameter>()
  let position = skipSpace(text, 0)
  if (position === undefined) return undefined
  const word = wordAt(text, position)
  if (word === '') return undefined
  position = skipSpace(text, position + word.length)
  let end = endBefore(text, position)
  while (position !== undefined && position < text.length) {
    if (text[position] !== ';') return undefined
    position = skipSpace(text, position + 1)
    if (position === undefined) return undefined
    if (position === text.length || text[position] === ';') continue
    const parameter = parameterAt(text, position)
    if (parameter === undefined || parameters.has(parameter.name) || parameters.size === parametersMax) return undefined
    parameters.set(parameter.name, parameter)
    position = skipSpace(text, parameter.end)
    end = endBefore(text, position)
  }
  return position === undefined ? undefined : { word: word.toLowerCase(), parameters, end }
}

function endBefore(text: string, position = 0): number {
  return text.slice(0, position).trimEnd().length
}

function wordAt(text: string, position: number): string {
  const word = /[^\s;()"<>@,]*/y
  word.lastIndex = position
  return word.exec(text)?.[0] ?? ''
}

function parameterAt(text: string, position: number): (FieldParameter & { readonly name: string }) | undefined {
  const namePattern = /[^\s;()"=]+/y
  namePattern.lastIndex = position
  const name = namePattern.exec(text)?.[0]
  if (name === undefined) return undefined
  const equals = skipSpace(text, position + name.length)
  if (equals === undefined || text[equals] !== '=') return undefined
  const start = skipSpace(text, equals + 1)
  if (start === undefined) return undefined
  const valuePattern = text[start] === '"' ? /"(?:[^"\\]|\\[\s\S])*"/y : /[^\s;()"]+/y
  valuePattern.lastIndex = start
  const raw = valuePattern.exec(text)?.[0]
  if (raw === undefined) return undefined
  return { name: name.toLowerCase(), value: unquoted(raw), start, end: start + raw.length }
}

function unquoted(raw: string): string {
  if (!raw.startsWith('"')) return raw
  return raw
    .slice(1, -1)
    .replaceAll('\r\n', '')
    .replace(/\\([\s\S])/g, '$1')
}

/** Past white space, line ends and comments; undefined within a comment that never closes. */
function skipSpace(text: string, from: number): number | undefined {
  let depth = 0
  for (let position = from; position < text.length; position++) {
    const character = text[position]
    if (character === '(') depth++
    else if (depth > 0 && character === ')') depth--
    else if (depth > 0 && character === '\\') position++
    else if (depth === 0 && !/[ \t\r\n]/.test(character ?? '')) return position
    if (depth > commentDepthMax) return undefined
  }
  return depth === 0 ? text.length : undefined
}
