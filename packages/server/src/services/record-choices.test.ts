import { evidenceHolds } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { ask, customer, email, keyed, phone, saveTestRelation, say, spoken } from '../../test/people.ts'
import { changesAfter, lastSequence } from '../storage/changes.ts'
import { listChoices } from '../storage/choices.ts'
import { openDatabase, transact } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { findStandings, lockStandings } from '../storage/standings.ts'
import { ChoiceCommitter } from './choice-committer.ts'
import { refoldStandings } from './refold-standings.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(() => hub[Symbol.asyncDispose]())

describe('a no through one contact point', () => {
  it('closes every channel of the same person in the same moment', async () => {
    await saveTestRelation(hub, 'R-1', [email('an@example.be'), phone('0470 11 22 33')], {
      customerSince: '2024-01-01',
    })
    expect(await ask(hub, phone('0470112233'), 'sms')).toMatchObject({ decision: 'allow', reason: 'customer_relation' })
    const outcome = await say(hub, email('an@example.be'), { kind: 'objection' })
    expect(await ask(hub, phone('0470112233'), 'sms')).toMatchObject({ decision: 'deny', choiceId: outcome.id })
    expect(await ask(hub, customer('R-1'), 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('leaves service messages alone', async () => {
    await say(hub, email('service@example.be'), { kind: 'objection' })
    expect(await ask(hub, email('service@example.be'), 'email', 'orders')).toMatchObject({
      decision: 'allow',
      reason: 'service',
    })
  })

  it('is kept for a contact point nobody knows (rule 7)', async () => {
    await say(hub, phone('+32499000001'), { kind: 'objection' })
    expect(await ask(hub, phone('+32499000001'), 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('still holds for who is tied to a person later, and then for the whole person', async () => {
    await say(hub, email('later@example.be'), { kind: 'objection' })
    await saveTestRelation(hub, 'R-2', [phone('0470 44 55 66')], { customerSince: '2024-01-01' })
    await saveTestRelation(hub, 'R-2', [email('later@example.be')], { keepOthers: true })
    expect(await ask(hub, phone('0470445566'), 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('is recorded once when it already stands (rule 5)', async () => {
    const first = await say(hub, email('twice@example.be'), { kind: 'objection' })
    const again = {
      ...spoken(hub, email('twice@example.be'), { kind: 'objection', scope: { channel: 'email' } }),
      isRepeatable: true,
    }
    expect(await hub.committer.record([again])).toMatchObject([{ kind: 'already_stands', id: first.id }])
    expect(await listChoices(hub.db, [keyed(hub, email('twice@example.be')).key])).toHaveLength(1)
  })
})

describe('a no said again later', () => {
  it('is a word of its own, so that a consent from in between that arrives late lifts only the first', async () => {
    const point = email('again@example.be')
    const now = hub.clock()
    const at = (minutes: number) => now - 1_000_000 + minutes * 60_000
    const no = (minutes: number) => {
      const choice = { ...spoken(hub, point, { kind: 'objection', saidAt: at(minutes) }), isRepeatable: true }
      return hub.committer.record([{ ...choice, recordedAt: at(minutes) }])
    }
    await no(0)
    expect(await no(12)).toMatchObject([{ kind: 'recorded', alreadySince: at(0) }])
    await say(hub, point, { kind: 'consent', saidAt: at(6) })
    expect(await ask(hub, point, 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })
})

describe('a consent', () => {
  it('said through one address opens that address and not the others', async () => {
    await saveTestRelation(hub, 'R-3', [email('open@example.be'), phone('0470 77 88 99')])
    await say(hub, email('open@example.be'), { kind: 'objection' })
    const later = spoken(hub, email('open@example.be'), { kind: 'consent' })
    await hub.committer.record([
      { ...later, recordedAt: later.recordedAt + 5, words: { ...later.words, saidAt: later.recordedAt + 5 } },
    ])
    expect(await ask(hub, email('open@example.be'), 'email')).toMatchObject({ decision: 'allow', reason: 'consent' })
    expect(await ask(hub, phone('0470778899'), 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('of a relation never lifts what an address had refused before it was tied to it', async () => {
    await say(hub, email('tied@example.be'), { kind: 'objection' })
    await saveTestRelation(hub, 'R-4', [])
    await say(hub, customer('R-4'), { kind: 'consent' })
    await saveTestRelation(hub, 'R-4', [email('tied@example.be')])
    expect(await ask(hub, email('tied@example.be'), 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })
})

describe('taking a contact point off a relation', () => {
  it('leaves standing what was refused through the relation', async () => {
    await saveTestRelation(hub, 'R-5', [email('off@example.be'), phone('0470 10 20 30')], {
      customerSince: '2024-01-01',
    })
    await say(hub, customer('R-5'), { kind: 'objection' })
    await saveTestRelation(hub, 'R-5', [phone('0470 10 20 30')])
    await saveTestRelation(hub, 'R-6', [email('off@example.be')], { customerSince: '2024-01-01' })
    expect(await ask(hub, email('off@example.be'), 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })
})

describe('the record of a choice', () => {
  it('has an evidence entry whose hash anyone can recompute and that names nobody', async () => {
    const outcome = await say(hub, email('proof@example.be'), { kind: 'objection' })
    const entries = await listEvidence(hub.db, [keyed(hub, email('proof@example.be')).key])
    expect(entries).toHaveLength(1)
    expect(entries[0]).toMatchObject(outcome.kind === 'recorded' ? outcome.evidence : {})
    expect(entries.every(evidenceHolds)).toBe(true)
    expect(entries[0]?.body).not.toContain('proof@example.be')
  })

  it('cannot be changed, deleted or emptied by the hub itself', async () => {
    for (const statement of ["update evidence set body = ''", 'delete from evidence', 'truncate evidence']) {
      await expect(hub.db.execute(statement), statement).rejects.toThrow(/permission denied/)
    }
  })
})

describe('under concurrency', () => {
  it('choices of two processes on one relation end in the standing of all of them', async () => {
    const points = [email('c1@example.be'), email('c2@example.be'), phone('0470 99 99 99'), customer('R-7')]
    await saveTestRelation(hub, 'R-7', points.slice(0, 3))
    await using second = await openDatabase({ connectionString: hub.testDatabase.connectionString, pipeline: true })
    await using other = new ChoiceCommitter(second, hub.secrets.pepper)
    const topics = ['news', 'offers']
    await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const point = points[index % points.length] ?? customer('R-7')
        const scope = {
          brand: 'acme',
          topic: topics[index % 2] ?? 'news',
          ...(index % 3 === 0 && { channel: 'sms' as const }),
        }
        const committer = index % 2 === 0 ? hub.committer : other
        return committer.record([spoken(hub, point, { kind: index % 5 === 0 ? 'consent' : 'objection', scope })])
      }),
    )
    const keys = points.map((point) => keyed(hub, point).key)
    const before = await findStandings(hub.db, keys)
    const refolded = await transact(hub.db, async (tx) => {
      const rows = await lockStandings(tx, keys)
      return refoldStandings(tx, [...rows.values()], hub.clock())
    })
    for (const key of keys) expect(refolded.get(key)).toEqual(before.get(key)?.record)
  })

  it('numbers the feed without a gap, in each partition', async () => {
    await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        hub.committer.record([spoken(hub, email(`gap${index}@example.be`), { kind: 'objection' })]),
      ),
    )
    const last = await lastSequence(hub.db)
    const all = await changesAfter(
      hub.db,
      last.map((_, partition) => ({ partition, last: 0n })),
      100_000,
    )
    for (const [partition, end] of last.entries()) {
      const numbers = all.filter((change) => change.partition === partition).map((change) => change.seq)
      expect(numbers).toEqual(Array.from({ length: Number(end) }, (_, index) => BigInt(index + 1)))
    }
  })

  it('one choice the database refuses does not take the others of its batch with it', async () => {
    const bad = spoken(hub, email('bad@example.be'), { kind: 'cadence', cadence: { max: 0, per: 'week' } })
    const results = await Promise.allSettled([
      hub.committer.record([spoken(hub, email('good1@example.be'), { kind: 'objection' })]),
      hub.committer.record([bad]),
      hub.committer.record([spoken(hub, email('good2@example.be'), { kind: 'objection' })]),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await ask(hub, email('good2@example.be'), 'email')).toMatchObject({ reason: 'objection' })
  })
})
