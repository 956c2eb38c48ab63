import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, loadReader, readExamples, weightsPath } from './learn-wishes.mjs'

describe('the learnt weights', () => {
  it('were learnt from the corpora and by the learner of today: after a change of these, run `npm run learn`', async () => {
    const stored = JSON.parse(readFileSync(weightsPath, 'utf8'))
    expect(stored.learntFrom).toBe(fingerprintOf(readExamples(await loadReader())))
  }, 60_000)
})
