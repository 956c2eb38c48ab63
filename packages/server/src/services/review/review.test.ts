import { everything, type Scope } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { mailsTo } from '../../../test/mail.ts'
import { ask, email, keyed, type Point, phone, saveTestRelation, say } from '../../../test/people.ts'
import { listChoices } from '../../storage/choices.ts'
import { transact } from '../../storage/database.ts'
import { listEvidence } from '../../storage/evidence-log.ts'
import { findReviewItem } from '../../storage/review-items.ts'
import { eraseWholeRelation } from '../erase-relation.ts'
import { saveBrand } from '../save-brand.ts'
import { reviewHoursDefault } from './deadline.ts'
import { decideReview } from './decide.ts'
import { openReview, type WordsToReview } from './open-review.ts'
import { reviewTextKeptMs, settleOverdueReviews } from './settle-overdue.ts'
import { undoReview } from './undo.ts'

const hourMs = 3_600_000
const withinMs = reviewHoursDefault * hourMs
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
  now += 100 * hourMs
  number += 1
  jan = email(`reviewed${number}@voorbeeld.example`)
  mobile = phone(`+3247000${3000 + number}`)
  await saveTestRelation(hub, `R-${number}`, [jan, mobile], { country: 'BE', customerSince: '2024-01-01' })
  await transact(hub.db, (tx) => tx.execute('delete from review_subjects'))
  await transact(hub.db, (tx) => tx.execute('delete from review_items'))
})

function open(more: Partial<WordsToReview> = {}): Promise<string> {
  const { key, fingerprint } = keyed(hub, jan)
  const words: WordsToReview = {
    source: 'email',
    kind: 'unclear_reply',
    reason: 'may_ask_to_stop',
    text: 'Hoe kan ik mij uitschrijven?',
    sender: jan.value,
    subjects: [{ key, type: 'email', value: jan.value, fingerprint }],
    proposedScope: everything,
    proofHash: Buffer.alloc(32, 7),
    receivedAt: now,
    ...more,
  }
  return transact(hub.db, (tx) => openReview(tx, hub, words))
}

async function gate(topic = 'news', point = jan) {
  const { decision, reason } = await ask(hub, point, point.type === 'email' ? 'email' : 'sms', topic)
  return `${decision} ${reason}`
}

const choices = async () =>
  (await listChoices(hub.db, [keyed(hub, jan).key])).map(({ author, context, scope, withdrawnAt }) => ({
    author,
    signal: context.signal,
    scope,
    isWithdrawn: withdrawnAt !== null,
  }))
const evidence = async () => (await listEvidence(hub.db, [keyed(hub, jan).key])).map((entry) => entry.kind)
const decide = (id: string, decision: 'opt_out' | 'narrow' | 'not_a_no', scope?: Scope) =>
  decideReview(hub, id, { decision, ...(scope && { scope }), note: 'as it reads' }, 'test')

describe('words that may be a no', () => {
  it('let all advertising to their writer wait, and nothing else', async () => {
    await open()
    expect(await ask(hub, jan, 'email')).toMatchObject({ reason: 'under_review', until: now + withinMs })
    expect(await gate('orders')).toBe('allow service')
    expect(await gate('news', mobile)).toBe('allow customer_relation')
    expect(await evidence()).toContain('review_opened')
  })

  it('wait as long as the brand that was answered says', async () => {
    const brand = hub.catalog.brand('globex')
    if (brand === undefined) throw new Error('the brand is there')
    await saveBrand(
      hub.db,
      hub.catalog,
      { ...brand, settings: { ...brand.settings, reviewWithinHours: 8 } },
      now,
      'test',
    )
    await open({ brand: 'globex' })
    expect(await ask(hub, jan, 'email')).toMatchObject({ until: now + 8 * hourMs })
    await saveBrand(hub.db, hub.catalog, brand, now, 'test')
  })

  it('of somebody nobody knows are kept, and hold for them', async () => {
    const stranger = email(`unknown${number}@voorbeeld.example`)
    const { key, fingerprint } = keyed(hub, stranger)
    await open({ subjects: [{ key, type: 'email', value: stranger.value, fingerprint }] })
    await saveTestRelation(hub, `U-${number}`, [stranger], { country: 'BE', customerSince: '2024-01-01' })
    expect(await gate('news', stranger)).toBe('defer under_review')
  })

  it('go on holding when the person is erased, without the words', async () => {
    const id = await open()
    const relationKey = keyed(hub, { type: 'customer', value: `R-${number}` }).key
    await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, relationKey, now, 'test'))
    expect(await findReviewItem(hub.db, id)).toMatchObject({ excerpt: null, sender: null, decidedAt: null })
    now += withinMs
    await settleOverdueReviews(hub)
    await saveTestRelation(hub, `R-${number}`, [jan], { country: 'BE', customerSince: '2024-01-01' })
    expect(await gate()).toBe('deny objection')
  })
})

