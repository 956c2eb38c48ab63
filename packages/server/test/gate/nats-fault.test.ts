import { randomUUID } from 'node:crypto'
import { createGate, type Gate, type GateFeed } from '@verzet/gate'
import { NatsLink, natsFeed, natsNames } from '@verzet/gate-nats'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { natsStream } from '../../src/adapters/nats/nats-stream.ts'
import { FeedPublisher } from '../../src/services/publish-feed.ts'
import { createTestApi, type TestApi } from '../api.ts'
import { isMissing } from '../peers/missing.ts'
import { type Nats, startNats } from '../peers/nats.ts'
import { email, saveTestRelation, say } from '../people.ts'
import { type Proxy as FeedProxy, openProxy } from './feed-proxy.ts'

const names = natsNames('proef')
const about = { brand: 'acme', channel: 'email', topic: 'news' } as const

describe.skipIf(isMissing('nats-server'))('a gate that reads from NATS JetStream', () => {
  let nats: Nats
  let api: TestApi
  let proxy: FeedProxy
  let publisher: FeedPublisher
  const open: AsyncDisposable[] = []
  const gates: Gate[] = []
  let errors: string[] = []

  beforeEach(async () => {
    errors = []
    nats = await startNats()
    api = await createTestApi()
    proxy = await openProxy(await api.app.listen({ host: '127.0.0.1', port: 0 }))
    const link = new NatsLink({ url: nats.url }, 'test')
    publisher = new FeedPublisher(api.hub, natsStream(link, names), {
      holder: randomUUID(),
      log: () => {},
      announceEveryMs: 200,
    })
    api.hub.committer.onCommit(() => publisher.wake())
    open.push(link, publisher)
    await vi.waitUntil(() => publisher.isHolding, { timeout: 8_000 })
  })
  afterEach(async () => {
    await Promise.all(gates.splice(0).map((gate) => gate.close()))
    for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]()
    await proxy.close()
    api.app.server.closeAllConnections()
    await api[Symbol.asyncDispose]()
    await nats[Symbol.asyncDispose]()
  })

  async function openGate(options: { feed?: GateFeed; staleAfterMs?: number } = {}): Promise<Gate> {
    const feed = options.feed ?? natsFeed({ url: nats.url, name: names.stream })
    if (Symbol.asyncDispose in feed) open.push(feed as GateFeed & AsyncDisposable)
    const gate = createGate({
      url: proxy.url,
      key: api.key,
      ...options,
      feed,
      onError: (error) => void errors.push('code' in error ? String(error.code) : error.message),
    })
    gates.push(gate)
    await gate.ready
    return gate
  }

  /** A customer who may be written to until something is said. */
  async function customer(name: string) {
    const person = email(`${name}@voorbeeld.be`)
    await saveTestRelation(api.hub, name, [person], { customerSince: '2024-01-01', country: 'BE' })
    return person
  }

  const refuses = (gate: Gate, person: ReturnType<typeof email>, timeout = 5_000) =>
    expect.poll(() => gate.decide(person, about).reason, { timeout, interval: 5 }).toBe('objection')

  it('hears a no without the hub', async () => {
    const person = await customer('jan')
    const gate = await openGate()
    expect(gate.decide(person, about).decision).toBe('allow')
    // It has caught up at the hub; from here on nobody answers there.
    proxy.isCut = true
    proxy.cut()
    await say(api.hub, person, { kind: 'objection' })
    await refuses(gate, person)
    expect(gate.metrics()).toMatchObject({ gaps: 0, state: 'fresh' })
  })

  it('falls back to the hub when the broker is gone, and returns to it', async () => {
    const [first, second] = [await customer('an'), await customer('bo')]
    const gate = await openGate()
    await nats.kill()
    await expect.poll(() => errors.includes('feed_unavailable'), { timeout: 5_000 }).toBe(true)
    await say(api.hub, first, { kind: 'objection' })
    await refuses(gate, first)
    expect(gate.decide(second, about).decision).toBe('allow')
    await nats.start()
    // The hub says every 15 seconds that nothing is missing: then the gate tries the broker again.
    await expect.poll(() => gate.metrics().reconnects, { timeout: 45_000, interval: 200 }).toBeGreaterThanOrEqual(2)
    await expect.poll(() => gate.state, { timeout: 5_000 }).toBe('fresh')
    await say(api.hub, second, { kind: 'objection' })
    await refuses(gate, second)
    expect(gate.metrics().gaps).toBe(0)
  }, 70_000)

  it('notices what the broker lost before it was read, reports it, and gets it from the hub', async () => {
    const [kept, lost] = [await customer('kee'), await customer('loes')]
    const gate = await openGate({ feed: withholding(natsFeed({ url: nats.url, name: names.stream }), 1) })
    await say(api.hub, kept, { kind: 'objection' })
    await refuses(gate, kept)
    // Acknowledged by the broker, not handed on, and gone when its machine lost its power.
    await say(api.hub, lost, { kind: 'objection' })
    await refuses(gate, lost, 10_000)
    expect(errors).toContain('feed_gap')
    expect(gate.metrics().gaps).toBe(1)
  })

  it('never allows after a no when the broker restarts without its unsynced tail', async () => {
    const people = await Promise.all(Array.from({ length: 12 }, (_, index) => customer(`p${index}`)))
    const gate = await openGate({ staleAfterMs: 5_000 })
    await nats.sync()
    for (const person of people.slice(0, 6)) await say(api.hub, person, { kind: 'objection' })
    await nats.loseUnsynced()
    for (const person of people.slice(6, 9)) await say(api.hub, person, { kind: 'objection' })
    await nats.start()
    for (const person of people.slice(9)) await say(api.hub, person, { kind: 'objection' })
    const saidAt = performance.now()
    while (performance.now() - saidAt < 9_000) {
      const isLate = performance.now() - saidAt > 5_000
      const allowed = people.filter((person) => gate.decide(person, about).decision === 'allow')
      if (isLate) expect(allowed).toEqual([])
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    // On the hub's own feed word comes every 15 seconds, so that this gate says nothing in between.
    for (const person of people) expect(gate.decide(person, about).decision).toBe('deny')
    expect(errors).toContain('feed_unavailable')
  }, 40_000)
})

/** Hands on everything but the changes after the first so many. */
function withholding(feed: GateFeed & AsyncDisposable, changes: number): GateFeed & AsyncDisposable {
  let passed = 0
  return {
    async open(signal) {
      const published = await feed.open(signal)
      return (async function* () {
        for await (const lines of published) {
          yield lines.filter((line) => {
            if (!line.includes('"change"')) return true
            passed += 1
            return passed <= changes
          })
        }
      })()
    },
    [Symbol.asyncDispose]: () => feed[Symbol.asyncDispose](),
  }
}
