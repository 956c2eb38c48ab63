import type { BrandRow } from '../storage/catalog.ts'
import type { Database } from '../storage/database.ts'
import type { BrandSettings } from './brand-settings.ts'
import type { Catalog } from './catalog.ts'
import { writeBrand } from './content/write-catalog.ts'
import { giveNumber } from './give-number.ts'

export type BrandToSave = {
  readonly id: string
  readonly name: string
  readonly controller: string
  readonly country: string
  readonly settings: Partial<BrandSettings>
}

/** Creates or changes a brand, and notes by whom. Other processes see it within a second. */
export async function saveBrand(
  db: Database,
  catalog: Catalog,
  brand: BrandToSave,
  now: number,
  actor: string,
): Promise<{ created: boolean; brand: BrandRow }> {
  const created = await giveNumber(db, (tx) => writeBrand(tx, brand, now, actor))
  await catalog.reload()
  const saved = catalog.brand(brand.id)
  if (saved === undefined) throw new Error('a saved brand was not found again')
  return { created, brand: saved }
}
