#!/usr/bin/env node
/**
 * `node scripts/learn-wishes.mjs [--folds 5]` learns from the corpora in conformance/ what words weigh in an answer, and
 * writes packages/server/src/adapters/intake/wish/learnt-weights.json. The files that are held out teach nothing. With
 * --folds nothing is written: each part is judged by what the others teach, and printed is what the thresholds of
 * wish/weighed.ts are chosen by.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { isCommand, root } from './install.mjs'

const wish = join(root, 'packages/server/src/adapters/intake/wish')
export const weightsPath = join(wish, 'learnt-weights.json')

/** Clear no, doubtful, ordinary. */
const classes = 3
const epochs = 16
/** Of the epochs, those that are averaged: the last ones are near the same optimum from different sides. */
const averagedFrom = epochs / 2
const rate = 0.3
/** Learns slowly: a message moves it as much as all of its features together. */
const biasRate = 0.01
/** Enough that the words of the corpora, and not their absence, make a message ordinary. */
const unreadableCount = 600
/** One step of a stored weight; 127 of them are more than any weight but a handful. */
const step = 6 / 127

/** The features of the reader, from its own sources. */
export async function loadReader() {
  const contents = `export { featureBuckets, featuresOf } from './word-features.ts'
    export { ownWords } from '../mail/reply-text.ts'`
  const stdin = { contents, resolveDir: wish, loader: 'ts' }
  const built = await build({ stdin, bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'error' })
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString('base64')}`)
}

/** Each message of the corpora that teach, as features and class. */
export function readExamples({ featuresOf, ownWords }) {
  const read = (name) => JSON.parse(readFileSync(join(root, 'conformance', `${name}.json`), 'utf8'))
  const messages = [
    ...read('texts').texts.map((message) => ({ ...message, medium: 'text', words: message.text })),
    ...read('replies').replies.map((message) => ({ ...message, medium: 'mail', words: ownWords(message.text) })),
  ]
  const examples = messages.flatMap(({ words, medium, expect }) => {
    const features = featuresOf(words, medium)
    return features === undefined ? [] : [{ features, medium, label: labelOf(expect) }]
  })
  return [...examples, ...unreadableExamples({ featuresOf }, unreadableCount)]
}

/**
 * Messages of words that are in no language: what nobody here can read may be a no, so that a message is ordinary by its
 * own words alone and never for want of them.
 */
export function unreadableExamples({ featuresOf }, count) {
  const random = randomNumbers(3)
  const pick = (letters) => letters[Math.floor(random() * letters.length)]
  const syllable = () =>
    pick('bcdfghjklmnprstvwyzšžčł') + pick('aeiouáéíóúąęăîöü') + (random() < 0.4 ? pick('lmnrstz') : '')
  const word = () => Array.from({ length: 1 + Math.floor(random() * 4) }, syllable).join('')
  return Array.from({ length: count }, (_, at) => {
    const words = Array.from({ length: 1 + Math.floor(random() * 14) }, word).join(' ')
    const medium = at % 2 === 0 ? 'text' : 'mail'
    return { features: featuresOf(`${words}${pick(['', '', '.', '!', '?'])}`, medium), medium, label: 1 }
  })
}

function labelOf(expected) {
  if (expected === 'clear' || expected.startsWith('stop')) return 0
  return expected === 'unclear' ? 1 : 2
}

/** Multinomial logistic regression by averaged AdaGrad, the same at every run: weights by bucket and class, and a bias a class. */
export function learn(examples, buckets) {
  const weights = new Float64Array(buckets * classes)
  const averaged = new Float64Array(buckets * classes)
  const squares = new Float64Array(buckets * classes).fill(1e-6)
  const bias = new Float64Array(classes)
  const order = [...examples.keys()]
  const random = randomNumbers(1)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    shuffle(order, random)
    for (const at of order) learnOne(examples[at], { weights, squares, bias })
    if (epoch >= averagedFrom) for (let at = 0; at < weights.length; at += 1) averaged[at] += weights[at]
  }
  const times = epochs - averagedFrom
  return { weights: averaged.map((weight) => weight / times), bias }
}

function learnOne({ features, label }, { weights, squares, bias }) {
  const scale = 1 / Math.sqrt(features.length)
  const chances = chancesOf(features, { weights, bias })
  for (let one = 0; one < classes; one += 1) {
    const error = chances[one] - (label === one ? 1 : 0)
    bias[one] -= biasRate * error
    const gradient = error * scale
    for (const feature of features) {
      const at = feature * classes + one
      squares[at] += gradient * gradient
      weights[at] -= (rate * gradient) / Math.sqrt(squares[at])
    }
  }
}

export function chancesOf(features, { weights, bias }) {
  const scale = 1 / Math.sqrt(features.length)
  const scores = Array.from(bias)
  for (const feature of features)
    for (let one = 0; one < classes; one += 1) scores[one] += weights[feature * classes + one] * scale
  const highest = Math.max(...scores)
  const powers = scores.map((score) => Math.exp(score - highest))
  const all = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / all)
}

/** Numerical Recipes' linear congruential generator. */
function randomNumbers(seed) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

function shuffle(order, random) {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    ;[order[at], order[other]] = [order[other], order[at]]
  }
}

/** As they are stored: no and doubtful against ordinary, in steps, one signed byte a bucket. */
export function storedForm({ weights, bias }, buckets) {
  const against = (one) => {
    const bytes = new Int8Array(buckets)
    for (let bucket = 0; bucket < buckets; bucket += 1) {
      const weight = weights[bucket * classes + one] - weights[bucket * classes + 2]
      bytes[bucket] = Math.max(-127, Math.min(127, Math.round(weight / step)))
    }
    return Buffer.from(bytes.buffer).toString('base64')
  }
  const rounded = (value) => Math.round(value * 1e6) / 1e6
  return {
    step: rounded(step),
    bias: { no: rounded(bias[0] - bias[2]), doubtful: rounded(bias[1] - bias[2]) },
    no: against(0),
    doubtful: against(1),
  }
}

function judgeFolds(examples, buckets, folds) {
  const random = randomNumbers(2)
  const foldOf = examples.map(() => Math.floor(random() * folds))
  const judged = []
  for (let fold = 0; fold < folds; fold += 1) {
    process.stderr.write(`part ${fold + 1} of ${folds}\n`)
    const learnt = learn(
      examples.filter((_, at) => foldOf[at] !== fold),
      buckets,
    )
    for (const [at, example] of examples.entries())
      if (foldOf[at] === fold) judged.push({ ...example, chances: chancesOf(example.features, learnt) })
  }
  return judged
}

function printThresholds(judged) {
  const percent = (part, whole) => `${((100 * part.length) / whole.length).toFixed(1)} %`
  for (const medium of ['text', 'mail']) {
    const of = judged.filter((one) => one.medium === medium)
    const [noes, others] = [of.filter(({ label }) => label === 0), of.filter(({ label }) => label !== 0)]
    const [doubtful, ordinary] = [1, 2].map((wanted) => of.filter(({ label }) => label === wanted))
    for (const chance of [0.6, 0.7, 0.8, 0.85, 0.9, 0.95]) {
      const isNo = ({ chances }) => chances[0] > chance
      const isOrdinary = ({ chances }) => chances[2] > chance
      process.stdout.write(
        `${medium} from ${chance}: ${percent(noes.filter(isNo), noes)} of the noes heard, ` +
          `${percent(others.filter(isNo), others)} of the others; ` +
          `${percent(ordinary.filter(isOrdinary), ordinary)} of the ordinary known, ` +
          `${percent(doubtful.filter(isOrdinary), doubtful)} of the doubtful, ${noes.filter(isOrdinary).length} noes\n`,
      )
    }
  }
}

if (isCommand(import.meta.url)) {
  const { values } = parseArgs({ options: { folds: { type: 'string' }, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write('node scripts/learn-wishes.mjs [--folds 5]\n')
    process.exit(0)
  }
  const reader = await loadReader()
  const examples = readExamples(reader)
  if (values.folds !== undefined) {
    printThresholds(judgeFolds(examples, reader.featureBuckets, Number(values.folds)))
  } else {
    const stored = storedForm(learn(examples, reader.featureBuckets), reader.featureBuckets)
    writeFileSync(weightsPath, `${JSON.stringify(stored, null, 2)}\n`)
    process.stdout.write(`learnt from ${examples.length.toLocaleString('en')} messages\n`)
  }
}
