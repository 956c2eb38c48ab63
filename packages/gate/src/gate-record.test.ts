import { type Decision, decide, foldStanding } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineages, nows, packs, questions, sendLists } from '../../core/src/testing/lineages.ts'
import { toGateRecord, withoutIdentity } from './gate-record.ts'

function nameless({ choiceId: _choice, ...decision }: Decision): Omit<Decision, 'choiceId'> {
  return decision
}

describe('what a gate keeps of a standing', () => {
  it('answers every question as the standing itself, but for the choice it names', () => {
    fc.assert(
      fc.property(lineages, sendLists, (lineage, sends) => {
        const standing = { ...foldStanding(lineage), ...(sends && { sends }) }
        const kept = withoutIdentity(standing)
        for (const question of questions) {
          for (const pack of packs) {
            for (const now of nows) {
              expect(nameless(decide(question, kept, pack, now))).toEqual(
                nameless(decide(question, standing, pack, now)),
              )
            }
          }
        }
      }),
      { numRuns: 200 },
    )
  })

  it('is one text for all who said the same on different days', () => {
    const saidOn = (at: number) => ({
      groups: [
        {
          relation: null,
          items: [{ id: `choice-${at}`, kind: 'consent' as const, lifts: true, scope: { brand: 'shop' }, at }],
        },
      ],
    })
    expect(withoutIdentity(saidOn(5))).toEqual(withoutIdentity(saidOn(9_000)))
    expect(toGateRecord(saidOn(5)).kind).toBe('record')
  })
})
