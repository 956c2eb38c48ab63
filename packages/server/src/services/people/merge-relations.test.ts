import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, customer, email, keyed, type Point, saveTestRelation, say } from '../../../test/people.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { listEvidence } from '../../storage/evidence-log.ts'
import { findStandings } from '../../storage/standings.ts'
import { forgetRelation } from '../store-relation.ts'
import { mergeRelations } from './merge-relations.ts'
import { unmergeRelations } from './unmerge-relations.ts'

let hub: TestHub
let now = Date.UTC(2026, 10, 21, 9)
let people = 0
let jan: Point
let work: Point

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  people += 1
  now += 60_000
  jan = email(`jan${people}@home.example`)
  work = email(`jan${people}@work.example`)
  await saveTestRelation(hub, one(), [jan], { country: 'BE', customerSince: '2024-01-01' })
  await saveTestRelation(hub, two(), [work], { country: 'BE', customerSince: '2024-01-01' })
})

const one = () => `A-${people}`
const two = () => `B-${people}`
const keyOf = (externalId: string) => keyed(hub, customer(externalId)).key
const gate = async (point: Point) => (await ask(hub, point, 'email')).decision

async function merge(kept = one(), joined = two()) {
  now += 1_000
  const request = { keptKey: keyOf(kept), joinedKey: keyOf(joined), actor: 'test' }
  const outcome = await mergeRelations(hub, request)
  now += 1_000
  return outcome
}

async function unmerge(mergeId: string, of = one()) {
  now += 1_000
  return unmergeRelations(hub, { relationKey: keyOf(of), mergeId, actor: 'test' })
}

async function mergedId(): Promise<string> {
  const outcome = await merge()
  if (outcome.kind !== 'merged') throw new Error(outcome.kind)
  return outcome.id
}

async function recordsOf(...points: Point[]) {
  const rows = await findStandings(
    hub.db,
    points.map((point) => keyed(hub, point).key),
  )
  return [...rows.values()].map(({ contactKey, record }) => ({ contactKey, record }))
}

describe('merging two relations', () => {
  it.each([
    ['through an address of the first', () => jan],
    ['through an address of the second', () => work],
    ['for the first number', () => customer(one())],
    ['for the second number', () => customer(two())],
  ])('carries a no said before, %s, to everything the person has', async (_, point) => {
    await say(hub, point(), { kind: 'objection' })
    await merge()
    expect([await gate(jan), await gate(work)]).toEqual(['deny', 'deny'])
  })

  it.each([
    ['through an address of the first', () => jan],
    ['through an address of the second', () => work],
    ['for the first number', () => customer(one())],
    ['for the second number', () => customer(two())],
  ])('carries a no said afterwards, %s, to everything the person has', async (_, point) => {
    await merge()
    expect([await gate(jan), await gate(work)]).toEqual(['allow', 'allow'])
    await say(hub, point(), { kind: 'objection' })
    expect([await gate(jan), await gate(work)]).toEqual(['deny', 'deny'])
  })

  it('does not let a consent of one lift a no of the other, whatever its date', async () => {
    await say(hub, jan, { kind: 'objection' })
    now += 1_000
    await say(hub, customer(two()), { kind: 'consent' })
    await merge()
    expect(await gate(jan)).toBe('deny')
  })

  it('tells of it under both numbers, and refuses what makes no sense', async () => {
    const id = await mergedId()
    for (const key of [keyOf(one()), keyOf(two())]) {
      const entries = await listEvidence(hub.db, [key])
      const entry = entries.find(({ kind }) => kind === 'relations_merged')
      expect(entry?.body).toContain(id)
    }
    expect(await merge()).toMatchObject({ kind: 'already_merged', id })
    expect(await merge(one(), one())).toEqual({ kind: 'same_relation' })
    expect(await merge(one(), 'nobody')).toEqual({ kind: 'unknown_relation' })
  })

  it('outlasts the next time the organisation brings both in, and new addresses join', async () => {
    await merge()
    const fresh = email(`new${people}@home.example`)
    await saveTestRelation(hub, one(), [jan, fresh])
    await saveTestRelation(hub, two(), [work])
    await say(hub, work, { kind: 'objection' })
    expect([await gate(jan), await gate(fresh)]).toEqual(['deny', 'deny'])
  })

  it('lets go of an address that its own relation lost', async () => {
    await merge()
    await saveTestRelation(hub, one(), [])
    now += 1_000
    await say(hub, work, { kind: 'objection' })
    expect((await recordsOf(jan))[0]?.record.groups.every(({ items }) => items.length === 0)).toBe(true)
  })

  it('is forgotten whole when one number is erased, and the no meets the other number when it comes back', async () => {
    await merge()
    await say(hub, jan, { kind: 'objection' })
    now += 1_000
    expect(await forgetRelation(hub.db, hub.random, keyOf(two()), now, 'test')).toMatchObject({ kind: 'erased' })
    const points = await findContactPoints(hub.db, [keyed(hub, jan).key, keyed(hub, work).key])
    expect([...points.values()].map(({ value }) => value)).toEqual([null, null])
    const elsewhere = email(`jan${people}@else.example`)
    await saveTestRelation(hub, one(), [elsewhere], { country: 'BE', customerSince: '2024-01-01' })
    expect(await gate(elsewhere)).toBe('deny')
  })
})

