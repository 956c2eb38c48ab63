import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Standing } from '@verzet/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSnapshot, writeSnapshot } from './snapshot-file.ts'
import { StandingIndex } from './standing-index.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-snapshot-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

const no = (low: number): Standing => ({
  groups: [
    {
      relation: null,
      items: [
        { id: `01890000-0000-7000-8000-${String(low).padStart(12, '0')}`, kind: 'objection', scope: {}, at: low },
      ],
    },
  ],
})

async function save(index: StandingIndex, parts = index.parts()): Promise<string> {
  const path = join(directory, 'gate')
  await writeSnapshot(path, { cursor: 'c', deployment: 'd', savedAt: 1, countries: index.countries() }, parts)
  return path
}

describe('a snapshot file', () => {
  it('brings back what was in the index, with its counts, and takes changes', async () => {
    for (const withChoiceIds of [true, false]) {
      const index = new StandingIndex({ withChoiceIds })
      for (let low = 0; low < 3_000; low += 1)
        index.set(low, 5, low % 3 === 0 ? { groups: [], customer: true } : no(low))
      for (let low = 0; low < 3_000; low += 7) index.set(low, 5, null)
      const read = await readSnapshot(await save(index))
      const again = read && StandingIndex.of(read.parts, read.header.countries, { withChoiceIds })
      for (let low = 0; low < 3_100; low += 1) expect(again?.find(low, 5)).toEqual(index.find(low, 5))
      expect(again?.entries).toBe(index.entries)
      for (let low = 3_000; low < 9_000; low += 1) again?.set(low, 5, no(low))
      expect(again?.find(8_000, 5)).toMatchObject({ kind: 'refusal' })
      expect(again?.find(3, 5)).toEqual(index.find(3, 5))
    }
  })

  it('holds what was said while it was written, and has room for more', async () => {
    const index = new StandingIndex({ withChoiceIds: false })
    const [first, ...others] = index.parts()
    const speak = () => {
      index.set(0, 5, { groups: [], customer: true })
      for (let low = 1; low <= 1_024; low += 1) index.set(low, 5, no(low))
      return first?.() ?? new Uint8Array()
    }
    const read = await readSnapshot(await save(index, [speak, ...others]))
    const again = read && StandingIndex.of(read.parts, read.header.countries, { withChoiceIds: false })
    expect(again?.entries).toBe(1_025)
    const located = new Float64Array(2)
    again?.locateMany(Uint32Array.of(0, 5, 1, 5), 2, located)
    expect([...located].map(Math.sign)).toEqual([1, -1])
    for (let low = 1_025; low <= 3_000; low += 1) again?.set(low, 5, no(low))
    expect(again?.find(3_001, 5)).toEqual({ kind: 'nothing' })
  })

  it('is none when it is cut off, when a byte is another, and when it is not there', async () => {
    const index = new StandingIndex({ withChoiceIds: false })
    index.set(1, 2, no(1))
    const path = await save(index)
    const bytes = readFileSync(path)
    for (const at of [0, 9, 20, 60, bytes.length - 5_000, bytes.length - 1]) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(path, changed)
      expect(await readSnapshot(path), String(at)).toBeUndefined()
      writeFileSync(path, bytes.subarray(0, at))
      expect(await readSnapshot(path), String(at)).toBeUndefined()
    }
    expect(await readSnapshot(join(directory, 'none'))).toBeUndefined()
  })

  it('is of no use where codes stand for other countries', async () => {
    const index = new StandingIndex()
    const read = await readSnapshot(await save(index))
    expect(read && StandingIndex.of(read.parts, ['XX'], { withChoiceIds: true })).toBeUndefined()
  })
})
