import { type CampaignHoldRow, listCampaignHolds, listOpenCampaignHolds } from '../../storage/campaign-holds.ts'
import {
  type CampaignCountRow,
  type CampaignDayRow,
  type CampaignRef,
  countCampaignSignals,
  countCampaigns,
  listCampaignDays,
  listRecentCampaigns,
} from '../../storage/campaigns.ts'
import type { Queryable } from '../../storage/database.ts'
import type { Catalog } from '../catalog.ts'

/** A page that somebody still reads; the older ones are found by their name. */
export const campaignsShownMax = 50
const daysShownMax = 31
const holdsShownMax = 20

/** How complaints stand against what mailbox providers ask of who sends much. */
export type ComplaintLevel = 'too_few_sends' | 'good' | 'too_many' | 'refused'

/**
 * Gmail and Yahoo want complaints below 0.1 % and never at 0.3 % ("Email sender guidelines", from February 2024):
 * whoever is above that is not helped and, in time, not delivered. Per thousand mails.
 */
export const complaintsWantedBelow = 1
export const complaintsRefusedFrom = 3
/** With fewer mails a single complaint would be above the limit, which says nothing about the campaign. */
export const mailsToJudgeMin = 1_000

export type Campaign = CampaignCountRow & {
  readonly sends: number
  /** Set while the campaign is held. */
  readonly hold?: CampaignHoldRow
  readonly complaints: ComplaintLevel
}

export type CampaignPage = {
  readonly campaign: Campaign
  readonly days: readonly CampaignDayRow[]
  readonly signals: readonly { readonly signal: string; readonly people: number }[]
  /** The latest first, the one in force included. */
  readonly holds: readonly CampaignHoldRow[]
}

export type CampaignFilter = { readonly brand?: string; readonly named?: string }

/** What is held comes first, then what was seen last. */
export async function listCampaigns(db: Queryable, filter: CampaignFilter): Promise<Campaign[]> {
  const [holds, recent] = await Promise.all([
    listOpenCampaignHolds(db),
    listRecentCampaigns(db, { ...filter, limit: campaignsShownMax }),
  ])
  const named = filter.named?.toLowerCase() ?? ''
  const held = holds.filter(
    ({ brand, campaign }) => (filter.brand ?? brand) === brand && campaign.toLowerCase().includes(named),
  )
  const names = new Map<string, CampaignRef>(
    [...held, ...recent].map(({ brand, campaign }) => [nameOf({ brand, campaign }), { brand, campaign }]),
  )
  const holdOf = new Map(holds.map((hold) => [nameOf(hold), hold]))
  const rows = await countCampaigns(db, [...names.values()])
  return rows.map((row) => campaignOf(row, holdOf.get(nameOf(row))))
}

/** Undefined where no message, no link, no report and no hold has ever carried the name. */
export async function readCampaign(
  db: Queryable,
  catalog: Catalog,
  name: CampaignRef,
  timeZone: string,
): Promise<CampaignPage | undefined> {
  const [[row], days, signals, holds] = await Promise.all([
    countCampaigns(db, [name]),
    listCampaignDays(db, name, timeZone, daysShownMax),
    countCampaignSignals(db, name),
    listCampaignHolds(db, name, holdsShownMax),
  ])
  const isKnown = catalog.hasCampaign(name.brand, name.campaign) || holds.length > 0 || days.length > 0
  if (row === undefined || !isKnown) return undefined
  const hold = holds.find(({ releasedAt }) => releasedAt === null)
  return { campaign: campaignOf(row, hold), days, signals, holds }
}

/** Per thousand messages; undefined where none is known to have left. */
export function perThousand(count: number, sends: number): number | undefined {
  return sends === 0 ? undefined : (count * 1_000) / sends
}

export function complaintLevel({ complained, mails }: Pick<CampaignCountRow, 'complained' | 'mails'>): ComplaintLevel {
  const rate = perThousand(complained, mails)
  if (rate === undefined || mails < mailsToJudgeMin) return 'too_few_sends'
  if (rate < complaintsWantedBelow) return 'good'
  return rate < complaintsRefusedFrom ? 'too_many' : 'refused'
}

function campaignOf(row: CampaignCountRow, hold: CampaignHoldRow | undefined): Campaign {
  const sends = row.relayed + row.claimed + row.reported
  return { ...row, sends, complaints: complaintLevel(row), ...(hold && { hold }) }
}

function nameOf({ brand, campaign }: CampaignRef): string {
  return `${brand}/${campaign}`
}