describe('a human decides', () => {
  it('that it is a no: it holds from when it was written, on every channel, proven and acknowledged', async () => {
    const id = await open()
    now += hourMs
    expect(await decide(id, 'opt_out')).toEqual({ kind: 'decided' })
    expect([await gate(), await gate('news', mobile)]).toEqual(['deny objection', 'deny objection'])
    expect(await choices()).toEqual([{ author: 'agent', signal: 'review', scope: {}, isWithdrawn: false }])
    expect(await evidence()).toEqual(expect.arrayContaining(['choice', 'review_decided']))
    expect(await mailsTo(hub, keyed(hub, jan).key)).toMatchObject([{ kind: 'acknowledgement' }])
  })

  it('that it is a narrow one: the rest opens again', async () => {
    await decide(await open(), 'narrow', { brand: 'acme', topic: 'news' })
    expect([await gate(), await gate('offers')]).toEqual(['deny objection', 'allow customer_relation'])
  })

  it('that it is none: everything is as it was, and the decision is proven', async () => {
    await decide(await open(), 'not_a_no')
    expect(await gate()).toBe('allow customer_relation')
    expect(await choices()).toEqual([])
    expect(await evidence()).toContain('review_decided')
  })

  it('once: the second who decides is told so', async () => {
    const id = await open()
    const both = await Promise.all([decide(id, 'not_a_no'), decide(id, 'opt_out')])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['already_decided', 'decided'])
  })

  it('and what the person said since then decides over it (rule 1)', async () => {
    const id = await open()
    now += hourMs
    await say(hub, jan, { kind: 'consent' })
    now += hourMs
    await decide(id, 'opt_out')
    expect(await gate()).toBe('allow consent')
  })

  it('about one of two items: the other goes on waiting', async () => {
    const [first] = [await open(), await open()]
    await decide(first ?? '', 'not_a_no')
    expect(await gate()).toBe('defer under_review')
  })

  it('nothing of a no whose scope is missing, not taken or unknown', async () => {
    const id = await open()
    const refused = [
      decide(id, 'narrow'),
      decide(id, 'opt_out', { topic: 'news' }),
      decide(id, 'narrow', { topic: 'x' }),
    ]
    expect((await Promise.all(refused)).map(({ kind }) => kind)).toEqual(['refused', 'refused', 'refused'])
    expect(await gate()).toBe('defer under_review')
  })

  it('whose no it is, where the item names nobody', async () => {
    const id = await open({ reason: 'no_sender', subjects: [], sender: undefined, proposedScope: undefined })
    expect(await decide(id, 'opt_out')).toEqual({ kind: 'nobody_named' })
    const verdict = { decision: 'opt_out', contactPoint: keyed(hub, jan) } as const
    expect(await decideReview(hub, id, verdict, 'test')).toEqual({ kind: 'decided' })
    expect(await gate()).toBe('deny objection')
  })
})

