import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Channel, type Decision, everything } from '@verzet/core'
import { createGate, type Gate, type GivenContactPoint } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eraseWholeRelation } from '../../src/services/erase-relation.ts'
import { transact } from '../../src/storage/database.ts'
import { createTestApi, type TestApi } from '../api.ts'
import { email, keyed, phone, saveTestRelation, say } from '../people.ts'
import { lines, openProxy } from './feed-proxy.ts'

let api: TestApi
let url: string
let directory: string
const gates: Gate[] = []

beforeEach(async () => {
  api = await createTestApi()
  url = await api.app.listen({ host: '127.0.0.1', port: 0 })
  directory = mkdtempSync(join(tmpdir(), 'verzet-gate-'))
})
afterEach(async () => {
  await Promise.all(gates.splice(0).map((gate) => gate.close()))
  // A client that was interrupted opens connections it says nothing on; the hub's own drain ends them (drain-server.ts).
  api.app.server.closeAllConnections()
  await api[Symbol.asyncDispose]()
  rmSync(directory, { recursive: true, force: true })
})

function openGate(options: Partial<Parameters<typeof createGate>[0]> = {}): Gate {
  const gate = createGate({ url, key: api.key, ...options })
  gates.push(gate)
  return gate
}

async function until(isTrue: () => boolean | Promise<boolean>, label: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (await isTrue()) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`waited in vain: ${label}`)
}

const channels: readonly Channel[] = ['email', 'sms', 'phone']
const topics = [
  { brand: 'acme', topic: 'news' },
  { brand: 'acme', topic: 'offers' },
  { brand: 'acme', topic: 'orders' },
  { brand: 'globex', topic: 'magazine' },
  { brand: 'acme', topic: 'nobody-made-this' },
]
const people: readonly GivenContactPoint[] = [
  ...Array.from({ length: 12 }, (_, index) => email(`p${index}@voorbeeld.be`)),
  ...Array.from({ length: 6 }, (_, index) => phone(`+3247012340${index}`)),
]

/** Every person, every message: what the hub says, and what the gate says, without the position. */
async function compare(gate: Gate): Promise<void> {
  const cells = people.flatMap((contactPoint) =>
    topics.flatMap((about) => channels.map((channel) => ({ contactPoint, channel, ...about }))),
  )
  const answer = await api.ask('POST', '/v1/gate/batch', { body: { questions: cells } })
  const { decisions } = answer.body as { decisions: (Record<string, unknown> & { until?: string })[] }
  const own = cells.map(({ contactPoint, ...about }) => plain(gate.decide(contactPoint, about)))
  // A pause that ended between the two questions is over for the second one.
  if (decisions.some(({ until: moment }) => moment !== undefined && Date.parse(moment) <= Date.now())) {
    await compare(gate)
    return
  }
  const asked = decisions.map(({ position: _position, ...decision }) => decision)
  for (const [index, cell] of cells.entries()) {
    // Only the hub knows what was sent already: the gate waits where the hub may allow (rule 6).
    if (own[index]?.reason === 'cadence') {
      expect(['cadence', 'consent', 'customer_relation', 'opt_out_regime']).toContain(asked[index]?.reason)
    } else expect(own[index], JSON.stringify(cell)).toEqual(asked[index])
  }
}

function plain({ until: moment, ...decision }: Decision): Record<string, unknown> {
  return { ...decision, ...(moment !== undefined && { until: new Date(moment).toISOString() }) }
}

/** One step of a history nobody planned, the same for the same number. */
async function live(step: number): Promise<void> {
  const { hub } = api
  const at = (count: number, salt: number) => Math.imul(step + salt, 2_654_435_761) % count
  const index = Math.abs(at(people.length, 7))
  const person = people[index] ?? email('p0@voorbeeld.be')
  const scopes = [everything, { brand: 'acme' }, { brand: 'acme', topic: 'news' }, { channel: 'email' as const }]
  const scope = scopes[Math.abs(at(scopes.length, 3))] ?? everything
  switch (Math.abs(at(8, 1))) {
    case 0:
    case 1:
      await say(hub, person, { kind: 'objection', scope })
      return
    case 2:
      await say(hub, person, { kind: 'consent', scope })
      return
    case 3:
      // Some end while the history goes on.
      await say(hub, person, { kind: 'pause', scope, until: hub.clock() + 40 + Math.abs(at(3, 5)) * 100_000 })
      return
    case 4:
      await say(hub, person, { kind: 'cadence', scope, cadence: { max: 1, per: 'week' } })
      return
    case 5:
      await say(hub, person, { kind: 'consent', scope, author: 'controller', saidAt: null })
      return
    case 6: {
      // A merge: a relation takes contact points that others had.
      const points = [person, people[(index + 5) % people.length] ?? person]
      await saveTestRelation(hub, `c${index % 4}`, points, { customerSince: '2024-01-01', country: 'BE' })
      return
    }
    default: {
      const externalId = `c${index % 4}`
      const { key } = keyed(hub, { type: 'customer', value: externalId })
      await transact(hub.db, (tx) => eraseWholeRelation(tx, hub.random, key, hub.clock(), 'test'))
    }
  }
}

