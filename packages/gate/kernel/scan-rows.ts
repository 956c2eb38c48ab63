/**
 * The scanner of packages/gate/src/scrub/row-scanner.ts in AssemblyScript, for bytes, sixteen at a time. It does exactly
 * what `PlainScanner` does; a test compares them. Build it with `node scripts/build-kernel.mjs`.
 *
 * Memory, from the first page on: a scratch for one address, the window, then for each row its end, its fingerprint (two
 * words), its mark and whether it is kept, and the rows that are. The window is followed by sixteen bytes that may be read and mean nothing.
 */
const scratch: usize = 1_024
const scratchBytes: usize = 1_024
const windowBytes: usize = 1_048_576
const rowsMax: i32 = 8_192

const windowAt: usize = scratch + scratchBytes
const endsAt: usize = windowAt + windowBytes + 64
const fingerprintsAt: usize = endsAt + 4 * <usize>rowsMax
const marksAt: usize = fingerprintsAt + 8 * <usize>rowsMax
const keepsAt: usize = marksAt + <usize>rowsMax
const gatheredAt: usize = keepsAt + <usize>rowsMax

const newline: u8 = 10
const carriageReturn: u8 = 13
const quote: u8 = 34

const markFingerprint: u8 = 0
const markLook: u8 = 1
const markBlank: u8 = 2

let delimiter: u8 = 44
let columns: i32 = 1
let target: i32 = 0
let key0: u64 = 0
let key1: u64 = 0

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
  return gatheredAt + windowBytes
}

/** Puts the rows to keep behind each other; the first begins at `from`. Returns how many bytes they are. */
export function gather(from: i32, rows: i32): i32 {
  let to = gatheredAt
  let start = from
  let row = 0
  while (row < rows) {
    if (load<u8>(keepsAt + row) === 0) {
      start = load<u32>(endsAt + 4 * row)
      row += 1
      continue
    }
    while (row < rows && load<u8>(keepsAt + row) !== 0) row += 1
    const end: i32 = load<u32>(endsAt + 4 * (row - 1))
    memory.copy(to, windowAt + start, end - start)
    to += end - start
    start = end
  }
  return <i32>(to - gatheredAt)
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
  key0 = low
  key1 = high
}

// The row that is being read.
let rowStart: i32 = 0
let fieldStart: i32 = 0
let column: i32 = 0
let isQuoted: bool = false
let closedAt: i32 = -1
let needsLook: bool = false
let valueStart: i32 = -1
let valueEnd: i32 = -1
let count: i32 = 0

function beginRow(at: i32): void {
  rowStart = at
  fieldStart = at
  column = 0
  isQuoted = false
  closedAt = -1
  needsLook = false
  valueStart = -1
}

export function scan(from: i32, to: i32, first: i32): i32 {
  const delimiters = i8x16.splat(delimiter)
  const newlines = i8x16.splat(newline)
  const returns = i8x16.splat(carriageReturn)
  const quotes = i8x16.splat(quote)
  isExact = 0
  count = first
  beginRow(from)
  let goesOn = count < rowsMax
  for (let block = from; goesOn && block < to; block += 16) {
    const bytes = v128.load(windowAt + block)
    const special = v128.or(
      v128.or(i8x16.eq(bytes, delimiters), i8x16.eq(bytes, newlines)),
      v128.or(i8x16.eq(bytes, returns), i8x16.eq(bytes, quotes)),
    )
    let mask = i8x16.bitmask(special)
    if (block + 16 > to) mask &= (1 << (to - block)) - 1
    while (goesOn && mask !== 0) {
      goesOn = step(block + ctz(mask), to)
      mask &= mask - 1
    }
  }
  stopped = rowStart
  return count
}

/** One of the four signs; false when nothing can be read behind it. */
function step(at: i32, to: i32): bool {
  const byte = load<u8>(windowAt + at)
  if (isQuoted) return byte === delimiter || closeQuote(byte, at, to)
  if (byte === delimiter) {
    endField(at)
    column += 1
    fieldStart = at + 1
    closedAt = -1
    return true
  }
  if (byte === newline) {
    endRow(at)
    return count < rowsMax
  }
  if (at + 1 >= to) return false
  if (byte === quote && at === fieldStart) isQuoted = true
  else if (byte === quote || load<u8>(windowAt + at + 1) !== newline) needsLook = true
  return true
}

