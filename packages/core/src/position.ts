import { type ContactPointKey, partitionsCount, uuidFromHex, uuidToBytes } from './keys.ts'

/**
 * Where a reader of the change feed stands: per partition the number of the last change it has.
 * `snapshotKey` is set while the snapshot is still being read: the last contact point key received.
 */
export type Position = { readonly last: readonly bigint[]; readonly snapshotKey?: ContactPointKey }

const followingVersion = 1
const snapshotVersion = 2

/** A version byte, a key, and 64 numbers of at most ten bytes. */
const cursorBytesMax = 1 + 16 + partitionsCount * 10
const cursorCharactersMax = 1_000

/** An opaque cursor: a version byte, the key in a snapshot, then 64 variable-length numbers; base64url. */
export function encodePosition(position: Position): string {
  const bytes = Buffer.allocUnsafe(cursorBytesMax)
  let end = bytes.writeUInt8(position.snapshotKey === undefined ? followingVersion : snapshotVersion, 0)
  if (position.snapshotKey !== undefined) end += uuidToBytes(position.snapshotKey).copy(bytes, end)
  for (const value of position.last) end = writeVariableLength(bytes, value, end)
  return bytes.toString('base64url', 0, end)
}

/** Undefined for anything that is not a cursor of this form. */
export function decodePosition(cursor: string): Position | undefined {
  if (cursor.length > cursorCharactersMax || !/^[\w-]+$/.test(cursor)) return undefined
  const bytes = Buffer.from(cursor, 'base64url')
  const inSnapshot = bytes[0] === snapshotVersion
  if (!inSnapshot && bytes[0] !== followingVersion) return undefined
  const last = readNumbers(bytes.subarray(inSnapshot ? 17 : 1))
  if (last === undefined) return undefined
  return inSnapshot ? { last, snapshotKey: uuidFromHex(bytes.toString('hex', 1, 17)) } : { last }
}

/**
 * The number of one partition in a cursor of a reader that follows, for who counts the changes of a partition: the other
 * numbers are passed over. Undefined for anything else.
 */
export function positionNumber(cursor: string, partition: number): bigint | undefined {
  if (cursor.length > cursorCharactersMax) return undefined
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes[0] !== followingVersion) return undefined
  let start = 1
  for (let passed = 0; passed < partition; passed += 1) start = endOfNumber(bytes, start)
  const end = endOfNumber(bytes, start)
  if (end > bytes.length || end - start > numberBytesMax) return undefined
  let number = 0n
  let small = 0
  for (let offset = Math.min(end, start + smallBytes) - 1; offset >= start; offset -= 1) {
    small = small * 128 + ((bytes[offset] ?? 0) & 127)
  }
  for (let offset = end - 1; offset >= start + smallBytes; offset -= 1) {
    number = (number << 7n) | BigInt((bytes[offset] ?? 0) & 127)
  }
  return (number << BigInt(7 * smallBytes)) | BigInt(small)
}

/** Beyond the last byte when there is none. */
function endOfNumber(bytes: Uint8Array, start: number): number {
  let end = start
  while ((bytes[end] ?? 0) > 127) end += 1
  return end + 1
}

/** True when a reader at `position` has seen everything that `other` had; one still in its snapshot has not. */
export function isAtLeast(position: Position, other: Position): boolean {
  if (position.snapshotKey !== undefined) return false
  return other.last.every((last, partition) => (position.last[partition] ?? 0n) >= last)
}

/** Every event of the feed carries a cursor, and arithmetic on bigints is ten times slower: small numbers do without. */
function writeVariableLength(bytes: Buffer, value: bigint, start: number): number {
  let offset = start
  let large = value
  while (large > Number.MAX_SAFE_INTEGER) {
    offset = bytes.writeUInt8(Number(large & 127n) | 128, offset)
    large >>= 7n
  }
  let rest = Number(large)
  while (rest > 127) {
    bytes[offset] = (rest % 128) | 128
    rest = Math.floor(rest / 128)
    offset += 1
  }
  bytes[offset] = rest
  return offset + 1
}

/** What fits into a number without loss, read as one: seven bits a byte. */
const smallBytes = 7
/** 63 bits. */
const numberBytesMax = 9

function readNumbers(bytes: Uint8Array): bigint[] | undefined {
  const numbers: bigint[] = []
  let small = 0
  let factor = 1
  let large = 0n
  let read = 0
  for (const byte of bytes) {
    if (read === numberBytesMax) return undefined
    if (read < smallBytes) {
      small += (byte & 127) * factor
      factor *= 128
    } else large |= BigInt(byte & 127) << BigInt(7 * read)
    read += 1
    if (byte > 127) continue
    numbers.push(read <= smallBytes ? BigInt(small) : large | BigInt(small))
    small = 0
    factor = 1
    large = 0n
    read = 0
  }
  return numbers.length === partitionsCount && read === 0 ? numbers : undefined
}
