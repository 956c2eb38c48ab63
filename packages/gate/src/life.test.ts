import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answersIn, type GateState, gateEvents, gateLife, gateStates } from './life.ts'

describe('the life of a gate', () => {
  it('knows what follows from every event in every state', () => {
    for (const state of gateStates) {
      expect(Object.keys(gateLife[state]).sort()).toEqual([...gateEvents].sort())
      for (const event of gateEvents) expect(gateStates).toContain(gateLife[state][event])
    }
  })

  it('begins to answer only when the hub says that nothing is missing', () => {
    for (const state of gateStates) {
      if (answersIn(state)) continue
      for (const event of gateEvents) {
        expect(answersIn(gateLife[state][event]), `${state}, ${event}`).toBe(event === 'position' && canCatchUp(state))
      }
    }
  })

  it.each(['silent', 'gap', 'full', 'close'] as const)('never answers right after: %s', (event) => {
    for (const state of gateStates) expect(answersIn(gateLife[state][event])).toBe(false)
  })

  it('loads everything again after a gap before it answers, in any history', () => {
    const events = fc.array(fc.constantFrom(...gateEvents), { maxLength: 30 })
    fc.assert(
      fc.property(events, (history) => {
        let state: GateState = 'starting'
        let isWhole = false
        for (const event of history) {
          state = gateLife[state][event]
          if (event === 'gap' || event === 'full') isWhole = false
          // A cursor the gate resumes after is one it got with everything before it.
          if (event === 'snapshot_end' || event === 'opened_after') isWhole = true
          if (answersIn(state) && !isWhole) return false
        }
        return true
      }),
      { numRuns: 2_000 },
    )
    expect(answersIn(gateLife.fresh.gap)).toBe(false)
  })

  it('ends once', () => {
    for (const event of gateEvents) expect(gateLife.closed[event]).toBe('closed')
  })
})

function canCatchUp(state: GateState): boolean {
  return state === 'catching_up' || state === 'stale'
}
