#!/usr/bin/env node
/**
 * `node scripts/learn-wishes.mjs` learns from the corpora in conformance/ what words weigh in an answer, and
 * writes packages/server/src/adapters/intake/wish/learnt-weights.json. The files that are held out teach nothing. It takes
 * some minutes.
 */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { isCommand, root } from './install.mjs'
import { classes, learn, randomNumbers } from './wish-model.mjs'

const wish = join(root, 'packages/server/src/adapters/intake/wish')
export const weightsPath = join(wish, 'learnt-weights.json')

/** Enough that the words of the corpora, and not their absence, make a message ordinary. */
const unreadableCount = 3_000
/** Of all numbers that are stored as signed bytes, the share that a byte must hold; the few beyond are cut. */
const keptWhole = 0.9999

/** The features of the reader, from its own sources. */
export async function loadReader() {
  const contents = `export { featureBuckets, featuresOf, partBuckets, partsOf } from './word-features.ts'
    export { ownWords } from '../mail/reply-text.ts'`
  const stdin = { contents, resolveDir: wish, loader: 'ts' }
  const built = await build({ stdin, bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'error' })
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].contents).toString('base64')}`)
}

/** Each message of the corpora that teach, as features, parts and class. */
export function readExamples({ featuresOf, partsOf, ownWords }) {
  const read = (name) => JSON.parse(readFileSync(join(root, 'conformance', `${name}.json`), 'utf8'))
  const messages = [
    ...read('texts').texts.map((message) => ({ ...message, medium: 'text', words: message.text })),
    ...read('replies').replies.map((message) => ({ ...message, medium: 'mail', words: ownWords(message.text) })),
  ]
  const examples = messages.flatMap(({ words, medium, expect }) => {
    const features = featuresOf(words, medium)
    return features === undefined ? [] : [{ words, features, parts: partsOf(words), medium, label: labelOf(expect) }]
  })
  return [...examples, ...unreadableExamples({ featuresOf, partsOf }, unreadableCount)]
}

const firstSounds = 'b c d f g h j k l m n p r s t v w y z š ž č ł th gh bh mh sh sz cz rz kw mb ng kh dž'
  .split(' ')
  .concat('', '')
const vowels = 'a e i o u á é í ó ú ą ę ă î ö ü aa ai ia io uu ea'.split(' ')
const lastSounds = 'l m n r s t z k x ng sz'.split(' ')

/**
 * Messages of words that are in no language: what nobody here can read may be a no, so that a message is ordinary by its
 * own words alone and never for want of them.
 */
export function unreadableExamples({ featuresOf, partsOf }, count) {
  const random = randomNumbers(3)
  const pick = (from) => from[Math.floor(random() * from.length)]
  const syllable = () => pick(firstSounds) + pick(vowels) + (random() < 0.4 ? pick(lastSounds) : '')
  const word = () => Array.from({ length: 1 + Math.floor(random() * 4) }, syllable).join('')
  return Array.from({ length: count }, (_, at) => {
    const words = Array.from({ length: 1 + Math.floor(random() * 14) }, word).join(' ')
    const medium = at % 2 === 0 ? 'text' : 'mail'
    const said = `${words}${pick(['', '', '.', '!', '?'])}`
    return { words: said, features: featuresOf(said, medium), parts: partsOf(said), medium, label: 1 }
  })
}

/** Who asks for messages again or for help in more than a word is answered by a human too. */
function labelOf(expected) {
  if (expected === 'clear' || expected.startsWith('stop')) return 0
  return expected === 'none' ? 2 : 1
}

/** As they are stored: no and doubtful against ordinary, most as one signed byte each. */
export function storedForm({ weights, parts, detectors, thresholds, votes, bias }) {
  const against = (values, one) =>
    Float64Array.from(
      { length: values.length / classes },
      (_, at) => values[at * classes + one] - values[at * classes + 2],
    )
  const words = bytesOf([against(weights, 0), against(weights, 1)])
  return {
    bias: { no: rounded(bias[0] - bias[2]), doubtful: rounded(bias[1] - bias[2]) },
    words: { step: words.step, no: words.texts[0], doubtful: words.texts[1] },
    windows: {
      parts: packed(parts),
      detectors: packed(detectors),
      thresholds: Array.from(thresholds, rounded),
      no: Array.from(against(votes, 0), rounded),
      doubtful: Array.from(against(votes, 1), rounded),
    },
  }
}

function packed(values) {
  const { step, texts } = bytesOf([values])
  return { step, bytes: texts[0] }
}

/** In steps of which 127 hold nearly every value, in base64. */
function bytesOf(lists) {
  const sizes = lists.flatMap((values) => Array.from(values, Math.abs)).filter((size) => size > 0)
  sizes.sort((one, other) => one - other)
  const step = Number((sizes[Math.floor(keptWhole * (sizes.length - 1))] / 127).toPrecision(6))
  const texts = lists.map((values) => {
    const bytes = Int8Array.from(values, (value) => Math.max(-127, Math.min(127, Math.round(value / step))))
    return Buffer.from(bytes.buffer).toString('base64')
  })
  return { step, texts }
}

const rounded = (value) => Math.round(value * 1e5) / 1e5

/** The weights, what they were learnt from and how, so that a test can say when they are not those of today. */
export function fingerprintOf(examples, stored) {
  const hash = createHash('sha256').update(JSON.stringify(stored))
  for (const name of ['learn-wishes.mjs', 'wish-model.mjs']) hash.update(readFileSync(join(root, 'scripts', name)))
  for (const { features, parts, label } of examples) {
    hash.update(`${label} ${features.length} ${parts.length} `).update(features)
    for (const word of parts) hash.update(word)
  }
  return hash.digest('hex')
}

if (isCommand(import.meta.url)) {
  const { values } = parseArgs({ options: { help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write('node scripts/learn-wishes.mjs\n')
    process.exit(0)
  }
  const reader = await loadReader()
  const examples = readExamples(reader)
  const learnt = learn(examples, reader, (over, of) => process.stderr.write(`${over} of ${of}\n`))
  const stored = storedForm(learnt)
  const fingerprinted = { fingerprint: fingerprintOf(examples, stored), ...stored }
  writeFileSync(weightsPath, `${JSON.stringify(fingerprinted, null, 2)}\n`)
  process.stdout.write(`learnt from ${examples.length.toLocaleString('en')} messages\n`)
}
