import { describe, expect, it } from 'vitest'
import { leaveStates, leaveStatesBefore } from './leave.ts'

describe('the states of a leave', () => {
  it('let nothing follow on a no that was taken back', () => {
    expect(leaveStates.filter((state) => leaveStatesBefore(state).includes('returned'))).toEqual([])
  })

  it('let a no that was confirmed or never answered still be narrowed or taken back', () => {
    for (const answer of ['narrowed', 'returned'] as const) {
      expect(leaveStatesBefore(answer)).toEqual(expect.arrayContaining(['confirmed', 'unanswered']))
    }
  })

  it('ask once, and before any answer', () => {
    expect(leaveStatesBefore('asked')).toEqual(['first_act'])
    expect(leaveStatesBefore('unanswered')).toEqual(['first_act', 'asked'])
    expect(leaveStatesBefore('first_act')).toEqual([])
  })
})
