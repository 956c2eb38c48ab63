import { channelsServedBy, type Decision } from '@verzet/core'
import type { About, GivenContactPoint, Questions } from '../questions.ts'
import type { FingerprintSet } from './fingerprint-set.ts'
import { type Outcome, Outcomes } from './outcome.ts'
import { rowMarks, rowsMax, type ScannedRows } from './row-scanner.ts'

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

/** Judges the rows of a list. */
export class ListGate {
  readonly outcomes = new Outcomes()
  readonly #terms: ListTerms
  readonly #located = new Float64Array(rowsMax)
  readonly #verdicts = new Map<number, Outcome>()
  #waiting: Wait[] = []

  constructor(terms: ListTerms) {
    this.#terms = terms
  }

  /** Undefined where plain addresses cannot be judged by their fingerprint. */
  get fingerprintKey(): Uint8Array | undefined {
    const carriesMail = channelsServedBy('email').includes(this.#terms.about.channel)
    return this.#terms.hash === undefined && carriesMail ? this.#terms.questions()?.fingerprintKey : undefined
  }

  /**
   * Judges the rows whose mark is a fingerprint; `pointsOf` reads one of them when it has to be settled.
   */
  judgeFingerprints(
    { marks, fingerprints }: ScannedRows,
    count: number,
    outcomes: (Outcome | undefined)[],
    now: number,
    pointsOf: (index: number) => readonly GivenContactPoint[],
  ): void {
    const { changed } = this.#terms
    const questions = this.#terms.questions()
    const located = this.#located
    questions?.locateMany(fingerprints, count, located)
    this.#verdicts.clear()
    let last = Number.NaN
    let verdict = this.outcomes.refused('stale')
    for (let index = 0; index < count; index += 1) {
      if (marks[index] !== rowMarks.fingerprint) continue
      if (changed?.has(fingerprints[2 * index] ?? 0, fingerprints[2 * index + 1] ?? 0) === false) {
        outcomes[index] = this.outcomes.unchanged
        continue
      }
      const place = located[index] ?? 0
      if (questions !== undefined && place !== last) {
        verdict = this.#verdictOf(questions, place, now)
        last = place
      }
      outcomes[index] = verdict
      if (verdict === this.outcomes.pending) this.#waiting.push({ index, points: pointsOf(index) })
    }
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
  async settle(outcomes: (Outcome | undefined)[]): Promise<void> {
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
      outcomes[index] = refusal === undefined ? this.outcomes.kept : this.outcomes.refused(refusal)
    }
  }

  #verdictOf(questions: Questions, located: number, now: number): Outcome {
    const known = this.#verdicts.get(located)
    if (known !== undefined) return known
    const decision = questions.answerLocated(located, 'email', this.#terms.about, now)
    const verdict = this.#terms.settler?.isNeeded(decision)
      ? this.outcomes.pending
      : decision.decision === 'allow'
        ? this.outcomes.kept
        : this.outcomes.refused(decision.reason)
    this.#verdicts.set(located, verdict)
    return verdict
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
