import { type Channel, type ContactPointType, channelsServedBy } from '@verzet/core'
import { findContactPoints } from '../../storage/contact-points.ts'
import { transact } from '../../storage/database.ts'
import { findRelations } from '../../storage/relations.ts'
import { tiesOfRelations } from '../../storage/ties.ts'
import type { Hub } from '../hub.ts'
import { keyContactPoint } from '../key-contact-point.ts'
import type { OpenedLink } from '../open-link.ts'
import type { KeyedContactPoint } from '../ports.ts'
import { saveRelation } from '../save-relation.ts'
import type { TokenOutcome } from './verify-portal-token.ts'

export type VerifiedToken = Extract<TokenOutcome, { kind: 'verified' }>

/** What the page at the portal is about, where it is about one thing: it decides what "stop only this" means. */
export type AboutAtPortal = { readonly topic?: string; readonly channel?: Channel }

/**
 * What a portal says of somebody, as the link that the acts of the personal page take. A customer is spoken of as a
 * person: neither what others say through an address they share, nor who those others are, is seen. Undefined for a brand that is gone
 * and for a subject that cannot be read. Writes nothing.
 */
export async function openPortalIdentity(
  hub: Hub,
  { portal, subject, proof }: VerifiedToken,
  about: AboutAtPortal,
): Promise<OpenedLink | undefined> {
  const brand = hub.catalog.brand(portal.brand)
  const named = keyContactPoint(hub.secrets, subject, brand?.country)
  if (brand === undefined || named.kind !== 'ok') return undefined
  const { key, fingerprint, contactPoint } = named.keyed
  const reach = await readReach(hub, named.keyed)
  const topic = about.topic === undefined ? undefined : hub.catalog.topic(brand.id, about.topic)
  return {
    claims: {
      contactPointKey: key,
      brandNumber: brand.number,
      topicNumber: topic?.number ?? 0,
      campaignNumber: 0,
      channel: about.channel ?? reach.channel,
      offered: [],
      // No message was sent: the same person is the same link, whichever token they come with.
      mintedAt: 0,
    },
    brand,
    ...(topic && { topic }),
    portal: {
      proof,
      subject: { type: contactPoint.type, value: contactPoint.normalised, fingerprint },
      ...(reach.mailbox && { mailbox: reach.mailbox }),
    },
  }
}

/** Before somebody acts whom the hub does not know: they are kept, and what they say holds for them (rule 7). */
export async function introduceFromPortal(hub: Hub, { claims, portal }: OpenedLink): Promise<void> {
  if (portal?.subject.type !== 'customer') return
  const { value, fingerprint } = portal.subject
  const key = claims.contactPointKey
  const known = (await findRelations(hub.db, [key])).get(key)
  if (known !== undefined && known.erasedAt === null) return
  const relation = { key, externalId: value, fingerprint }
  await transact(hub.db, (tx) => saveRelation(tx, hub.random, relation, hub.clock(), `portal:${portal.proof.portal}`))
}

type Reach = { readonly channel: Channel; readonly mailbox?: string }

/** The oldest address comes first: what a person has had longest is most surely theirs. */
async function readReach(hub: Hub, { key, contactPoint }: KeyedContactPoint): Promise<Reach> {
  if (contactPoint.type !== 'customer') return reachOf([{ key, type: contactPoint.type }])
  const ties = (await tiesOfRelations(hub.db, [key])).filter((tie) => tie.endedAt === null)
  const keys = ties.toSorted((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime()).map((tie) => tie.contactKey)
  const points = await findContactPoints(hub.db, keys)
  return reachOf(
    keys.flatMap((contactKey) => {
      const point = points.get(contactKey)
      return point === undefined || point.value === null ? [] : [{ key: contactKey, type: point.type }]
    }),
  )
}

function reachOf(points: readonly { readonly key: string; readonly type: ContactPointType }[]): Reach {
  const mailbox = points.find(({ type }) => type === 'email')
  if (mailbox !== undefined) return { channel: 'email', mailbox: mailbox.key }
  return { channel: points.flatMap(({ type }) => channelsServedBy(type))[0] ?? 'email' }
}
