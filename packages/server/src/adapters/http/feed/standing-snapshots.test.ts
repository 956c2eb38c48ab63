import { buffer } from 'node:stream/consumers'
import { beforeEach, describe, expect, it } from 'vitest'
import { StandingSnapshots } from './standing-snapshots.ts'

let readings: number
let changes: bigint
let readingMs: number
let snapshots: StandingSnapshots
beforeEach(() => {
  readings = 0
  changes = 0n
  readingMs = 0
  snapshots = new StandingSnapshots(
    async (take) => {
      readings += 1
      await new Promise((resolve) => setTimeout(resolve, readingMs))
      await take([Buffer.from(`reading ${readings}`)])
    },
    async () => changes,
  )
  return () => snapshots.close()
})

const read = async () =>
  (await buffer(snapshots.read({ withIds: true, signal: new AbortController().signal }))).toString()

describe('the standings read once for many', () => {
  it('are handed out until too much was said since, and then read anew, once for all who ask', async () => {
    expect(await Promise.all([read(), read()])).toEqual(['reading 1', 'reading 1'])
    changes = 1_000n
    expect(await read()).toBe('reading 1')
    changes = 1_001n
    const answers = async () => [...new Set(await Promise.all(Array.from({ length: 50 }, read)))]
    await expect.poll(answers, { timeout: 10_000 }).toEqual(['reading 2'])
    expect(readings).toBe(2)
    changes = 2_001n
    expect(await read()).toBe('reading 2')
  })

  it('are not read again while reading them was most of what the database did', async () => {
    readingMs = 100
    await read()
    changes = 1_000_000n
    expect(await read()).toBe('reading 1')
    await new Promise((resolve) => setTimeout(resolve, 7 * readingMs))
    expect(await read()).toBe('reading 2')
  })

  it('stay with who reads them when they are forgotten', async () => {
    const bytes = snapshots.read({ withIds: true, signal: new AbortController().signal })
    const begun = bytes.next()
    changes = 5_000n
    expect(await read()).toMatch(/^reading [12]$/)
    expect(Buffer.from((await begun).value ?? []).toString()).toBe('reading 1')
    expect((await bytes.next()).done).toBe(true)
  })

  it('are handed out when the database does not say how much was said', async () => {
    const alone = new StandingSnapshots(
      async (take) => {
        await take([Buffer.from('whole')])
      },
      () => Promise.reject(new Error('out of reach')),
    )
    const signal = new AbortController().signal
    for (let time = 0; time < 2; time += 1) {
      expect((await buffer(alone.read({ withIds: true, signal }))).toString()).toBe('whole')
    }
    alone.close()
  })
})
