import type { Catalog } from './catalog.ts'

/**
 * Where a number or address without a country lies: in that of the brand; without a brand only when all brands share
 * one. A wrong guess would give the no to a stranger, so there is none.
 */
export function countryFor(catalog: Catalog, brandId?: string): string | undefined {
  if (brandId !== undefined) return catalog.brand(brandId)?.country
  const [only, another] = new Set(catalog.brands().map((brand) => brand.country))
  return another === undefined ? only : undefined
}
