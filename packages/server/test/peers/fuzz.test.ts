import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { corpusSize, makeMutant } from './fuzz/mutants.ts'
import { mutations } from './fuzz/mutations.ts'
import { runFuzz } from './fuzz/run-fuzz.ts'
import { python } from './missing.ts'

/** A piece of what `node scripts/fuzz-mail.mjs` does: what the reference machine does in half a minute. */
const count = Number(process.env.VERZET_FUZZ ?? 2_000)
const seed = Number(process.env.VERZET_FUZZ_SEED ?? 1)
/** Ten times what a run needs; what is read is given back. */
const heapBytesMax = 1_000_000_000

describe('mutated mails', () => {
  it(`break neither the judge nor the relay, ${count} times`, { timeout: 120_000 + count * 60 }, async () => {
    const result = await runFuzz({ seed, first: 0, count, asksOracle: existsSync(python) })
    expect(result.findings).toEqual([])
    expect(result.heapBytesMost).toBeLessThan(heapBytesMax)
    // Nothing was tried where everything is refused or every mail is broken beyond reading.
    expect(result.outcomes.rewritten).toBeGreaterThan(count / 4)
    if (existsSync(python)) expect(result.valid).toBeGreaterThan(count / 4)
    const judged = Object.keys(result.outcomes).filter((name) => name.startsWith('judged'))
    expect(judged.toSorted()).toEqual([
      'judged automatic_reply',
      'judged bounce',
      'judged complaint',
      'judged ignored',
      'judged opt_out',
      'judged unclear_reply',
    ])
  })

  it('are the same for the same seed and number, and begin with every fixture as it is', () => {
    const [one, again, other] = [makeMutant(3, 5_000), makeMutant(3, 5_000), makeMutant(4, 5_000)]
    expect(again).toEqual(one)
    expect(other.raw.equals(one.raw)).toBe(false)
    expect(makeMutant(3, 0).raw.equals(makeMutant(4, 0).raw)).toBe(true)
    expect(corpusSize).toBeGreaterThan(180)
  })

  it('are made in every way there is', () => {
    const stories = Array.from({ length: 1_000 }, (_, number) => makeMutant(1, corpusSize + number).story).join()
    expect(Object.keys(mutations).filter((name) => !stories.includes(name))).toEqual([])
  })
})
