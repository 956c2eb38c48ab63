import { NatsLink, natsNames, openPublished } from '@verzet/gate-nats'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createHttpServer } from '../../src/adapters/http/server.ts'
import { type FanOut, startFanOut } from '../../src/entry/start-fan-out.ts'
import { readPublishedChange } from '../../src/services/published-changes.ts'
import { readPublicationState } from '../../src/storage/feed-publications.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { email, keyed, say } from '../people.ts'
import { isMissing } from './missing.ts'
import { type Nats, startNats } from './nats.ts'

describe.skipIf(isMissing('nats-server'))('a hub with a broker', () => {
  let nats: Nats
  let hub: TestHub
  const logged: string[] = []
  const open: FanOut[] = []

  beforeAll(async () => {
    nats = await startNats()
  })
  afterAll(async () => nats[Symbol.asyncDispose]())
  beforeEach(async () => {
    hub = await createTestHub()
  })
  afterEach(async () => {
    for (const fanOut of open.splice(0)) await fanOut[Symbol.asyncDispose]()
    await hub[Symbol.asyncDispose]()
  })

  function start(name: string, publishes: boolean): FanOut {
    const config = { nats_url: nats.url, nats_name: name, nats_credentials: undefined, nats_ca: undefined }
    const fanOut = startFanOut(hub, config, { publishes, log: (line) => void logged.push(line) })
    if (fanOut === undefined) throw new Error('nothing was started')
    open.push(fanOut)
    return fanOut
  }

  const isPublished = async () => (await readPublicationState(hub.db))?.announcedAt ?? undefined

  it('has none where none is configured', () => {
    const config = { nats_url: undefined, nats_name: 'x', nats_credentials: undefined, nats_ca: undefined }
    expect(startFanOut(hub, config, { publishes: true, log: () => {} })).toBeUndefined()
  })

  it('records without it, says so once, and publishes once it is there', async () => {
    await nats.kill()
    const fanOut = start('late', true)
    expect((await say(hub, email('jan@voorbeeld.be'), { kind: 'objection' })).kind).toBe('recorded')
    expect(fanOut.published.isLive).toBe(false)
    await expect.poll(() => logged, { timeout: 15_000 }).toHaveLength(1)
    await nats.start()
    await expect.poll(isPublished, { timeout: 20_000 }).toBeInstanceOf(Date)
    await expect.poll(() => fanOut.published.isLive, { timeout: 20_000 }).toBe(true)
    expect(logged[1]).toBe('the feed is published again')
  }, 60_000)

  it('hears in one process of what another commits, sooner than it looks itself', async () => {
    start('both', true)
    const reader = start('both', false)
    await expect.poll(() => reader.published.isLive, { timeout: 20_000 }).toBe(true)
    const person = email('an@voorbeeld.be')
    const heard = new Promise<string>((resolve) => {
      reader.published.listen((changes) => resolve(changes[0]?.contactKey ?? ''))
    })
    await say(hub, person, { kind: 'objection' })
    expect(await heard).toBe(keyed(hub, person).key)
    const app = await createHttpServer({ ...hub, published: reader.published }, { logger: false, version: '0.0.0' })
    const { payload } = await app.inject({ method: 'GET', url: '/metrics' })
    expect(payload).toMatch(/^verzet_feed_published_timestamp_seconds \d/m)
    expect(payload).toMatch(/^verzet_feed_lost_messages 0$/m)
    await app.close()
  }, 60_000)

  it('publishes what any feed line is: a follower reads it as one', async () => {
    start('lines', true)
    await expect.poll(isPublished, { timeout: 20_000 }).toBeInstanceOf(Date)
    const link = new NatsLink({ url: nats.url }, 'test')
    const stop = new AbortController()
    const following = await openPublished(await link.connection(), natsNames('lines'), stop.signal)
    await say(hub, email('bo@voorbeeld.be'), { kind: 'objection' })
    for await (const lines of following) {
      const changes = lines.flatMap((line) => readPublishedChange(line) ?? [])
      if (changes.length === 0) continue
      expect(changes).toMatchObject([{ contactKey: keyed(hub, email('bo@voorbeeld.be')).key, seq: 1n }])
      break
    }
    await link[Symbol.asyncDispose]()
  }, 60_000)
})
