import { canonicalJson } from '@verzet/core'
import { insertBrandWording } from '../../storage/brand-wordings.ts'
import type { BrandRow, PublishedWording } from '../../storage/catalog.ts'
import { readPublishedForm } from '../forms/read-leave-form.ts'
import { giveNumber } from '../give-number.ts'
import type { Hub } from '../hub.ts'
import type { WordingFault } from './brand-pages.ts'
import { lintBrand } from './lint-pages.ts'
import type { Finding } from './rules.ts'

export type PublishWordingOutcome =
  | { readonly kind: 'published' | 'unchanged'; readonly wording: PublishedWording }
  /** Sentences that no page can use. */
  | { readonly kind: 'unusable'; readonly faults: readonly WordingFault[] }
  /** The pages would break these rules; nothing was stored. */
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }

type Parts = Pick<Hub, 'db' | 'pages' | 'clock' | 'catalog'>

/** A wording that is being tried, and has no version yet. */
const triedVersion = 0

/**
 * Publishes what a brand says in its own words, as the next version; sentences it leaves out are the product's. A wording
 * that breaks a rule of the pages is not published. Other processes show it within a second.
 */
export async function publishWording(
  hub: Parts,
  brand: BrandRow,
  texts: PublishedWording['texts'],
): Promise<PublishWordingOutcome> {
  const current = brand.wording ?? { version: 0, texts: {} }
  if (canonicalJson(current.texts) === canonicalJson(texts)) return { kind: 'unchanged', wording: current }
  const faults = hub.pages.wordingFaults(texts)
  if (faults.length > 0) return { kind: 'unusable', faults }
  const findings = await lintCandidate(hub, { ...brand, wording: { version: triedVersion, texts } })
  if (findings.length > 0) return { kind: 'refused', findings }
  const version = await giveNumber(hub.db, (tx) => insertBrandWording(tx, brand.id, texts, hub.clock()))
  await hub.catalog.reload()
  return { kind: 'published', wording: { version, texts } }
}

/** What the pages of a brand as it would be break, with the questions it asks. */
export async function lintCandidate(hub: Pick<Hub, 'db' | 'pages'>, brand: BrandRow): Promise<Finding[]> {
  return lintBrand(hub.pages, brand, await readPublishedForm(hub, brand))
}
