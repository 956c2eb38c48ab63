/**
 * The scanner of packages/gate/src/scrub/row-scanner.ts in AssemblyScript, for bytes, 64 at a time, and the fingerprints
 * of addresses for a gate. It does exactly what `PlainScanner` does; a test compares them. Build it with
 * `node scripts/build-kernel.mjs`.
 */
import { setKey, takeFingerprint } from './address'
import {
  endsAt,
  fingerprintsAt,
  gatheredAt,
  keepsAt,
  markBlank,
  markFingerprint,
  markLook,
  marksAt,
  memoryEnd,
  rowBytesMax,
  rowsMax,
  windowAt,
} from './memory'

const newline: u8 = 10
const carriageReturn: u8 = 13
const quote: u8 = 34
const blockBytes: i32 = 64
/** The number of the outcome of rows to keep. */
const kept: u8 = 1

let delimiter: u8 = 44
let columns: i32 = 1
let target: i32 = 0

let stopped: i32 = 0
let isExact: i32 = 0

export function windowOffset(): usize {
  return windowAt
}
export function endsOffset(): usize {
  return endsAt
}
export function fingerprintsOffset(): usize {
  return fingerprintsAt
}
export function marksOffset(): usize {
  return marksAt
}
export function keepsOffset(): usize {
  return keepsAt
}
export function gatheredOffset(): usize {
  return gatheredAt
}
export function bytesNeeded(): usize {
  return memoryEnd
}
export function stoppedAt(): i32 {
  return stopped
}
export function isExactNeeded(): i32 {
  return isExact
}

export function setUp(delimiterByte: i32, width: i32, column: i32, low: u64, high: u64): void {
  delimiter = <u8>delimiterByte
  columns = width
  target = column
  setKey(low, high)
}

/** Puts the rows to keep behind each other; the first row begins at `from`. Returns how many bytes they are. */
export function gather(from: i32, rows: i32): i32 {
  let to = gatheredAt
  let start = from
  let row = 0
  while (row < rows) {
    if (load<u8>(keepsAt + row) !== kept) {
      start = load<u32>(endsAt + 4 * row)
      row += 1
      continue
    }
    while (row < rows && load<u8>(keepsAt + row) === kept) row += 1
    const end: i32 = load<u32>(endsAt + 4 * (row - 1))
    memory.copy(to, windowAt + start, end - start)
    to += end - start
    start = end
  }
  return <i32>(to - gatheredAt)
}

/** The fingerprint of the one address that the window begins with, as that of the last row; 0 when it is no plain one. */
export function takeOne(length: i32): i32 {
  return takeFingerprint(0, length, rowsMax - 1) ? 1 : 0
}

/** The same of many, each with a newline behind it, the last as well. Returns how many there are; beyond the room, any more. */
export function takeMany(to: i32): i32 {
  let start = 0
  let count = 0
  for (let block = 0; block < to; block += blockBytes) {
    let mask = signsOf(block, i8x16.splat(newline), i8x16.splat(newline), i8x16.splat(newline), i8x16.splat(newline))
    if (block + blockBytes > to) mask &= ((<u64>1) << (<u64>(to - block))) - 1
    for (; mask !== 0; mask &= mask - 1) {
      if (count === rowsMax) return count + 1
      const at = block + <i32>ctz(mask)
      takeRow(start, at, count)
      count += 1
      start = at + 1
    }
  }
  return count
}

function signsIn(at: usize, one: v128, two: v128, three: v128, four: v128): u64 {
  const bytes = v128.load(at)
  const signs = v128.or(
    v128.or(i8x16.eq(bytes, one), i8x16.eq(bytes, two)),
    v128.or(i8x16.eq(bytes, three), i8x16.eq(bytes, four)),
  )
  return <u64>(<u32>i8x16.bitmask(signs))
}

/** A bit for each of 64 bytes that is one of four signs. */
function signsOf(block: i32, one: v128, two: v128, three: v128, four: v128): u64 {
  const at = windowAt + block
  return (
    signsIn(at, one, two, three, four) |
    (signsIn(at + 16, one, two, three, four) << 16) |
    (signsIn(at + 32, one, two, three, four) << 32) |
    (signsIn(at + 48, one, two, three, four) << 48)
  )
}

function endsField(byte: u8): boolean {
  return byte === delimiter || byte === newline || byte === carriageReturn
}

function takeRow(start: i32, end: i32, row: i32): void {
  store<u8>(marksAt + row, takeFingerprint(start, end - start, row) ? markFingerprint : markLook)
}

/** Everything about the row that is being read is a local variable: those of the module lie in memory. */
export function scan(from: i32, to: i32, first: i32): i32 {
  const between = delimiter
  const delimiters = i8x16.splat(between)
  const newlines = i8x16.splat(newline)
  const returns = i8x16.splat(carriageReturn)
  const quotes = i8x16.splat(quote)
  isExact = 0
  let count = first
  let rowStart = from
  let fieldStart = from
  let column = 0
  let isQuoted = false
  let closedAt = -1
  let needsLook = false
  let valueStart = -1
  let valueEnd = -1
  let goesOn = count < rowsMax
  for (let block = from; goesOn && block < to; block += blockBytes) {
    let mask = signsOf(block, delimiters, newlines, returns, quotes)
    if (block + blockBytes > to) mask &= ((<u64>1) << (<u64>(to - block))) - 1
    for (; mask !== 0; mask &= mask - 1) {
      const at = block + <i32>ctz(mask)
      const byte = load<u8>(windowAt + at)
      if (isQuoted) {
        if (byte === between) continue
        goesOn = byte === newline || at + 1 < to
        if (!goesOn) break
        if (byte !== quote || !endsField(load<u8>(windowAt + at + 1))) {
          isExact = 1
          goesOn = false
          break
        }
        isQuoted = false
        closedAt = at
        continue
      }
      if (byte === between || byte === newline) {
        const isReturned = byte === newline && at > rowStart && load<u8>(windowAt + at - 1) === carriageReturn
        const end = isReturned ? at - 1 : at
        if (column === target) {
          valueStart = closedAt >= 0 ? fieldStart + 1 : fieldStart
          valueEnd = closedAt >= 0 ? closedAt : end
        }
        column += 1
        fieldStart = at + 1
        closedAt = -1
        if (byte === between) continue
        const isRegular = !needsLook && column === columns && valueStart >= 0 && at - rowStart < rowBytesMax
        store<u32>(endsAt + 4 * count, at + 1)
        if (isRegular && end > rowStart) takeRow(valueStart, valueEnd, count)
        else store<u8>(marksAt + count, end === rowStart ? markBlank : markLook)
        count += 1
        rowStart = at + 1
        column = 0
        needsLook = false
        valueStart = -1
        goesOn = count < rowsMax
        if (!goesOn) break
        continue
      }
      goesOn = at + 1 < to
      if (!goesOn) break
      if (byte === quote && at === fieldStart) isQuoted = true
      else if (byte === quote || load<u8>(windowAt + at + 1) !== newline) needsLook = true
    }
  }
  stopped = rowStart
  return count
}
