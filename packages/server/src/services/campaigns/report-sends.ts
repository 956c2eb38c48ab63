import { type ReportedSends, writeCampaignSends } from '../../storage/campaigns.ts'
import { transact } from '../../storage/database.ts'
import type { Hub } from '../hub.ts'

export type ReportSendsOutcome =
  | { readonly kind: 'kept' }
  | { readonly kind: 'unknown_brand' }
  /** A day that has not begun anywhere on earth. */
  | { readonly kind: 'in_the_future' }

/** The first day of all begins 14 hours before that of UTC. */
const earliestZoneMs = 14 * 3_600_000

/**
 * Keeps how many messages of a campaign left by a system that asks neither the gate nor the relay: without it no rate per
 * thousand could be told. Reporting the same day, channel and system again replaces the number.
 */
export async function reportSends(
  hub: Pick<Hub, 'db' | 'catalog' | 'clock'>,
  report: ReportedSends,
): Promise<ReportSendsOutcome> {
  const { db, catalog } = hub
  const now = hub.clock()
  if (catalog.brand(report.brand) === undefined) return { kind: 'unknown_brand' }
  if (Date.parse(report.sentOn) > now + earliestZoneMs) return { kind: 'in_the_future' }
  await catalog.campaign(report.brand, report.campaign, now)
  await transact(db, (tx) => writeCampaignSends(tx, [report], now))
  return { kind: 'kept' }
}
