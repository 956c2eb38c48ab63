import { channelsServedBy, type Decision } from '@verzet/core'
import type { About, GivenContactPoint, Questions } from '../questions.ts'
import { refusalCodeMax } from '../refusal-set.ts'
import type { FingerprintSet } from './fingerprint-set.ts'
import { type Outcome, Outcomes, unjudged } from './outcome.ts'
import { rowMarks, rowsMax } from './row-marks.ts'
import type { ScannedRows } from './row-scanner.ts'

export const listHashes = ['md5', 'sha1', 'sha256', 'sha512'] as const
export type ListHash = (typeof listHashes)[number]
const hexDigits: Readonly<Record<ListHash, number>> = { md5: 32, sha1: 40, sha256: 64, sha512: 128 }

/** Answers of somebody who knows more than the index: how many messages a person had, or that this one counts. */
export type Settler = {
  isNeeded(decision: Decision): boolean
  settle(contactPoints: readonly GivenContactPoint[]): Promise<readonly Decision[]>
}

export type ListTerms = {
  readonly about: About
  /** What answers now; undefined when nothing that is up to date does. */
  readonly questions: () => Questions | undefined
  /** The list holds hashes, and so does the index: see `hashPair`. */
  readonly hash?: ListHash
  /** The fingerprints (or hashes) of those something changed about; the others are passed over. */
  readonly changed?: FingerprintSet
  readonly settler?: Settler
}

/** The place of a hash in an index over hashes: its first 64 bits, written in hexadecimal in any case. */
export function hashPair(hash: ListHash, text: string): { low: number; high: number } | undefined {
  const digits = text.trim()
  if (digits.length !== hexDigits[hash] || !/^[0-9a-f]+$/i.test(digits)) return undefined
  return { low: Number.parseInt(digits.slice(0, 8), 16), high: Number.parseInt(digits.slice(8, 16), 16) }
}

type Wait = { readonly index: number; readonly points: readonly GivenContactPoint[] }

/** Records are looked up again and again: most lists meet a few kinds of them. */
const recordsKept = 1_024
/** Numbers of outcomes by what was located: nothing, or the code of a refusal. */
const refusalCodes = refusalCodeMax + 1

/** The numbers of outcomes by row, and the rows that are judged by what they say. */
export type JudgedRows = { readonly numbers: Uint8Array; readonly others: Uint32Array }

/** Judges the rows of a list. */
export class ListGate {
  readonly outcomes = new Outcomes()
  readonly #terms: ListTerms
  readonly #located = new Float64Array(rowsMax)
  readonly #verdicts = new Map<number, number>()
  readonly #ofCode = new Uint8Array(refusalCodes)
  /** A verdict for the last record of each place. */
  readonly #records = new Float64Array(recordsKept)
  readonly #ofRecord = new Uint8Array(recordsKept)
  #waiting: Wait[] = []

  constructor(terms: ListTerms) {
    this.#terms = terms
  }

