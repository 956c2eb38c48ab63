import { contentEnd, frameLine, frameRecord, splitRecord } from './frame-record.ts'
import { byteOrderMark, type ListEncoding, textOf } from './list-encoding.ts'
import {
  type ContactColumns,
  type ContactNames,
  documentReader,
  fieldText,
  type ListReader,
  tableReader,
} from './list-reader.ts'
import { carriageReturn } from './row-marks.ts'
import type { RowLayout } from './row-scanner.ts'
import { RowWindow, windowBytes } from './row-window.ts'

export const listFormats = ['csv', 'tsv', 'ndjson'] as const
export type ListFormat = (typeof listFormats)[number]

/** What is known of a list before it is opened; the rest is read from its first line. */
export type ListShape = {
  readonly format?: ListFormat
  readonly encoding?: ListEncoding
  /** One character of ASCII; otherwise the one that splits the first line into most parts. */
  readonly delimiter?: string
  /** False: the first line is a row as well. */
  readonly hasHeader?: boolean
  /** Where the contact points stand. The header is empty for NDJSON, whose names are given by `names`. */
  chooseColumns(header: readonly string[]): ContactColumns
  readonly names?: ContactNames
}

/** The list cannot be read at all; the message says what to do. */
export class ListUnreadable extends Error {
  override readonly name = 'ListUnreadable'
  readonly code = 'list_unreadable'
}

export type ListHead = {
  readonly format: 'table' | 'documents'
  readonly encoding: ListEncoding
  readonly delimiter: string
  /** Bytes of the byte order mark and of the header with its line end: they leave as they came. */
  readonly markBytes: number
  readonly headerBytes: number
  readonly lines: number
  /** As the first line ends. */
  readonly lineEnd: '\n' | '\r\n'
  readonly reader: ListReader
  /** Of a table. */
  readonly layout: RowLayout | undefined
}

const delimiters = [',', ';', '\t', '|'] as const

/** Gathers a window's worth, or the whole list, so that the first line is certainly there. */
export async function openList(chunks: AsyncGenerator<Uint8Array>, shape: ListShape) {
  const parts: Uint8Array[] = []
  let length = 0
  let isWhole = false
  while (length < windowBytes && !isWhole) {
    const next = await chunks.next()
    if (next.done === true) isWhole = true
    else {
      parts.push(Buffer.from(next.value))
      length += next.value.length
    }
  }
  const first = Buffer.concat(parts)
  return { first, head: readHead(first, isWhole, shape) }
}

/**
 * Reads how a list is written from its first bytes.
 * @throws {ListUnreadable} when they are none of a list.
 */
export function readHead(head: Uint8Array, isWhole: boolean, shape: ListShape): ListHead {
  if (head.length === 0) throw new ListUnreadable('the list is empty')
  const mark = byteOrderMark(head)
  const encoding = shape.encoding ?? mark?.encoding ?? 'utf8'
  if (mark !== undefined && mark.encoding !== encoding) {
    throw new ListUnreadable(`the list begins with the mark of ${mark.encoding}, not of ${encoding}`)
  }
  const markBytes = mark?.bytes ?? 0
  const window = RowWindow.over(encoding, head.subarray(markBytes))
  const format = shape.format ?? guessFormat(window, encoding)
  if (format === 'ndjson') {
    const names = shape.names ?? { email: ['email'], phone: [] }
    const reader = documentReader(encoding, names)
    return {
      format: 'documents',
      encoding,
      delimiter: ',',
      markBytes,
      headerBytes: 0,
      lines: 0,
      lineEnd: '\n',
      reader,
      layout: undefined,
    }
  }
  return readTableHead(window, isWhole, { ...shape, encoding, markBytes, isTsv: format === 'tsv' })
}

type TableShape = ListShape & { readonly encoding: ListEncoding; readonly markBytes: number; readonly isTsv: boolean }

function readTableHead(window: RowWindow, isWhole: boolean, shape: TableShape): ListHead {
  const { units, end: to } = window
  const { encoding, markBytes } = shape
  const first = frameLine({ units, start: 0, to, isEnd: isWhole })
  const firstEnd = first.kind === 'record' && first.at >= 0 ? first.at : to
  const delimiter = shape.delimiter ?? (shape.isTsv ? '\t' : guessDelimiter(textOf(units, 0, firstEnd, 'latin1') ?? ''))
  const code = delimiter.charCodeAt(0)
  const framed = frameRecord({ units, start: 0, to, delimiter: code, isEnd: isWhole })
  if (framed.kind === 'more' || framed.problem !== undefined || framed.at < 0) {
    throw new ListUnreadable(
      `the first line cannot be read (${framed.kind === 'more' ? 'it does not end' : framed.problem})`,
    )
  }
  const fields = splitRecord(units, 0, contentEnd(units, 0, framed.at), code)
  const titles = fields.map((field) => fieldText(units, field, encoding)?.trim())
  const header = titles.map((title) => title ?? '')
  if (titles.includes(undefined))
    throw new ListUnreadable(`the first line is no text in ${encoding}: say which encoding it is`)
  const hasHeader = shape.hasHeader ?? true
  const columns = shape.chooseColumns(hasHeader ? header : header.map((_, index) => String(index + 1)))
  const width = fields.length
  const isSimple = columns.email.length === 1 && columns.phone.length === 0
  return {
    format: 'table',
    encoding,
    delimiter,
    markBytes,
    headerBytes: hasHeader ? framed.at * window.unitBytes : 0,
    lines: hasHeader ? framed.lines : 0,
    lineEnd: units[framed.at - 2] === carriageReturn ? '\r\n' : '\n',
    reader: tableReader({ encoding, delimiter: code, width, columns }),
    layout: { delimiter: code, columns: width, column: isSimple ? (columns.email[0] ?? -1) : -1 },
  }
}

function guessFormat({ units, end }: RowWindow, encoding: ListEncoding): ListFormat {
  const start = textOf(units, 0, Math.min(end, 1_000), encoding === 'utf8' ? 'latin1' : encoding) ?? ''
  return /^\s*\{\s*["}]/.test(start) ? 'ndjson' : 'csv'
}

/** Text in quotes counts for nothing. */
function guessDelimiter(line: string): string {
  const plain = line.replace(/"(?:[^"]|"")*"/g, '')
  const counts = delimiters.map((delimiter) => plain.split(delimiter).length)
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ','
}
