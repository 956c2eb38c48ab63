import { assertNever, cadencePeriods, channels, type LeavingPolicy, leavingPolicies } from '@verzet/core'
import { z } from 'zod'
import type { BrandRow, TopicRow } from '../../storage/catalog.ts'

/** More than a person reads on one screen after they have left. */
const alternativesMax = 10
/** What fits on a button at 360 pixels in three lines. */
export const labelCharactersMax = 100
const reasonsMax = 20
/** Two years, as on the preference page: a longer break is a no. */
export const pauseDaysMax = 730

const common = {
  /** The brand's own words by language; the product's where a language lacks. */
  labels: z.record(z.string().regex(/^[a-z]{2}$/), z.string().min(1).max(labelCharactersMax)).optional(),
  /** Offered only to who gave one of these reasons, with the thanks for the answer. */
  reasons: z.array(z.string().min(1).max(64)).min(1).max(reasonsMax).optional(),
}

/** Something that a person may take instead of the no they said, in the words and the order the brand chooses. */
export const alternativeSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('pause'), days: z.int().min(1).max(pauseDaysMax), ...common }),
  z.strictObject({ kind: z.literal('pause_until'), ...common }),
  z.strictObject({ kind: z.literal('less'), max: z.int().min(1).max(100), per: z.enum(cadencePeriods), ...common }),
  z.strictObject({ kind: z.literal('digest'), topic: z.string().min(1).max(64).optional(), ...common }),
  z.strictObject({ kind: z.literal('fewer_topics'), ...common }),
  z.strictObject({ kind: z.literal('other_channel'), channel: z.enum(channels), ...common }),
  z.strictObject({ kind: z.literal('other_address'), ...common }),
])
export type Alternative = z.infer<typeof alternativeSchema>

/** What a brand, or one of its topics, decides about leaving. */
export const leavingSettingsSchema = z.strictObject({
  policy: z.enum(leavingPolicies).optional(),
  alternatives: z.array(alternativeSchema).max(alternativesMax).optional(),
})
export type LeavingSettings = z.infer<typeof leavingSettingsSchema>

/** What a topic decides for itself, over what its brand does. */
export const topicSettingsSchema = z.strictObject({ leaving: leavingSettingsSchema.optional() })

export type Leaving = { readonly policy: LeavingPolicy; readonly alternatives: readonly Alternative[] }

/** Offered where neither brand nor topic has a list of its own. */
const ownAlternatives: readonly Alternative[] = [
  { kind: 'pause', days: 30 },
  { kind: 'pause', days: 90 },
  { kind: 'less', max: 1, per: 'month' },
  { kind: 'fewer_topics' },
]

/** What holds for who came from this topic: each part the topic's own, else the brand's, else the product's. */
export function leavingOf(brand: Pick<BrandRow, 'settings'>, topic?: Pick<TopicRow, 'settings'>): Leaving {
  const parts = [topic?.settings, brand.settings].map(readLeaving)
  return {
    policy: parts.flatMap(({ policy }) => policy ?? [])[0] ?? 'immediate',
    alternatives: parts.find(({ alternatives }) => alternatives !== undefined)?.alternatives ?? ownAlternatives,
  }
}

/** Stored settings were checked where they entered; one that a newer version wrote counts as none. */
function readLeaving(settings: Readonly<Record<string, unknown>> | undefined): LeavingSettings {
  const read = leavingSettingsSchema.safeParse(settings?.leaving ?? {})
  return read.success ? read.data : {}
}

/** Names an alternative in a form, on the timeline and in the counts: `pause:30`, `less:1/month`, `other_channel:sms`. */
export function alternativeId(alternative: Alternative): string {
  switch (alternative.kind) {
    case 'pause':
      return `pause:${alternative.days}`
    case 'less':
      return `less:${alternative.max}/${alternative.per}`
    case 'digest':
      return alternative.topic === undefined ? 'digest' : `digest:${alternative.topic}`
    case 'other_channel':
      return `other_channel:${alternative.channel}`
    case 'pause_until':
    case 'fewer_topics':
    case 'other_address':
      return alternative.kind
    default:
      return assertNever(alternative)
  }
}
