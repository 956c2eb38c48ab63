/** A line of an address list has a few hundred bytes; one with this many is no such line. */
export const recordBytesMax = 64 * 1024
/** A quoted field may hold line breaks (a postal address). More than this is a quote that was never closed. */
export const recordLinesMax = 20

const newline = 10
const carriageReturn = 13
const quote = 34

export type FrameProblem = 'record_too_long' | 'quote_not_closed' | 'quote_misplaced'

/** The bytes of one record without its line end, and the line it begins on, counted from 1. */
export type Frame = { readonly bytes: Buffer; readonly line: number; readonly problem?: FrameProblem }

/**
 * Cuts a stream of bytes into CSV records (RFC 4180; any one-byte delimiter), a chunk's worth at a time, in constant
 * memory. Of a record whose quotes do not close, only the first line is given up: the lines after it are read anew, so
 * that one stray quote never swallows the people that follow. Empty lines are passed over.
 */
export async function* readFrames(input: AsyncIterable<Buffer>, delimiter: number): AsyncGenerator<Frame[]> {
  let rest: Buffer = Buffer.alloc(0)
  let line = 1
  for await (const chunk of input) {
    const cut = cutFrames(rest.length === 0 ? chunk : Buffer.concat([rest, chunk]), delimiter, line, false)
    rest = cut.rest
    line = cut.line
    if (cut.frames.length > 0) yield cut.frames
  }
  const last = cutFrames(rest, delimiter, line, true)
  if (last.frames.length > 0) yield last.frames
}

function cutFrames(buffer: Buffer, delimiter: number, firstLine: number, isEnd: boolean) {
  const frames: Frame[] = []
  let line = firstLine
  let start = 0
  while (start < buffer.length) {
    const end = endOfRecord(buffer, start, delimiter, isEnd)
    if (end.kind === 'more') break
    if (end.at > start && !(end.at === start + 1 && buffer[start] === carriageReturn)) {
      const bytes = buffer.subarray(start, buffer[end.at - 1] === carriageReturn ? end.at - 1 : end.at)
      frames.push(end.problem === undefined ? { bytes, line } : { bytes, line, problem: end.problem })
    }
    line += end.lines
    start = end.at + 1
  }
  return { frames, line, rest: start < buffer.length ? buffer.subarray(start) : Buffer.alloc(0) }
}

type End =
  | { readonly kind: 'more' }
  | { readonly kind: 'end'; readonly at: number; readonly lines: number; readonly problem?: FrameProblem }

function endOfRecord(buffer: Buffer, start: number, delimiter: number, isEnd: boolean): End {
  const found = buffer.indexOf(newline, start)
  const lineEnd = found === -1 ? buffer.length : found
  if (lineEnd - start > recordBytesMax) return endWithProblem(found, buffer, start, isEnd)
  if (found === -1 && !isEnd) return { kind: 'more' }
  const firstQuote = buffer.indexOf(quote, start)
  if (firstQuote === -1 || firstQuote > lineEnd) return { kind: 'end', at: lineEnd, lines: 1 }
  return endOfQuotedRecord(buffer, start, delimiter, isEnd, lineEnd)
}

/** A line without end is given up once it is known to be too long; what follows of it comes as lines of its own. */
function endWithProblem(found: number, buffer: Buffer, start: number, isEnd: boolean): End {
  if (found === -1 && !isEnd && buffer.length - start < 2 * recordBytesMax) return { kind: 'more' }
  return { kind: 'end', at: found === -1 ? buffer.length : found, lines: 1, problem: 'record_too_long' }
}

function endOfQuotedRecord(buffer: Buffer, start: number, delimiter: number, isEnd: boolean, lineEnd: number): End {
  const broken = (problem: FrameProblem): End => ({ kind: 'end', at: lineEnd, lines: 1, problem })
  let lines = 1
  let isQuoted = false
  let isFieldStart = true
  for (let at = start; at < buffer.length; at += 1) {
    const byte = buffer[at]
    if (isQuoted) {
      if (byte === newline) lines += 1
      if (lines > recordLinesMax) return broken('quote_not_closed')
      if (byte !== quote) continue
      const next = buffer[at + 1]
      if (next === undefined && !isEnd) return { kind: 'more' }
      if (next === quote) at += 1
      else if (next === undefined || next === delimiter || next === newline || next === carriageReturn) isQuoted = false
      else return broken('quote_misplaced')
    } else if (byte === newline) {
      return at - start > recordBytesMax ? broken('record_too_long') : { kind: 'end', at, lines }
    } else {
      isQuoted = isFieldStart && byte === quote
      isFieldStart = byte === delimiter
    }
  }
  if (buffer.length - start > recordBytesMax) return broken(isQuoted ? 'quote_not_closed' : 'record_too_long')
  if (!isEnd) return { kind: 'more' }
  return isQuoted ? broken('quote_not_closed') : { kind: 'end', at: buffer.length, lines }
}
