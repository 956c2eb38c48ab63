import { decodedBytes } from './learnt-bytes.ts'
import learnt from './learnt-weights.json' with { type: 'json' }
import { featureBuckets, featuresOf, type Medium } from './word-features.ts'
import { windowVotes } from './word-windows.ts'

/** How likely a message is each of three, together 1: a clear no, one that a human has to read, anything else. */
export type Likelihood = { readonly no: number; readonly doubtful: number; readonly ordinary: number }

type Weights = { readonly no: Int8Array; readonly doubtful: Int8Array }

let loaded: Weights | undefined

/**
 * Weighs a message by what the corpora taught (`scripts/learn-wishes.mjs`), against the ordinary: all of its words together,
 * and what the detectors see in five in a row. Undefined where it is empty or too long to be weighed.
 */
export function likelihoodOf(text: string, medium: Medium): Likelihood | undefined {
  const features = featuresOf(text, medium)
  if (features === undefined) return undefined
  const weights = loadedWeights()
  const votes = windowVotes(text)
  const { bias } = learnt
  const no = Math.exp(bias.no + scaleOf(features) * sum(weights.no, features) + votes.no)
  const doubtful = Math.exp(bias.doubtful + scaleOf(features) * sum(weights.doubtful, features) + votes.doubtful)
  const all = no + doubtful + 1
  return { no: no / all, doubtful: doubtful / all, ordinary: 1 / all }
}

/** A word, and by how much it raises the log-odds of a no against the ordinary where it stands. */
export type WeighedWord = { readonly word: string; readonly weight: number }

/** The words without which a message would say a no less, or more; the heaviest first. */
export function wordsThatWeigh(text: string, medium: Medium, most: number): WeighedWord[] {
  const whole = logOddsOf(text, medium)
  if (whole === undefined) return []
  const words = text.split(/(?<=\s)/)
  return words
    .map((word, at) => {
      const rest = logOddsOf(words.filter((_, other) => other !== at).join(''), medium) ?? 0
      return { word: word.replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}?!]+$/gu, ''), weight: whole - rest }
    })
    .filter(({ word }) => word !== '')
    .sort((one, other) => Math.abs(other.weight) - Math.abs(one.weight))
    .slice(0, most)
}

function logOddsOf(text: string, medium: Medium): number | undefined {
  const likely = likelihoodOf(text, medium)
  return likely && Math.log(likely.no / likely.ordinary)
}

function loadedWeights(): Weights {
  const { no, doubtful } = learnt.words
  loaded ??= { no: decodedBytes(no, featureBuckets), doubtful: decodedBytes(doubtful, featureBuckets) }
  return loaded
}

/** Long messages weigh no more than short ones. */
function scaleOf(features: Uint32Array): number {
  return learnt.words.step / Math.sqrt(features.length)
}

function sum(of: Int8Array, features: Uint32Array): number {
  return features.reduce((total, feature) => total + (of[feature] ?? 0), 0)
}
