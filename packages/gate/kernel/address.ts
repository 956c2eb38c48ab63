import { fingerprintsAt, messageAt, windowAt } from './memory'

/** What is hashed is `email:` and the address in lower case. */
const prefixBytes: i32 = 6
/** As `isPlainEmail` of core. */
const addressCharactersMax: i32 = 254
/** A message of which every byte has a bit in one word. */
const shortBytesMax: i32 = 64

let key0: u64 = 0
let key1: u64 = 0

export function setKey(low: u64, high: u64): void {
  key0 = low
  key1 = high
  storeSigns()
}

/** Lower-cases the address at a place of the window and hashes it for a row; false when it is no plain one. */
export function takeFingerprint(start: i32, length: i32, row: i32): boolean {
  if (<u32>(length - 1) >= <u32>addressCharactersMax) return false
  const bytes = length + prefixBytes
  const from = windowAt + start - prefixBytes
  const isPlain = bytes <= shortBytesMax ? lowerShort(from, bytes) : lowerLong(from, bytes)
  if (isPlain) sipHash(bytes, row)
  return isPlain
}

/**
 * Signs that bytes are compared with, sixteen times each. They are read from memory, where setting the key put them: made
 * anew each time, as the engine makes constants, they would take longer than the comparing.
 */
const signsAt: usize = 0
const belowUpper: i8 = 64
const aboveUpper: i8 = 91
const caseBit: i8 = 32
const belowLower: i8 = 96
const aboveLower: i8 = 123
const belowDigit: i8 = 47
const aboveDigit: i8 = 58
const dot: i8 = 46
const hyphen: i8 = 45
const atSign: i8 = 64
const underscore: i8 = 95
const plus: i8 = 43

function storeSigns(): void {
  storeSign(0, belowUpper)
  storeSign(1, aboveUpper)
  storeSign(2, caseBit)
  storeSign(3, belowLower)
  storeSign(4, aboveLower)
  storeSign(5, belowDigit)
  storeSign(6, aboveDigit)
  storeSign(7, dot)
  storeSign(8, hyphen)
  storeSign(9, atSign)
  storeSign(10, underscore)
  storeSign(11, plus)
}

function storeSign(index: i32, sign: i8): void {
  v128.store(signsAt + 16 * index, i8x16.splat(sign))
}

function sign(index: i32): v128 {
  return v128.load(signsAt + 16 * index)
}

/** Signed: what is not ASCII is below 0 and in no range. */
function between(bytes: v128, below: v128, above: v128): v128 {
  return v128.and(i8x16.gt_s(bytes, below), i8x16.gt_s(above, bytes))
}

function lower(bytes: v128): v128 {
  return v128.or(bytes, v128.and(between(bytes, sign(0), sign(1)), sign(2)))
}

/** The first sixteen bytes of the message: the prefix stands where something else stands in the window. */
function beginning(from: usize): v128 {
  const prefix = i8x16(101, 109, 97, 105, 108, 58, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  const isPrefix = i8x16(-1, -1, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
  return v128.bitselect(prefix, v128.load(from), isPrefix)
}

function maskOf(bytes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(bytes))
}

/** For nearly all addresses: what each byte of the message is lies in masks of one bit a byte, and so do the rules. */
function lowerShort(from: usize, length: i32): boolean {
  let letters: u64 = 0
  let digits: u64 = 0
  let dots: u64 = 0
  let hyphens: u64 = 0
  let ats: u64 = 0
  let others: u64 = 0
  let bytes = beginning(from)
  for (let index = 0; index < length; ) {
    bytes = lower(bytes)
    v128.store(messageAt + index, bytes)
    const shift = <u64>index
    letters |= maskOf(between(bytes, sign(3), sign(4))) << shift
    digits |= maskOf(between(bytes, sign(5), sign(6))) << shift
    dots |= maskOf(i8x16.eq(bytes, sign(7))) << shift
    hyphens |= maskOf(i8x16.eq(bytes, sign(8))) << shift
    ats |= maskOf(i8x16.eq(bytes, sign(9))) << shift
    others |= maskOf(v128.or(i8x16.eq(bytes, sign(10)), i8x16.eq(bytes, sign(11)))) << shift
    index += 16
    bytes = v128.load(from + index)
  }
  const whole: u64 = (~(<u64>0) >> (64 - <u64>length)) & ~(((<u64>1) << prefixBytes) - 1)
  const at = ats & whole
  hyphens &= whole
  if (at === 0 || (at & (at - 1)) !== 0) return false
  const local: u64 = (at - 1) & whole
  const domain: u64 = whole & ~(at | local)
  if (local === 0 || domain === 0) return false
  const inDomain: u64 = letters | digits | dots | hyphens
  const ends: u64 = dots & domain
  const last: u64 = (<u64>1) << (<u64>length - 1)
  const starts: u64 = (ends << 1) | (at << 1)
  // The last label has letters only: those bits above the last dot.
  const top: u64 = ~(<u64>0) << (64 - clz(ends))
  // No label is empty, begins or ends with a hyphen, or has two of them where `xn--` does.
  const wrong: u64 =
    (local & ~(inDomain | others)) |
    (domain & ~inDomain) |
    ((starts | last) & ends) |
    ((starts | (ends >> 1) | last) & hyphens) |
    ((starts << 2) & hyphens & (hyphens >> 1)) |
    (domain & top & ~letters)
  return ends !== 0 && wrong === 0
}

function lowerLong(from: usize, length: i32): boolean {
  let bytes = beginning(from)
  for (let index = 0; index < length; ) {
    v128.store(messageAt + index, lower(bytes))
    index += 16
    bytes = v128.load(from + index)
  }
  return isPlain(messageAt + prefixBytes, length - prefixBytes)
}

/** As `isPlainEmail` of core, byte by byte. */
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

/** SipHash-2-4 (Aumasson and Bernstein, 2012) of so many bytes of the message; two rounds of it are written out. */
function sipHash(length: i32, row: i32): void {
  let v0 = key0 ^ (((<u64>0x736f6d65) << 32) | 0x70736575)
  let v1 = key1 ^ (((<u64>0x646f7261) << 32) | 0x6e646f6d)
  let v2 = key0 ^ (((<u64>0x6c796765) << 32) | 0x6e657261)
  let v3 = key1 ^ (((<u64>0x74656462) << 32) | 0x79746573)
  const blocks = length >> 3
  // The last block has the bytes that fill none, zeros, and the length.
  const rest = load<u64>(messageAt + (blocks << 3)) & (((<u64>1) << ((<u64>length & 7) << 3)) - 1)
  for (let block = 0; block <= blocks; block += 1) {
    const word = block < blocks ? load<u64>(messageAt + (block << 3)) : rest | ((<u64>length) << 56)
    v3 ^= word
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
    v0 ^= word
  }
  v2 ^= 0xff
  for (let two = 0; two < 2; two += 1) {
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
  store<u64>(fingerprintsAt + 8 * row, v0 ^ v1 ^ v2 ^ v3)
}
