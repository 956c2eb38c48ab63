import type { Channel, Scope } from '@verzet/core'
import type { Catalog } from '../../../../services/catalog.ts'
import type { ReviewItemRow } from '../../../../storage/review-items.ts'

type Names = Pick<Catalog, 'brands' | 'topics'>

/**
 * What a no may be about that is less than everything: the channel it came by, each brand, and what each brand sends. The
 * brand that was answered comes first.
 */
export function narrowScopes(catalog: Names, { brand, source }: Pick<ReviewItemRow, 'brand' | 'source'>): Scope[] {
  const channel: Channel | undefined = source === 'portal' ? undefined : source
  const brands = catalog
    .brands()
    .map(({ id }) => id)
    .toSorted((one, other) => Number(other === brand) - Number(one === brand))
  return [
    ...(channel === undefined ? [] : [{ channel }]),
    ...brands.flatMap((id): Scope[] => [
      { brand: id },
      ...(channel === undefined ? [] : [{ brand: id, channel }]),
      ...catalog.topics(id).flatMap((topic) => (topic.purpose === 'marketing' ? [{ brand: id, topic: topic.id }] : [])),
    ]),
  ]
}

export function writeScope({ brand, channel, topic }: Scope): string {
  return [brand ?? '', channel ?? '', topic ?? ''].join(' ')
}

/** Only what the form offered: undefined for everything else. */
export function readScope(catalog: Names, row: Pick<ReviewItemRow, 'brand' | 'source'>, given: string | undefined) {
  return narrowScopes(catalog, row).find((scope) => writeScope(scope) === given)
}
