import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Hearing } from './hearing.ts'

let now = { monotonic: 0, wall: 0 }
let hearing: Hearing

beforeEach(() => {
  now = { monotonic: 50_000, wall: 1_900_000_000_000 }
  hearing = new Hearing({ monotonic: () => now.monotonic, wall: () => now.wall })
})
afterEach(() => hearing[Symbol.dispose]())

/** The clock that never jumps, and how far the other one went. */
function pass(monotonicMs: number, wallMs = monotonicMs): void {
  now = { monotonic: now.monotonic + monotonicMs, wall: now.wall + wallMs }
}

describe('what was heard', () => {
  it('is nothing at the beginning, for longer than anybody waits', () => {
    expect(hearing.silentMs).toBeGreaterThan(365 * 86_400_000)
  })

  it('grows old with time', () => {
    expect(hearing.hear()).toBe(true)
    expect(hearing.silentMs).toBe(0)
    pass(1_234)
    expect(hearing.silentMs).toBe(1_234)
  })

  it('does not get younger when the clock is set back', () => {
    hearing.hear()
    pass(4_000, -3_600_000)
    expect(hearing.silentMs).toBe(4_000)
  })

  it('is old when the clock is set forward, and when the machine slept', () => {
    hearing.hear()
    pass(10, 3_600_000)
    expect(hearing.silentMs).toBe(3_600_000)
  })
})

describe('a process that comes back', () => {
  it.each([
    ['from being suspended', 60_000, 60_000],
    ['from a sleep of the machine', 20, 60_000],
    ['to a clock that was set forward', 20, 60_000],
  ])('does not believe what lay in its buffers: %s', (_, monotonicMs, wallMs) => {
    hearing.hear()
    pass(monotonicMs, wallMs)
    expect(hearing.hear()).toBe(false)
    expect(hearing.silentMs).toBe(60_000)
    pass(30)
    expect(hearing.hear()).toBe(true)
  })

  it('hears after a pause of an ordinary kind', () => {
    pass(2_000)
    hearing.tick()
    pass(2_000)
    expect(hearing.hear()).toBe(true)
  })
})
