import { mintLinks } from '../../src/services/mint-links.ts'
import type { TestHub } from '../hub.ts'
import { email, keyed, type Point, saveTestRelation } from '../people.ts'

let number = 0

/** Somebody who gets the news of Acme as its customer. */
export async function newReader(hub: TestHub, domain: string, name = `reader${number}`): Promise<Point> {
  number += 1
  const reader = email(`${name}@${domain}`)
  await saveTestRelation(hub, `K-${number}`, [reader], { customerSince: '2024-01-01' })
  return reader
}

/** The ways out of a message to them, as they are minted for campaigns. */
export async function waysOutOf(hub: TestHub, reader: Point) {
  const [brand, topic] = [hub.catalog.brand('acme'), hub.catalog.topic('acme', 'news')]
  if (brand === undefined || topic === undefined) throw new Error('the catalog is empty')
  const link = { keyed: keyed(hub, reader), brand, topic, campaignNumber: 0, channel: 'email', offered: [] } as const
  const [minted] = await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, [link], hub.clock())
  const address = /^mailto:([^?]+)/.exec(minted?.mailto ?? '')?.[1]
  if (minted === undefined || address === undefined) throw new Error('no link was minted')
  return { address, listUnsubscribe: minted.headers['List-Unsubscribe'] ?? '' }
}
