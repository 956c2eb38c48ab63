import { encodePosition, partitionsCount, type Standing } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ChangedSince, snapshotOf } from './index-snapshot.ts'
import { Replica } from './replica.ts'
import { StandingIndex } from './standing-index.ts'
import { StandingLoader } from './standing-loader.ts'
import { BlockReader, blockKinds, wordsOfPayload } from './standing-stream.ts'

const position = encodePosition({ last: Array.from({ length: partitionsCount }, () => 3n) })
const idOf = (index: number) => `01890000-0000-7000-8000-${String(index).padStart(12, '0')}`
const refusal = (index: number): Standing => ({
  groups: [{ relation: null, items: [{ id: idOf(index), kind: 'objection', scope: {}, at: 1 }] }],
  ...(index % 3 === 0 && { country: 'BE' }),
})
const consent = (index: number): Standing => ({
  groups: [
    {
      relation: null,
      items: [{ id: idOf(index), kind: 'consent', lifts: false, scope: { brand: 'acme' }, at: index }],
    },
  ],
  customer: true,
})
const customer: Standing = { groups: [], customer: true }
const standingOf = (index: number) => [refusal(index), customer, consent(index), refusal(index)][index % 4] ?? null

/** Spread over the table as fingerprints are. */
const lowOf = (index: number) => Math.imul(index + 1, 2_654_435_761) >>> 0

function indexOf(count: number): StandingIndex {
  const index = new StandingIndex()
  for (let at = 0; at < count; at += 1) index.set(lowOf(at), at, standingOf(at))
  return index
}

function loaded(blocks: Iterable<readonly Uint8Array[]>) {
  const index = new StandingIndex()
  const replica = new Replica(index)
  const loader = new StandingLoader(replica)
  for (const pieces of blocks) for (const piece of pieces) loader.take(Uint8Array.from(piece))
  const cursor = loader.end()
  // Who came twice would be taken for two, and stay refused.
  expect(replica.sharesFingerprints).toBe(false)
  return { index, cursor }
}

describe('a snapshot of an index', () => {
  it.each([0, 1, 3_000, 60_000])('holds what the index does, with %i entries', (count) => {
    const index = indexOf(count)
    const copy = loaded(snapshotOf(index, position, new ChangedSince()))
    expect(copy.cursor).toBe(position)
    expect(copy.index.entries).toBe(count)
    for (let at = 0; at < count; at += 1) expect(copy.index.find(lowOf(at), at)).toEqual(index.find(lowOf(at), at))
  })

  it('fills a gate evenly, whose own table may be small: each block goes over all fingerprints', () => {
    const reader = new BlockReader()
    const pieces = [...snapshotOf(indexOf(100_000), position, new ChangedSince())].flat()
    const blocks = pieces.flatMap((piece) => [...reader.read(Uint8Array.from(piece))])
    const full = blocks.filter(({ kind, entries }) => kind === blockKinds.refusals && entries > 2_000)
    expect(full.length).toBeGreaterThan(5)
    for (const { entries, payload } of full) {
      const words = wordsOfPayload(payload)
      const inFirstQuarter = Array.from({ length: entries }, (_, at) => words[2 * at] ?? 0).filter(
        (low) => low < 2 ** 30,
      )
      // A block begins and ends anywhere in its round.
      expect(Math.abs(inFirstQuarter.length / entries - 0.25)).toBeLessThan(0.2)
    }
  })

  it('is right with the changes that come after it, whatever changed between its blocks', () => {
    const count = 40_000
    const change = fc.record({
      at: fc.nat(count + 1_000),
      to: fc.constantFrom<'refusal' | 'consent' | 'nothing'>('refusal', 'consent', 'nothing'),
    })
    const turns = fc.array(fc.array(change, { maxLength: 400 }), { minLength: 4, maxLength: 12 })
    fc.assert(
      fc.property(turns, (all) => {
        const index = indexOf(count)
        const changed = new ChangedSince()
        const changes: [number, Standing | null][] = []
        const pieces: (readonly Uint8Array[])[] = []
        for (const blocks of snapshotOf(index, position, changed)) {
          pieces.push(blocks.map((block) => Uint8Array.from(block)))
          for (const { at, to } of all[pieces.length % all.length] ?? []) {
            const standing = to === 'refusal' ? refusal(at + 1) : to === 'consent' ? consent(at + 7) : null
            changed.note(lowOf(at), at)
            index.set(lowOf(at), at, standing)
            changes.push([at, standing])
          }
        }
        const copy = loaded(pieces).index
        for (const [at, standing] of changes) copy.set(lowOf(at), at, standing)
        expect(copy.entries).toBe(index.entries)
        for (let at = 0; at < count + 1_000; at += 1) {
          expect(copy.find(lowOf(at), at)).toEqual(index.find(lowOf(at), at))
        }
      }),
      { numRuns: 5 },
    )
  })
})
