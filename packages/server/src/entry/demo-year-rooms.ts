import { everything, uuidV7 } from '@verzet/core'
import { recordCalls } from '../services/calls/record-calls.ts'
import type { Hub } from '../services/hub.ts'
import { noteDeliveryFacts } from '../services/note-delivery-facts.ts'
import type { KeyedContactPoint } from '../services/ports.ts'
import { beginSnapshot, finishSnapshot, listBatch } from '../services/registers/import-register.ts'
import { keepPassedOver } from '../services/review/keep-passed-over.ts'
import { openReview } from '../services/review/open-review.ts'
import { addStaff } from '../services/staff/accounts.ts'
import { transact } from '../storage/database.ts'
import { demoBrand } from './demo-data.ts'
import { type Chance, type DemoPerson, pick } from './demo-year-people.ts'
import { demoPassedOver, demoReviews } from './demo-year-words.ts'

const dayMs = 86_400_000
const hourMs = 3_600_000
const register = 'bel-me-niet-meer'
const staff = [
  { email: 'marketing@duinroos.example', roles: ['marketer'] },
  { email: 'balie@duinroos.example', roles: ['agent'] },
  { email: 'privacy@duinroos.example', roles: ['privacy_officer'] },
] as const

/** What is in the other rooms: calls, addresses that bounce, an outside list, replies to judge, and who works there. */
export async function addDemoRooms(
  hub: Hub,
  people: readonly DemoPerson[],
  chance: Chance,
  now: number,
): Promise<void> {
  await addCalls(hub, people, chance, now)
  await addBounces(hub, people, chance, now)
  await addRegister(hub, people, chance, now)
  await addReviews(hub, people, chance, now)
  for (const { email, roles } of staff) await addStaff(hub, email, roles, 'demo')
}

async function addCalls(hub: Hub, people: readonly DemoPerson[], chance: Chance, now: number): Promise<void> {
  const numbers = people.flatMap(({ phone }) => phone ?? [])
  for (let day = 34; day > 24; day -= 1) {
    const at = now - day * dayMs
    const calls = Array.from({ length: 8 }, () => {
      const outcome = pick(chance, ['answered', 'answered', 'answered', 'no_answer', 'busy', 'dead_number'] as const)
      const isNo = outcome === 'answered' && chance() < 0.12
      return {
        id: uuidV7(at, hub.random(10)),
        number: pick<KeyedContactPoint>(chance, numbers),
        brand: demoBrand.id,
        topic: 'evenementen',
        campaign: 'belronde-tuin',
        outcome,
        ...(outcome === 'answered' && {
          rightOffered: chance() < 0.95,
          answer: isNo ? ('objection' as const) : ('no_objection' as const),
        }),
        offered: ['all', 'topic'] as const,
        ...(isNo && { asked: 'all' as const }),
        calledAt: at,
        source: 'demo',
      }
    })
    await recordCalls(hub, calls, { actor: 'demo', now: at, random: hub.random })
  }
}

async function addBounces(hub: Hub, people: readonly DemoPerson[], chance: Chance, now: number): Promise<void> {
  for (let index = 0; index < 24; index += 1) {
    const { email } = pick<DemoPerson>(chance, people)
    const at = now - Math.floor(chance() * 300) * dayMs
    const isHard = chance() < 0.6
    const report = {
      subject: subjectOf(email),
      channel: 'email' as const,
      outcome: isHard ? ('hard' as const) : ('soft' as const),
      at,
      status: isHard ? '5.1.1' : '4.2.2',
      diagnostic: isHard ? 'user unknown' : 'mailbox full',
      source: 'demo',
      isVerified: true,
    }
    await transact(hub.db, (tx) => noteDeliveryFacts(tx, hub.random, [report], at, { signal: 'demo', actor: 'demo' }))
  }
}

/** A short list, three days old. */
async function addRegister(hub: Hub, people: readonly DemoPerson[], chance: Chance, now: number): Promise<void> {
  const snapshot = { register, takenAt: now - 3 * dayMs }
  const begun = await beginSnapshot(hub.db, snapshot, 'demo', now)
  if (begun.kind !== 'reading') return
  const listed = people.flatMap(({ phone }) => (phone !== undefined && chance() < 0.06 ? [phone] : []))
  await transact(hub.db, (tx) => listBatch(tx, snapshot, listed, now))
  await finishSnapshot(hub.db, snapshot, { rows: listed.length, unreadable: 0, isTrusted: true }, now)
}

async function addReviews(hub: Hub, people: readonly DemoPerson[], chance: Chance, now: number): Promise<void> {
  const waiting = demoReviews.map((said) => ({ ...said, keep: openReview }))
  const passedOver = demoPassedOver.map((said) => ({ ...said, keep: keepPassedOver }))
  for (const { language, hoursAgo, text, keep } of [...waiting, ...passedOver]) {
    const { email } = pick<DemoPerson>(
      chance,
      people.filter((person) => person.language === language),
    )
    const words = {
      source: 'email' as const,
      kind: 'unclear_reply',
      reason: 'unclear_words',
      text,
      sender: email.contactPoint.normalised,
      keptUnder: email.key,
      language,
      brand: demoBrand.id,
      subjects: [subjectOf(email)],
      proposedScope: everything,
      receivedAt: now - hoursAgo * hourMs,
    }
    await transact<unknown>(hub.db, (tx) => keep(tx, hub, words))
  }
}

function subjectOf({ key, fingerprint, contactPoint }: KeyedContactPoint) {
  return { key, fingerprint, type: contactPoint.type, value: contactPoint.normalised }
}
