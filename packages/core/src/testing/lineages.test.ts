import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../gate.ts'
import { foldStanding } from '../standing.ts'
import { lineages, nows, packs, questions, scopes, sendLists } from './lineages.ts'

/** A generator that only makes one kind of thing lets every property pass. */
describe('the lineages that the properties are tried on', () => {
  it('have scopes with and without each part', () => {
    const sample = fc.sample(scopes, { numRuns: 300, seed: 1 })
    const shapes = new Set(sample.map((scope) => Object.keys(scope).sort().join(' ')))
    expect([...shapes].sort()).toEqual([
      '',
      'brand',
      'brand channel',
      'brand channel topic',
      'brand topic',
      'channel',
      'channel topic',
      'topic',
    ])
  })

  it('lead to every answer that choices can lead to, some of them often', () => {
    const sample = fc.sample(fc.tuple(lineages, sendLists), { numRuns: 200, seed: 1 })
    const counts = new Map<string, number>()
    for (const [lineage, sends] of sample) {
      const standing = { ...foldStanding(lineage), ...(sends !== undefined && { sends }) }
      for (const question of questions) {
        for (const pack of packs) {
          const { reason } = decide(question, standing, pack, nows[2] ?? 0)
          counts.set(reason, (counts.get(reason) ?? 0) + 1)
        }
      }
    }
    const reasons = ['cadence', 'consent', 'no_basis', 'objection', 'opt_out_regime', 'pause']
    expect([...counts.keys()].sort()).toEqual(reasons)
    expect(Math.min(...counts.values())).toBeGreaterThan(50)
  })

  it('have relations of every number, tied and ended', () => {
    const relations = fc.sample(lineages, { numRuns: 200, seed: 1 }).map((lineage) => lineage.relations)
    expect(new Set(relations.map((list) => list.length))).toEqual(new Set([0, 1, 2]))
    const ended = relations.flat().filter(({ endedAt }) => endedAt !== undefined)
    expect(ended.length).toBeGreaterThan(20)
    expect(ended.length).toBeLessThan(relations.flat().length - 20)
  })
})