describe('a replica of the gate', () => {
  it('answers like the hub, cell by cell, through any history, cut off, restarted and fed twice', async () => {
    const cacheFile = join(directory, 'gate.snapshot')
    let gate = openGate({ cacheFile })
    await gate.ready
    for (let step = 0; step < 120; step += 1) {
      await live(step)
      if (step % 30 === 17) {
        // Restarted in the middle, from the file it left or, every other time, from nothing.
        await gate.close()
        await live(step + 1_000)
        gate = openGate(step % 60 === 17 ? { cacheFile } : {})
        await gate.ready
      }
      if (step % 12 === 0) {
        const last = await api.ask('POST', '/v1/gate', {
          body: { contactPoint: people[0], brand: 'acme', channel: 'email', topic: 'orders' },
        })
        const { position } = last.body as { position: string }
        await until(() => gate.position === position, `step ${step}`)
        await compare(gate)
      }
    }
    expect(gate.metrics()).toMatchObject({ state: 'fresh', gaps: 0 })
  }, 60_000)

  it('refuses within a second of a no, and says nothing before it has everything', async () => {
    const person = email('jan@voorbeeld.be')
    await saveTestRelation(api.hub, 'k1', [person], { customerSince: '2024-01-01', country: 'BE' })
    const gate = openGate()
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    expect(gate.decide(person, about)).toMatchObject({ decision: 'deny', reason: 'stale' })
    await gate.ready
    expect(gate.decide(person, about)).toMatchObject({ decision: 'allow', reason: 'customer_relation' })
    await say(api.hub, person, { kind: 'objection' })
    await until(() => gate.decide(person, about).reason === 'objection', 'the no')
    expect(gate.decideMany([person, email('an@voorbeeld.be')], about)).toMatchObject([
      { decision: 'deny', reason: 'objection' },
      { decision: 'deny', reason: 'no_basis' },
    ])
    expect(gate.metrics()).toMatchObject({ state: 'fresh', gaps: 0, decisions: { objection: 2 } })
  })

  it('asks the hub for those who want less, and counts what it was allowed', async () => {
    const person = email('less@voorbeeld.be')
    await saveTestRelation(api.hub, 'k2', [person], { customerSince: '2024-01-01', country: 'BE' })
    await say(api.hub, person, { kind: 'cadence', cadence: { max: 1, per: 'week' } })
    const gate = openGate()
    await gate.ready
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    const claims = await Promise.all(Array.from({ length: 5 }, () => gate.claim(person, about)))
    expect(claims.filter(({ decision }) => decision === 'allow')).toHaveLength(1)
    expect(claims.filter(({ reason }) => reason === 'cadence')).toHaveLength(4)
  })

  it('denies everything once the hub was silent too long, and recovers', async () => {
    const person = email('jan@voorbeeld.be')
    await saveTestRelation(api.hub, 'k1', [person], { customerSince: '2024-01-01', country: 'BE' })
    const proxy = await openProxy(url)
    const gate = openGate({ url: proxy.url, staleAfterMs: 400 })
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    await gate.ready
    proxy.isCut = true
    proxy.cut()
    await until(() => gate.decide(person, about).reason === 'stale', 'stale')
    await say(api.hub, person, { kind: 'objection' })
    expect(gate.decide(person, about)).toMatchObject({ decision: 'deny', reason: 'stale' })
    proxy.isCut = false
    await until(() => gate.decide(person, about).reason === 'objection', 'the no after the break')
    await proxy.close()
  })

  it('never allows after a no, wherever in a frame the feed is cut', async () => {
    const person = email('jan@voorbeeld.be')
    await saveTestRelation(api.hub, 'k1', [person], { customerSince: '2024-01-01', country: 'BE' })
    const before = await lines(url, api.key)
    await say(api.hub, person, { kind: 'objection' })
    const frame = Buffer.from(`${(await lines(url, api.key, before.at(-1))).join('\n')}\n`)
    expect(frame.length).toBeGreaterThan(200)
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    for (let length = 0; length < frame.length; length += 41) {
      const proxy = await openProxy(url, { snapshot: before, frame: frame.subarray(0, length) })
      const gate = openGate({ url: proxy.url })
      await gate.ready
      // The second connection goes to the hub itself, after the cursor the gate has.
      await until(() => gate.decide(person, about).decision === 'deny', `cut after ${length} bytes`)
      expect(gate.metrics().gaps).toBeLessThanOrEqual(1)
      await gate.close()
      await proxy.close()
    }
  }, 60_000)

  it('notices a change that is missing, and loads everything again', async () => {
    const person = email('jan@voorbeeld.be')
    const before = await lines(url, api.key)
    await say(api.hub, person, { kind: 'objection' })
    await say(api.hub, person, { kind: 'objection', scope: { brand: 'acme' } })
    const after = await lines(url, api.key, before.at(-1))
    const changes = after.filter((line) => line.includes('"change"'))
    expect(changes).toHaveLength(2)
    const proxy = await openProxy(url, { snapshot: before, frame: Buffer.from(`${changes[1]}\n`) })
    const gate = openGate({ url: proxy.url })
    await until(() => gate.metrics().gaps === 1, 'the gap')
    await gate.ready
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    await until(() => gate.decide(person, about).reason === 'objection', 'the no')
    await proxy.close()
  })

  it('does not believe a snapshot file that was cut or changed', async () => {
    const cacheFile = join(directory, 'gate.snapshot')
    const person = email('jan@voorbeeld.be')
    await say(api.hub, person, { kind: 'objection' })
    const first = openGate({ cacheFile })
    await first.ready
    await first.close()
    const whole = readFileSync(cacheFile)
    const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
    for (const damaged of [
      whole.subarray(0, whole.length / 2),
      Buffer.concat([whole, Buffer.from('x')]),
      flip(whole),
    ]) {
      writeFileSync(cacheFile, damaged)
      const gate = openGate({ cacheFile })
      await gate.ready
      expect(gate.decide(person, about)).toMatchObject({ decision: 'deny', reason: 'objection' })
      await gate.close()
    }
  })
})

function flip(bytes: Buffer): Buffer {
  const changed = Buffer.from(bytes)
  changed[40] = (changed[40] ?? 0) ^ 1
  return changed
}
