import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { learn, loadReader, readExamples, storedForm, weightsPath } from './learn-wishes.mjs'

const bytesOf = (base64) => new Int8Array(Buffer.from(base64, 'base64'))

/** Rounding may fall to the other side on another machine, and no further. */
const furthest = (one, other) => one.reduce((most, byte, at) => Math.max(most, Math.abs(byte - other[at])), 0)

describe('the learnt weights', () => {
  it('are what the corpora teach today: after a change of these, run `npm run learn`', {
    timeout: 120_000,
  }, async () => {
    const reader = await loadReader()
    const learnt = storedForm(learn(readExamples(reader), reader.featureBuckets), reader.featureBuckets)
    const stored = JSON.parse(readFileSync(weightsPath, 'utf8'))
    expect(stored.step).toBe(learnt.step)
    expect(stored.bias.no).toBeCloseTo(learnt.bias.no, 4)
    expect(stored.bias.doubtful).toBeCloseTo(learnt.bias.doubtful, 4)
    expect(furthest(bytesOf(stored.no), bytesOf(learnt.no))).toBeLessThanOrEqual(1)
    expect(furthest(bytesOf(stored.doubtful), bytesOf(learnt.doubtful))).toBeLessThanOrEqual(1)
  })
})
