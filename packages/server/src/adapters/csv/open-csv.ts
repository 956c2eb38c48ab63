import { createReadStream } from 'node:fs'
import { splitFields } from './fields.ts'
import { type Frame, readFrames } from './record-frames.ts'

export const csvEncodings = ['utf8', 'latin1', 'utf16le'] as const
export type CsvEncoding = (typeof csvEncodings)[number]

/** What a spreadsheet writes, most often first. */
export const delimiters = [',', ';', '\t', '|'] as const

/** Enough for the header and a look at the first lines. */
const headBytes = 64 * 1024

export type CsvRow =
  | { readonly kind: 'row'; readonly fields: readonly string[]; readonly bytes: Buffer; readonly line: number }
  | { readonly kind: 'unreadable'; readonly reason: string; readonly bytes: Buffer; readonly line: number }

export type OpenedCsv = {
  readonly header: readonly string[]
  readonly hasHeader: boolean
  readonly delimiter: string
  readonly encoding: CsvEncoding
  readonly hasByteOrderMark: boolean
  /** The header's bytes, as read; UTF-16 as UTF-8. */
  readonly headerBytes: Buffer
  rows(): AsyncGenerator<CsvRow[]>
}

/** The file is no list that can be read; the message says what to do. */
export class CsvUnreadable extends Error {
  override readonly name = 'CsvUnreadable'
}

type CsvOptions = { encoding?: CsvEncoding; delimiter?: string; header?: boolean }

const whyUnreadable = {
  record_too_long: 'longer than 64 KiB',
  quote_not_closed: 'a quote is opened and not closed',
  quote_misplaced: 'text stands behind a closing quote',
} as const

/**
 * Opens a list and looks at its first lines: byte order mark, delimiter, header. `path` may be `-` for stdin.
 * @throws {CsvUnreadable} when there is nothing to read, or it is not text in the encoding.
 */
export async function openCsv(path: string, options: CsvOptions = {}): Promise<OpenedCsv> {
  const source = path === '-' ? process.stdin : createReadStream(path, { highWaterMark: headBytes })
  const input = source[Symbol.asyncIterator]()
  const first = await readHead(input)
  const mark = byteOrderMark(first)
  if (mark === 'utf16be') throw new CsvUnreadable('the file is UTF-16 with the high byte first; save it as UTF-8')
  const encoding = options.encoding ?? mark ?? 'utf8'
  const body = continued(first.subarray(mark === undefined ? 0 : markBytes[mark]), input)
  const bytes = encoding === 'utf16le' ? fromUtf16(body) : body
  const head = await bytes.next()
  const start = head.done === true ? Buffer.alloc(0) : head.value
  const delimiter = options.delimiter ?? guessDelimiter(start.toString('latin1'))
  const frames = readFrames(continued(start, bytes), delimiter.charCodeAt(0))
  const opening = await frames.next()
  const firstFrames = opening.done === true ? [] : opening.value
  const top = firstFrames[0]
  if (top === undefined) throw new CsvUnreadable('the file is empty')
  const readAs = encoding === 'utf16le' ? 'utf8' : encoding
  const header = rowOf(top, delimiter, readAs)
  if (header.kind === 'unreadable') throw new CsvUnreadable(`the first line cannot be read: ${header.reason}`)
  const hasHeader = options.header !== false
  const width = header.fields.length
  return {
    header: hasHeader ? header.fields.map((name) => name.trim()) : header.fields.map((_, index) => String(index + 1)),
    hasHeader,
    delimiter,
    encoding,
    hasByteOrderMark: mark === 'utf8',
    headerBytes: hasHeader
      ? top.bytes
      : Buffer.from(header.fields.map((_, index) => String(index + 1)).join(delimiter)),
    async *rows() {
      try {
        yield firstFrames.slice(hasHeader ? 1 : 0).map((frame) => rowOf(frame, delimiter, readAs, width))
        for await (const more of frames) yield more.map((frame) => rowOf(frame, delimiter, readAs, width))
      } finally {
        source.destroy()
      }
    },
  }
}

/** The delimiter that splits the first line into most parts, quoted text left out; comma when none does. */
export function guessDelimiter(head: string): string {
  const line = (head.split('\n')[0] ?? '').replace(/"(?:[^"]|"")*"/g, '')
  const counts = delimiters.map((delimiter) => line.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ','
}

function rowOf(frame: Frame, delimiter: string, encoding: 'utf8' | 'latin1', width?: number): CsvRow {
  const { bytes, line } = frame
  const unreadable = (reason: string): CsvRow => ({ kind: 'unreadable', reason, bytes, line })
  if (frame.problem !== undefined) return unreadable(whyUnreadable[frame.problem])
  const text = bytes.toString(encoding)
  // A replacement character in the file itself means that it was damaged before it came here.
  if (text.includes('\uFFFD')) return unreadable('not valid UTF-8; save the file as UTF-8 or say --encoding latin1')
  if (text.includes('\0'))
    return unreadable('holds a NUL character; perhaps the file is UTF-16: say --encoding utf16le')
  const fields = splitFields(text, delimiter)
  if (width !== undefined && fields.length !== width) {
    return unreadable(`has ${fields.length} columns where the first line has ${width}`)
  }
  return { kind: 'row', fields, bytes, line }
}

type Mark = 'utf8' | 'utf16le' | 'utf16be'
const markBytes: Record<Mark, number> = { utf8: 3, utf16le: 2, utf16be: 2 }

function byteOrderMark(head: Buffer): Mark | undefined {
  if (head.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf))) return 'utf8'
  if (head.subarray(0, 2).equals(Buffer.of(0xff, 0xfe))) return 'utf16le'
  return head.subarray(0, 2).equals(Buffer.of(0xfe, 0xff)) ? 'utf16be' : undefined
}

/** A pipe may give single bytes at first: gather until the first line is certainly there. */
async function readHead(input: AsyncIterator<Buffer | string>): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  while (length < headBytes) {
    const next = await input.next()
    if (next.done === true) break
    const part = typeof next.value === 'string' ? Buffer.from(next.value) : next.value
    parts.push(part)
    length += part.length
  }
  return Buffer.concat(parts)
}

async function* continued(first: Buffer, rest: AsyncIterator<Buffer | string>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) {
    yield typeof next.value === 'string' ? Buffer.from(next.value) : next.value
  }
}

async function* fromUtf16(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-16le')
  for await (const chunk of input) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  const last = decoder.decode()
  if (last !== '') yield Buffer.from(last)
}
