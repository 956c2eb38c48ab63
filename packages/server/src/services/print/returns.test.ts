import type { Offer } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, customer, email, keyed, type Point, saveTestRelation } from '../../../test/people.ts'
import { listReviews } from '../review/list.ts'
import { mintCards, openPrintBatch } from './batch.ts'
import { openDrop } from './drop.ts'
import { type ReturnCounts, recordReturns } from './record-returns.ts'
import { type ReturnedPiece, resolveReturns } from './resolve-returns.ts'
import type { ReturnMark } from './return-scope.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(() => hub[Symbol.asyncDispose]())

let count = 0
let jan: Point
let home: Point
let number: Point
beforeEach(async () => {
  count += 1
  jan = email(`jan${count}@voorbeeld.be`)
  home = { type: 'post', value: `Kerkstraat ${count}, 9000 Gent` }
  number = customer(`R-${count}`)
  await saveTestRelation(hub, `R-${count}`, [jan, home], { country: 'BE', customerSince: '2024-03-01' })
})

function mailing(offered: readonly Offer[] = []) {
  const brand = hub.catalog.brand('acme')
  const topic = hub.catalog.topic('acme', 'news')
  if (brand === undefined || topic === undefined) throw new Error('no brand')
  return { brand, topic, campaignNumber: 0, channel: 'post' as const, offered }
}

async function cardFor(point: Point, offered: readonly Offer[] = []): Promise<string> {
  const wanted = mailing(offered)
  const batch = await openPrintBatch(hub, wanted, { printedAt: hub.clock() })
  const [row] = await mintCards(hub, wanted, batch, [keyed(hub, point)])
  if (row?.links === undefined) throw new Error(`no card: ${row?.decision.reason}`)
  return row.links.code.replace('-', '')
}

const piece = (mark: ReturnMark, more: Partial<ReturnedPiece> = {}): ReturnedPiece => ({
  points: [],
  mark,
  words: mark,
  cameBackAt: null,
  ...more,
})

async function come(pieces: readonly ReturnedPiece[], offered: readonly Offer[] = [], unaddressedTopic?: string) {
  let counts: ReturnCounts | undefined
  const pile = await resolveReturns(hub, pieces, { offered, file: 'pile 1' })
  const context = { actor: 'test', ...(unaddressedTopic !== undefined && { unaddressedTopic }) }
  await recordReturns(hub, pile, context, async (_, counted) => {
    counts = counted
  })
  return counts
}

const answers = async (point: Point, topic = 'news') =>
  (await ask(hub, point, point.type === 'email' ? 'email' : 'post', topic)).reason

describe('a card that came back', () => {
  it('closes every channel when nothing on it narrows that', async () => {
    const code = await cardFor(number)
    expect(await answers(jan)).toBe('customer_relation')
    expect(await come([piece('silent', { code })])).toMatchObject({ objections: 1, stoodAlready: 0 })
    expect([await answers(jan), await answers(home), await answers(number)]).toEqual(Array(3).fill('objection'))
  })

  it('means post alone where the print offered both, and everything where it did not', async () => {
    const [both, neither] = [await cardFor(number, ['all', 'channel']), await cardFor(number)]
    await come([piece('post', { code: both })])
    expect([await answers(jan), await answers(home)]).toEqual(['customer_relation', 'objection'])
    await come([piece('post', { code: neither })])
    expect(await answers(jan)).toBe('objection')
  })

  it('means its topic where both were offered', async () => {
    await come([piece('topic', { code: await cardFor(number, ['all', 'topic']) })])
    expect([await answers(jan), await answers(jan, 'offers')]).toEqual(['objection', 'customer_relation'])
  })

  it('speaks for the household when it says so, found through the person', async () => {
    const an = email(`an${count}@voorbeeld.be`)
    await saveTestRelation(hub, `R-${count}-an`, [an, home], { country: 'BE', customerSince: '2024-03-01' })
    await come([piece('silent', { code: await cardFor(number) })])
    expect(await answers(an)).toBe('customer_relation')
    await come([piece('household', { code: await cardFor(customer(`R-${count}-an`)) })])
    expect([await answers(an), await answers(home)]).toEqual(['objection', 'objection'])
  })

  it('is one no however often the scans are read', async () => {
    const pile = [piece('all', { code: await cardFor(number) }), piece('moved', { points: [keyed(hub, home)] })]
    await come(pile)
    const before = await hub.db.query('select count(*)::int as n from evidence')
    expect(await come(pile)).toEqual({ objections: 0, stoodAlready: 0, notThere: 0, toReview: 0, repeated: 2 })
    expect(await hub.db.query('select count(*)::int as n from evidence')).toEqual(before)
  })
})

describe('an address on return post', () => {
  it('refuses post there and nothing else, when the address itself is meant', async () => {
    await come([piece('address', { points: [keyed(hub, home)] })])
    expect([await answers(home), await answers(jan)]).toEqual(['objection', 'customer_relation'])
  })

  it('nobody knew is kept with its no', async () => {
    const other: Point = { type: 'post', value: `Veldstraat ${count}, 9000 Gent` }
    await come([piece('silent', { points: [keyed(hub, other)] })])
    expect(await answers(other)).toBe('objection')
  })

  it('where the person does not live is no opt-out: nothing is sent there, and the no of nobody was heard', async () => {
    expect(await come([piece('moved', { points: [keyed(hub, home)] })])).toMatchObject({ objections: 0, notThere: 1 })
    expect([await answers(home), await answers(jan)]).toEqual(['undeliverable', 'customer_relation'])
  })

  it('with a sticker refuses unaddressed print alone', async () => {
    await come([piece('sticker', { points: [keyed(hub, home)] })], [], 'offers')
    expect([await answers(home, 'offers'), await answers(home), await answers(jan, 'offers')]).toEqual([
      'objection',
      'opt_out_regime',
      'customer_relation',
    ])
  })
})

describe('what cannot be read', () => {
  it('waits for a human, and marketing to that person waits with it', async () => {
    const words = 'bel mij eens terug'
    expect(await come([piece('unclear', { words, points: [keyed(hub, home)] })])).toMatchObject({ toReview: 1 })
    expect(await answers(home)).toBe('under_review')
    const { items } = await listReviews(hub.db, { status: 'open', limit: 50 })
    expect(items.find(({ row }) => row.excerpt === words)?.row).toMatchObject({
      source: 'post',
      reason: 'unclear_mark',
    })
  })

  it('nor be tied to anybody is kept with its code', async () => {
    expect(await come([piece('all', { code: '1111111111' })])).toMatchObject({ objections: 0, toReview: 1 })
    const drop = await openDrop(hub, mailing(), `flyer-${count}`)
    await come([piece('all', { code: drop })])
    const { items } = await listReviews(hub.db, { status: 'open', limit: 50 })
    expect(items.map(({ row }) => row.reason)).toEqual(expect.arrayContaining(['unknown_code', 'no_address']))
  })
})
