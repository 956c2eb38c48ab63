import { uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { ChangeTailer } from './change-tailer.ts'
import { followChanges } from './follow-changes.ts'
import { keyContactPoint } from './key-contact-point.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(async () => hub[Symbol.asyncDispose]())

async function object(numbers: readonly number[]): Promise<void> {
  const choices = numbers.map((number) => {
    const named = keyContactPoint(hub.secrets, { type: 'email', value: `n${number}@voorbeeld.be` })
    if (named.kind !== 'ok') throw new Error('unreachable')
    const { keyed } = named
    const now = hub.clock()
    return {
      id: uuidV7(now, hub.random(10)),
      evidenceId: uuidV7(now, hub.random(10)),
      subjectKey: keyed.key,
      subject: { type: 'email' as const, value: keyed.contactPoint.normalised, fingerprint: keyed.fingerprint },
      words: { kind: 'objection' as const, scope: {}, author: 'person' as const, saidAt: now },
      context: { signal: 'test' },
      recordedAt: now,
      actor: 'test',
    }
  })
  await hub.committer.record(choices)
}

/** Follows up to being up to date; what comes then is left to the test. */
async function arrive(tailer: ChangeTailer) {
  const abort = new AbortController()
  const pages = followChanges(hub.db, tailer, undefined, { follow: true, signal: abort.signal })
  for (;;) {
    const page = await pages.next()
    if (page.done || page.value.some((event) => event.type === 'position')) return { pages, abort }
  }
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index)

describe('followers of one tailer', () => {
  it('are cut off when they take nothing, and the others are not', async () => {
    await using tailer = new ChangeTailer(hub.db, { followerChangesMax: 100 })
    const slow = await arrive(tailer)
    const quick = await arrive(tailer)
    const heard: string[] = []
    const hearing = (async () => {
      for await (const page of quick.pages) {
        heard.push(...page.map((event) => event.type))
        if (heard.length >= 300) return
      }
    })()
    for (const round of range(10)) {
      await object(range(30).map((index) => round * 30 + index))
      tailer.wake()
      await expect.poll(() => heard.length).toBeGreaterThanOrEqual((round + 1) * 30)
    }
    await hearing
    expect(new Set(heard)).toEqual(new Set(['change']))
    const events = []
    for await (const page of slow.pages) events.push(...page)
    expect(events).toEqual([{ type: 'error', code: 'too_slow', position: expect.any(String) }])
  })

  it('leave nothing running behind', async () => {
    await using tailer = new ChangeTailer(hub.db)
    const one = await arrive(tailer)
    const other = await arrive(tailer)
    await one.pages.return(undefined)
    const ending = other.pages.next()
    other.abort.abort()
    expect((await ending).done).toBe(false)
    await other.pages.return(undefined)
    // With nobody left it has stopped by the next turn, and starts again for the next.
    const again = await arrive(tailer)
    await object([1])
    tailer.wake()
    expect((await again.pages.next()).value).toMatchObject([{ type: 'change' }])
    await again.pages.return(undefined)
  })

  it('are cut off when the database cannot be read any more', async () => {
    const other = await createTestHub()
    await using tailer = new ChangeTailer(other.db)
    const pages = followChanges(other.db, tailer, undefined, { follow: true, signal: new AbortController().signal })
    for await (const page of pages) if (page.some((event) => event.type === 'position')) break
    const again = followChanges(other.db, tailer, undefined, { follow: true, signal: new AbortController().signal })
    for (;;) {
      const page = await again.next()
      if (page.done || page.value.some((event) => event.type === 'position')) break
    }
    await other.db.pool.end()
    tailer.wake()
    const rest = []
    for await (const page of again) rest.push(...page)
    expect(rest).toMatchObject([{ type: 'error', code: 'unavailable' }])
    await other[Symbol.asyncDispose]()
  })
})
