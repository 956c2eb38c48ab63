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
) & { rows: number }

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
  readonly kept: Outcome = { kind: 'kept', rows: 0 }
  readonly unchanged: Outcome = { kind: 'unchanged', rows: 0 }
  readonly blank: Outcome = { kind: 'blank', rows: 0 }
  readonly pending: Outcome = { kind: 'pending', rows: 0 }
  readonly #refused = new Map<RowRefusal, Outcome>()
  readonly #malformed = new Map<RowProblem, Outcome>()

  refused(reason: RowRefusal): Outcome {
    const known = this.#refused.get(reason)
    if (known !== undefined) return known
    const outcome: Outcome = { kind: 'refused', reason, rows: 0 }
    this.#refused.set(reason, outcome)
    return outcome
  }

  malformed(reason: RowProblem): Outcome {
    const known = this.#malformed.get(reason)
    if (known !== undefined) return known
    const outcome: Outcome = { kind: 'malformed', reason, rows: 0 }
    this.#malformed.set(reason, outcome)
    return outcome
  }

  counts(): ScrubCounts {
    const refused = countsOf(this.#refused)
    const malformed = countsOf(this.#malformed)
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0)
    const kept = this.kept.rows
    const unchanged = this.unchanged.rows
    return { rows: kept + unchanged + sum(refused) + sum(malformed), kept, refused, malformed, unchanged }
  }
}

function countsOf(outcomes: ReadonlyMap<string, Outcome>): Record<string, number> {
  const counted = [...outcomes].map(([reason, { rows }]): [string, number] => [reason, rows])
  return Object.fromEntries(counted.filter(([, rows]) => rows > 0).sort(([, one], [, other]) => other - one))
}
