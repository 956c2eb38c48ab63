import { type ContactPointKey, partitionsCount, uuidFromHex, uuidToBytes } from './keys.ts'

/**
 * Where a reader of the change feed stands: per partition the number of the last change it has.
 * `snapshotKey` is set while the snapshot is still being read: the last contact point key received.
 */
export type Position = { readonly last: readonly bigint[]; readonly snapshotKey?: ContactPointKey }

const followingVersion = 1
const snapshotVersion = 2

/** An opaque cursor: a version byte, the key in a snapshot, then 64 variable-length numbers; base64url. */
export function encodePosition(position: Position): string {
  const head =
    position.snapshotKey === undefined
      ? Buffer.of(followingVersion)
      : Buffer.concat([Buffer.of(snapshotVersion), uuidToBytes(position.snapshotKey)])
  const numbers = position.last.flatMap(variableLength)
  return Buffer.concat([head, Buffer.from(numbers)]).toString('base64url')
}

/** Undefined for anything that is not a cursor of this form. */
export function decodePosition(cursor: string): Position | undefined {
  if (cursor.length > 1_000 || !/^[\w-]+$/.test(cursor)) return undefined
  const bytes = Buffer.from(cursor, 'base64url')
  const inSnapshot = bytes[0] === snapshotVersion
  if (!inSnapshot && bytes[0] !== followingVersion) return undefined
  const last = readNumbers(bytes.subarray(inSnapshot ? 17 : 1))
  if (last === undefined) return undefined
  return inSnapshot ? { last, snapshotKey: uuidFromHex(bytes.toString('hex', 1, 17)) } : { last }
}

/** True when a reader at `position` has seen everything that `other` had. */
export function isAtLeast(position: Position, other: Position): boolean {
  return other.last.every((last, partition) => (position.last[partition] ?? 0n) >= last)
}

function variableLength(value: bigint): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return bytes
}

function readNumbers(bytes: Uint8Array): bigint[] | undefined {
  const numbers: bigint[] = []
  let value = 0n
  let shift = 0n
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift
    shift += 7n
    if (shift > 63n) return undefined
    if (byte < 128) {
      numbers.push(value)
      value = 0n
      shift = 0n
    }
  }
  return numbers.length === partitionsCount && shift === 0n ? numbers : undefined
}
