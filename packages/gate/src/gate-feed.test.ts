import { encodePosition, partitionsCount } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { readFeedLine } from './feed-line.ts'
import { CountedChanges, GateFeedFailed } from './gate-feed.ts'

/** Contact points of the partitions 0 and 1. */
const keys = ['00000000-0000-4000-8000-000000000000', '01000000-0000-4000-8000-000000000000'] as const

function at(first: bigint, second: bigint) {
  const last = Array.from({ length: partitionsCount }, () => 0n)
  last[0] = first
  last[1] = second
  return { last }
}

function change(partition: 0 | 1, number: bigint) {
  // As it was published: the other numbers are those of the publisher, and no matter.
  const position = encodePosition(partition === 0 ? at(number, 999n) : at(999n, number))
  const contactPoint = { key: keys[partition] }
  return readFeedLine(
    JSON.stringify({ type: 'change', contactPoint, fingerprint: '00000000000000aa', standing: null, position }),
  )
}

function position(first: bigint, second: bigint) {
  return readFeedLine(JSON.stringify({ type: 'position', position: encodePosition(at(first, second)) }))
}

const cursors = (lines: readonly ReturnType<typeof change>[]) =>
  lines.map((line) => [line.type, 'cursor' in line ? line.cursor : undefined])

describe('changes that come another way', () => {
  it('are taken from where the hub left off, doubles left out', () => {
    const counted = new CountedChanges(at(5n, 2n))
    const taken = counted.take([change(0, 4n), change(0, 5n), change(0, 6n), change(1, 3n), change(0, 6n)], 0)
    expect(taken.map((line) => ('number' in line ? [line.key, line.number] : []))).toEqual([
      [keys[0], 6n],
      [keys[1], 3n],
    ])
    // Who is cut between the two comes back with a cursor that has neither.
    expect(cursors(taken)).toEqual([
      ['change', encodePosition(at(5n, 2n))],
      ['change', encodePosition(at(6n, 3n))],
    ])
  })

  it('end where a number is missing', () => {
    const counted = new CountedChanges(at(5n, 2n))
    expect(() => counted.take([change(0, 7n)], 0)).toThrow(GateFeedFailed)
  })

  it('are all there when a position says no more than what came', () => {
    const counted = new CountedChanges(at(5n, 2n))
    expect(cursors(counted.take([change(0, 6n), position(6n, 2n)], 0)).at(-1)).toEqual([
      'position',
      encodePosition(at(6n, 2n)),
    ])
  })

  it('may be overtaken by a position, for a moment', () => {
    const quick = new CountedChanges(at(5n, 2n))
    expect(quick.take([position(6n, 2n)], 0)).toEqual([])
    expect(quick.take([change(0, 6n)], 1_000).map(({ type }) => type)).toEqual(['change', 'position'])
    const slow = new CountedChanges(at(5n, 2n))
    expect(slow.take([position(6n, 2n)], 0)).toEqual([])
    expect(slow.take([change(0, 6n)], 9_000).map(({ type }) => type)).toEqual(['change'])
    expect(slow.take([position(6n, 2n)], 9_500).map(({ type }) => type)).toEqual(['position'])
  })

  it('are missing when the next position comes before they do', () => {
    const counted = new CountedChanges(at(5n, 2n))
    counted.take([position(6n, 2n)], 0)
    expect(() => counted.take([position(6n, 2n)], 5_000)).toThrow(/further than what came/)
    const late = new CountedChanges(at(5n, 2n))
    // All of it in one piece, as after a pause of the reader.
    expect(late.take([position(6n, 2n), change(0, 6n), position(6n, 2n)], 0).at(-1)?.type).toBe('position')
  })

  it('are not up to date by a position from before what is known', () => {
    const restored = new CountedChanges(at(50n, 20n))
    expect(restored.take([position(3n, 20n)], 0)).toEqual([])
    expect(restored.take([position(4n, 20n)], 5_000)).toEqual([])
    const ahead = new CountedChanges(at(50n, 20n))
    expect(ahead.take([position(49n, 20n)], 0)).toEqual([])
    expect(ahead.take([change(0, 51n), position(50n, 20n)], 5_000).map(({ type }) => type)).toEqual([
      'change',
      'position',
    ])
  })
})
