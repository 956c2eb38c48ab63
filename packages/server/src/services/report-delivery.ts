import { type Channel, type ContactPointType, channelsServedBy, deliveryBlockOn } from '@verzet/core'
import { transact } from '../storage/database.ts'
import type { DeliveryOutcome } from '../storage/delivery-facts.ts'
import { findStandings } from '../storage/standings.ts'
import { countryFor } from './country-for.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint } from './key-contact-point.ts'
import { hasFailed, noteDeliveryFacts } from './note-delivery-facts.ts'
import type { SubmissionFault } from './submit-choice.ts'

export const deliveryKinds = ['hard_bounce', 'soft_bounce', 'delivered', 'dead_number'] as const
export type DeliveryKind = (typeof deliveryKinds)[number]

/** As long as any name of a system or platform. */
const systemName = /^[a-z0-9][a-z0-9._-]{0,63}$/

const outcomes: Record<DeliveryKind, DeliveryOutcome> = {
  hard_bounce: 'hard',
  soft_bounce: 'soft',
  delivered: 'delivered',
  dead_number: 'dead',
}

/** What a sending platform or an operator reports of one address. */
export type ReportedDelivery = {
  readonly contactPoint: { readonly type: ContactPointType; readonly value: string }
  readonly channel: Channel
  readonly kind: DeliveryKind
  /** When it happened; undefined means now. */
  readonly at?: number
  /** The name of a system; it goes into the evidence, so nobody's words. */
  readonly source?: string
  /** The message it is about. */
  readonly message?: { readonly brand: string; readonly campaign?: string }
}

export type ReportOutcome =
  | {
      readonly kind: 'noted'
      /** The gate now answers differently. */
      readonly changed: boolean
      readonly deliverable: boolean
      /** Until when not; undefined with `deliverable: false` means until it proves alive. */
      readonly until?: number
    }
  | { readonly kind: 'refused'; readonly faults: readonly SubmissionFault[] }

/**
 * Takes a delivery report from a system that holds an API key, or from an operator. A delivery of an address that never
 * failed says nothing new and is not kept: a platform may report every message.
 */
export async function reportDelivery(
  hub: Pick<Hub, 'db' | 'catalog' | 'secrets' | 'random'>,
  report: ReportedDelivery,
  now: number,
  actor: string,
): Promise<ReportOutcome> {
  const { contactPoint, channel, kind, source, message } = report
  const named = keyContactPoint(hub.secrets, contactPoint, countryFor(hub.catalog))
  if (named.kind !== 'ok') {
    return { kind: 'refused', faults: [{ path: ['contactPoint', 'value'], code: named.reason, hint: named.hint }] }
  }
  const faults = reportFaults(report)
  if (faults.length > 0) return { kind: 'refused', faults }
  const { key, fingerprint, contactPoint: known } = named.keyed
  const isNews = kind !== 'delivered' || (await hasFailed(hub.db, key, channel, now))
  const changed =
    isNews &&
    (await transact(hub.db, (tx) =>
      noteDeliveryFacts(
        tx,
        hub.random,
        [
          {
            subject: { key, type: known.type, value: known.normalised, fingerprint },
            channel,
            outcome: outcomes[kind],
            // A clock ahead of ours must not outlast a later sign of life.
            at: Math.min(report.at ?? now, now),
            ...(source !== undefined && { source }),
            isVerified: true,
            ...(message !== undefined && { message }),
          },
        ],
        now,
        { actor },
      ),
    ))
  const record = (await findStandings(hub.db, [key])).get(key)?.record ?? { groups: [] }
  const block = deliveryBlockOn(record, channel, now)
  return {
    kind: 'noted',
    changed,
    deliverable: block === undefined,
    ...(block?.until !== undefined && { until: block.until }),
  }
}

function reportFaults({ contactPoint, channel, kind, source }: ReportedDelivery): SubmissionFault[] {
  if (source !== undefined && !systemName.test(source)) {
    const hint = 'Name the system in small letters, digits, dots and hyphens: it is kept for good.'
    return [{ path: ['source'], code: 'no_system_name', hint }]
  }
  const served = contactPoint.type === 'customer' ? [] : channelsServedBy(contactPoint.type)
  if (contactPoint.type === 'customer') {
    const hint = 'A customer number is no address: name the address or number that was written to.'
    return [{ path: ['contactPoint', 'type'], code: 'no_address', hint }]
  }
  if (!served.includes(channel)) {
    const hint = `Such a contact point is reached by ${served.join(', ')}.`
    return [{ path: ['channel'], code: 'channel_mismatch', hint }]
  }
  if (kind === 'dead_number' && contactPoint.type !== 'phone') {
    return [{ path: ['kind'], code: 'no_number', hint: 'Only a phone number can be a dead number; use hard_bounce.' }]
  }
  return []
}