describe('a deadline that nobody met', () => {
  it('lets nothing through before it is looked at, and records the no when it is', async () => {
    await open()
    now += withinMs
    expect(await ask(hub, jan, 'email')).toEqual(expect.not.objectContaining({ until: expect.anything() }))
    expect(await gate()).toBe('defer under_review')
    expect(await settleOverdueReviews(hub)).toEqual({ settled: 1, waiting: 0 })
    expect(await gate()).toBe('deny objection')
    expect(await choices()).toMatchObject([{ author: 'controller', signal: 'review_deadline' }])
    expect(await evidence()).toContain('review_decided')
    expect(await settleOverdueReviews(hub)).toEqual({ settled: 0, waiting: 0 })
  })

  it('records nothing a moment too early', async () => {
    await open()
    now += withinMs - 1
    expect(await settleOverdueReviews(hub)).toEqual({ settled: 0, waiting: 0 })
  })

  it('is met once by two hubs that look at the same time', async () => {
    await open()
    now += withinMs
    const both = await Promise.all([settleOverdueReviews(hub), settleOverdueReviews(hub)])
    expect(both.map(({ settled }) => settled).sort()).toEqual([0, 1])
    expect(await choices()).toHaveLength(1)
  })

  it('never makes a no of a complaint that anybody may have written: it waits for a human, and is counted', async () => {
    await open({ reason: 'complaint_unverified', proposedScope: undefined })
    expect(await gate()).toBe('allow customer_relation')
    now += withinMs
    expect(await settleOverdueReviews(hub)).toEqual({ settled: 0, waiting: 1 })
    expect(await gate()).toBe('allow customer_relation')
  })
})

describe('a decision that is taken back', () => {
  it('lets it wait again, with a deadline of its own, and never opens in between', async () => {
    const id = await open()
    await decide(id, 'opt_out')
    now += 20 * 60_000
    expect(await undoReview(hub, id, 'test')).toEqual({ kind: 'undone' })
    expect(await ask(hub, jan, 'email')).toMatchObject({ reason: 'under_review', until: now + withinMs })
    expect(await choices()).toMatchObject([{ isWithdrawn: true }])
    expect(await evidence()).toEqual(expect.arrayContaining(['withdrawal', 'review_undone']))
    expect(await decide(id, 'not_a_no')).toEqual({ kind: 'decided' })
    expect(await gate()).toBe('allow customer_relation')
  })

  it('is too late for a no that a human read half an hour ago (rule 2)', async () => {
    const id = await open()
    await decide(id, 'opt_out')
    now += 30 * 60_000 + 1
    expect(await undoReview(hub, id, 'test')).toEqual({ kind: 'too_late' })
    expect(await gate()).toBe('deny objection')
  })

  it('may be one that only a missed deadline made, days later', async () => {
    const id = await open()
    now += withinMs
    await settleOverdueReviews(hub)
    now += 72 * hourMs
    expect(await undoReview(hub, id, 'test')).toEqual({ kind: 'undone' })
    expect(await gate()).toBe('defer under_review')
  })

  it('leaves another no of the person in place', async () => {
    const id = await open()
    await decide(id, 'opt_out')
    now += hourMs / 4
    await say(hub, jan, { kind: 'objection' })
    await undoReview(hub, id, 'test')
    expect(await gate()).toBe('deny objection')
  })

  it('is refused where nothing was decided or nothing is there', async () => {
    expect(await undoReview(hub, await open(), 'test')).toEqual({ kind: 'not_decided' })
    expect(await undoReview(hub, keyed(hub, jan).key, 'test')).toEqual({ kind: 'unknown_item' })
  })
})

it('forgets the words some time after the decision, keeps the no, and then judges nothing anew', async () => {
  const id = await open()
  await decide(id, 'not_a_no')
  now += reviewTextKeptMs
  await settleOverdueReviews(hub)
  expect((await findReviewItem(hub.db, id))?.excerpt).toContain('uitschrijven')
  now += 1
  await settleOverdueReviews(hub)
  expect(await findReviewItem(hub.db, id)).toMatchObject({ excerpt: null, sender: null, note: null })
  expect(await undoReview(hub, id, 'test')).toEqual({ kind: 'forgotten' })
})

it('writes no word and no address into the evidence', async () => {
  const id = await open()
  await decide(id, 'opt_out')
  await undoReview(hub, id, 'test')
  const bodies = (await listEvidence(hub.db, [keyed(hub, jan).key])).map((entry) => entry.body).join('\n')
  expect(bodies).not.toMatch(/@|uitschrijven|as it reads/)
})
