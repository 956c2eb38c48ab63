import { newline, rowMarks, rowsMax } from './row-marks.ts'
import type { RowScanner, ScannedRows, Units } from './row-scanner.ts'

/** Finds the lines of a list whose rows are documents: each needs a closer look. */
export class LineScanner implements RowScanner {
  readonly rows: ScannedRows = {
    ends: new Uint32Array(rowsMax),
    marks: new Uint8Array(rowsMax).fill(rowMarks.look),
    fingerprints: new Uint32Array(2 * rowsMax),
  }
  stoppedAt = 0
  readonly isExactNeeded = false
  readonly #units: Units

  constructor(units: Units) {
    this.#units = units
  }

  scan(from: number, to: number, first: number): number {
    const units = this.#units.subarray(0, to)
    let count = first
    this.stoppedAt = from
    while (count < rowsMax) {
      const end = units.indexOf(newline, this.stoppedAt)
      if (end < 0) return count
      this.stoppedAt = end + 1
      this.rows.ends[count] = end + 1
      count += 1
    }
    return count
  }
}
