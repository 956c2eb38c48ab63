import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { digestOfWords, type EvidenceInput, evidenceEntry, evidenceHolds, evidenceKinds } from './evidence.ts'

const input: EvidenceInput = {
  id: '019a8000-0000-7000-8000-000000000001',
  subjectKey: '01234567-89ab-cdef-0123-456789abcdef',
  kind: 'choice',
  recordedAt: Date.UTC(2026, 10, 15, 12, 0, 0, 7),
  details: { signal: 'one_click', choice: { kind: 'objection', scope: {}, until: undefined } },
}
const entry = evidenceEntry(input)

describe('an evidence entry', () => {
  it('has a body that anyone can write again', () => {
    expect(entry.body).toBe(
      '{"details":{"choice":{"kind":"objection","scope":{}},"signal":"one_click"},' +
        '"id":"019a8000-0000-7000-8000-000000000001","kind":"choice","recordedAt":"2026-11-15T12:00:00.007Z",' +
        '"subject":"01234567-89ab-cdef-0123-456789abcdef","version":1}',
    )
    expect(entry.hash).toBe(createHash('sha256').update(Buffer.from(entry.body, 'utf8')).digest('hex'))
    const { id, subjectKey, kind, recordedAt } = input
    expect(entry).toMatchObject({ id, subjectKey, kind, recordedAt })
  })

  it('is the same whatever the order of its details', () => {
    const details = { choice: { until: undefined, scope: {}, kind: 'objection' }, signal: 'one_click' }
    expect(evidenceEntry({ ...input, details })).toEqual(entry)
  })

  it('holds as long as nobody touches it', () => {
    expect(evidenceHolds(entry)).toBe(true)
  })

  it('no longer holds with any one character of the body changed', () => {
    fc.assert(
      fc.property(fc.nat({ max: entry.body.length - 1 }), fc.constantFrom(...'ax0"{ é'), (index, character) => {
        fc.pre(entry.body[index] !== character)
        const body = `${entry.body.slice(0, index)}${character}${entry.body.slice(index + 1)}`
        expect(evidenceHolds({ body, hash: entry.hash })).toBe(false)
      }),
    )
  })

  it('no longer holds with another hash, or one of another form', () => {
    for (const hash of ['', entry.hash.slice(1), entry.hash.toUpperCase(), '0'.repeat(64)]) {
      expect(evidenceHolds({ body: entry.body, hash })).toBe(false)
    }
  })

  it('differs for every part of it', () => {
    const others: EvidenceInput[] = [
      input,
      { ...input, id: '019a8000-0000-7000-8000-000000000002' },
      { ...input, subjectKey: 'ffffffff-89ab-cdef-0123-456789abcdef' },
      { ...input, recordedAt: input.recordedAt + 1 },
      { ...input, details: {} },
      ...evidenceKinds.filter((kind) => kind !== 'choice').map((kind) => ({ ...input, kind })),
    ]
    expect(new Set(others.map((other) => evidenceEntry(other).hash)).size).toBe(others.length)
  })

  it('refuses a moment that is none', () => {
    expect(() => evidenceEntry({ ...input, recordedAt: Number.NaN })).toThrow(RangeError)
  })
})

describe('a digest of words', () => {
  const pepper = Buffer.alloc(32, 5)

  it('is a keyed hash apart from that of contact points', () => {
    const hash = createHmac('sha256', pepper).update('evidence words:too many mails', 'utf8').digest('hex')
    expect(digestOfWords(pepper, 'too many mails')).toBe(hash)
  })

  it('differs by words and by pepper, and says nothing without the pepper', () => {
    const digests = [
      digestOfWords(pepper, 'one'),
      digestOfWords(pepper, 'two'),
      digestOfWords(Buffer.alloc(32, 6), 'one'),
      createHash('sha256').update('evidence words:one').digest('hex'),
    ]
    expect(new Set(digests).size).toBe(4)
  })
})
