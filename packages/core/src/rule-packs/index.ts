import type { RulePack } from '../rule-pack.ts'
import { belgium } from './be.ts'
import { germany } from './de.ts'
import { defaultRulePack } from './default.ts'
import { france } from './fr.ts'
import { luxembourg } from './lu.ts'
import { netherlands } from './nl.ts'

export { defaultRulePack }

/** The packs of single countries; `defaultRulePack` is for all others. */
export const rulePacks: readonly RulePack[] = [belgium, netherlands, france, germany, luxembourg]

const byCountry: ReadonlyMap<string, RulePack> = new Map(rulePacks.map((pack) => [pack.country, pack]))

/**
 * The pack of a country (ISO 3166-1 alpha-2, either case).
 * An unknown country, or none, gets the strictest: consent everywhere.
 */
export function chooseRulePack(country: string | undefined): RulePack {
  return byCountry.get(country?.toUpperCase() ?? '') ?? defaultRulePack
}
