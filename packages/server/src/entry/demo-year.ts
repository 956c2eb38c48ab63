import { uuidV7 } from '@verzet/core'
import type { Hub } from '../services/hub.ts'
import type { ChoiceToRecord } from '../services/record-choices.ts'
import { writeCampaignSends } from '../storage/campaigns.ts'
import { transact } from '../storage/database.ts'
import { moveLeave } from '../storage/leaves.ts'
import { writeRelayedMails } from '../storage/relayed-mails.ts'
import { demoBrand } from './demo-data.ts'
import { actOf, type DemoAct } from './demo-year-choices.ts'
import { addDemoPeople, type Chance, chanceFrom, type DemoPerson } from './demo-year-people.ts'
import { addDemoRooms } from './demo-year-rooms.ts'
import { addDemoToday } from './demo-year-today.ts'
import { type DemoCampaign, demoCampaigns } from './demo-year-words.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const seed = 2_026
/** Of a hundred people who get a message, about one does something about it. */
const actShare = 0.011
/** As many as one transaction of the committer takes at once. */
const choicesAtOnce = 200

/**
 * Fills every room with a year that ends now: people who are written to by e-mail, text, post and phone, and what they
 * say to it, in Dutch and French. The same people do the same things in every run; what happens goes the way of every no,
 * with its evidence and its change in the feed. Done once: where its campaigns are known, nothing is added.
 */
export async function fillDemoYear(hub: Hub, log: (line: string) => void): Promise<void> {
  const { id: brand } = demoBrand
  const campaigns = demoCampaigns()
  const last = campaigns.at(-1)
  if (last === undefined || hub.catalog.hasCampaign(brand, last.id)) return
  const now = hub.clock()
  const chance = chanceFrom(seed)
  log('filling the demo with a year of data')
  const people = await addDemoPeople(hub, chance, now - 370 * dayMs)
  const state = new DemoState()
  for (const campaign of campaigns) {
    // Ten in the morning in Ghent, or in these last hours.
    const sentAt = Math.min(now - 6 * hourMs, Math.floor((now - campaign.daysAgo * dayMs) / dayMs) * dayMs + 9 * hourMs)
    const reached = people.filter((person) => state.reaches(person, campaign, chance))
    await sendCampaign(hub, campaign, reached, sentAt)
    const acts = reached
      .filter(() => chance() < actShare * campaign.dislike)
      .map((person) => {
        const act = actOf({ hub, chance, brand, person, campaign, sentAt })
        state.note(person, act)
        return act
      })
    await recordActs(hub, acts, now)
  }
  await addDemoRooms(hub, people, chance, now)
  const staying = people.filter((person) => state.stays(person))
  await addDemoToday(hub, staying, { campaign: last, chance, now })
  log('the demo has a year of data')
}

class DemoState {
  readonly #gone = new Set<string>()
  readonly #less = new Set<string>()

  reaches(person: DemoPerson, campaign: DemoCampaign, chance: Chance): boolean {
    const isByNumber = campaign.channel === 'sms' || campaign.channel === 'phone'
    if (this.#gone.has(person.externalId) || (isByNumber && person.phone === undefined)) return false
    const share = this.#less.has(person.externalId) ? 0.25 : person.share
    return chance() < share
  }

  stays({ externalId }: DemoPerson): boolean {
    return !this.#gone.has(externalId)
  }

  note(person: DemoPerson, { isGone, isLess }: DemoAct): void {
    if (isGone) this.#gone.add(person.externalId)
    if (isLess) this.#less.add(person.externalId)
  }
}

/** E-mails as the relay passes them on; of everything else a count, as another system reports it. */
async function sendCampaign(
  hub: Hub,
  campaign: DemoCampaign,
  people: readonly DemoPerson[],
  at: number,
): Promise<void> {
  const { id: brand } = demoBrand
  await hub.catalog.campaign(brand, campaign.id, at)
  await transact(hub.db, async (tx) => {
    if (campaign.channel !== 'email') {
      const report = { channel: campaign.channel, sentOn: new Date(at).toISOString().slice(0, 10), source: 'demo' }
      await writeCampaignSends(tx, [{ brand, campaign: campaign.id, ...report, sends: people.length }], at)
      return
    }
    const rows = people.map(({ email }) => ({
      contactKey: email.key,
      id: uuidV7(at, hub.random(10)),
      brand,
      topic: campaign.topic,
      campaign: campaign.id,
      credential: 'demo',
      outcome: 'sent' as const,
      reason: null,
      headersOnly: false,
    }))
    await writeRelayedMails(tx, rows, at)
  })
}

/** Nobody has said anything yet that is still to come. */
async function recordActs(hub: Hub, acts: readonly DemoAct[], now: number): Promise<void> {
  const past = acts.filter(({ choices }) => choices.every(({ recordedAt }) => recordedAt <= now))
  const choices: ChoiceToRecord[] = past.flatMap((act) => act.choices)
  for (let first = 0; first < choices.length; first += choicesAtOnce) {
    await hub.committer.record(choices.slice(first, first + choicesAtOnce))
  }
  await transact(hub.db, async (tx) => {
    for (const { confirmed } of past) {
      if (confirmed === undefined) continue
      const { subjectKey, id, at } = confirmed
      await moveLeave(tx, { subjectKey, id, state: 'confirmed' }, at)
    }
  })
}
