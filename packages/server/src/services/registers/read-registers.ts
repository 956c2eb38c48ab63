import type { Queryable } from '../../storage/database.ts'
import { listRegisters } from '../../storage/registers.ts'
import { type KnownRegister, knownRegisters } from './known-registers.ts'

export type RegisterState = KnownRegister & {
  /** Undefined until a snapshot is in force. */
  readonly inForce?: { readonly takenAt: number; readonly entries: number; readonly staleAt: number }
  readonly state: 'missing' | 'fresh' | 'stale'
}

/** Every list that a rule consults, with the snapshot in force and until when it may be relied on. */
export async function readRegisters(db: Queryable, now: number): Promise<RegisterState[]> {
  const rows = new Map((await listRegisters(db)).map((row) => [row.id, row]))
  return [...knownRegisters.values()].map((known) => {
    const row = rows.get(known.id)
    if (row === undefined) return { ...known, state: 'missing' }
    const takenAt = row.takenAt.getTime()
    const staleAt = takenAt + known.validityDays * 86_400_000
    const inForce = { takenAt, entries: Number(row.entries), staleAt }
    return { ...known, inForce, state: staleAt <= now ? 'stale' : 'fresh' }
  })
}
