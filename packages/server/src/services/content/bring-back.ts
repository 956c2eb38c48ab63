import { assertNever } from '@verzet/core'
import { z } from 'zod'
import type { BrandRow } from '../../storage/catalog.ts'
import type { CatalogChangeRow } from '../../storage/catalog-changes.ts'
import { questionsSchema } from '../forms/leave-form.ts'
import { publishLeaveForm } from '../forms/publish-leave-form.ts'
import type { Hub } from '../hub.ts'
import { lintCandidate, lintTopics, publishWording } from '../page-lint/publish-wording.ts'
import { saveBrand } from '../save-brand.ts'
import { saveTopic } from '../save-topic.ts'
import { brandFieldsSchema, definedSettings, topicFieldsSchema } from './catalog-schema.ts'

export type BroughtBack =
  | 'restored'
  /** What stood then breaks a rule of the pages that is kept now, or a limit that is newer. */
  | 'refused'
  /** Nothing stood before it. */
  | 'nothing_before'

const wordingSchema = z.record(z.string(), z.record(z.string(), z.string()))

/** Makes what stood before a change stand again, as a change of its own; what was changed since elsewhere stays. */
export async function bringBack(
  hub: Pick<Hub, 'db' | 'pages' | 'clock' | 'catalog'>,
  brand: BrandRow,
  { what, topic, before }: CatalogChangeRow,
  actor: string,
): Promise<BroughtBack> {
  if (before === null) return 'nothing_before'
  switch (what) {
    case 'brand':
      return restoreBrand(hub, brand, before, actor)
    case 'topic':
      return restoreTopic(hub, brand, topic ?? '', before, actor)
    case 'wording': {
      const read = wordingSchema.safeParse(before)
      if (!read.success) return 'refused'
      return restoredUnless(await publishWording(hub, brand, read.data, actor))
    }
    case 'questions': {
      const read = questionsSchema.safeParse(before)
      return read.success ? restoredUnless(await publishLeaveForm(hub, brand, read.data, actor)) : 'refused'
    }
    default:
      return assertNever(what)
  }
}

function restoredUnless({ kind }: { readonly kind: string }): BroughtBack {
  return kind === 'published' || kind === 'unchanged' ? 'restored' : 'refused'
}

type Parts = Pick<Hub, 'db' | 'pages' | 'clock' | 'catalog'>

async function restoreBrand(hub: Parts, brand: BrandRow, before: unknown, actor: string): Promise<BroughtBack> {
  const read = brandFieldsSchema.safeParse(before)
  if (!read.success) return 'refused'
  const { name, controller, country } = read.data
  const wanted = { id: brand.id, name, controller, country, settings: definedSettings(read.data.settings) }
  if ((await lintCandidate(hub, { ...brand, ...wanted })).length > 0) return 'refused'
  await saveBrand(hub.db, hub.catalog, wanted, hub.clock(), actor)
  return 'restored'
}

async function restoreTopic(
  hub: Parts,
  brand: BrandRow,
  id: string,
  before: unknown,
  actor: string,
): Promise<BroughtBack> {
  const read = topicFieldsSchema.safeParse(before)
  if (!read.success) return 'refused'
  const { purpose, names, settings } = read.data
  const wanted = { brand: brand.id, id, purpose, names, ...(settings && { settings }) }
  if ((await lintTopics(hub, brand.id, [wanted])).length > 0) return 'refused'
  await saveTopic(hub.db, hub.catalog, wanted, hub.clock(), actor)
  return 'restored'
}
