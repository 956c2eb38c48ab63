import { sealLink } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { ask, email, keyed, type Point, phone, saveTestRelation, say } from '../../test/people.ts'
import { listChoices } from '../storage/choices.ts'
import { transact } from '../storage/database.ts'
import { listDeliveryFacts } from '../storage/delivery-facts.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { choiceByLink } from './choices-by-link.ts'
import { eraseWholeRelation } from './erase-relation.ts'
import { aliveSignals, softBlockMs, softBouncesMax, softBounceWindowMs } from './note-delivery-facts.ts'
import { openSealedLink } from './open-link.ts'
import { type DeliveryKind, reportDelivery } from './report-delivery.ts'

const dayMs = 86_400_000
let hub: TestHub
let now = Date.UTC(2026, 10, 3, 9)
let number = 0
let jan: Point
let mobile: Point

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 60 * dayMs
  number += 1
  jan = email(`jan${number}@voorbeeld.example`)
  mobile = phone(`+3247000${2000 + number}`)
  await bringIn()
})

function bringIn() {
  return saveTestRelation(hub, `D-${number}`, [jan, mobile], { country: 'BE', customerSince: '2024-01-01' })
}

function report(kind: DeliveryKind, point = jan, at = now) {
  const channel = point.type === 'email' ? 'email' : 'sms'
  return reportDelivery(hub, { contactPoint: point, channel, kind, at }, now, 'test')
}

async function gate(point = jan, channel: 'email' | 'sms' | 'phone' = 'email', topic = 'news') {
  const { decision, reason } = await ask(hub, point, channel, topic)
  return `${decision} ${reason}`
}

/** The person presses the button of a mail that reached them. */
function press(at = now, signal = 'one_click') {
  const link = openSealedLink(hub.linkRing, hub.catalog, sealLink(hub.linkRing, claims()))
  if (link === undefined) throw new Error('the link opens')
  const words = { kind: 'objection' as const, scope: { topic: 'offers' } }
  const choice = choiceByLink(link, { words }, { signal: 'one_click', clock: () => at, random: hub.random })
  return hub.committer.record([{ ...choice, context: { ...choice.context, signal } }])
}

function claims() {
  return {
    contactPointKey: keyed(hub, jan).key,
    brandNumber: hub.catalog.brand('acme')?.number ?? 0,
    topicNumber: 0,
    campaignNumber: 0,
    channel: 'email' as const,
    offered: [],
    mintedAt: now,
  }
}

describe('a hard bounce', () => {
  it('refuses that address for advertising and for service mail, and nothing else of the person', async () => {
    expect(await report('hard_bounce')).toEqual({ kind: 'noted', changed: true, deliverable: false })
    expect(await gate()).toBe('deny undeliverable')
    expect(await gate(jan, 'email', 'orders')).toBe('deny undeliverable')
    expect(await gate(mobile, 'sms', 'orders')).toBe('allow service')
    expect(await gate(mobile, 'sms')).toBe('allow customer_relation')
  })

  it('is proven and never a choice', async () => {
    await report('hard_bounce')
    const { key } = keyed(hub, jan)
    expect(await listChoices(hub.db, [key])).toEqual([])
    expect((await listEvidence(hub.db, [key])).map((entry) => entry.kind)).toContain('delivery_fact')
  })

  it('of an address nobody knows is kept and holds when the address is brought in', async () => {
    const stranger = email(`stranger${number}@voorbeeld.example`)
    await report('hard_bounce', stranger)
    await saveTestRelation(hub, `S-${number}`, [stranger], { country: 'BE', customerSince: '2024-01-01' })
    expect(await gate(stranger)).toBe('deny undeliverable')
  })

  it('survives a new import, an erasure and being brought in again', async () => {
    await report('hard_bounce')
    await bringIn()
    expect(await gate()).toBe('deny undeliverable')
    const relationKey = keyed(hub, { type: 'customer', value: `D-${number}` }).key
    await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, relationKey, now, 'test'))
    await bringIn()
    expect(await gate()).toBe('deny undeliverable')
  })

  it('leaves an objection the reason that is given, and ends without touching it', async () => {
    await say(hub, jan, { kind: 'objection' })
    await report('hard_bounce')
    expect(await gate()).toBe('deny objection')
    now += 1
    await report('delivered')
    expect(await gate()).toBe('deny objection')
  })
})

describe('an address proves alive', () => {
  it.each(aliveSignals)('by %s: a bounce from before it that is heard later blocks nothing', async (signal) => {
    await press(now, signal)
    expect(await report('hard_bounce', jan, now - dayMs)).toMatchObject({ deliverable: true })
    expect(await gate()).toBe('allow customer_relation')
  })

  beforeEach(async () => {
    await report('hard_bounce')
    now += 1_000
  })

  it('by a later delivery, and is refused no more', async () => {
    expect(await report('delivered')).toEqual({ kind: 'noted', changed: true, deliverable: true })
    expect(await gate()).toBe('allow customer_relation')
  })

  it('by the button of a mail that reached its reader, whatever the reader refuses with it', async () => {
    await press()
    expect(await gate()).toBe('allow customer_relation')
    expect(await gate(jan, 'email', 'offers')).toBe('deny objection')
  })

  it('not by what was said at a counter, nor by what happened on another channel', async () => {
    await say(hub, jan, { kind: 'consent', scope: {} })
    await report('delivered', mobile)
    expect(await gate()).toBe('deny undeliverable')
  })

  it('not by a delivery from before the bounce', async () => {
    await report('delivered', jan, now - 2_000)
    expect(await gate()).toBe('deny undeliverable')
  })

  it('also against an older bounce that is reported late', async () => {
    await press()
    now += 1_000
    await report('hard_bounce', jan, now - 1_500)
    expect(await gate()).toBe('allow customer_relation')
  })
})

describe('soft bounces', () => {
  const bounce = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      now += dayMs
      await report('soft_bounce')
    }
  }

  it('refuse only after several in a row, and only for a time', async () => {
    await bounce(softBouncesMax - 1)
    expect(await gate()).toBe('allow customer_relation')
    await bounce(1)
    expect(await ask(hub, jan, 'email')).toMatchObject({ reason: 'undeliverable', until: now + softBlockMs })
    now += softBlockMs
    expect(await gate()).toBe('allow customer_relation')
  })

  it('are counted from the last sign of life', async () => {
    await bounce(softBouncesMax - 1)
    now += 1_000
    await press()
    await bounce(softBouncesMax - 1)
    now += 1_000
    await report('delivered')
    await bounce(softBouncesMax - 1)
    expect(await gate()).toBe('allow customer_relation')
  })

  it('that lie further apart than the window are the ordinary trouble of any address', async () => {
    for (let time = 0; time <= softBouncesMax; time += 1) {
      now += softBounceWindowMs / (softBouncesMax - 2)
      await report('soft_bounce')
    }
    expect(await gate()).toBe('allow customer_relation')
  })
})

describe('a number nobody has', () => {
  it('is refused on every channel until it answers on one', async () => {
    await report('dead_number', mobile)
    expect([await gate(mobile, 'sms'), await gate(mobile, 'phone', 'orders')]).toEqual([
      'deny undeliverable',
      'deny undeliverable',
    ])
    now += 1_000
    await report('delivered', mobile)
    expect(await gate(mobile, 'phone', 'orders')).toBe('allow service')
  })
})

it('keeps nothing of a delivery that says nothing new', async () => {
  expect(await report('delivered')).toEqual({ kind: 'noted', changed: false, deliverable: true })
  expect(await listDeliveryFacts(hub.db, [keyed(hub, jan).key])).toEqual([])
})