  /** Undefined where plain addresses cannot be judged by their fingerprint. */
  get fingerprintKey(): Uint8Array | undefined {
    const carriesMail = channelsServedBy('email').includes(this.#terms.about.channel)
    return this.#terms.hash === undefined && carriesMail ? this.#terms.questions()?.fingerprintKey : undefined
  }

  /** What judges plain addresses gets ready for many of them. */
  prepare(): void {
    this.#terms.questions()?.sift()
  }

  /**
   * Judges the rows whose mark is a fingerprint, and puts the numbers of their outcomes into `numbers`; the others stay
   * unjudged, and come back as how many they are, in `others`. `pointsOf` reads one that has to be settled.
   */
  judgeFingerprints(
    { marks, fingerprints }: ScannedRows,
    count: number,
    { numbers, others }: JudgedRows,
    now: number,
    pointsOf: (index: number) => readonly GivenContactPoint[],
  ): number {
    const questions = this.#terms.questions()
    const located = this.#located
    const stale = this.outcomes.refused('stale').number
    const pending = this.outcomes.pending.number
    questions?.locateMany(fingerprints, count, located)
    this.#verdicts.clear()
    this.#ofCode.fill(unjudged)
    this.#records.fill(0)
    const { changed } = this.#terms
    const ofCode = this.#ofCode
    let othersCount = 0
    for (let index = 0; index < count; index += 1) {
      const place = located[index] ?? 0
      let number = unjudged
      if (marks[index] !== rowMarks.fingerprint) {
        others[othersCount] = index
        othersCount += 1
      } else if (changed?.has(fingerprints[2 * index] ?? 0, fingerprints[2 * index + 1] ?? 0) === false) {
        number = this.outcomes.unchanged.number
      } else if (questions === undefined) number = stale
      else {
        // Minus nothing would be another zero, which is no place of an array.
        number = place <= 0 ? (ofCode[0 - place] ?? unjudged) : unjudged
        if (number === unjudged) number = this.#numberAt(questions, place, now)
        if (number === pending) this.#waiting.push({ index, points: pointsOf(index) })
      }
      numbers[index] = number
    }
    return othersCount
  }

  #numberAt(questions: Questions, place: number, now: number): number {
    if (place <= 0) {
      const number = this.#verdictOf(questions, place, now)
      this.#ofCode[0 - place] = number
      return number
    }
    const slot = place % recordsKept
    if (this.#records[slot] === place) return this.#ofRecord[slot] ?? unjudged
    const number = this.#verdicts.get(place) ?? this.#verdictOf(questions, place, now)
    this.#verdicts.set(place, number)
    this.#records[slot] = place
    this.#ofRecord[slot] = number
    return number
  }

  /** Judges a row by its contact points: all of them have to be reachable, and none may have said a no that covers it. */
  judgePoints(points: readonly GivenContactPoint[], index: number, now: number): Outcome {
    const { about, hash } = this.#terms
    const questions = this.#terms.questions()
    if (questions === undefined) return this.outcomes.refused('stale')
    const serves = ({ type }: GivenContactPoint) => channelsServedBy(type).includes(about.channel)
    if (!points.some(serves)) return this.outcomes.refused('no_contact_point')
    if (!points.some((point) => this.#hasChanged(questions, point))) return this.outcomes.unchanged
    const settling: GivenContactPoint[] = []
    for (const point of points) {
      if (!serves(point)) {
        if (hash !== undefined) return this.outcomes.refused('channel_mismatch')
        const refusal = questions.refusalThrough(point, about, now)
        if (refusal !== undefined) return this.outcomes.refused(refusal.reason)
        continue
      }
      const decision = hash === undefined ? questions.answer(point, about, now) : this.#ofHash(questions, point, now)
      if (decision === undefined) return this.outcomes.refused('unknown_hash')
      if (this.#terms.settler?.isNeeded(decision)) settling.push(point)
      else if (decision.decision !== 'allow') return this.outcomes.refused(decision.reason)
    }
    if (settling.length === 0) return this.outcomes.kept
    this.#waiting.push({ index, points: settling })
    return this.outcomes.pending
  }

  /** Asks the settler about the rows that wait for it. */
  async settle(numbers: Uint8Array): Promise<void> {
    const waiting = this.#waiting
    const { settler } = this.#terms
    if (waiting.length === 0 || settler === undefined) return
    this.#waiting = []
    const decisions = await settler.settle(waiting.flatMap(({ points }) => points))
    let place = 0
    for (const { index, points } of waiting) {
      const own = decisions.slice(place, place + points.length)
      place += points.length
      const refusal = own.length < points.length ? 'stale' : own.find(({ decision }) => decision !== 'allow')?.reason
      numbers[index] = (refusal === undefined ? this.outcomes.kept : this.outcomes.refused(refusal)).number
    }
  }

  #verdictOf(questions: Questions, located: number, now: number): number {
    const decision = questions.answerLocated(located, 'email', this.#terms.about, now)
    if (this.#terms.settler?.isNeeded(decision)) return this.outcomes.pending.number
    return (decision.decision === 'allow' ? this.outcomes.kept : this.outcomes.refused(decision.reason)).number
  }

  /** Undefined when nobody known has this hash: it may be that of somebody who said no and was erased. */
  #ofHash(questions: Questions, { type, value }: GivenContactPoint, now: number): Decision | undefined {
    const pair = hashPair(this.#terms.hash ?? 'sha256', value)
    const located = pair === undefined ? 0 : questions.locate(pair.low, pair.high)
    return located === 0 ? undefined : questions.answerLocated(located, type, this.#terms.about, now)
  }

  /** What cannot be read counts as changed, and is refused for it. */
  #hasChanged(questions: Questions, point: GivenContactPoint): boolean {
    const { changed, hash, about } = this.#terms
    if (changed === undefined) return true
    const pair = hash === undefined ? questions.fingerprintOf(point, about) : hashPair(hash, point.value)
    return pair === undefined || changed.has(pair.low, pair.high)
  }
}
