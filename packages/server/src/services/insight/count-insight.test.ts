import { uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { customer, email, keyed, phone, saveTestRelation, say, spoken } from '../../../test/people.ts'
import type { ChoiceContext } from '../../storage/choices.ts'
import { insertContactPoints } from '../../storage/contact-points.ts'
import { transact } from '../../storage/database.ts'
import { replaceLives } from '../../storage/insight-lives.ts'
import { insertSend } from '../../storage/sends.ts'
import { countInsight, recountInsight } from './count-insight.ts'
import { addDays, dayOf, monthPeriod, periodBefore } from './days.ts'
import { readBehind } from './people-behind.ts'
import { type InsightQuestion, readInsight } from './read-insight.ts'
import { readCadenceLives, readKept } from './read-lives.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 5, 1, 9)
const clock = { now: start }
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => clock.now })
})
afterAll(() => hub[Symbol.asyncDispose]())

const origin = { brand: 'acme', channel: 'email', topic: 'news', campaign: 'spring' } as const

async function leave(name: string, context: Partial<ChoiceContext> = {}): Promise<void> {
  const choice = spoken(hub, email(`${name}@voorbeeld.be`), { kind: 'objection' })
  await hub.committer.record([{ ...choice, context: { signal: 'one_click', origin, ...context } }])
}

/** Somebody who is known, and a message to them that the gate let pass. */
async function sendTo(name: string, campaign = 'spring'): Promise<void> {
  const { key, contactPoint, fingerprint } = keyed(hub, email(`${name}@voorbeeld.be`))
  const row = { key, contactKey: key, type: contactPoint.type, value: contactPoint.normalised, fingerprint }
  const send = { at: clock.now, brand: 'acme', channel: 'email', topic: 'news', campaign } as const
  await transact(hub.db, async (tx) => {
    await insertContactPoints(tx, [row], clock.now)
    await insertSend(tx, [key], uuidV7(clock.now, hub.random(10)), send)
  })
}

const june = { from: '2026-06-01', to: '2026-06-30' }

const ask = (more: Partial<InsightQuestion> = {}) =>
  readInsight(hub.db, {
    brand: 'acme',
    measure: 'left',
    dimension: 'signal',
    period: june,
    ...more,
  })

const shown = ({ lines }: Awaited<ReturnType<typeof ask>>) => lines.map(({ value, count }) => `${value} ${count}`)

