/** RFC 2046 §5.1.1: a boundary has at most 70 characters. */
const boundaryCharactersMax = 70

/**
 * The text fields of a `multipart/form-data` body (RFC 7578), in order; undefined when it holds no boundary.
 * Forgives what programs that are no browser send: bare line feeds, unquoted names, a preamble, a missing end, a boundary
 * that the header forgot. Files are left out: no form of ours asks for one.
 */
export function readMultipartFields(contentType: string, bytes: Buffer): (readonly [string, string])[] | undefined {
  const text = bytes.toString('utf8').replaceAll('\r\n', '\n')
  const boundary = boundaryOf(contentType) ?? firstDelimiter(text)
  if (boundary === undefined) return undefined
  const [, ...parts] = `\n${text}`.split(`\n--${boundary}`)
  const end = parts.findIndex((part) => part.startsWith('--'))
  return parts.slice(0, end === -1 ? parts.length : end).flatMap(readPart)
}

function boundaryOf(contentType: string): string | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? []
  return limited(quoted ?? plain)
}

function firstDelimiter(text: string): string | undefined {
  return limited(/^--([^\s]+)[ \t]*\n/.exec(text)?.[1])
}

function limited(boundary: string | undefined): string | undefined {
  return boundary !== undefined && boundary.length <= boundaryCharactersMax ? boundary : undefined
}

/** What follows a delimiter: the rest of its line, header lines, an empty line, the value. */
function readPart(part: string): (readonly [string, string])[] {
  const start = part.indexOf('\n')
  const blank = part.indexOf('\n\n', start)
  if (start === -1 || blank === -1) return []
  const headers = part.slice(start, blank)
  if (/\bfilename\*?=/i.test(headers)) return []
  const [, quoted, plain] = /^content-disposition:[^\n]*\bname=(?:"([^"]*)"|([^\s;"]+))/im.exec(headers) ?? []
  const name = quoted ?? plain
  return name === undefined ? [] : [[name, part.slice(blank + 2)]]
}
