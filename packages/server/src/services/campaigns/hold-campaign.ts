import { evidenceEntry, type Standing, uuidV7 } from '@verzet/core'
import { endCampaignHold, insertCampaignHold } from '../../storage/campaign-holds.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { insertStandings, lockStandings, writeStandings } from '../../storage/standings.ts'
import type { Hub } from '../hub.ts'
import { identifyCampaign } from './campaign-identity.ts'

/*
 *  A campaign that is held has a standing of its own, under a key made of its name: one objection to everything. It goes
 *  into the feed as every other change does, in the same transaction, so that whoever follows the feed refuses the
 *  campaign as soon as they would refuse somebody who has just said no. Released, the standing says nothing again.
 */

export type CampaignName = { readonly brand: string; readonly campaign: string }

export type HoldOutcome =
  /** `changed` is false where it was so already; `isKnown`: a message or a link has carried the name. */
  { readonly kind: 'done'; readonly changed: boolean; readonly isKnown: boolean } | { readonly kind: 'unknown_brand' }

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'random' | 'clock'>

/** Refuses every message of the campaign until it is released; a name that nothing has carried yet is held all the same. */
export async function holdCampaign(hub: Parts, name: CampaignName, actor: string): Promise<HoldOutcome> {
  if (hub.catalog.brand(name.brand) === undefined) return { kind: 'unknown_brand' }
  const isKnown = hub.catalog.hasCampaign(name.brand, name.campaign)
  const changed = await transact(hub.db, async (tx) => {
    const now = hub.clock()
    const id = uuidV7(now, hub.random(10))
    if (!(await insertCampaignHold(tx, { id, ...name, heldBy: actor }, now))) return false
    await prove(tx, hub, name, { act: 'held', hold: id, actor }, now)
    const no = { kind: 'objection' as const, id, scope: {}, at: now }
    await writeStanding(tx, hub, name, { groups: [{ relation: null, items: [no] }] }, now)
    return true
  })
  return { kind: 'done', changed, isKnown }
}

/** What was refused meanwhile does not leave by itself: whoever sent it asks again. */
export async function releaseCampaign(hub: Parts, name: CampaignName, actor: string): Promise<HoldOutcome> {
  if (hub.catalog.brand(name.brand) === undefined) return { kind: 'unknown_brand' }
  const isKnown = hub.catalog.hasCampaign(name.brand, name.campaign)
  const changed = await transact(hub.db, async (tx) => {
    const now = hub.clock()
    const ended = await endCampaignHold(tx, name, actor, now)
    if (ended === undefined) return false
    await prove(tx, hub, name, { act: 'released', hold: ended.id, actor }, now)
    await writeStanding(tx, hub, name, { groups: [] }, now)
    return true
  })
  return { kind: 'done', changed, isKnown }
}

async function prove(
  tx: Transaction,
  hub: Parts,
  { brand, campaign }: CampaignName,
  act: { readonly act: 'held' | 'released'; readonly hold: string; readonly actor: string },
  now: number,
): Promise<void> {
  const entry = evidenceEntry({
    id: uuidV7(now, hub.random(10)),
    subjectKey: identifyCampaign(hub.secrets, brand, campaign).key,
    kind: 'campaign_hold',
    recordedAt: now,
    details: { ...act, brand, campaign },
  })
  await appendEvidence(tx, [entry])
}

/** Last of all, as its counters ask for. */
async function writeStanding(
  tx: Transaction,
  hub: Parts,
  { brand, campaign }: CampaignName,
  record: Standing,
  now: number,
): Promise<void> {
  const { key, fingerprint } = identifyCampaign(hub.secrets, brand, campaign)
  await insertStandings(tx, [{ contactKey: key, type: 'campaign', fingerprint }])
  await lockStandings(tx, [key])
  await writeStandings(tx, [{ contactKey: key, record, fingerprint }], now)
}
