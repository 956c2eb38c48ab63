import { everything } from '@verzet/core'
import { dayForInput } from '../adapters/http/pages/wording.ts'
import { readDay } from '../adapters/http/public/read-day.ts'
import { raiseAlert } from '../services/alerts/raise-alert.ts'
import { brandSettings } from '../services/brand-settings.ts'
import type { Hub } from '../services/hub.ts'
import { transact } from '../storage/database.ts'
import { demoBrand } from './demo-data.ts'
import { gone } from './demo-year-choices.ts'
import type { Chance, DemoPerson } from './demo-year-people.ts'
import type { DemoCampaign } from './demo-year-words.ts'

/** How it was said, and how many milliseconds later it held. */
const noes = [
  ['one_click', 140],
  ['page', 90],
  ['mailto', 2_300],
  ['one_click', 210],
  ['complaint', 640],
  ['page', 75],
  ['one_click', 120],
] as const
const dayMs = 86_400_000

/** What today brought so far, spread over the hours since midnight, and one who says they never signed up. */
export async function addDemoToday(
  hub: Hub,
  people: readonly DemoPerson[],
  { campaign, chance, now }: { readonly campaign: DemoCampaign; readonly chance: Chance; readonly now: number },
): Promise<void> {
  const brand = hub.catalog.brand(demoBrand.id)
  if (brand === undefined) return
  const { timeZone } = brandSettings(brand)
  const midnight = readDay(dayForInput(new Date(now), timeZone), timeZone) ?? now - dayMs / 2
  const choices = noes.flatMap(([signal, heldAfterMs], index) => {
    const person = people[index]
    if (person === undefined) return []
    const at = Math.floor(midnight + ((now - midnight) * (index + 0.5)) / noes.length)
    const sentAt = now - campaign.daysAgo * dayMs
    const act = gone({ hub, chance, brand: brand.id, person, campaign, sentAt }, at, signal, everything)
    return act.choices.map((choice) => ({
      ...choice,
      words: { ...choice.words, saidAt: at - heldAfterMs },
      ...(index === noes.length - 1 && { context: { ...choice.context, reason: 'never_asked' } }),
    }))
  })
  await hub.committer.record(choices)
  const last = choices.at(-1)
  if (last === undefined) return
  const about = { brand: brand.id, topic: campaign.topic, channel: campaign.channel, campaign: campaign.id }
  const alert = { ...about, choiceId: last.id, contactKey: last.subjectKey, kinds: ['never_signed_up'] as const }
  await transact(hub.db, (tx) => raiseAlert(tx, hub, alert, brand, last.recordedAt))
}
