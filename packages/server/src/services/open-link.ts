import {
  type Channel,
  type ContactPointType,
  type LinkClaims,
  linkFromMail,
  linkFromPath,
  openLink,
  type SealRing,
} from '@verzet/core'
import type { BrandRow, CampaignRow, TopicRow } from '../storage/catalog.ts'
import type { Catalog } from './catalog.ts'
import type { PortalIdentity } from './portal/portal-identity.ts'

/** A verified link with its names resolved. A topic or campaign that was removed since leaves the link valid. */
export type OpenedLink = {
  readonly claims: LinkClaims
  readonly brand: BrandRow
  readonly topic?: TopicRow
  readonly campaign?: CampaignRow
  /** Set where no link but a portal of the customer says who it is; the claims are then made for the occasion. */
  readonly portal?: PortalIdentity
}

/** Undefined for anything this hub did not make; takes the same time for all of them. */
export function openPathLink(ring: SealRing, catalog: Catalog, token: string): OpenedLink | undefined {
  const sealed = linkFromPath(token)
  return sealed && openSealedLink(ring, catalog, sealed)
}

export function openMailLink(ring: SealRing, catalog: Catalog, localPart: string): OpenedLink | undefined {
  const sealed = linkFromMail(localPart)
  return sealed && openSealedLink(ring, catalog, sealed)
}

export function openSealedLink(ring: SealRing, catalog: Catalog, sealed: Uint8Array): OpenedLink | undefined {
  const claims = openLink(ring, sealed)
  const brand = claims && catalog.brandByNumber(claims.brandNumber)
  if (claims === undefined || brand === undefined) return undefined
  const topic = catalog.topicByNumber(brand.id, claims.topicNumber)
  const campaign = catalog.campaignByNumber(claims.campaignNumber)
  return { claims, brand, ...(topic && { topic }), ...(campaign && { campaign }) }
}

/** What a link's holder was written to at, where the hub lost sight of the contact point itself. */
export function typeOfChannel(channel: Channel): ContactPointType {
  return channel === 'email' || channel === 'post' || channel === 'push' ? channel : 'phone'
}
