import { type CampaignHoldRow, listOpenCampaignHolds } from '../../storage/campaign-holds.ts'
import { listOpenLiftProposals } from '../../storage/lift-proposals.ts'
import { countOpenReviewItems, type ReviewCounts } from '../../storage/review-items.ts'
import {
  countLateMessages,
  countNoesSince,
  countOpenAlerts,
  type LatestNoRow,
  listLatestNoes,
  type NoCountRow,
  type OwedMessages,
  readLastChangeAt,
} from '../../storage/today.ts'
import { type Campaign, listCampaigns } from '../campaigns/read-campaigns.ts'
import { type Connection, type OutsideSettings, readConnections } from '../channels/read-connections.ts'
import type { Hub } from '../hub.ts'
import { type RegisterState, readRegisters } from '../registers/read-registers.ts'

/** What came in, what waits and what is wrong, without naming anybody. */
export type Today = {
  readonly at: number
  readonly noes: readonly NoCountRow[]
  readonly latest: readonly LatestNoRow[]
  readonly waiting: {
    readonly review: ReviewCounts
    /** Consents that wait for a second pair of eyes. */
    readonly proposals: number
    readonly owed: OwedMessages
  }
  readonly warnings: {
    readonly alerts: readonly { readonly kind: string; readonly open: number }[]
    /** Lists that have to be consulted and cannot be relied on. */
    readonly registers: readonly RegisterState[]
    /** With more complaints than mailbox providers want. */
    readonly campaigns: readonly Campaign[]
    readonly held: readonly CampaignHoldRow[]
    readonly connections: readonly Connection[]
  }
  readonly health: {
    /** How long the database took for the smallest question. */
    readonly databaseMs: number
    /** When the feed last moved; null while nothing ever changed. */
    readonly changedAt: number | null
    /** Entries of the gate's memory in this process; undefined where it holds none, or is still loading. */
    readonly gateEntries?: number
  }
}

const latestShownMax = 10
const proposalsCountedMax = 200
/** A mail that has to be tried twice is away within minutes; what waits for longer needs somebody. */
const lateAfterMs = 15 * 60_000
/** However many look at the page, the day is read once a second, and what moves slowly a few times a minute. */
const freshForMs = 1_000
const slowFreshForMs = 15_000

type Parts = Pick<Hub, 'db' | 'catalog' | 'secrets' | 'clock' | 'gateMemory'>
type Slow = Pick<Today['warnings'], 'campaigns' | 'registers' | 'connections'>
type Kept<Value> = { readonly since: number; readonly readAtMs: number; readonly value: Promise<Value> }

const kept = new WeakMap<Hub['db'], { today?: Kept<Today>; slow?: Kept<Slow> }>()

/** @param since when the day began where the organisation lives */
export function readToday(hub: Parts, since: number, outside?: OutsideSettings): Promise<Today> {
  const own = kept.get(hub.db) ?? {}
  kept.set(hub.db, own)
  own.today = fresh(own.today, since, freshForMs, () => read(hub, since, outside))
  return own.today.value
}

async function read(hub: Parts, since: number, outside: OutsideSettings | undefined): Promise<Today> {
  const { db, gateMemory } = hub
  const at = hub.clock()
  const askedAtMs = performance.now()
  const changedAt = await readLastChangeAt(db)
  const databaseMs = performance.now() - askedAtMs
  const [noes, latest, review, proposals, owed, alerts, held, slow] = await Promise.all([
    countNoesSince(db, since),
    listLatestNoes(db, since, latestShownMax),
    countOpenReviewItems(db, at),
    listOpenLiftProposals(db, at, proposalsCountedMax),
    countLateMessages(db, at - lateAfterMs),
    countOpenAlerts(db),
    listOpenCampaignHolds(db),
    readSlowly(hub, outside),
  ])
  return {
    at,
    noes,
    latest,
    waiting: { review, proposals: proposals.length, owed },
    warnings: { alerts, held, ...slow },
    health: {
      databaseMs,
      changedAt: changedAt?.getTime() ?? null,
      ...(gateMemory?.isLoaded && { gateEntries: gateMemory.metrics().entries }),
    },
  }
}

/** Counting the messages of fifty campaigns and opening every account is no work for every second. */
function readSlowly(hub: Parts, outside: OutsideSettings | undefined): Promise<Slow> {
  const { db, catalog, clock } = hub
  const own = kept.get(db) ?? {}
  own.slow = fresh(own.slow, 0, slowFreshForMs, async () => {
    const [campaigns, registers, connections] = await Promise.all([
      listCampaigns(db, {}),
      readRegisters(db, catalog, clock()),
      readConnections(hub, outside),
    ])
    return {
      campaigns: campaigns.filter(({ complaints }) => complaints === 'too_many' || complaints === 'refused'),
      registers: registers.filter(({ isConsulted, state }) => isConsulted && state !== 'fresh'),
      connections: connections.filter(({ health }) => health === 'failing'),
    }
  })
  return own.slow.value
}

/** Read again when it is too old, and for another day. */
function fresh<Value>(
  known: Kept<Value> | undefined,
  since: number,
  keptMs: number,
  readNow: () => Promise<Value>,
): Kept<Value> {
  const now = performance.now()
  if (known !== undefined && known.since === since && now - known.readAtMs < keptMs) return known
  return { since, readAtMs: now, value: readNow() }
}
