import { brandSettings } from '../brand-settings.ts'
import type { Catalog } from '../catalog.ts'

/** Mailbox providers give two days to act on a no, and the law asks for no undue delay (GDPR art. 12(3)). */
export const reviewHoursDefault = 48
/** GDPR art. 12(3): at most one month, of which the shortest has 28 days. */
export const reviewHoursMax = 28 * 24

/** How long words may wait for a human: as the brand that was answered has it, else the most impatient of all brands. */
export function reviewWithinMs(catalog: Catalog, brandId?: string): number {
  const answered = brandId === undefined ? undefined : catalog.brand(brandId)
  const brands = answered === undefined ? catalog.brands() : [answered]
  const hours = brands.map((brand) => brandSettings(brand).reviewWithinHours ?? reviewHoursDefault)
  return Math.min(...hours, reviewHoursMax) * 3_600_000
}
