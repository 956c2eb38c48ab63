/**
 * What `learn-wishes.mjs` learns: three scores of a message, for a clear no, a doubtful one and anything else. They are
 * sums of two parts that learn together:
 *
 * - **words**: multinomial logistic regression over the words, pairs and groups of letters of the whole message;
 * - **windows**: detectors that each look at five words in a row, everywhere in the message, and count for the place where
 *   they see most. So a no that is said once is seen beside whatever else is said (a convolution over embedded words with
 *   maximum over time: Collobert and others 2011, JMLR 12; words as sums of their parts: Bojanowski and others 2017, TACL 5).
 *
 * AdaGrad (Duchi and others 2011, JMLR 12), one message at a time, averaged over the later half; the same at every run.
 */

/** Clear no, doubtful, ordinary. */
export const classes = 3
const epochs = 20
/** From here on steps are smaller, and what is learnt is averaged. */
const calmFrom = epochs / 2
const wordRate = 0.3
const windowRates = [0.08, 0.024]
/** Of the detectors, against the rate of everything else in a window. */
const detectorPace = 0.3
/** Learns slowly: a message moves it as much as all of its words together. */
const biasRate = 0.01
/** Of the words and of the detectors, the share that is left out at each step, so that none relies on another. */
const [wordsDropped, detectorsDropped] = [0.1, 0.35]

export const windowShape = { width: 32, detectors: 128, words: 5 }

/** Numbers in a line with what AdaGrad remembers of each. */
class Parameters {
  constructor(length, draw = () => 0) {
    this.values = Float64Array.from({ length }, draw)
    this.squares = new Float64Array(length).fill(1e-6)
    this.sums = new Float64Array(length)
    this.times = 0
  }

  step(at, gradient, rate) {
    this.squares[at] += gradient * gradient
    this.values[at] -= (rate * gradient) / Math.sqrt(this.squares[at])
  }

  addToAverage() {
    this.times += 1
    for (let at = 0; at < this.values.length; at += 1) this.sums[at] += this.values[at]
  }

  averaged() {
    return this.sums.map((sum) => sum / this.times)
  }
}

/**
 * Learns from `examples`: `features` (buckets of the whole message), `parts` (buckets of each word in order), `label` (0 to 2).
 * `sizes` says how many buckets there are of each; `onEpoch` is told how many of how many are over.
 */
export function learn(examples, sizes, onEpoch = () => {}) {
  const model = newModel(sizes)
  const order = [...examples.keys()]
  const random = randomNumbers(1)
  const scratch = newScratch(Math.max(...examples.map(({ parts }) => parts.length)))
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random)
    const rate = windowRates[epoch < calmFrom ? 0 : 1]
    for (const at of order) learnOne(examples[at], model, scratch, { random, rate })
    if (epoch >= calmFrom) for (const one of Object.values(model)) one.addToAverage()
    onEpoch(epoch + 1, epochs)
  }
  return Object.fromEntries(Object.entries(model).map(([name, parameters]) => [name, parameters.averaged()]))
}

/** How likely each class is by what was learnt: what the reader says, but for the rounding of what is stored. */
export function likelihoodsOf({ features, parts }, learnt) {
  const model = Object.fromEntries(Object.entries(learnt).map(([name, values]) => [name, { values }]))
  const scratch = newScratch(parts.length)
  embed(parts, model, scratch)
  look(parts.length, model, scratch)
  score(features, model, scratch)
  return Array.from(scratch.scores)
}

function newModel({ featureBuckets, partBuckets }) {
  const { width, detectors, words } = windowShape
  const random = randomNumbers(2)
  const around = (spread) => () => spread * normal(random)
  return {
    weights: new Parameters(featureBuckets * classes),
    parts: new Parameters(partBuckets * width, around(0.1)),
    detectors: new Parameters(detectors * words * width, around(Math.sqrt(2 / (words * width)))),
    thresholds: new Parameters(detectors),
    votes: new Parameters(detectors * classes, around(0.1)),
    bias: new Parameters(classes),
  }
}

/** Room for the longest message, so that none is made for each. */
function newScratch(wordsMost) {
  const { width, detectors, words } = windowShape
  const padded = (wordsMost + words - 1) * width
  return {
    embedded: new Float64Array(padded),
    towards: new Float64Array(padded),
    seen: new Float64Array(detectors),
    seenAt: new Int32Array(detectors),
    isWordOut: new Uint8Array(wordsMost),
    isDetectorOut: new Uint8Array(detectors),
    scores: new Float64Array(classes),
    errors: new Float64Array(classes),
  }
}

