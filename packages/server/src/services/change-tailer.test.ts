import { encodePosition, partitionsCount } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { email, spoken } from '../../test/people.ts'
import { type Change, changesAfter, lastSequence } from '../storage/changes.ts'
import type { Database } from '../storage/database.ts'
import { ChangeTailer, Follower } from './change-tailer.ts'
import { followChanges } from './follow-changes.ts'
import type { PublishedChanges } from './published-changes.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(async () => hub[Symbol.asyncDispose]())

async function object(count: number): Promise<void> {
  const names = Array.from({ length: count }, () => `n${Math.random()}@voorbeeld.be`)
  await hub.committer.record(names.map((name) => spoken(hub, email(name), { kind: 'objection' })))
}

/** The hub's database, counting what is asked of it. */
function counting(): { db: Database; readonly queries: number } {
  const counted = { queries: 0 }
  const db: Database = {
    ...hub.db,
    query(statement, values) {
      counted.queries += 1
      return hub.db.query(statement, values)
    },
  }
  return {
    db,
    get queries() {
      return counted.queries
    },
  }
}

/** Reads until as many changes have come; the rest of the feed is left. */
async function readChanges(
  db: Database,
  tailer: ChangeTailer,
  from: readonly bigint[],
  count: number,
  arrived: () => void,
): Promise<number> {
  let read = 0
  const options = { follow: true, signal: new AbortController().signal }
  for await (const events of followChanges(db, tailer, { last: from }, options)) {
    if (events.some(({ type }) => type === 'position')) arrived()
    read += events.filter(({ type }) => type === 'change').length
    if (read >= count) return read
  }
  return read
}

describe('one tailer', () => {
  it('reads the database for two hundred followers as often as for one', async () => {
    const spent: number[] = []
    for (const followers of [1, 200]) {
      const watched = counting()
      await using tailer = new ChangeTailer(watched.db)
      const from = await lastSequence(hub.db)
      let arrived = 0
      const reading = Array.from({ length: followers }, () =>
        readChanges(hub.db, tailer, from, 400, () => {
          arrived += 1
        }),
      )
      await expect.poll(() => arrived).toBe(followers)
      const before = watched.queries
      for (let round = 0; round < 20; round += 1) {
        await object(20)
        tailer.wake()
      }
      expect(await Promise.all(reading)).toEqual(Array.from({ length: followers }, () => 400))
      spent.push(watched.queries - before)
    }
    // Twenty rounds of two queries each, and some looks in vain.
    for (const queries of spent) expect(queries).toBeLessThanOrEqual(90)
  })

  it('tells a follower among constant changes, too, that it has everything', async () => {
    await using tailer = new ChangeTailer(hub.db)
    const stop = new AbortController()
    const last = await lastSequence(hub.db)
    const options = { follow: true, signal: stop.signal, heartbeatMs: 200 }
    let isReading = true
    const writing = (async () => {
      while (isReading) {
        await object(2)
        tailer.wake()
      }
    })()
    const types: string[] = []
    for await (const events of followChanges(hub.db, tailer, { last }, options)) {
      types.push(...events.map(({ type }) => type))
      if (types.filter((type) => type === 'position').length >= 4) break
    }
    isReading = false
    await writing
    // The first says that it has caught up; between the others something happened.
    const between = types.slice(types.indexOf('position'))
    expect(between.join(' ')).toMatch(/position( change)+ position( change)+ position/)
  })

  it('needs no look at the database for what its own process commits, and has it as the database has it', async () => {
    const watched = counting()
    await using tailer = new ChangeTailer(watched.db, { committer: hub.committer })
    await tailer.open()
    const from = await lastSequence(hub.db)
    const follower = tailer.attach(from)
    const before = watched.queries
    for (let round = 0; round < 20; round += 1) await object(20)
    const taken: Change[] = []
    while (taken.length < 400 && follower?.cutOff === undefined) taken.push(...((await follower?.take(3_000)) ?? []))
    // Some looks of four a second; each round would have taken two.
    expect(watched.queries - before).toBeLessThan(20)
    const known = from.map((last, partition) => ({ partition, last }))
    const stored = await changesAfter(hub.db, known, 1_000)
    const inOrder = (changes: readonly Change[]) =>
      changes
        .map(({ partition, seq, contactKey, fingerprint, record, recordedAt }) => ({
          partition,
          seq,
          contactKey,
          fingerprint,
          record,
          recordedAt,
        }))
        .sort((one, other) => one.partition - other.partition || Number(one.seq - other.seq))
    expect(inOrder(taken)).toEqual(inOrder(stored))
    tailer.close(follower)
  })

  it('takes what a broker brings, once, and asks the database where that leaves some out', async () => {
    const published = new Broker()
    await using tailer = new ChangeTailer(hub.db, { published })
    await tailer.open()
    const from = await lastSequence(hub.db)
    const follower = tailer.attach(from)
    await object(30)
    const changes = await changesAfter(
      hub.db,
      from.map((last, partition) => ({ partition, last })),
      100,
    )
    // A third of it, then that again with all the others but the first of a partition.
    published.bring(changes.slice(0, 10))
    published.bring(changes.toReversed().slice(3))
    const taken: Change[] = []
    while (taken.length < 30 && follower?.cutOff === undefined) taken.push(...((await follower?.take(3_000)) ?? []))
    expect(taken.length).toBe(30)
    const last = [...from]
    for (const { partition, seq } of taken) {
      expect(seq).toBe((last[partition] ?? 0n) + 1n)
      last[partition] = seq
    }
    tailer.close(follower)
  })
})

describe('a follower', () => {
  const change = (seq: bigint) => ({
    partition: 0,
    seq,
    contactKey: '00000000-0000-0000-0000-000000000000',
    fingerprint: 1n,
    record: null,
    recordedAt: new Date(),
    position: encodePosition({ last: Array.from({ length: partitionsCount }, () => seq) }),
  })

  it('is cut off when it is too many changes behind, and keeps none of them', async () => {
    const follower = new Follower([], 3)
    follower.offer([change(1n), change(2n), change(3n)])
    expect(follower.cutOff).toBeUndefined()
    follower.offer([change(4n)])
    expect(follower.cutOff).toBe('too_slow')
    expect(await follower.take(0)).toEqual([])
  })

  it('is cut off when it is too long behind, however few they are', async () => {
    let nowMs = 0
    const follower = new Follower([], 1_000, () => nowMs)
    follower.offer([change(1n)])
    nowMs = 9_000
    follower.offer([change(2n)])
    expect(await follower.take(0)).toHaveLength(2)
    follower.offer([change(3n)])
    nowMs = 18_000
    follower.offer([change(4n)])
    expect(follower.cutOff).toBeUndefined()
    nowMs = 20_000
    follower.offer([change(5n)])
    expect(follower.cutOff).toBe('too_slow')
  })
})

class Broker implements PublishedChanges {
  readonly isLive = true
  #listener: (changes: readonly Change[]) => void = () => {}

  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.#listener = listener
    return () => {}
  }

  bring(changes: readonly Change[]): void {
    this.#listener(changes)
  }
}
