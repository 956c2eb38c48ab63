import PostalMime from 'postal-mime'
import { showBody } from '../../smtp/message/charset.ts'
import { htmlAsText } from './html-as-text.ts'
import { textBytesMax } from './mail-limits.ts'
import { asWindows1252, decodeBytes, readMediaType } from './read-headers.ts'

/** Takes the transfer encoding off (RFC 2045 §6). What is not encoded as it says is read as far as it is. */
export function decodeTransfer(body: Buffer, encoding: string): Buffer {
  switch (encoding.trim().toLowerCase()) {
    case 'base64':
      return Buffer.from(body.toString('latin1'), 'base64')
    case 'quoted-printable':
      return Buffer.from(unquote(body.toString('latin1')), 'latin1')
    default:
      return body
  }
}

function unquote(text: string): string {
  return text
    .replace(/=[ \t]*\r?\n/g, '')
    .replace(/=([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

export type TextPart = {
  readonly mediaType: 'text/plain' | 'text/html'
  readonly contentType: string
  readonly encoding: string
  readonly body: Buffer
}

/** The words of one text part in any charset, format=flowed undone (RFC 3676), HTML as the text a reader sees. */
export async function decodeText(
  part: TextPart,
): Promise<{ readonly text: string; readonly links: readonly string[] }> {
  const body = part.body.subarray(0, textBytesMax)
  const declared = part.contentType.replaceAll(/[\r\n]/g, ' ')
  const bytes = decodeTransfer(body, part.encoding)
  const inUtf8 = fromOtherCharset(declared, bytes)
  const contentType = inUtf8?.contentType ?? withTrueCharset(declared, bytes)
  const encoding = inUtf8 === undefined ? part.encoding.replaceAll(/[\r\n]/g, ' ') : '8bit'
  const head = `Content-Type: ${contentType}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`
  const read = await parse(Buffer.concat([Buffer.from(head), inUtf8?.body ?? body]))
  if (part.mediaType === 'text/html') return htmlAsText(asWindows1252(read?.html ?? decodeBytes(body)))
  const text = read === undefined ? decodeBytes(body) : (read.text ?? '')
  return { text: asWindows1252(text).replaceAll('\r\n', '\n'), links: [] }
}

/** Undefined where the parser knows the charset, or nobody does: IBM850, UTF-7 and the like are made UTF-8 for it. */
function fromOtherCharset(contentType: string, bytes: Buffer) {
  const charset = readMediaType(contentType).parameters.get('charset')
  if (charset === undefined || isKnownToParser(charset)) return undefined
  const text = showBody(bytes, charset)
  if (text === undefined) return undefined
  return { contentType: contentType.replace(charsetParameter, '$1utf-8'), body: Buffer.from(text) }
}

function isKnownToParser(charset: string): boolean {
  try {
    return new TextDecoder(charset.trim()).encoding !== 'replacement'
  } catch {
    return false
  }
}

const charsetParameter = /(charset\s*=\s*)(?:"[^"]*"|[^;\s]*)/i
const westernCharsets = /^(?:iso-?8859-15?|latin-?1|windows-1252|cp1252)$/
const broken = '\ufffd'

/**
 * Programs that say UTF-8 and write windows-1252, or the other way round, are common enough; read as declared, half the
 * letters of `désabonnez` are gone. Bytes beyond ASCII that are all UTF-8 are never anything else by chance, and where
 * none of them is, UTF-8 was not written. One broken letter among whole ones stays what it is: damage.
 */
function withTrueCharset(contentType: string, bytes: Buffer): string {
  const charset = readMediaType(contentType).parameters.get('charset')?.toLowerCase() ?? ''
  const isUtf8 = charset === 'utf-8' || charset === 'utf8'
  if (!isUtf8 && !westernCharsets.test(charset)) return contentType
  const text = new TextDecoder().decode(bytes)
  // The limit may have cut the last letter in two.
  const isBroken = text.slice(0, -1).includes(broken)
  const hasLetters = /[^\p{ASCII}\ufffd]/u.test(text)
  const found =
    isUtf8 && isBroken && !hasLetters ? 'windows-1252' : !isUtf8 && !isBroken && hasLetters ? 'utf-8' : charset
  return found === charset ? contentType : contentType.replace(charsetParameter, `$1${found}`)
}

/** Undefined for what the parser refuses; the bytes are then read as they stand. */
async function parse(leaf: Buffer) {
  try {
    return await PostalMime.parse(leaf)
  } catch {
    return undefined
  }
}
