import { hashStateAfter } from '@verzet/gate'
import type { Hub } from './hub.ts'
import { listIdOf } from './mint-links.ts'

/** Campaigns of a brand that travel with the key, some 40 KB; an older one is told when it is named again. */
const campaignsMax = 1_000

/** What makes links without asking the hub. All bytes in base64. */
export type LinkKeyTerms = {
  readonly keyId: number
  readonly macKey: string
  readonly cipherKey: string
  readonly contactPointInner: string
  readonly contactPointOuter: string
  readonly url: string
  readonly mailDomain: string
  readonly brands: {
    readonly id: string
    readonly number: number
    readonly country: string
    readonly topics: { readonly id: string; readonly number: number; readonly listId: string }[]
    readonly campaigns: { readonly id: string; readonly number: number }[]
  }[]
}

/**
 * The keys that seal links for leaving, and no other: neither a link that confirms nor the gate fingerprint can be made of
 * them. Of the pepper they hold what the hash stands at after its key, which makes contact point keys and cannot be
 * turned back into the pepper.
 */
export function linkKeyTerms({ linkRing, secrets, place, catalog }: Hub): LinkKeyTerms {
  const { id, macKey, cipherKey } = linkRing.current
  const { inner, outer } = secrets.hmacBlocks
  return {
    keyId: id,
    macKey: base64(macKey),
    cipherKey: base64(cipherKey),
    contactPointInner: base64(hashStateAfter(inner)),
    contactPointOuter: base64(hashStateAfter(outer)),
    url: place.url,
    mailDomain: place.mailDomain,
    brands: catalog.brands().map((brand) => ({
      id: brand.id,
      number: brand.number,
      country: brand.country,
      topics: catalog
        .topics(brand.id)
        .map((topic) => ({ id: topic.id, number: topic.number, listId: listIdOf(place, brand.id, topic.id) })),
      campaigns: catalog.newestCampaigns(brand.id, campaignsMax).map(({ id, number }) => ({ id, number })),
    })),
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64')
}