describe('taking a merge back', () => {
  it('leaves each as they were when nothing was said in between', async () => {
    await say(hub, jan, { kind: 'objection' })
    const before = await recordsOf(jan, work, customer(one()), customer(two()))
    await unmerge(await mergedId())
    expect(await recordsOf(jan, work, customer(one()), customer(two()))).toEqual(before)
    expect([await gate(jan), await gate(work)]).toEqual(['deny', 'allow'])
  })

  it.each([
    ['an address of the first', () => jan],
    ['an address of the second', () => work],
    ['the first number', () => customer(one())],
  ])('keeps for both what was refused meanwhile, by %s', async (_, point) => {
    const id = await mergedId()
    await say(hub, point(), { kind: 'objection' })
    expect(await unmerge(id, two())).toMatchObject({ kind: 'unmerged', refusalsKept: 1 })
    expect([await gate(jan), await gate(work)]).toEqual(['deny', 'deny'])
    // And from here on they are two people again.
    now += 1_000
    await say(hub, jan, { kind: 'consent' })
    expect([await gate(jan), await gate(work)]).toEqual(['allow', 'deny'])
  })

  it('gives an address back to whom it had left before', async () => {
    await saveTestRelation(hub, one(), [jan, work])
    await saveTestRelation(hub, one(), [jan])
    const before = await recordsOf(work)
    await unmerge(await mergedId())
    expect(await recordsOf(work)).toEqual(before)
  })

  it('goes the way it came: the last merge first', async () => {
    const first = await mergedId()
    await saveTestRelation(hub, `C-${people}`, [email(`c${people}@x.example`)], { country: 'BE' })
    const second = await merge(one(), `C-${people}`)
    expect(await unmerge(first)).toEqual({ kind: 'later_merge' })
    expect(await unmerge(second.kind === 'merged' ? second.id : '')).toMatchObject({ kind: 'unmerged' })
    expect(await unmerge(first)).toMatchObject({ kind: 'unmerged' })
    expect(await unmerge(first)).toEqual({ kind: 'unknown_merge' })
  })
})

it('no history of words, merges and unmerges opens what a person themselves closed', async () => {
  const word = fc.record({
    by: fc.constantFrom('jan', 'work', 'one', 'two'),
    kind: fc.constantFrom('objection' as const, 'consent' as const),
    scope: fc.constantFrom({}, { channel: 'email' as const }, { brand: 'acme' }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 4 }), fc.array(word, { maxLength: 3 }), async (before, meanwhile) => {
      people += 1
      jan = email(`p${people}@home.example`)
      work = email(`p${people}@work.example`)
      await saveTestRelation(hub, one(), [jan], { country: 'BE', customerSince: '2024-01-01' })
      await saveTestRelation(hub, two(), [work], { country: 'BE', customerSince: '2024-01-01' })
      const point = (by: string) => ({ jan, work, one: customer(one()), two: customer(two()) })[by] ?? jan
      const sayAll = async (words: typeof before) => {
        for (const { by, kind, scope } of words) {
          now += 1_000
          await say(hub, point(by), { kind, scope })
        }
      }
      const refused = async () => {
        const answers = await Promise.all([gate(jan), gate(work)])
        return answers.map((answer) => answer === 'deny')
      }
      await sayAll(before)
      const apart = await refused()
      const id = await mergedId()
      const together = await refused()
      expect(apart.every((isRefused, index) => !isRefused || together[index])).toBe(true)
      await sayAll(meanwhile.filter(({ kind }) => kind === 'objection'))
      const later = await refused()
      await unmerge(id)
      const again = await refused()
      // Without a word in between each has their own answer back, and with a no both keep it.
      if (meanwhile.every(({ kind }) => kind === 'consent')) expect(again).toEqual(apart)
      else expect(again).toEqual(later)
    }),
    { numRuns: 25 },
  )
})
