import { randomUUID } from 'node:crypto'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { decodePosition, encodePosition } from '@verzet/core'
import { NatsLink, natsNames, openPublished } from '@verzet/gate-nats'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { NatsChanges } from '../../src/adapters/nats/nats-changes.ts'
import { natsStream } from '../../src/adapters/nats/nats-stream.ts'
import { ChangeTailer } from '../../src/services/change-tailer.ts'
import { FeedPublisher, type FeedStream } from '../../src/services/publish-feed.ts'
import { readPublishedChange } from '../../src/services/published-changes.ts'
import { changesAfter, lastSequence } from '../../src/storage/changes.ts'
import { readPublicationState } from '../../src/storage/feed-publications.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { email, spoken } from '../people.ts'
import { isMissing } from './missing.ts'
import { type Nats, startNats } from './nats.ts'

const names = natsNames('proef')

describe.skipIf(isMissing('nats-server'))('the feed through NATS JetStream', () => {
  let nats: Nats
  let hub: TestHub
  let link: NatsLink
  let stream: FeedStream
  let open: AsyncDisposable[] = []

  beforeEach(async () => {
    nats = await startNats()
    hub = await createTestHub()
    link = new NatsLink({ url: nats.url }, 'test')
    stream = natsStream(link, names)
  })
  afterEach(async () => {
    for (const one of open.toReversed()) await one[Symbol.asyncDispose]()
    open = []
    await link[Symbol.asyncDispose]()
    await hub[Symbol.asyncDispose]()
    await nats[Symbol.asyncDispose]()
  })

  const logged: string[] = []
  function publish(options: { leaseMs?: number; on?: FeedStream } = {}): FeedPublisher {
    const { on = stream, ...timing } = options
    const log = (line: string) => void logged.push(line)
    const publisher = new FeedPublisher(hub, on, { holder: randomUUID(), log, announceEveryMs: 100, ...timing })
    const stop = hub.committer.onCommit(() => publisher.wake())
    open.push(publisher, { [Symbol.asyncDispose]: async () => stop() })
    return publisher
  }

  async function object(from: number, count: number): Promise<void> {
    const choices = Array.from({ length: count }, (_, index) =>
      spoken(hub, email(`n${from + index}@voorbeeld.be`), { kind: 'objection' }),
    )
    await hub.committer.record(choices)
  }

  /** What the stream holds, oldest first, as partition and number. */
  async function stored(): Promise<string[]> {
    const connection = await link.connection()
    const { state } = await (await jetstreamManager(connection)).streams.info(names.stream)
    if (state.messages === 0) return []
    const consumer = await jetstream(connection).consumers.get(names.stream)
    const found: string[] = []
    for await (const message of await consumer.fetch({ max_messages: state.messages, expires: 2_000 })) {
      const change = readPublishedChange(message.string())
      found.push(change === undefined ? 'unreadable' : `${change.partition}.${change.seq}`)
    }
    return found
  }

  async function committed(): Promise<string[]> {
    const all = Array.from({ length: 64 }, (_, partition) => ({ partition, last: 0n }))
    return (await changesAfter(hub.db, all, 10_000)).map(({ partition, seq }) => `${partition}.${seq}`)
  }

  /** Everything committed is stored once, each partition in its order. */
  async function expectWhole(): Promise<void> {
    await expect.poll(async () => (await stored()).length, { timeout: 8_000 }).toBe((await committed()).length)
    const found = await stored()
    expect(found.toSorted()).toEqual((await committed()).toSorted())
    for (let partition = 0; partition < 64; partition += 1) {
      const numbers = found.filter((name) => name.startsWith(`${partition}.`))
      expect(numbers).toEqual(numbers.map((_, index) => `${partition}.${index + 1}`))
    }
  }

  async function isHeld(publisher: FeedPublisher): Promise<void> {
    await expect.poll(() => publisher.isHolding, { timeout: 8_000 }).toBe(true)
  }

  it('has every change once and in order, across publishers that come and go', async () => {
    const first = publish()
    await isHeld(first)
    await object(0, 300)
    await first[Symbol.asyncDispose]()
    await object(300, 200)
    const second = publish()
    await object(500, 50)
    await expectWhole()
    expect(second.isHolding).toBe(true)
    const { state } = await (await jetstreamManager(await link.connection())).streams.info(names.stream)
    expect(state.messages).toBe(550)
  })

  it('is published by one process, and by the next once that is gone without a word', async () => {
    const dead = randomUUID()
    await hub.db.execute(
      `insert into feed_publications (stream, holder, lease_until) values ($1, $2, now() + interval '1 second')`,
      [names.stream, dead],
    )
    const publisher = publish({ leaseMs: 600 })
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(publisher.isHolding).toBe(false)
    await isHeld(publisher)
    await object(0, 5)
    await expectWhole()
  })

  it('takes nothing from a process that lost its lease and does not know it', async () => {
    const publisher = publish()
    await isHeld(publisher)
    await object(0, 10)
    await expectWhole()
    // It remembers an end that was passed long ago.
    await expect(stream.append([{ partition: 0, seq: 999n, text: '{"type":"change"}' }], 3)).rejects.toThrow(
      /last sequence/,
    )
    expect(await stored()).toHaveLength(10)
    const { partition, seq } = { partition: 63, seq: 7n }
    const line = { partition, seq, text: '{"type":"change"}' }
    const { sequence } = await stream.end()
    expect(await stream.append([line], sequence)).toBe(sequence + 1)
    // The same again is not stored, and not taken for stored.
    await expect(stream.append([line], sequence + 1)).rejects.toThrow(/the stream ends/)
  })

  it('is filled again after the broker lost what it had acknowledged, and says so', async () => {
    const publisher = publish()
    await isHeld(publisher)
    await object(0, 40)
    await expectWhole()
    await nats.sync()
    await object(40, 30)
    await expectWhole()
    await nats.loseUnsynced()
    await nats.start()
    await expectWhole()
    await expect.poll(async () => (await readPublicationState(hub.db))?.lostMessages, { timeout: 8_000 }).toBe(30)
    expect(logged.join('\n')).toContain('the broker lost 30 messages')
    await object(70, 5)
    await expectWhole()
  })

  it('begins anew when the database was restored and stands before it', async () => {
    const publisher = publish()
    await isHeld(publisher)
    await object(0, 20)
    await expectWhole()
    await publisher[Symbol.asyncDispose]()
    await hub.db.execute('update partitions set last_seq = 0')
    await hub.db.execute('delete from changes')
    const again = publish()
    await isHeld(again)
    await expect.poll(async () => (await stored()).length).toBe(0)
  })

  it('goes on when the broker is away for a while', async () => {
    const publisher = publish()
    await isHeld(publisher)
    await object(0, 10)
    await expectWhole()
    await nats.kill()
    await object(10, 10)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await nats.start()
    await expectWhole()
    expect((await readPublicationState(hub.db))?.lostMessages).toBe(0)
  }, 30_000)

  it('tells its followers how far it came, and no old word of that is kept', async () => {
    const publisher = publish()
    await isHeld(publisher)
    const stop = new AbortController()
    const lines: string[] = []
    const reading = (async () => {
      for await (const some of await openPublished(await link.connection(), names, stop.signal)) lines.push(...some)
    })()
    await object(0, 3)
    const end = { last: await lastSequence(hub.db) }
    await expect.poll(() => lines.at(-1)).toBe(JSON.stringify({ type: 'position', position: encodePosition(end) }))
    expect(lines.filter((line) => line.includes('"change"'))).toHaveLength(3)
    stop.abort()
    await reading
    expect((await stored()).filter((name) => name === 'unreadable')).toEqual([])
    expect(decodePosition((await stream.end()).position ?? '')?.last).toEqual(end.last)
  })

  it('brings changes to a hub that hardly asks its database', async () => {
    const publisher = publish()
    await isHeld(publisher)
    const published = new NatsChanges(link, names)
    open.push(published)
    await expect.poll(() => published.isLive, { timeout: 8_000 }).toBe(true)
    let reads = 0
    const counting = {
      ...hub.db,
      query: (...[statement, values]: Parameters<typeof hub.db.query>) => {
        reads += 1
        return hub.db.query(statement, values)
      },
    }
    await using tailer = new ChangeTailer(counting as typeof hub.db, { published })
    await tailer.open()
    const follower = tailer.attach(await lastSequence(hub.db))
    const before = reads
    let taken = 0
    for (let round = 0; round < 50; round += 1) await object(round * 2, 2)
    while (taken < 100) taken += (await follower?.take(5_000))?.length ?? 0
    expect(taken).toBe(100)
    // It looks for itself every two seconds, with two queries at most.
    expect(reads - before).toBeLessThanOrEqual(4)
    tailer.close(follower)
  })
})
