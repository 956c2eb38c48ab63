import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'
import type { IndexCountries } from './index-memory.ts'

/**
 * A snapshot on disk: a magic word, then the header as JSON and each part of the index, all with their lengths before
 * them, and a CRC-32 of everything. Read whole or not at all, each part straight into the memory it stays in.
 */
const magic = Buffer.from('VZGATE02')
const lengthBytes = 8
const checksumBytes = 4
/** A write of more at once blocks the disk for others; a read of more leaves the processor's cache before it is summed. */
const chunkBytes = 4 * 1024 * 1024
const headerBytesMax = 64 * 1024
/** Two tables, the records, and the choices of refusals. */
const partsMax = 4

export type SnapshotHeader = {
  readonly cursor: string
  /** Tells apart the snapshots of two deployments: a hash of the fingerprint key. */
  readonly deployment: string
  readonly savedAt: number
  readonly countries: IndexCountries
}

/** Written beside the old one, which it replaces only when it is whole and on disk. */
export async function writeSnapshot(
  path: string,
  header: SnapshotHeader,
  parts: readonly (() => Uint8Array)[],
): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w', 0o600)
  try {
    let checksum = crc32(magic)
    await file.writeFile(magic)
    for (const part of [() => Buffer.from(JSON.stringify(header)), ...parts]) {
      const bytes = part()
      const length = Buffer.alloc(lengthBytes)
      length.writeBigUInt64LE(BigInt(bytes.length))
      checksum = crc32(length, checksum)
      await file.writeFile(length)
      for (let offset = 0; offset < bytes.length; offset += chunkBytes) {
        // The memory goes on changing: what is written is what was summed.
        const chunk = Buffer.from(bytes.subarray(offset, offset + chunkBytes))
        checksum = crc32(chunk, checksum)
        await file.writeFile(chunk)
      }
    }
    const end = Buffer.alloc(checksumBytes)
    end.writeUInt32LE(checksum)
    await file.writeFile(end)
    await file.sync()
  } catch (error) {
    await file.close()
    await rm(temporary, { force: true })
    throw error
  }
  await file.close()
  await rename(temporary, path)
}

/** Undefined when there is none, or none that is whole: the hub has everything. */
export async function readSnapshot(
  path: string,
): Promise<{ header: SnapshotHeader; parts: readonly Uint8Array[] } | undefined> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return undefined
  try {
    return await readWhole(file)
  } catch {
    return undefined
  } finally {
    await file.close()
  }
}

async function readWhole(file: FileHandle) {
  const reader = new SummedReader(file, (await file.stat()).size - checksumBytes)
  if (!magic.equals(await reader.read(magic.length))) return undefined
  const headerLength = await reader.length()
  if (headerLength > headerBytesMax) return undefined
  const header = readHeader(Buffer.from(await reader.read(headerLength)).toString())
  const parts: Uint8Array[] = []
  while (reader.left > 0) {
    if (parts.length === partsMax) return undefined
    parts.push(await reader.read(await reader.length()))
  }
  return header !== undefined && (await reader.isWhole()) ? { header, parts } : undefined
}

/** Reads a file from its start, and sums what it reads. */
class SummedReader {
  left: number
  readonly #file: FileHandle
  #checksum = 0

  constructor(file: FileHandle, bytes: number) {
    this.#file = file
    this.left = bytes
  }

  /** In memory that threads can share. */
  async read(length: number): Promise<Uint8Array> {
    if (length > this.left) throw new RangeError('the snapshot ends too early')
    const bytes = new Uint8Array(new SharedArrayBuffer(length))
    for (let offset = 0; offset < length; ) {
      const { bytesRead } = await this.#file.read(bytes, offset, Math.min(chunkBytes, length - offset))
      if (bytesRead === 0) throw new RangeError('the snapshot ends too early')
      this.#checksum = crc32(bytes.subarray(offset, offset + bytesRead), this.#checksum)
      offset += bytesRead
    }
    this.left -= length
    return bytes
  }

  async length(): Promise<number> {
    const bytes = await this.read(lengthBytes)
    return Number(new DataView(bytes.buffer).getBigUint64(0, true))
  }

  async isWhole(): Promise<boolean> {
    const end = Buffer.alloc(checksumBytes)
    const { bytesRead } = await this.#file.read(end, 0, checksumBytes)
    return bytesRead === checksumBytes && end.readUInt32LE() === this.#checksum
  }
}

/** The sum says that it was written here; what is checked is that it is of this version. */
function readHeader(text: string): SnapshotHeader | undefined {
  const { cursor, deployment, savedAt, countries }: Record<string, unknown> = JSON.parse(text)
  if (typeof cursor !== 'string' || typeof deployment !== 'string' || typeof savedAt !== 'number') return undefined
  return isCountries(countries) ? { cursor, deployment, savedAt, countries } : undefined
}

function isCountries(value: unknown): value is IndexCountries {
  return Array.isArray(value) && value.every((one) => one === null || typeof one === 'string')
}
