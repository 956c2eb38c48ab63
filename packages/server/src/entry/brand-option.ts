import type { Catalog } from '../services/catalog.ts'
import type { BrandRow } from '../storage/catalog.ts'
import { usageProblem } from './exit-codes.ts'

/** The brand that `--brand` names; refuses one that does not exist with those that do. */
export function brandNamed(catalog: Catalog, id: string): BrandRow {
  const brand = catalog.brand(id)
  if (brand !== undefined) return brand
  const known = catalog.brands().map((one) => one.id)
  throw usageProblem(`there is no brand ${id}; there ${known.length === 0 ? 'are none yet' : `is ${known.join(', ')}`}`)
}
