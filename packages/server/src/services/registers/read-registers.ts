import type { Queryable } from '../../storage/database.ts'
import { listRegisters } from '../../storage/registers.ts'
import { brandSettings } from '../brand-settings.ts'
import type { Catalog } from '../catalog.ts'
import { type KnownRegister, knownRegisters } from './known-registers.ts'

export type RegisterState = KnownRegister & {
  /** Undefined until a snapshot is in force. */
  readonly inForce?: { readonly takenAt: number; readonly entries: number; readonly staleAt: number }
  readonly state: 'missing' | 'fresh' | 'stale'
  /** False for a list that no rule asks for any more, and for a voluntary one that no brand holds itself to. */
  readonly isConsulted: boolean
  /** Of a voluntary one: the brands that hold themselves to it. */
  readonly pledgedBy: readonly string[]
}

/** Every list that a rule pack names, with the snapshot in force, until when it may be relied on, and who consults it. */
export async function readRegisters(
  db: Queryable,
  catalog: Pick<Catalog, 'brands'>,
  now: number,
): Promise<RegisterState[]> {
  const rows = new Map((await listRegisters(db)).map((row) => [row.id, row]))
  return [...knownRegisters.values()].map((known) => {
    const used = { pledgedBy: pledgedBy(catalog, known), isConsulted: isConsulted(catalog, known, now) }
    const row = rows.get(known.id)
    if (row === undefined) return { ...known, ...used, state: 'missing' }
    const takenAt = row.takenAt.getTime()
    const staleAt = takenAt + known.validityDays * 86_400_000
    const inForce = { takenAt, entries: Number(row.entries), staleAt }
    return { ...known, ...used, inForce, state: staleAt <= now ? 'stale' : 'fresh' }
  })
}

function pledgedBy(catalog: Pick<Catalog, 'brands'>, { id, isVoluntary }: KnownRegister): string[] {
  if (!isVoluntary) return []
  return catalog.brands().flatMap((brand) => (brandSettings(brand).pledgedRegisters?.includes(id) ? [brand.id] : []))
}

function isConsulted(catalog: Pick<Catalog, 'brands'>, known: KnownRegister, now: number): boolean {
  const isOver = known.until !== undefined && known.until <= new Date(now).toISOString().slice(0, 10)
  return !isOver && (!known.isVoluntary || pledgedBy(catalog, known).length > 0)
}
