import {
  blockDelivery,
  type Channel,
  type DeliveryBlock,
  evidenceEntry,
  type JsonValue,
  liftDeliveryBlocks,
  uuidV7,
} from '@verzet/core'
import type { Queryable, Transaction } from '../storage/database.ts'
import { type DeliveryOutcome, insertDeliveryFacts, readDeliveryHistory } from '../storage/delivery-facts.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { findStandings } from '../storage/standings.ts'
import { amendStandings, type StandingSubject } from './amend-standings.ts'
import type { RandomBytes } from './ports.ts'

/**
 * A full mailbox or a time-out passes by itself, and a server gives up on one message only after four or five days
 * (RFC 5321 §4.5.4.1): five such messages without a single arrival are weeks of nobody reading.
 */
export const softBouncesMax = 5
/** Five failures spread over more than a month are the ordinary trouble of any address. */
export const softBounceWindowMs = 30 * 86_400_000
/** Then it is tried again: a mailbox that was emptied after a holiday works again. */
export const softBlockMs = 14 * 86_400_000

/** How words come that only somebody who reads messages there can say; an API call or a phone call shows nothing. */
export const aliveSignals = [
  'one_click',
  'page',
  'mailto',
  'reply',
  'confirmation',
  'complaint',
  'review',
  'text',
  'sign_up',
] as const

export type DeliveryReport = {
  readonly subject: StandingSubject
  readonly channel: Channel
  readonly outcome: DeliveryOutcome
  /** When it happened, ms since 1970. */
  readonly at: number
  /** Enhanced status code (RFC 3463). */
  readonly status?: string
  /** The server's words, without addresses. */
  readonly diagnostic?: string
  /** Which system says so. */
  readonly source?: string
  /** False where anybody may have written it: it is then kept, and blocks nothing. */
  readonly isVerified: boolean
  /** The message it is about, where the report says which it was. */
  readonly message?: { readonly brand: string; readonly campaign?: string }
}

/**
 * Keeps delivery facts with their evidence, and what follows for the gate: `hard` and `dead` block until the address
 * proves alive, `soft` only after several in a row and for a time, `delivered` ends a block, `delayed` changes nothing.
 * None of them touches what was said. What happened before the last sign of life changes nothing either, so reports may
 * come late and out of order; but for one case: where nothing had failed yet, a delivery is not kept by the callers that
 * hear of each one (`hasFailed`), and a bounce from before it that is heard only later then blocks until the next sign
 * of life. True when the gate now answers differently.
 */
export async function noteDeliveryFacts(
  tx: Transaction,
  random: RandomBytes,
  reports: readonly DeliveryReport[],
  now: number,
  proof: Readonly<Record<string, JsonValue>>,
): Promise<boolean> {
  if (reports.length === 0) return false
  const rows = reports.map((report) => rowOf(report, random, now))
  await insertDeliveryFacts(tx, rows)
  const entries = rows.map(({ contactKey, channel, outcome, status, isVerified, source }) =>
    evidenceEntry({
      id: uuidV7(now, random(10)),
      subjectKey: contactKey,
      kind: 'delivery_fact',
      recordedAt: now,
      details: { channel, outcome, status, isVerified, source, ...proof },
    }),
  )
  await appendEvidence(tx, entries)
  const believed = reports.filter((report) => report.isVerified && report.outcome !== 'delayed')
  return amendStandings(
    tx,
    believed.map((report) => report.subject),
    async (standing, subject) => {
      let record = standing
      for (const report of believed.filter((one) => one.subject.key === subject.key)) {
        if (report.outcome === 'delivered') record = liftDeliveryBlocks(record, report.channel, report.at + 1)
        const block = await blockBy(tx, report, now)
        if (block !== undefined) record = blockDelivery(record, block)
      }
      return record
    },
    now,
  )
}

/** Whether anything holds or counts against an address on a channel; where nothing does, a delivery says nothing new. */
export async function hasFailed(db: Queryable, contactKey: string, channel: Channel, now: number): Promise<boolean> {
  const record = (await findStandings(db, [contactKey])).get(contactKey)?.record
  if (record?.undeliverable !== undefined) return true
  const since = now - softBounceWindowMs
  return (await readDeliveryHistory(db, { contactKey, channel }, aliveSignals, since)).softBounces > 0
}

/** What a report of failure means for the gate, read under the lock that a sign of life takes too. */
async function blockBy(tx: Transaction, report: DeliveryReport, now: number): Promise<DeliveryBlock | undefined> {
  if (report.outcome === 'delivered') return undefined
  const about = { contactKey: report.subject.key, channel: report.channel }
  const { aliveAt, softBounces } = await readDeliveryHistory(tx, about, aliveSignals, now - softBounceWindowMs)
  if (aliveAt !== null && aliveAt >= report.at) return undefined
  if (report.outcome === 'dead') return { at: report.at }
  if (report.outcome === 'hard') return { channel: report.channel, at: report.at }
  const until = report.at + softBlockMs
  return softBounces >= softBouncesMax && until > now ? { channel: report.channel, at: report.at, until } : undefined
}

function rowOf(report: DeliveryReport, random: RandomBytes, now: number) {
  return {
    contactKey: report.subject.key,
    id: uuidV7(now, random(10)),
    channel: report.channel,
    outcome: report.outcome,
    status: report.status ?? null,
    diagnostic: report.diagnostic ?? null,
    source: report.source ?? null,
    isVerified: report.isVerified,
    heardAt: new Date(report.at),
    brand: report.message?.brand ?? null,
    campaign: report.message?.campaign ?? null,
  }
}
