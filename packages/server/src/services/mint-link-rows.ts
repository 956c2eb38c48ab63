import type { Channel, Decision, Offer } from '@verzet/core'
import type { BrandRow, TopicRow } from '../storage/catalog.ts'
import { askGate } from './ask-gate.ts'
import type { Hub } from './hub.ts'
import { type MintedLinks, mintLinks } from './mint-links.ts'
import type { KeyedContactPoint } from './ports.ts'

/** What all messages of one mailing share. */
export type Mailing = {
  readonly brand: BrandRow
  readonly topic: TopicRow
  readonly campaignNumber: number
  readonly channel: Channel
  /** What the message offers in its own body (rule 3). */
  readonly offered: readonly Offer[]
}

export type LinkRow = { readonly decision: Decision; readonly links?: MintedLinks }

/**
 * Asks the gate about each and makes the links of those that may be sent to, or of all with `withRefused`: a refused one
 * is then marked, not left out, and a way out does no harm.
 */
export async function mintLinkRows(
  hub: Hub,
  mailing: Mailing,
  recipients: readonly KeyedContactPoint[],
  options: { withRefused: boolean },
): Promise<LinkRow[]> {
  const now = hub.clock()
  const { brand, topic, channel } = mailing
  const campaign = hub.catalog.campaignByNumber(mailing.campaignNumber)?.id
  const questions = recipients.map(({ contactPoint }) => ({
    contactPoint: { type: contactPoint.type, value: contactPoint.normalised },
    brand: brand.id,
    channel,
    topic: topic.id,
    ...(campaign !== undefined && { campaign }),
  }))
  const decisions = await askGate(hub.db, hub.catalog, hub.secrets, questions, now)
  const wanted = recipients.filter((_, index) => options.withRefused || decisions[index]?.decision === 'allow')
  const { db, linkRing, random, place } = hub
  const links = wanted.map((keyed) => ({ ...mailing, keyed }))
  const minted = links.length === 0 ? [] : await mintLinks(db, linkRing, random, place, links, now)
  const byKey = new Map(wanted.map((keyed, index) => [keyed, minted[index]]))
  return recipients.map((keyed, index) => {
    const found = byKey.get(keyed)
    const decision = decisions[index]
    if (decision === undefined) throw new Error('the gate left a question unanswered')
    return { decision, ...(found && { links: found }) }
  })
}