function closeQuote(byte: u8, at: i32, to: i32): bool {
  if (byte !== newline && at + 1 >= to) return false
  const next = load<u8>(windowAt + at + 1)
  if (byte !== quote || (next !== delimiter && next !== newline && next !== carriageReturn)) {
    isExact = 1
    return false
  }
  isQuoted = false
  closedAt = at
  return true
}

function endField(end: i32): void {
  if (column !== target) return
  const wasQuoted = closedAt >= 0
  valueStart = wasQuoted ? fieldStart + 1 : fieldStart
  valueEnd = wasQuoted ? closedAt : end
}

function endRow(at: i32): void {
  const end = at > rowStart && load<u8>(windowAt + at - 1) === carriageReturn ? at - 1 : at
  endField(end)
  store<u32>(endsAt + 4 * count, at + 1)
  let mark = markLook
  if (end === rowStart) mark = markBlank
  else if (!needsLook && column + 1 === columns && valueStart >= 0) {
    if (takeFingerprint(valueStart, valueEnd, count)) mark = markFingerprint
  }
  store<u8>(marksAt + count, mark)
  count += 1
  beginRow(at + 1)
}

/** Lower-cases an address into the scratch, behind `email:`, and hashes it; false when it is no plain one. */
function takeFingerprint(start: i32, end: i32, row: i32): boolean {
  const length = end - start
  if (length > 254 || length < 1) return false
  // `email:` is six bytes; the blocks of the hash are read from it on.
  store<u32>(scratch, 0x69616d65)
  store<u16>(scratch, 0x3a6c, 4)
  const text = scratch + 6
  if (length <= 64 ? !lowerShort(start, length, text) : !lowerLong(start, length, text)) return false
  // What lies behind the text is zero for the hash.
  v128.store(text + length, i8x16.splat(0))
  sipHash(length + 6, row)
  return true
}

function lower(at: usize): v128 {
  const bytes = v128.load(at)
  const isUpper = v128.and(i8x16.gt_u(bytes, i8x16.splat(64)), i8x16.lt_u(bytes, i8x16.splat(91)))
  return v128.or(bytes, v128.and(isUpper, i8x16.splat(32)))
}

function lowerLong(start: i32, length: i32, text: usize): boolean {
  for (let index = 0; index < length; index += 16) v128.store(text + index, lower(windowAt + start + index))
  return isPlain(text, length)
}

/** The same for nearly all addresses: what each byte is lies in masks of one bit a byte, and so do the rules. */
function lowerShort(start: i32, length: i32, text: usize): boolean {
  let letters: u64 = 0
  let digits: u64 = 0
  let dots: u64 = 0
  let hyphens: u64 = 0
  let ats: u64 = 0
  let others: u64 = 0
  for (let index = 0; index < length; index += 16) {
    const bytes = lower(windowAt + start + index)
    v128.store(text + index, bytes)
    const shift = <u64>index
    letters |= maskOf(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(97)), i8x16.splat(26))) << shift
    digits |= maskOf(i8x16.lt_u(i8x16.sub(bytes, i8x16.splat(48)), i8x16.splat(10))) << shift
    dots |= maskOf(i8x16.eq(bytes, i8x16.splat(46))) << shift
    hyphens |= maskOf(i8x16.eq(bytes, i8x16.splat(45))) << shift
    ats |= maskOf(i8x16.eq(bytes, i8x16.splat(64))) << shift
    others |= maskOf(v128.or(i8x16.eq(bytes, i8x16.splat(95)), i8x16.eq(bytes, i8x16.splat(43)))) << shift
  }
  const whole: u64 = length === 64 ? ~(<u64>0) : ((<u64>1) << length) - 1
  const at = ats & whole
  hyphens &= whole
  if (popcnt(at) !== 1) return false
  const local: u64 = at - 1
  const domain: u64 = whole & ~(at | local)
  if (local === 0 || domain === 0) return false
  const inDomain: u64 = letters | digits | dots | hyphens
  if (((local & ~(inDomain | others)) | (domain & ~inDomain)) !== 0) return false
  const ends: u64 = dots & domain
  if (ends === 0) return false
  const last: u64 = (<u64>1) << (length - 1)
  const starts: u64 = (ends << 1) | (at << 1)
  // No label is empty, begins or ends with a hyphen, or has two of them where `xn--` does.
  if (((starts | last) & ends) !== 0 || ((starts | (ends >> 1) | last) & hyphens) !== 0) return false
  if (((starts << 2) & hyphens & (hyphens >> 1)) !== 0) return false
  // The last label has letters only: those bits above the last dot.
  const top: u64 = ~(<u64>0) << (64 - clz(ends))
  return (domain & top & ~letters) === 0
}

