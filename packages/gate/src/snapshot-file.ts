import { open, readFile, rename, rm } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/**
 * A snapshot on disk: a magic word, then the header as JSON and each part of the index, all with their lengths before
 * them, and a CRC-32 of everything. Read whole or not at all.
 */
const magic = Buffer.from('VZGATE01')
const lengthBytes = 8
const checksumBytes = 4
/** A write of more at once blocks the disk for others. */
const chunkBytes = 8 * 1024 * 1024

export type SnapshotHeader = {
  readonly cursor: string
  /** Tells apart the snapshots of two deployments: a hash of the fingerprint key. */
  readonly deployment: string
  readonly savedAt: number
}

/** Written beside the old one, which it replaces only when it is whole and on disk. */
export async function writeSnapshot(
  path: string,
  header: SnapshotHeader,
  parts: readonly (() => Uint8Array)[],
): Promise<void> {
  const first = Buffer.from(JSON.stringify(header))
  const temporary = `${path}.${process.pid}.tmp`
  const file = await open(temporary, 'w', 0o600)
  try {
    let checksum = crc32(magic)
    await file.writeFile(magic)
    for (const part of [() => first, ...parts]) {
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
  const bytes = await readFile(path).catch(() => undefined)
  if (bytes === undefined || bytes.length < magic.length + checksumBytes) return undefined
  if (!bytes.subarray(0, magic.length).equals(magic)) return undefined
  const body = bytes.subarray(0, bytes.length - checksumBytes)
  if (crc32(body) !== bytes.readUInt32LE(body.length)) return undefined
  const parts: Uint8Array[] = []
  for (let offset = magic.length; offset < body.length; ) {
    const start = offset + lengthBytes
    offset = start + Number(body.readBigUInt64LE(offset))
    parts.push(body.subarray(start, offset))
  }
  const [first, ...rest] = parts
  const header = first && readHeader(Buffer.from(first).toString())
  return header && { header, parts: rest }
}

function readHeader(text: string): SnapshotHeader | undefined {
  const { cursor, deployment, savedAt }: Record<string, unknown> = JSON.parse(text)
  if (typeof cursor !== 'string' || typeof deployment !== 'string' || typeof savedAt !== 'number') return undefined
  return { cursor, deployment, savedAt }
}