function learnOne(example, model, scratch, { random, rate }) {
  const { isWordOut, isDetectorOut, errors } = scratch
  for (let at = 0; at < example.parts.length; at += 1) isWordOut[at] = random() < wordsDropped ? 1 : 0
  for (let at = 0; at < isDetectorOut.length; at += 1) isDetectorOut[at] = random() < detectorsDropped ? 1 : 0
  embed(example.parts, model, scratch)
  look(example.parts.length, model, scratch)
  const { seen, scores } = scratch
  for (let at = 0; at < seen.length; at += 1) seen[at] /= 1 - detectorsDropped
  score(example.features, model, scratch)
  for (let one = 0; one < classes; one += 1) errors[one] = scores[one] - (example.label === one ? 1 : 0)
  learnWindows(example.parts, model, scratch, rate)
  const scale = 1 / Math.sqrt(example.features.length)
  for (const feature of example.features)
    for (let one = 0; one < classes; one += 1)
      model.weights.step(feature * classes + one, errors[one] * scale, wordRate)
  for (let one = 0; one < classes; one += 1) model.bias.values[one] -= biasRate * errors[one]
}

/** Each word as the sum of its parts, with room for half a window before the first and after the last. */
function embed(parts, { parts: { values } }, { embedded, isWordOut }) {
  const { width, words } = windowShape
  const margin = (words - 1) / 2
  embedded.fill(0, 0, (parts.length + words - 1) * width)
  for (let word = 0; word < parts.length; word += 1) {
    if (isWordOut[word]) continue
    const scale = 1 / Math.sqrt(parts[word].length)
    const to = (word + margin) * width
    for (const part of parts[word])
      for (let at = 0; at < width; at += 1) embedded[to + at] += values[part * width + at] * scale
  }
}

/** Where each detector sees most, and how much; -1 and 0 where it sees nothing or is left out. */
function look(wordCount, { detectors, thresholds }, { embedded, seen, seenAt, isDetectorOut }) {
  const { width, words } = windowShape
  const span = words * width
  const weights = detectors.values
  for (let detector = 0; detector < seen.length; detector += 1) {
    let [most, place] = [0, -1]
    const from = detector * span
    for (let word = 0; word < wordCount && isDetectorOut[detector] === 0; word += 1) {
      const begin = word * width
      let [one, other] = [thresholds.values[detector], 0]
      for (let at = 0; at < span; at += 2) {
        one += weights[from + at] * embedded[begin + at]
        other += weights[from + at + 1] * embedded[begin + at + 1]
      }
      if (one + other > most) {
        most = one + other
        place = word
      }
    }
    seen[detector] = most
    seenAt[detector] = place
  }
}

/** Leaves in `scores` how likely each class is, together 1. */
function score(features, { weights, votes, bias }, { seen, scores }) {
  const scale = 1 / Math.sqrt(features.length)
  for (let one = 0; one < classes; one += 1) {
    let sum = 0
    for (const feature of features) sum += weights.values[feature * classes + one]
    let voted = 0
    for (let at = 0; at < seen.length; at += 1) voted += votes.values[at * classes + one] * seen[at]
    scores[one] = bias.values[one] + sum * scale + voted
  }
  const highest = Math.max(...scores)
  let all = 0
  for (let one = 0; one < classes; one += 1) {
    scores[one] = Math.exp(scores[one] - highest)
    all += scores[one]
  }
  for (let one = 0; one < classes; one += 1) scores[one] /= all
}

/** Each detector learns from the one place that it saw most at, and so do the words there. */
function learnWindows(parts, model, { embedded, towards, seen, seenAt, isWordOut, isDetectorOut, errors }, rate) {
  const { width, words } = windowShape
  const span = words * width
  towards.fill(0, 0, (parts.length + words - 1) * width)
  for (let detector = 0; detector < seen.length; detector += 1) {
    if (isDetectorOut[detector]) continue
    let gradient = 0
    for (let one = 0; one < classes; one += 1) {
      gradient += errors[one] * model.votes.values[detector * classes + one]
      model.votes.step(detector * classes + one, errors[one] * seen[detector], rate)
    }
    if (seenAt[detector] < 0) continue
    gradient /= 1 - detectorsDropped
    model.thresholds.step(detector, gradient, rate * detectorPace)
    const [from, begin] = [detector * span, seenAt[detector] * width]
    for (let at = 0; at < span; at += 1) {
      towards[begin + at] += gradient * model.detectors.values[from + at]
      model.detectors.step(from + at, gradient * embedded[begin + at], rate * detectorPace)
    }
  }
  const margin = (words - 1) / 2
  for (let word = 0; word < parts.length; word += 1) {
    if (isWordOut[word]) continue
    const scale = 1 / Math.sqrt(parts[word].length)
    const from = (word + margin) * width
    for (const part of parts[word])
      for (let at = 0; at < width; at += 1) model.parts.step(part * width + at, towards[from + at] * scale, rate)
  }
}

/** Numerical Recipes' linear congruential generator. */
export function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Twelve uniform numbers are near enough to a normal one, and the same on every machine. */
function normal(random) {
  let sum = -6
  for (let times = 0; times < 12; times += 1) sum += random()
  return sum
}

function shuffle(order, random) {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other], order[at]]
  }
}
