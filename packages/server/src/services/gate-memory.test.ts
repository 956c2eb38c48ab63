import { everything } from '@verzet/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, keyed, type Point, saveTestRelation, say, spoken } from '../../test/people.ts'
import { transact } from '../storage/database.ts'
import { askGate, type GateQuestion } from './ask-gate.ts'
import { eraseWholeRelation } from './erase-relation.ts'
import { GateMemory } from './gate-memory.ts'

type Parts = ConstructorParameters<typeof GateMemory>[0]

let hub: TestHub
let memory: GateMemory
const log: string[] = []

beforeEach(async () => {
  hub = await createTestHub()
})
afterEach(async () => {
  await memory[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

/** Hears nothing of what this process commits: what is recorded is then recorded elsewhere for all it knows. */
const elsewhere = () => ({ ...hub, committer: { ...hub.committer, onCommit: () => () => {} } })

async function start(parts: Parts = hub): Promise<void> {
  memory = new GateMemory(parts, { bytesMax: 2 ** 30, log: (line) => log.push(line) })
  await expect.poll(() => memory.isLoaded).toBe(true)
}

const topics = [
  { brand: 'acme', topic: 'news' },
  { brand: 'acme', topic: 'orders' },
  { brand: 'globex', topic: 'magazine' },
  { brand: 'acme', topic: 'nobody-made-this' },
]
const people = Array.from({ length: 20 }, (_, index) => email(`p${index}@voorbeeld.be`))
const about = (contactPoint: Point, topic = 'news'): GateQuestion => ({
  contactPoint,
  brand: 'acme',
  channel: 'email',
  topic,
})
const every = people.flatMap((contactPoint) =>
  topics.map((one): GateQuestion => ({ contactPoint, channel: 'email', ...one })),
)
const fromDatabase = (questions: readonly GateQuestion[], now: number) =>
  askGate(hub.db, hub.catalog, hub.secrets, questions, now)

/** One step of what people say and companies do. */
async function live(step: number): Promise<void> {
  const person = people[(step * 7) % people.length] ?? email('p0@voorbeeld.be')
  const scope = step % 3 === 0 ? everything : { brand: 'acme', topic: 'news' }
  if (step % 5 === 0) await say(hub, person, { kind: 'cadence', scope, cadence: { max: 1, per: 'week' } })
  else if (step % 5 === 1) await say(hub, person, { kind: 'pause', scope, until: hub.clock() + 86_400_000 })
  else if (step % 5 === 2) await saveTestRelation(hub, `c${step % 4}`, [person], { customerSince: '2024-01-01' })
  else if (step === 38) {
    const { key } = keyed(hub, { type: 'customer', value: 'c3' })
    await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, key, hub.clock(), 'test'))
  } else await say(hub, person, { kind: step % 2 === 0 ? 'consent' : 'objection', scope })
}

async function sayByKeyAlone(point: Point): Promise<void> {
  const { subject: _unknown, ...choice } = spoken(hub, point, { kind: 'objection', scope: everything })
  await hub.committer.record([{ ...choice, subjectIfMissing: { type: 'email' } }])
}

describe('the gate in memory', () => {
  it('answers as the database does, position included, through a history', async () => {
    await start()
    for (let step = 0; step < 40; step += 1) {
      await live(step)
      const now = hub.clock()
      expect(await memory.ask(every, now)).toEqual(await fromDatabase(every, now))
    }
    expect(memory.metrics().fromMemory).toBeGreaterThan(1_000)
  })

  it('answers as the database does about everybody it was loaded with', async () => {
    for (let step = 0; step < 40; step += 1) await live(step)
    const nameless = email('by-link@voorbeeld.be')
    await sayByKeyAlone(nameless)
    await start()
    const now = hub.clock()
    expect(await memory.ask(every, now)).toEqual(await fromDatabase(every, now))
    expect(memory.metrics().fromMemory).toBeGreaterThan(0)
    expect((await memory.ask([about(nameless)], now))[0]?.reason).toBe('objection')
  })

  it.each(['this process', 'another one'])(
    'refuses at once whom %s has just heard, however much is being said',
    async (where) => {
      await start(where === 'this process' ? hub : elsewhere())
      const consents = Array.from({ length: 300 }, (_, index) => email(`r${index}@voorbeeld.be`))
      await hub.committer.record(consents.map((one) => spoken(hub, one, { kind: 'consent', scope: everything })))
      const reasons = await Promise.all(
        consents.map(async (one) => {
          const before = (await memory.ask([about(one)], hub.clock()))[0]?.reason
          await say(hub, one, { kind: 'objection', scope: everything })
          const after = (await memory.ask([about(one)], hub.clock()))[0]?.reason
          return `${before} ${after}`
        }),
      )
      expect(new Set(reasons)).toEqual(new Set(['consent objection']))
    },
  )

  it('asks the database about who is known by a key alone, whom no fingerprint finds', async () => {
    await start()
    const point = email('by-link@voorbeeld.be')
    await sayByKeyAlone(point)
    const followed = async () =>
      (await memory.ask([about(email('somebody@voorbeeld.be'))], hub.clock())) && memory.metrics()
    await expect.poll(async () => (await followed()).fromMemory).toBeGreaterThan(0)
    expect((await memory.ask([about(point)], hub.clock()))[0]?.reason).toBe('objection')
  })

  it('gives no answer without the database', async () => {
    await start()
    await hub.loseDatabase()
    await expect(memory.ask([about(email('jan@voorbeeld.be'))], hub.clock())).rejects.toThrow()
  })

  it('leaves everything to the database beyond the memory it was given', async () => {
    memory = new GateMemory(hub, { bytesMax: 1, log: (line) => log.push(line) })
    await expect.poll(() => log.some((line) => line.includes('the database answers instead'))).toBe(true)
    await say(hub, email('jan@voorbeeld.be'), { kind: 'objection', scope: everything })
    expect((await memory.ask([about(email('jan@voorbeeld.be'))], hub.clock()))[0]?.reason).toBe('objection')
    expect(memory.metrics()).toMatchObject({ entries: 0, fromMemory: 0, fromDatabase: 1 })
  })

  it('forgets what it learnt when the database goes back, as after a restore', async () => {
    await start()
    const point = email('restored@voorbeeld.be')
    await say(hub, point, { kind: 'objection', scope: everything })
    await expect
      .poll(async () => (await memory.ask([about(point)], hub.clock())) && memory.metrics().fromMemory)
      .toBeGreaterThan(0)
    await hub.db.query('delete from changes')
    await hub.db.query('update standings set record = \'{"groups":[]}\', seq = 0')
    await hub.db.query('update partitions set last_seq = 0')
    expect((await memory.ask([about(point)], hub.clock()))[0]?.reason).toBe('no_basis')
  })
})
