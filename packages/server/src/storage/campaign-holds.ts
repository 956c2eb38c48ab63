import type { Queryable, Transaction } from './database.ts'

/** One time that a campaign was held. */
export type CampaignHoldRow = {
  readonly id: string
  readonly brand: string
  readonly campaign: string
  readonly heldAt: Date
  readonly heldBy: string
  readonly releasedAt: Date | null
  readonly releasedBy: string | null
}

const columns = `id, brand, campaign, held_at as "heldAt", held_by as "heldBy", released_at as "releasedAt",
  released_by as "releasedBy"`

/** False where the campaign was held already; two who hold it at once wait for each other here. */
export async function insertCampaignHold(
  tx: Transaction,
  hold: Pick<CampaignHoldRow, 'id' | 'brand' | 'campaign' | 'heldBy'>,
  now: number,
): Promise<boolean> {
  const text = `insert into campaign_holds (id, brand, campaign, held_at, held_by) values ($1, $2, $3, $4, $5)
    on conflict (brand, campaign) where released_at is null do nothing`
  const { id, brand, campaign, heldBy } = hold
  return (await tx.execute(text, [id, brand, campaign, new Date(now), heldBy])) === 1
}

/** The hold that ended by it; undefined where the campaign was not held. */
export async function endCampaignHold(
  tx: Transaction,
  about: { readonly brand: string; readonly campaign: string },
  by: string,
  now: number,
): Promise<CampaignHoldRow | undefined> {
  const text = `update campaign_holds set released_at = $3, released_by = $4
    where brand = $1 and campaign = $2 and released_at is null returning ${columns}`
  return (await tx.query<CampaignHoldRow>(text, [about.brand, about.campaign, new Date(now), by]))[0]
}

/** The holds that are in force, the latest first. */
export async function listOpenCampaignHolds(db: Queryable): Promise<CampaignHoldRow[]> {
  return db.query<CampaignHoldRow>(
    `select ${columns} from campaign_holds where released_at is null order by held_at desc, id desc`,
  )
}

/** Every time a campaign was held, the latest first. */
export async function listCampaignHolds(
  db: Queryable,
  about: { readonly brand: string; readonly campaign: string },
  limit: number,
): Promise<CampaignHoldRow[]> {
  const text = `select ${columns} from campaign_holds where brand = $1 and campaign = $2
    order by held_at desc, id desc limit $3`
  return db.query<CampaignHoldRow>(text, [about.brand, about.campaign, limit])
}
