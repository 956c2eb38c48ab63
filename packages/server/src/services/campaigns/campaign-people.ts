import { type CampaignPeople, listCampaignPeople } from '../../storage/campaign-people.ts'
import type { Queryable } from '../../storage/database.ts'
import { behindMax, maskBehind, type PersonBehind } from '../insight/people-behind.ts'

/** Who is behind a number of a campaign, each once but for messages, the latest first; masked, as everywhere they are listed. */
export async function readCampaignPeople(db: Queryable, wanted: CampaignPeople): Promise<PersonBehind[]> {
  return (await listCampaignPeople(db, wanted, behindMax)).map(maskBehind)
}
