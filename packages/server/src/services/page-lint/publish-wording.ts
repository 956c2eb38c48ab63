import { canonicalJson } from '@verzet/core'
import { insertBrandWording } from '../../storage/brand-wordings.ts'
import type { BrandRow, PublishedWording, TopicRow } from '../../storage/catalog.ts'
import { noteChange } from '../content/write-catalog.ts'
import { readPublishedForm } from '../forms/read-leave-form.ts'
import { giveNumber } from '../give-number.ts'
import type { Hub } from '../hub.ts'
import type { WordingFault } from './brand-pages.ts'
import { findingName, lintBrand } from './lint-pages.ts'
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
  actor: string,
): Promise<PublishWordingOutcome> {
  const current = brand.wording ?? { version: 0, texts: {} }
  if (canonicalJson(current.texts) === canonicalJson(texts)) return { kind: 'unchanged', wording: current }
  const faults = hub.pages.wordingFaults(texts)
  if (faults.length > 0) return { kind: 'unusable', faults }
  const findings = await lintCandidate(hub, { ...brand, wording: { version: triedVersion, texts } })
  if (findings.length > 0) return { kind: 'refused', findings }
  const version = await giveNumber(hub.db, async (tx) => {
    const now = hub.clock()
    const change = { brand: brand.id, topic: null, before: current.texts, after: texts, actor }
    await noteChange(tx, { what: 'wording', ...change }, now)
    return insertBrandWording(tx, brand.id, texts, now)
  })
  await hub.catalog.reload()
  return { kind: 'published', wording: { version, texts } }
}

/** What the pages of a brand as it would be break, with the questions it asks and the topics it has or would have. */
export async function lintCandidate(
  hub: Pick<Hub, 'db' | 'pages' | 'catalog'>,
  brand: BrandRow,
  topics: readonly TopicRow[] = hub.catalog.topics(brand.id),
): Promise<Finding[]> {
  return lintBrand(hub.pages, brand, await readPublishedForm(hub, brand), topics)
}

/** A topic as it is wanted, which may have no number yet. */
export type CandidateTopic = Omit<TopicRow, 'number' | 'settings'> & Partial<Pick<TopicRow, 'settings'>>

/**
 * What changed or new topics of one brand would break on its pages; what those break without them is none of their
 * doing. Nothing for service topics, which no page names, and for a brand that is not there.
 */
export async function lintTopics(
  hub: Pick<Hub, 'db' | 'pages' | 'catalog'>,
  brandId: string,
  wanted: readonly CandidateTopic[],
): Promise<Finding[]> {
  const brand = hub.catalog.brand(brandId)
  const marketing = wanted.filter((topic) => topic.brand === brandId && topic.purpose === 'marketing')
  if (brand === undefined || marketing.length === 0) return []
  const others = hub.catalog.topics(brandId).filter(({ id }) => !wanted.some((topic) => topic.id === id))
  const candidates = marketing.map((topic, index) => ({
    ...topic,
    number: others.length + index + 1,
    settings: topic.settings ?? {},
  }))
  const before = new Set((await lintCandidate(hub, brand, others)).map(findingName))
  const after = await lintCandidate(hub, brand, [...others, ...candidates])
  return after.filter((finding) => !before.has(findingName(finding)))
}