function maskOf(bytes: v128): u64 {
  return <u64>i8x16.bitmask(bytes)
}

/** As `isPlainEmail` of core. */
function isPlain(text: usize, length: i32): boolean {
  let at = 0
  for (; at < length; at += 1) {
    const byte = load<u8>(text + at)
    if (byte === 64) break
    if (!isLetterOrDigit(byte) && byte !== 46 && byte !== 45 && byte !== 95 && byte !== 43) return false
  }
  if (at === length || at < 1 || at > 64) return false
  let labelStart = at + 1
  let dots = 0
  for (let index = labelStart; index < length; index += 1) {
    const byte = load<u8>(text + index)
    if (byte === 46) {
      if (!isLabel(text, labelStart, index)) return false
      dots += 1
      labelStart = index + 1
    } else if (!isLetterOrDigit(byte) && byte !== 45) return false
  }
  if (dots === 0 || !isLabel(text, labelStart, length)) return false
  for (let index = labelStart; index < length; index += 1) {
    if (<u8>(load<u8>(text + index) - 97) > 25) return false
  }
  return true
}

function isLabel(text: usize, start: i32, end: i32): boolean {
  const length = end - start
  if (length < 1 || length > 63) return false
  if (load<u8>(text + start) === 45 || load<u8>(text + end - 1) === 45) return false
  return !(length > 3 && load<u8>(text + start + 2) === 45 && load<u8>(text + start + 3) === 45)
}

function isLetterOrDigit(byte: u8): boolean {
  return <u8>(byte - 97) < 26 || <u8>(byte - 48) < 10
}

/** SipHash-2-4 (Aumasson and Bernstein, 2012) of so many bytes of the scratch. */
function sipHash(length: i32, row: i32): void {
  let v0 = key0 ^ (((<u64>0x736f6d65) << 32) | 0x70736575)
  let v1 = key1 ^ (((<u64>0x646f7261) << 32) | 0x6e646f6d)
  let v2 = key0 ^ (((<u64>0x6c796765) << 32) | 0x6e657261)
  let v3 = key1 ^ (((<u64>0x74656462) << 32) | 0x79746573)
  const blocks = length >> 3
  for (let block = 0; block <= blocks + 4; block += 1) {
    let word: u64 = 0
    let rounds = 2
    if (block < blocks) word = load<u64>(scratch + (block << 3))
    else if (block === blocks) word = load<u64>(scratch + (block << 3)) | ((<u64>length) << 56)
    else {
      if (block === blocks + 1) v2 ^= 0xff
      rounds = 1
    }
    v3 ^= word
    for (; rounds > 0; rounds -= 1) {
      v0 += v1
      v1 = rotl<u64>(v1, 13) ^ v0
      v0 = rotl<u64>(v0, 32)
      v2 += v3
      v3 = rotl<u64>(v3, 16) ^ v2
      v0 += v3
      v3 = rotl<u64>(v3, 21) ^ v0
      v2 += v1
      v1 = rotl<u64>(v1, 17) ^ v2
      v2 = rotl<u64>(v2, 32)
    }
    v0 ^= word
  }
  store<u64>(fingerprintsAt + 8 * row, v0 ^ v1 ^ v2 ^ v3)
}
