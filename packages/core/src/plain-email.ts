const localPartCharactersMax = 64
const labelCharactersMax = 63
const addressCharactersMax = 254

const at = 64
const dot = 46
const hyphen = 45

/**
 * True for an address that is its own normal form, which almost all addresses of a list are: lower case, no quotes, no
 * spaces, an ordinary host name. False says nothing: the address is then read the long way.
 */
export function isPlainEmail(value: string): boolean {
  if (value.length > addressCharactersMax) return false
  const domainStart = localPartEnd(value) + 1
  if (domainStart <= 1 || domainStart - 1 > localPartCharactersMax) return false
  let labelStart = domainStart
  let dots = 0
  for (let index = domainStart; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code === dot) {
      if (!isLabel(value, labelStart, index)) return false
      dots += 1
      labelStart = index + 1
    } else if (!isLetterOrDigit(code) && code !== hyphen) return false
  }
  // A top label with a digit or a hyphen is rare and may be an address of another kind.
  return dots > 0 && isLabel(value, labelStart, value.length) && isLetters(value, labelStart)
}

/** Where the @ lies; -1 when a character before it needs a closer look. */
function localPartEnd(value: string): number {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code === at) return index
    const isMark = code === dot || code === hyphen || code === 95 || code === 43
    if (!isLetterOrDigit(code) && !isMark) return -1
  }
  return -1
}

/** Two hyphens in the third and fourth place mark an encoded name, which has rules of its own (RFC 5890 §2.3.1). */
function isLabel(value: string, start: number, end: number): boolean {
  const length = end - start
  if (length < 1 || length > labelCharactersMax) return false
  if (value.charCodeAt(start) === hyphen || value.charCodeAt(end - 1) === hyphen) return false
  return !(length > 3 && value.charCodeAt(start + 2) === hyphen && value.charCodeAt(start + 3) === hyphen)
}

function isLetters(value: string, start: number): boolean {
  for (let index = start; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 97 || code > 122) return false
  }
  return true
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57)
}