describe('insight', () => {
  it('counts what people said by everything it is known by, and is the same however often it is counted', async () => {
    await saveTestRelation(hub, 'K-1', [email('ann@voorbeeld.be')], { language: 'nl', customerSince: '2024-01-01' })
    for (const name of ['ann', 'bob', 'eve']) {
      clock.now += 1_000
      await sendTo(name)
    }
    clock.now += 20_000
    await leave('ann', { reason: 'too_many', comment: 'Te veel folders' })
    clock.now += 2 * dayMs
    await leave('bob', { signal: 'complaint' })
    expect(await countInsight(hub.db, clock.now)).toMatchObject({ days: 3 })
    const insight = await ask()
    expect(shown(insight)).toEqual(['complaint 1', 'one_click 1'])
    expect(insight.total).toMatchObject({ count: 2, before: 0, rate: { sent: 3 }, change: 'too_few' })
    expect(insight.scanner).toBe(1)
    expect(shown(await ask({ dimension: 'since_send' }))).toEqual(['minute 1', 'three_days 1'])
    expect(shown(await ask({ dimension: 'language' }))).toEqual([' 1', 'nl 1'])
    expect(shown(await ask({ dimension: 'age' }))).toEqual([' 1', 'three_years 1'])
    expect(shown(await ask({ dimension: 'reason' }))).toEqual([' 1', 'too_many 1'])
    expect(shown(await ask({ dimension: 'channel', channel: 'sms' }))).toEqual([])
    await countInsight(hub.db, clock.now)
    await recountInsight(hub.db, clock.now)
    expect(shown(await ask())).toEqual(['complaint 1', 'one_click 1'])
  })

  it('says of a year what its months say, and of a month what its days say', async () => {
    const year = await ask({ period: { from: '2025-06-15', to: '2026-06-14' } })
    expect(year.stepKind).toBe('month')
    expect(year.total).toMatchObject({ count: 2, series: [...Array(12).fill(0), 2], rate: { sent: 3 } })
    const days = await ask()
    expect(days.stepKind).toBe('day')
    expect(days.total).toMatchObject({ count: 2, series: [1, 0, 1, ...Array(27).fill(0)], rate: { sent: 3 } })
    const after = await ask({ period: { from: '2026-07-01', to: '2026-08-31' } })
    expect(after.total).toMatchObject({ count: 0, before: 2 })
  })

  it('leaves out what was imported, what a controller says, and what was taken back', async () => {
    await leave('old', { signal: 'import' })
    const taken = spoken(hub, email('back@voorbeeld.be'), { kind: 'objection' })
    await hub.committer.record([{ ...taken, context: { signal: 'page', origin } }])
    await transact(hub.db, (tx) =>
      tx.execute('update choices set withdrawn_at = recorded_at where id = $1', [taken.id]),
    )
    await countInsight(hub.db, clock.now)
    expect((await ask()).total.count).toBe(2)
  })

  it('keeps what was counted of messages that are forgotten', async () => {
    const later = clock.now + 40 * dayMs
    await transact(hub.db, (tx) => tx.execute('delete from sends'))
    await countInsight(hub.db, later)
    await recountInsight(hub.db, later)
    expect((await ask({ measure: 'sent', dimension: 'campaign' })).lines).toMatchObject([{ value: 'spring', count: 3 }])
  })

  it('names who is behind a number, masked, and nobody else', async () => {
    const about = { brand: 'acme', measure: 'left', dimension: 'signal', value: 'complaint' } as const
    const people = await readBehind(hub.db, june, { kind: 'said', about })
    expect(people).toHaveLength(1)
    expect(people[0]?.masked).toMatch(/^b.*@/)
    expect(people[0]?.masked).not.toContain('bob@')
  })

  it('follows how long people stay after their first four weeks, by how often they were written to', async () => {
    const first = clock.now + 10 * dayMs
    clock.now = first
    for (const name of ['zoe', 'tom']) {
      clock.now += 1_000
      await sendTo(name, 'autumn')
    }
    clock.now = first + 45 * dayMs
    await leave('zoe')
    clock.now += 30 * dayMs
    await recountInsight(hub.db, clock.now)
    const [life] = (await readCadenceLives(hub.db, 'acme')).filter(({ cadence }) => cadence === 'one')
    // 45 days less the first 28 is in the third week.
    expect(life?.curve.map(({ time, share }) => [time, share])).toEqual([
      [0, 1],
      [3, 0.5],
    ])
    expect(life).toMatchObject({ people: 2, medianWeeks: 3 })
    const behind = await readBehind(hub.db, june, { kind: 'lives', brand: 'acme', cadence: 'one' })
    expect(behind.map(({ masked }) => masked[0]).sort()).toEqual(['t', 'z'])
  })

  it('says of no week that nobody was followed into how many are still there, and is sure of nothing', async () => {
    const lives = [
      { brand: 'nova', cadence: 'one', weeks: 20, gone: 0, staying: 12 },
      { brand: 'nova', cadence: 'one', weeks: 30, gone: 0, staying: 3 },
      { brand: 'nova', cadence: 'four', weeks: 2, gone: 10, staying: 0 },
      { brand: 'nova', cadence: 'four', weeks: 40, gone: 0, staying: 10 },
    ]
    await transact(hub.db, (tx) => replaceLives(tx, lives))
    const [one, four] = await readCadenceLives(hub.db, 'nova')
    expect(one?.still).toEqual([{ weeks: 13, share: 1, low: expect.closeTo(0.796, 3), high: 1 }])
    expect(four?.still.map(({ weeks, share }) => [weeks, share])).toEqual([
      [13, 0.5],
      [26, 0.5],
    ])
  })

  it('names who got the messages of a number, as long as they are remembered', async () => {
    const wide = { from: '2026-06-01', to: dayOf(clock.now) }
    const autumn = { brand: 'acme', dimension: 'campaign', value: 'autumn' } as const
    const people = await readBehind(hub.db, wide, { kind: 'sent', about: autumn })
    expect(people.map(({ masked }) => masked[0]).sort()).toEqual(['t', 'z'])
    expect(await readBehind(hub.db, wide, { kind: 'sent', about: { ...autumn, channel: 'sms' } })).toEqual([])
    // Their sends were forgotten; what was counted of them stays.
    expect(await readBehind(hub.db, june, { kind: 'sent', about: { ...autumn, value: 'spring' } })).toEqual([])
  })

  it('names who gave an answer after a no, and whom an alternative kept, exactly as many as are counted', async () => {
    const said = [
      ['ann', 'returned', null],
      ['bob', 'narrowed', 'pause'],
      ['eve', 'narrowed', 'pause'],
    ] as const
    await transact(hub.db, async (tx) => {
      for (const [name, state, alternative] of said) {
        await tx.execute(
          `insert into leaves (subject_key, id, scope, brand, channel, policy, state, link, started_at, answered_at, alternative)
           values ($1, $2, '{}', 'acme', 'email', 'confirm_by_mail', $3, $2, $4, $4, $5)`,
          [
            keyed(hub, email(`${name}@voorbeeld.be`)).key,
            uuidV7(start, hub.random(10)),
            state,
            new Date(start),
            alternative,
          ],
        )
      }
    })
    clock.now = start + 100 * dayMs
    await recountInsight(hub.db, clock.now)
    const asked = await readBehind(hub.db, june, { kind: 'asked', brand: 'acme', answer: 'confirm_by_mail:returned' })
    expect(asked.map(({ masked }) => masked[0])).toEqual(['a'])
    const [kept] = await readKept(hub.db, 'acme', june)
    for (const part of ['taken', 'passed', 'stayed'] as const) {
      const people = await readBehind(hub.db, june, { kind: 'kept', brand: 'acme', alternative: 'pause', part })
      expect(people, part).toHaveLength(kept?.[part] ?? -1)
    }
    // Bob complained two days after.
    expect(kept).toMatchObject({ taken: 2, passed: 2, stayed: 1 })
  })

  it('counts nobody as kept who said no by another number or as a customer', async () => {
    const names = ['kim', 'lio', 'mia']
    for (const [index, name] of names.entries()) {
      await saveTestRelation(hub, `P-${name}`, [email(`${name}@voorbeeld.be`), phone(`047000020${index}`)])
    }
    await transact(hub.db, async (tx) => {
      for (const name of names) {
        await tx.execute(
          `insert into leaves (subject_key, id, scope, brand, channel, policy, state, link, started_at, answered_at, alternative)
           values ($1, $2, '{}', 'acme', 'email', 'confirm_on_page', 'narrowed', $2, $3, $3, 'less')`,
          [keyed(hub, email(`${name}@voorbeeld.be`)).key, uuidV7(start, hub.random(10)), new Date(start)],
        )
      }
    })
    clock.now = start + 20 * dayMs
    await say(hub, phone('0470000200'), { kind: 'objection' })
    await say(hub, customer('P-lio'), { kind: 'objection' })
    clock.now = start + 100 * dayMs
    await recountInsight(hub.db, clock.now)
    const kept = (await readKept(hub.db, 'acme', june)).find(({ alternative }) => alternative === 'less')
    expect(kept).toMatchObject({ taken: 3, passed: 3, stayed: 1 })
    const stayed = { kind: 'kept', brand: 'acme', alternative: 'less', part: 'stayed' } as const
    expect((await readBehind(hub.db, june, stayed)).map(({ masked }) => masked[0])).toEqual(['m'])
  })
})

describe('days', () => {
  it('make periods of the same length and whole months', () => {
    expect(periodBefore({ from: '2026-03-01', to: '2026-03-31' })).toEqual({ from: '2026-01-29', to: '2026-02-28' })
    expect(monthPeriod('2028-02')).toEqual({ from: '2028-02-01', to: '2028-02-29' })
    expect(monthPeriod('2026-13')).toBeUndefined()
    expect(monthPeriod('0000-01')).toBeUndefined()
    expect(addDays(dayOf(start), -1)).toBe('2026-05-31')
  })
})
