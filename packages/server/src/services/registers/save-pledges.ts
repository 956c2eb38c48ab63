import { type BrandSettings, brandSettings } from '../brand-settings.ts'
import type { Hub } from '../hub.ts'
import { saveBrand } from '../save-brand.ts'

/**
 * Says which brands hold themselves to a list that no law asks for, and leaves all else about them as it is. From then on
 * the gate refuses whom the list names, and everybody while it is missing or too old.
 */
export async function savePledges(
  { db, catalog, clock }: Pick<Hub, 'db' | 'catalog' | 'clock'>,
  register: string,
  brands: readonly string[],
  actor: string,
): Promise<void> {
  for (const { id, name, controller, country, settings } of catalog.brands()) {
    const { pledgedRegisters = [] } = brandSettings({ settings })
    if (pledgedRegisters.includes(register) === brands.includes(id)) continue
    const others = pledgedRegisters.filter((one) => one !== register)
    const kept = brands.includes(id) ? [...others, register].sort() : others
    const { pledgedRegisters: _before, ...rest }: Partial<BrandSettings> = settings
    const changed = { ...rest, ...(kept.length > 0 && { pledgedRegisters: kept }) }
    await saveBrand(db, catalog, { id, name, controller, country, settings: changed }, clock(), actor)
  }
}
