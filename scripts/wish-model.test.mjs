import { describe, expect, it } from 'vitest'
import { learn, randomNumbers, windowShape } from './wish-model.mjs'

const sizes = { featureBuckets: 64, partBuckets: 64 }

/** Words are numbers. A message is a no where 1, 2 and 3 stand in a row; the same words apart, and any others, are none. */
function messagesOf(count, seed) {
  const random = randomNumbers(seed)
  const other = () => 4 + Math.floor(random() * 50)
  return Array.from({ length: count }, (_, at) => {
    const rest = Array.from({ length: 6 + Math.floor(random() * 6) }, other)
    const isNo = at % 2 === 0
    const words = isNo
      ? [...rest, 1, 2, 3, other(), other()]
      : [other(), 1, ...rest, 2, ...rest.slice(0, 3), 3, other(), other()]
    return {
      features: Uint32Array.from(new Set(words)),
      parts: words.map((word) => Uint16Array.of(word)),
      label: isNo ? 0 : 2,
    }
  })
}

/** What the detectors alone make of a message: votes for a no, less those for anything else. */
function detectedNo({ parts }, { parts: values, detectors, thresholds, votes }) {
  const { width, words } = windowShape
  const margin = (words - 1) / 2
  const at = (word, place) => (word < 0 || word >= parts.length ? 0 : values[parts[word][0] * width + place])
  return Array.from(thresholds, (threshold, detector) => {
    const sights = parts.map((_, word) =>
      Array.from({ length: words * width }).reduce(
        (sum, _, place) =>
          sum +
          detectors[detector * words * width + place] * at(word + Math.floor(place / width) - margin, place % width),
        threshold,
      ),
    )
    return Math.max(0, ...sights) * (votes[detector * 3] - votes[detector * 3 + 2])
  }).reduce((sum, one) => sum + one, 0)
}

describe('learning what asks to stop', () => {
  it('tells words in a row from the same words apart, whatever stands beside them', () => {
    const learnt = learn(messagesOf(1_000, 5), sizes)
    const unseen = messagesOf(100, 6)
    const right = unseen.filter((message) => detectedNo(message, learnt) > 0 === (message.label === 0))
    expect(right.length).toBeGreaterThanOrEqual(97)
  })

  it('learns the same at every run', () => {
    const messages = messagesOf(50, 7)
    expect(learn(messages, sizes)).toEqual(learn(messages, sizes))
  })
})
