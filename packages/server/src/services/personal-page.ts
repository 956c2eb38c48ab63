import { linkPathToken, type SealRing, sealLink } from '@verzet/core'
import type { BrandRow } from '../storage/catalog.ts'
import type { Catalog } from './catalog.ts'
import type { MailOrigin } from './confirmation-details.ts'
import type { PublicPlace } from './mint-links.ts'

export type PageParts = { readonly catalog: Catalog; readonly linkRing: SealRing; readonly place: PublicPlace }

/**
 * A fresh link to somebody's own page, with what brought them there. Nothing was offered with it, so a bare no through
 * it means everything (rule 3). The same arguments give the same link: a mail sent twice carries one.
 */
export async function personalPage(
  parts: PageParts,
  contactPointKey: string,
  brand: BrandRow,
  origin: MailOrigin,
  mintedAt: number,
): Promise<string> {
  const isOfBrand = origin.brand === brand.id
  const topic = isOfBrand && origin.topic !== undefined ? parts.catalog.topic(brand.id, origin.topic) : undefined
  const campaign =
    isOfBrand && origin.campaign !== undefined
      ? await parts.catalog.campaign(brand.id, origin.campaign, mintedAt)
      : undefined
  const sealed = sealLink(parts.linkRing, {
    contactPointKey,
    brandNumber: brand.number,
    topicNumber: topic?.number ?? 0,
    campaignNumber: campaign?.number ?? 0,
    channel: origin.channel ?? 'email',
    offered: [],
    mintedAt,
  })
  return `${parts.place.url}/u/${linkPathToken(sealed)}`
}

/** The brand of the message that brought the person; any brand of the controller where that is not known. */
export function brandOf(catalog: Catalog, ...candidates: readonly (string | undefined)[]): BrandRow | undefined {
  for (const id of candidates) {
    const brand = id === undefined ? undefined : catalog.brand(id)
    if (brand !== undefined) return brand
  }
  return catalog.brands()[0]
}
