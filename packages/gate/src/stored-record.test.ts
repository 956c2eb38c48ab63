import type { Standing } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toGateRecord } from './gate-record.ts'
import { SpokenReader } from './spoken-text.ts'
import { storedText } from './testing/stored-text.ts'
import { endOfUntouched } from './untouched-text.ts'

const strange = 'a"] }, \\{"relation": [ é'
const item = fc.record(
  {
    id: fc.uuid(),
    kind: fc.constantFrom('objection', 'consent', 'pause'),
    scope: fc.constantFrom({}, { channel: 'email' }, { brand: strange, topic: 'news' }),
    at: fc.nat(),
    tiedAt: fc.nat(),
    lifts: fc.constantFrom(undefined, undefined, true),
    until: fc.nat(),
  },
  { requiredKeys: ['id', 'kind', 'scope', 'at'] },
)
const group = (itemsMax: number) =>
  fc.record(
    { relation: fc.option(fc.uuid()), linkedAt: fc.nat(), items: fc.array(item, { maxLength: itemsMax }) },
    { requiredKeys: ['relation', 'items'] },
  )
const standing = fc
  .record(
    {
      groups: fc.oneof(fc.array(group(0), { maxLength: 3 }), fc.tuple(group(3)), fc.array(group(2), { maxLength: 2 })),
      country: fc.constantFrom('BE', strange),
      customer: fc.constant(true),
      listedIn: fc.constantFrom(['robinson'], [strange, strange]),
      held: fc.constantFrom(undefined, undefined, undefined, undefined, [{ at: 1 }]),
      sends: fc.constantFrom(undefined, undefined, undefined, undefined, []),
    },
    { requiredKeys: ['groups'] },
  )
  .map((one) => JSON.parse(JSON.stringify(one)) as Standing)

/** Those read that can be: what a gate needs of them, as the reader found it. */
type Read = (text: Buffer) => Standing | undefined
const spoken = (): Read => {
  const reader = new SpokenReader()
  return (text) => {
    const found = reader.read(text)
    return found && (JSON.parse(found.toString()) as Standing)
  }
}
const untouched = (): Read => (text) => {
  const end = endOfUntouched(text)
  return end < 0 ? undefined : (JSON.parse(`{"groups": []${text.subarray(end)}`) as Standing)
}

describe.each([
  ['of one group in which something was said', spoken],
  ['in which nobody said anything', untouched],
])('a record as the database writes it, %s', (_about, begin) => {
  it('is read as the document it is', () => {
    const read = begin()
    let count = 0
    fc.assert(
      fc.property(standing, (one) => {
        const found = read(Buffer.from(storedText(one)))
        if (found === undefined) return
        count += 1
        expect(toGateRecord(found)).toEqual(toGateRecord(one))
        expect(toGateRecord(one).kind).not.toBe('refusal')
      }),
      { numRuns: 4_000 },
    )
    expect(count).toBeGreaterThan(500)
  })

  it('says the same, or is left alone, whichever byte is missing or another', () => {
    const read = begin()
    const said = [{ id: '01890000-0000-7000-8000-00000000000a', kind: 'consent', scope: { brand: 'acme' }, at: 5 }]
    let count = 0
    const of = (items: object[]) =>
      storedText({ groups: [{ relation: said[0]?.id ?? '', linkedAt: 5, items }], customer: true } as Standing)
    for (const text of [of([]), of(said)]) {
      for (let at = 0; at < text.length; at += 1) {
        for (const changed of [text.slice(0, at) + text.slice(at + 1), `${text.slice(0, at)}x${text.slice(at + 1)}`]) {
          if (!isJson(changed)) continue
          const found = read(Buffer.from(changed))
          if (found === undefined) continue
          count += 1
          expect(toGateRecord(found)).toEqual(toGateRecord(JSON.parse(changed) as Standing))
        }
      }
    }
    expect(count).toBeGreaterThan(0)
  })
})

/** The database has no other. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
