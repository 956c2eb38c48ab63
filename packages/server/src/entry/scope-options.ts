import type { Scope } from '@verzet/core'
import type { Catalog } from '../services/catalog.ts'
import { usageProblem } from './exit-codes.ts'

/** A scope that names a brand or topic nobody has would never cover a message. */
export function assertScopeExists(catalog: Catalog, scope: Scope): void {
  const { brand, topic } = scope
  if (brand !== undefined && catalog.brand(brand) === undefined) {
    const known = catalog.brands().map(({ id }) => id)
    throw usageProblem(
      `there is no brand "${brand}"; ${known.length === 0 ? 'add one with "verzet brands set"' : `there is ${known.join(', ')}`}`,
    )
  }
  if (topic === undefined) return
  const owners = catalog.brands().filter(({ id }) => brand === undefined || id === brand)
  if (owners.some(({ id }) => catalog.topic(id, topic) !== undefined)) return
  const known = owners.flatMap(({ id }) => catalog.topics(id).map((one) => one.id))
  throw usageProblem(
    `there is no topic "${topic}"${brand === undefined ? '' : ` of brand "${brand}"`}; there is ${known.join(', ') || 'none yet'}`,
  )
}
