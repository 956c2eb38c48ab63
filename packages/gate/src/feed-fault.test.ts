import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { everything, type Standing, uuidV7 } from '@verzet/core'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createGate } from './create-gate.ts'
import type { Gate } from './gate.ts'
import { eventually, FakeFeed, fakePerson, saying, startFakeHub } from './testing/fake-hub.ts'

const id = (number: number) => uuidV7(number, Buffer.alloc(10, number))
const no = (number: number, at: number) => ({ kind: 'objection' as const, id: id(number), scope: everything, at })
const yes = (number: number, at: number, topic?: string) => ({
  kind: 'consent' as const,
  id: id(number),
  scope: topic === undefined ? everything : { topic },
  at,
  lifts: true,
})

const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
/** The second and the last share a partition. */
const people = [3, 9, 20, 73].map(fakePerson)
const [jan, an, bo, kim] = people as [never, never, never, never]
const before = new Map<ReturnType<typeof fakePerson>, Standing>([
  [jan, saying(yes(1, 1_000))],
  [an, saying(no(2, 1_000))],
])
/** A no after a yes, a yes after a no, somebody new, one who changes her mind twice, and an erasure. */
const feed = new FakeFeed(before, [
  [jan, saying(yes(1, 1_000), no(3, 2_000))],
  [an, saying(no(2, 1_000), yes(4, 2_000))],
  [bo, saying(yes(5, 2_000, 'news'))],
  [kim, saying(no(6, 2_000))],
  [bo, null],
  [kim, saying(no(6, 2_000), yes(7, 3_000))],
])

const open: (AsyncDisposable | Gate)[] = []
afterEach(async () => {
  vi.useRealTimers()
  for (const one of open.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

const answers = (gate: Gate) =>
  people.map(({ value }) => {
    const { decision, reason } = gate.decide({ type: 'email', value }, about)
    return `${decision} ${reason}`
  })

/** What the hub's own evaluation comes to: a gate that begins when everything has happened. */
async function evaluateAnew(): Promise<string[]> {
  await using hub = await startFakeHub((_key, cursor, response) => void response.write(feed.from(cursor)))
  await using gate = createGate({ url: hub.url, key: 'anew' })
  await gate.ready
  return answers(gate)
}

/** Every byte of a standing, the end of the snapshot, a position and a change; of the other lines, which are like them, some. */
function cutsOf(body: string): number[] {
  const ends = [...body.matchAll(/\n/g)].map(({ index }) => index + 1)
  const [from = 0, to = 0] = [ends[0], ends[4]]
  return Array.from({ length: body.length }, (_, length) => length).filter(
    (length) => (length >= from && length <= to) || length % 41 === 0,
  )
}

describe('a feed that is cut', () => {
  it('at any byte, of the snapshot or of a change, ends in the state of a fresh evaluation', async () => {
    const expected = await evaluateAnew()
    expect(expected).toEqual(['deny objection', 'allow consent', 'deny no_basis', 'allow consent'])
    const body = Buffer.from(feed.recorded)
    const isCut = new Set<string>()
    const hub = await startFakeHub((key, cursor, response) => {
      if (isCut.has(key)) {
        response.write(feed.from(cursor))
        return
      }
      isCut.add(key)
      response.write(body.subarray(0, Number(key)), () => response.destroy())
    })
    open.push(hub)
    const failed: string[] = []
    const cuts = cutsOf(feed.recorded)
    const cutCount = cuts.length
    const cutAll = async () => {
      for (let length = cuts.pop(); length !== undefined; length = cuts.pop()) {
        await using gate = createGate({ url: hub.url, key: String(length) })
        const isThere = await eventually(() => gate.position === feed.end && gate.state === 'fresh')
        const found = answers(gate).join()
        if (!isThere || found !== expected.join() || gate.metrics().gaps > 0) {
          failed.push(`cut after ${length}: ${gate.state} ${found} ${gate.metrics().gaps}`)
        }
      }
    }
    await Promise.all(Array.from({ length: 48 }, cutAll))
    expect(failed).toEqual([])
    expect(cutCount).toBeGreaterThan(700)
  }, 240_000)

  it('and brings half of a line before the next one is read as what it is: no change of this feed', async () => {
    let requests = 0
    const errors: string[] = []
    const hub = await startFakeHub((_key, cursor, response) => {
      requests += 1
      // As a proxy does it that glues two answers together.
      const whole = feed.from(cursor)
      response.write(requests === 1 ? whole.slice(0, 300) + whole : whole)
    })
    open.push(hub)
    const gate = createGate({ url: hub.url, key: 'x', onError: ({ message }) => void errors.push(message) })
    open.push(gate)
    await gate.ready
    expect(answers(gate)).toEqual(await evaluateAnew())
    expect(gate.metrics().gaps).toBe(1)
    expect(errors).toHaveLength(1)
  })
})

describe('a clock that is set', () => {
  it('forward makes the gate stale until the hub speaks again; back makes it no younger', async () => {
    const responses: { write(text: string): unknown }[] = []
    const hub = await startFakeHub((_key, cursor, response) => {
      responses.push(response)
      response.write(feed.from(cursor))
    })
    open.push(hub)
    const gate = createGate({ url: hub.url, key: 'x' })
    open.push(gate)
    await gate.ready
    const expected = answers(gate)
    vi.useFakeTimers({ toFake: ['Date'] })
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(new Set(answers(gate))).toEqual(new Set(['deny stale']))
    // The first word after the jump may have lain in a buffer for an hour: the gate asks anew.
    responses.at(-1)?.write(feed.from(gate.position))
    expect(await eventually(() => gate.state === 'fresh')).toBe(true)
    expect(answers(gate)).toEqual(expected)
    vi.setSystemTime(Date.now() - 7_200_000)
    expect(answers(gate)).toEqual(expected)
    expect(gate.metrics().silentMs).toBeGreaterThanOrEqual(0)
  })
})

describe.skipIf(!existsSync('/dev/full'))('a disk that is full while the snapshot is written', () => {
  it('is reported, leaves the snapshot before it whole, and keeps nobody from being refused', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'verzet-full-'))
    const cacheFile = join(directory, 'gate.snapshot')
    const hub = await startFakeHub((_key, cursor, response) => void response.write(feed.from(cursor)))
    open.push(hub)
    try {
      const first = createGate({ url: hub.url, key: 'x', cacheFile })
      await first.ready
      await first.close()
      const saved = readFileSync(cacheFile)
      // Every write to it fails for want of room.
      symlinkSync('/dev/full', `${cacheFile}.${process.pid}.tmp`)
      const errors: string[] = []
      const onError = (error: Error) => void errors.push('code' in error ? String(error.code) : error.message)
      const second = createGate({ url: hub.url, key: 'x', cacheFile, onError })
      await second.ready
      expect(answers(second)).toEqual(await evaluateAnew())
      await second.close()
      expect(errors).toEqual(['ENOSPC'])
      expect(readFileSync(cacheFile).equals(saved)).toBe(true)
      const third = createGate({ url: hub.url, key: 'x', cacheFile })
      await third.ready
      expect(answers(third)).toEqual(await evaluateAnew())
      await third.close()
    } finally {
      rmSync(directory, { recursive: true, force: true })
    }
  })
})
