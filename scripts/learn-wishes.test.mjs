import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { fingerprintOf, loadReader, readExamples, storedForm, weightsPath } from './learn-wishes.mjs'
import { learn, likelihoodsOf } from './wish-model.mjs'

describe('the learnt weights', async () => {
  const reader = await loadReader()
  const examples = readExamples(reader)

  it('were learnt from the corpora and by the learner of today: after a change of these, run `npm run learn`', () => {
    const { fingerprint, ...stored } = JSON.parse(readFileSync(weightsPath, 'utf8'))
    expect(fingerprint).toBe(fingerprintOf(examples, stored))
  })

  it('are read as they were learnt', async () => {
    const learnt = learn(
      examples.filter((_, at) => at % 150 === 0),
      reader,
    )
    vi.resetModules()
    vi.doMock(weightsPath, () => ({ default: storedForm(learnt) }))
    const { likelihoodOf } = await import('../packages/server/src/adapters/intake/wish/likelihood.ts')
    vi.doUnmock(weightsPath)
    vi.resetModules()
    const asked = examples.filter((_, at) => at % 150 === 75)
    expect(asked.length).toBeGreaterThan(400)
    const differences = asked.map((example) => {
      const read = likelihoodOf(example.words, example.medium)
      const [no, doubtful, ordinary] = likelihoodsOf(example, learnt)
      return Math.max(...[read.no - no, read.doubtful - doubtful, read.ordinary - ordinary].map(Math.abs))
    })
    // What is stored is rounded to a byte.
    expect(Math.max(...differences)).toBeLessThan(0.05)
    expect(differences.reduce((sum, one) => sum + one, 0) / asked.length).toBeLessThan(0.005)
  }, 60_000)
})
