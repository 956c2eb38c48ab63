import { decodePosition, partitionOf } from '@verzet/core'
import { z } from 'zod'
import type { Change } from '../storage/changes.ts'

/**
 * Changes as a broker brings them: sooner than the database is asked, and with no promise of being complete. Whoever
 * listens counts them, and reads from the database what is missing.
 */
export type PublishedChanges = {
  /** False while nothing can be expected from it. */
  readonly isLive: boolean
  /** Returns what ends it. */
  listen(listener: (changes: readonly Change[]) => void): () => void
}

const changeLine = z.looseObject({
  type: z.literal('change'),
  contactPoint: z.looseObject({ key: z.guid() }),
  fingerprint: z.string().regex(/^[0-9a-f]{16}$/),
  standing: z.custom<NonNullable<Change['record']>>((value) => isRecord(value)).nullable(),
  recordedAt: z.iso.datetime(),
  position: z.string(),
})

/** Undefined for a line that is no change of this feed. */
export function readPublishedChange(line: string): Change | undefined {
  const parsed = changeLine.safeParse(parseJson(line))
  if (!parsed.success) return undefined
  const { contactPoint, fingerprint, standing, recordedAt, position } = parsed.data
  const partition = partitionOf(contactPoint.key)
  const seq = decodePosition(position)?.last[partition]
  if (seq === undefined) return undefined
  return {
    partition,
    seq,
    contactKey: contactPoint.key,
    fingerprint: BigInt.asIntN(64, BigInt(`0x${fingerprint}`)),
    record: standing,
    recordedAt: new Date(recordedAt),
  }
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'groups' in value && Array.isArray(value.groups)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
