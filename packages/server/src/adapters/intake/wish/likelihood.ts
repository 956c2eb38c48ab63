import learnt from './learnt-weights.json' with { type: 'json' }
import { bucketOf, featureBuckets, featureNames, featuresOf, type Medium } from './word-features.ts'

/** How likely a message is each of three, together 1: a clear no, one that a human has to read, anything else. */
export type Likelihood = { readonly no: number; readonly doubtful: number; readonly ordinary: number }

type Weights = { readonly no: Int8Array; readonly doubtful: Int8Array }

let loaded: Weights | undefined

/**
 * Weighs the words of a message by what the corpora taught (`scripts/learn-wishes.mjs`): multinomial logistic regression
 * over `featuresOf`, against the ordinary. Undefined where a message is empty or too long to be weighed.
 */
export function likelihoodOf(text: string, medium: Medium): Likelihood | undefined {
  const features = featuresOf(text, medium)
  if (features === undefined) return undefined
  const weights = loadedWeights()
  const { bias } = learnt
  const no = Math.exp(bias.no + scaleOf(features) * sum(weights.no, features))
  const doubtful = Math.exp(bias.doubtful + scaleOf(features) * sum(weights.doubtful, features))
  const all = no + doubtful + 1
  return { no: no / all, doubtful: doubtful / all, ordinary: 1 / all }
}

/** A word or two neighbours, and by how much they raise the log-odds of a no against the ordinary. */
export type WeighedWords = { readonly words: string; readonly weight: number }

/** The words that speak most for a no or against it, the strongest first; `<` and `>` stand for the ends of the message. */
export function wordsThatWeigh(text: string, medium: Medium, most: number): WeighedWords[] {
  const features = featuresOf(text, medium)
  if (features === undefined) return []
  const { no } = loadedWeights()
  return [...(featureNames(text, medium) ?? [])]
    .filter((name) => !/[#~]/.test(name))
    .map((words) => ({ words, weight: scaleOf(features) * (no[bucketOf(words)] ?? 0) }))
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight))
    .slice(0, most)
}

function loadedWeights(): Weights {
  loaded ??= { no: decoded(learnt.no), doubtful: decoded(learnt.doubtful) }
  return loaded
}

/** Long messages weigh no more than short ones. */
function scaleOf(features: Uint32Array): number {
  return learnt.step / Math.sqrt(features.length)
}

function decoded(base64: string): Int8Array {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== featureBuckets) throw new Error('learnt-weights.json is damaged: run `npm run learn`')
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function sum(of: Int8Array, features: Uint32Array): number {
  return features.reduce((total, feature) => total + (of[feature] ?? 0), 0)
}
