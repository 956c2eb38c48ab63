import { decodePosition, everything } from '@verzet/core'
import { Replica, StandingIndex, StandingLoader } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, keyed, type Point, saveTestRelation, say, spoken } from '../../test/people.ts'
import { changesAfter } from '../storage/changes.ts'
import { GateMemory } from './gate-memory.ts'
import { handOnStandings } from './hand-on-standings.ts'
import { replicaLine } from './replica-line.ts'

let hub: TestHub
let memory: GateMemory

beforeEach(async () => {
  hub = await createTestHub()
})
afterEach(async () => {
  await memory[Symbol.asyncDispose]()
  await hub[Symbol.asyncDispose]()
})

function begin(bytesMax = 2 ** 30): void {
  memory = new GateMemory(hub, { bytesMax, log: () => {} })
}

async function start(): Promise<void> {
  begin()
  await expect.poll(() => memory.isLoaded).toBe(true)
}

const people = Array.from({ length: 30 }, (_, index) => email(`p${index}@voorbeeld.be`))

async function live(step: number): Promise<void> {
  const person = people[(step * 7) % people.length] ?? email('p0@voorbeeld.be')
  const scope = step % 3 === 0 ? everything : { brand: 'acme', topic: 'news' }
  if (step % 4 === 0) await saveTestRelation(hub, `c${step % 6}`, [person], { customerSince: '2024-01-01' })
  else if (step % 4 === 1) await say(hub, person, { kind: 'pause', scope, until: hub.clock() + 86_400_000 })
  else await say(hub, person, { kind: step % 4 === 2 ? 'consent' : 'objection', scope })
}

/** What a gate holds that starts from it, between its pieces living on, and then hears the changes since. */
async function gateFrom(gateMemory: GateMemory | undefined, meanwhile = async () => {}) {
  const index = new StandingIndex()
  const replica = new Replica(index)
  const loader = new StandingLoader(replica)
  await handOnStandings({ db: hub.db, ...(gateMemory && { gateMemory }) }, async (pieces) => {
    for (const piece of pieces) loader.take(piece)
    await meanwhile()
  })
  const position = decodePosition(loader.end())?.last ?? []
  const known = position.map((last, partition) => ({ partition, last }))
  for (const { contactKey, fingerprint, record, seq } of await changesAfter(hub.db, known, 10_000)) {
    replica.apply({ type: 'change', ...replicaLine(contactKey, fingerprint, record), number: seq })
  }
  return index
}

function heldOf(index: StandingIndex, points: readonly Point[]) {
  return points.map((point) => {
    const { low, high } = replicaLine('', keyed(hub, point).fingerprint, null)
    return index.find(low, high)
  })
}

describe('every standing handed on', () => {
  it('is the same from memory as from the database, whatever is said meanwhile', async () => {
    for (let step = 0; step < 40; step += 1) await live(step)
    await start()
    for (let step = 40; step < 60; step += 1) await live(step)
    let step = 60
    const said = async () => {
      for (let times = 0; times < 5; times += 1) {
        step += 1
        await live(step)
      }
    }
    const fromMemory = await gateFrom(memory, said)
    expect(step).toBeGreaterThan(65)
    const fromDatabase = await gateFrom(undefined)
    expect(heldOf(fromMemory, people)).toEqual(heldOf(fromDatabase, people))
    expect(fromMemory.entries).toBe(fromDatabase.entries)
  })

  it('comes from memory without the database being read, and leaves out who is known by a key alone', async () => {
    await say(hub, email('jan@voorbeeld.be'), { kind: 'objection', scope: everything })
    await start()
    const { subject: _unknown, ...choice } = spoken(hub, email('by-link@voorbeeld.be'), {
      kind: 'objection',
      scope: everything,
    })
    await hub.committer.record([{ ...choice, subjectIfMissing: { type: 'email' } }])
    await hub.db.query('alter table standings rename to standings_away')
    const index = await gateFrom(memory)
    await hub.db.query('alter table standings_away rename to standings')
    expect(heldOf(index, [email('jan@voorbeeld.be')])).toMatchObject([{ kind: 'refusal' }])
  })

  it('waits for a memory that is being loaded, so that the database is read once', async () => {
    await say(hub, email('jan@voorbeeld.be'), { kind: 'objection', scope: everything })
    begin()
    expect(memory.isLoaded).toBe(false)
    const isFromMemory = await memory.writeStandings(async () => {})
    expect([isFromMemory, memory.isLoaded]).toEqual([true, true])
  })

  it('comes from the database when the memory is full, and when two contact points share a fingerprint', async () => {
    await say(hub, email('jan@voorbeeld.be'), { kind: 'objection', scope: everything })
    await say(hub, email('an@voorbeeld.be'), { kind: 'objection', scope: { brand: 'acme' } })
    begin(1)
    expect(heldOf(await gateFrom(memory), [email('jan@voorbeeld.be')])).toMatchObject([{ kind: 'refusal' }])
    await memory[Symbol.asyncDispose]()
    await hub.db.query('update standings set fingerprint = 12345')
    await start()
    expect(await memory.writeStandings(async () => {})).toBe(false)
  })

  it('fails when the database went back, and then does not hold what was said in between', async () => {
    await start()
    const point = email('restored@voorbeeld.be')
    await say(hub, point, { kind: 'objection', scope: everything })
    await expect.poll(() => memory.metrics().entries).toBeGreaterThan(0)
    await hub.db.query('delete from changes')
    await hub.db.query('update standings set record = \'{"groups":[]}\', seq = 0')
    await hub.db.query('update partitions set last_seq = 0')
    expect(heldOf(await gateFrom(memory), [point])).toEqual([{ kind: 'nothing' }])
  })
})
