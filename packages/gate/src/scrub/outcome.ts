import type { DecisionReason } from '@verzet/core'
import type { FrameProblem } from './frame-record.ts'

/** Why nobody can say who is meant by a row. */
export type RowProblem = FrameProblem | 'wrong_width' | 'not_text' | 'not_json'
/** Why a row is not to be sent to: the gate's reason, or one that only a list has. */
export type RowRefusal = DecisionReason | 'no_contact_point' | 'unknown_hash'

/** What becomes of a row, with how many rows became it. */
export type Outcome = (
  | { readonly kind: 'kept' | 'unchanged' | 'blank' | 'pending' }
  | { readonly kind: 'refused'; readonly reason: RowRefusal }
  | { readonly kind: 'malformed'; readonly reason: RowProblem }
) & {
  rows: number
  /** What stands for it where rows are noted by the thousand. */
  readonly number: number
}

/** The numbers the kernel knows: a row that nobody judged, and one to keep. */
export const unjudged = 0
const keptNumber = 1
/** There are some thirty reasons. */
export const outcomesMax = 256

export type ScrubCounts = {
  readonly rows: number
  readonly kept: number
  /** By reason, most rows first. */
  readonly refused: Readonly<Record<string, number>>
  readonly malformed: Readonly<Record<string, number>>
  /** Rows about whom nothing changed since the position given. */
  readonly unchanged: number
}

/** One outcome for each thing that can become of a row. */
export class Outcomes {
  readonly #all: (Outcome | undefined)[] = [undefined]
  readonly kept = this.#numbered({ kind: 'kept', rows: 0, number: keptNumber })
  readonly unchanged = this.#numbered({ kind: 'unchanged', rows: 0, number: this.#next })
  readonly blank = this.#numbered({ kind: 'blank', rows: 0, number: this.#next })
  readonly pending = this.#numbered({ kind: 'pending', rows: 0, number: this.#next })
  readonly #refused = new Map<RowRefusal, Outcome>()
  readonly #malformed = new Map<RowProblem, Outcome>()
  readonly #tally = new Uint32Array(outcomesMax)

  refused(reason: RowRefusal): Outcome {
    const known = this.#refused.get(reason)
    if (known !== undefined) return known
    const outcome = this.#numbered({ kind: 'refused', reason, rows: 0, number: this.#next })
    this.#refused.set(reason, outcome)
    return outcome
  }

  malformed(reason: RowProblem): Outcome {
    const known = this.#malformed.get(reason)
    if (known !== undefined) return known
    const outcome = this.#numbered({ kind: 'malformed', reason, rows: 0, number: this.#next })
    this.#malformed.set(reason, outcome)
    return outcome
  }

  /** What a number stands for. What nobody judged is not sent to. */
  of(number: number): Outcome {
    return this.#all[number] ?? this.refused('stale')
  }

  /** Counts what became of so many rows. */
  count(numbers: Uint8Array, rows: number): void {
    const tally = this.#tally.fill(0)
    for (let index = 0; index < rows; index += 1) {
      const number = numbers[index] ?? unjudged
      tally[number] = (tally[number] ?? 0) + 1
    }
    for (const [number, counted] of tally.entries()) if (counted > 0) this.of(number).rows += counted
  }

  counts(): ScrubCounts {
    const refused = countsOf(this.#refused)
    const malformed = countsOf(this.#malformed)
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)
    const kept = this.kept.rows
    const unchanged = this.unchanged.rows
    return { rows: kept + unchanged + sum(refused) + sum(malformed), kept, refused, malformed, unchanged }
  }

  get #next(): number {
    return this.#all.length
  }

  #numbered(outcome: Outcome): Outcome {
    this.#all.push(outcome)
    return outcome
  }
}

function countsOf(outcomes: ReadonlyMap<string, Outcome>): Record<string, number> {
  const counted = [...outcomes].map(([reason, { rows }]): [string, number] => [reason, rows])
  return Object.fromEntries(counted.filter(([, rows]) => rows > 0).sort(([, one], [, other]) => other - one))
}
