import { encodePosition, partitionsCount, type Standing } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FeedUnreadable } from './feed-line.ts'
import { toGateRecord } from './gate-record.ts'
import { RefusalReader } from './refusal-text.ts'
import { Replica } from './replica.ts'
import { StandingIndex } from './standing-index.ts'
import { StandingLoader } from './standing-loader.ts'
import { StandingWriter } from './standing-writer.ts'
import { storedText } from './testing/stored-text.ts'

const position = encodePosition({ last: Array.from({ length: partitionsCount }, () => 3n) })
const item = fc.record(
  {
    id: fc.uuid(),
    kind: fc.constantFrom('objection', 'objection', 'objection', 'consent'),
    scope: fc.constantFrom({}, {}, {}, { channel: 'email' }, { brand: 'a"}' }),
    at: fc.nat(),
    tiedAt: fc.nat(),
    inherited: fc.constant(true),
    lifts: fc.boolean(),
  },
  { requiredKeys: ['id', 'kind', 'scope', 'at'] },
)
const group = fc.record(
  {
    relation: fc.option(fc.uuid()),
    linkedAt: fc.nat(),
    items: fc.array(item, { minLength: 0, maxLength: 2, size: 'small' }),
  },
  { requiredKeys: ['relation', 'items'] },
)
const refusing = fc
  .tuple(group, item)
  .map(([one, { lifts: _lifts, ...said }]) => ({ ...one, items: [{ ...said, kind: 'objection', scope: {} }] }))
const standing = fc
  .record(
    {
      groups: fc.oneof(fc.array(group, { maxLength: 2 }), fc.tuple(refusing), fc.tuple(refusing)),
      country: fc.constantFrom('BE', 'NL', 'US', 'b"e'),
      customer: fc.constant(true),
      listedIn: fc.constantFrom(['robinson'], []),
      undeliverable: fc.constantFrom(undefined, undefined, undefined, [{ at: 5 }]),
      sends: fc.constant([]),
    },
    { requiredKeys: ['groups'] },
  )
  .map((one) => JSON.parse(JSON.stringify(one)) as Standing)
const fingerprint = fc.tuple(fc.nat(0xffff_ffff), fc.nat(0xffff_ffff))
const rows = fc.uniqueArray(fc.tuple(fingerprint, standing), { selector: ([[low]]) => low, maxLength: 60 })

type Row = readonly [readonly [number, number], Standing]

function written(all: readonly Row[]): Buffer {
  const writer = new StandingWriter({ position, entries: all.length })
  for (const [[low, high], one] of all) writer.add(low, high, Buffer.from(storedText(one)))
  return Buffer.concat([...writer.take(), ...writer.end()])
}

function loaded(
  bytes: Uint8Array,
  piece = bytes.length,
  withChoiceIds = true,
): { index: StandingIndex; cursor: string } {
  const index = new StandingIndex({ withChoiceIds })
  const loader = new StandingLoader(new Replica(index))
  for (let from = 0; from < bytes.length; from += piece)
    loader.take(Uint8Array.from(bytes.subarray(from, from + piece)))
  return { index, cursor: loader.end() }
}

const refusal = (id: string): Standing => ({
  groups: [{ relation: null, items: [{ id, kind: 'objection', scope: {}, at: 1 }] }],
})

const uuidOf = (index: number) => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`

describe('every standing as bytes', () => {
  it.each([1_025, 5_000, 20_000])('makes an index that was told of none grow to %i refusals', (count) => {
    const all = Array.from({ length: count }, (_, index): Row => [[index * 7_919, index], refusal(uuidOf(index))])
    const { index } = loaded(written(all), 1_000)
    expect(index.entries).toBe(count)
    for (const at of [0, 1_024, count - 1]) {
      expect(index.find(at * 7_919, at)).toMatchObject({ kind: 'refusal', choiceId: uuidOf(at) })
    }
  })

  it('makes the index that the same standings make one by one, in pieces of any size', () => {
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 200 }), fc.boolean(), (all, piece, withChoiceIds) => {
        const { index, cursor } = loaded(written(all), piece, withChoiceIds)
        const expected = new StandingIndex({ withChoiceIds })
        for (const [[low, high], one] of all) expected.set(low, high, one)
        for (const [[low, high]] of all) expect(index.find(low, high)).toEqual(expected.find(low, high))
        expect([index.entries, cursor]).toEqual([expected.entries, position])
      }),
      { numRuns: 300 },
    )
  })

  it('sends what many have in common once', () => {
    const customers = Array.from({ length: 1_000 }, (_, low): Row => [[low, 1], { groups: [], customer: true }])
    expect(written(customers).length).toBeLessThan(12 * 1_000 + 300)
  })

  it('is nothing without its end, and nothing with a byte changed', () => {
    const id = '01890000-0000-7000-8000-000000000001'
    const bytes = written([
      [[1, 2], refusal(id)],
      [[3, 4], { groups: [], customer: true }],
    ])
    for (let length = 0; length < bytes.length; length += 1) {
      expect(() => loaded(bytes.subarray(0, length)), String(length)).toThrow(FeedUnreadable)
    }
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 4
      expect(() => loaded(changed), String(at)).toThrow(FeedUnreadable)
    }
  })

  it('keeps the stricter of two contact points with one fingerprint, whatever is said later about either', () => {
    const id = '01890000-0000-7000-8000-000000000001'
    const customer: Standing = { groups: [], customer: true }
    for (const pair of [
      [refusal(id), refusal(id)],
      [refusal(id), customer],
      [customer, refusal(id)],
    ]) {
      const index = new StandingIndex()
      const replica = new Replica(index)
      const loader = new StandingLoader(replica)
      loader.take(written(pair.map((one): Row => [[7, 9], one])))
      const cursor = loader.end()
      const key = '00000000-0000-4000-8000-000000000000'
      const change = { type: 'change', low: 7, high: 9, key, cursor, number: 4n } as const
      replica.apply({ ...change, standing: customer })
      replica.apply({ ...change, standing: null })
      expect(index.find(7, 9).kind).toBe('refusal')
    }
  })
})

describe('a refusal as the database writes it', () => {
  it('is read as the document it is', () => {
    const reader = new RefusalReader()
    let read = 0
    fc.assert(
      fc.property(standing, (one) => {
        const record = toGateRecord(one)
        const code = reader.read(Buffer.from(storedText(one)))
        if (code === 0) return
        read += 1
        const id = [...reader.id].map((word) => word.toString(16).padStart(8, '0')).join('')
        const choiceId = record.kind === 'refusal' ? record.choiceId.replaceAll('-', '') : undefined
        expect(record).toMatchObject({ kind: 'refusal', code })
        expect(id).toBe(choiceId)
      }),
      { numRuns: 3_000 },
    )
    expect(read).toBeGreaterThan(100)
  })

  it('is nothing else, whichever byte is missing or another', () => {
    const reader = new RefusalReader()
    const text = storedText({ ...refusal('01890000-0000-7000-8000-00000000000a'), country: 'BE' })
    expect(reader.read(Buffer.from(text))).toBeGreaterThan(0)
    for (let at = 0; at < text.length; at += 1) {
      for (const changed of [text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}x${text.slice(at + 1)}`]) {
        const code = reader.read(Buffer.from(changed))
        if (code === 0) continue
        // What may differ is a digit of the moment, and the country.
        expect(toGateRecord(JSON.parse(changed) as Standing)).toMatchObject({ kind: 'refusal', code })
      }
    }
  })
})
