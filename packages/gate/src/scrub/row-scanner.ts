import { isPlainEmail } from '@verzet/core'
import { Fingerprinter } from '../fingerprinter.ts'
import { carriageReturn, newline, quote, rowMarks, rowsMax, rowUnitsMax } from './row-marks.ts'

/** The rows found so far: where each ends, line end included, its mark, and the two words of its fingerprint. */
export type ScannedRows = {
  readonly ends: Uint32Array
  readonly marks: Uint8Array
  readonly fingerprints: Uint32Array
}

/** Bytes, or the 16-bit units of UTF-16. */
export type Units = Uint8Array | Uint16Array

export type RowLayout = {
  readonly delimiter: number
  readonly columns: number
  /** The one column whose plain e-mail addresses are judged by fingerprint; -1: every row needs a closer look. */
  readonly column: number
}

/**
 * Finds rows, and fingerprints of the plain addresses in them. There are two that do the same: this one, and the kernel
 * in WebAssembly. It stops before a row that is not whole, and before one whose quotes only `frameRecord` can read.
 */
export interface RowScanner {
  readonly rows: ScannedRows
  /** Where the first row lies that was not noted. */
  readonly stoppedAt: number
  /** True when that row is for `frameRecord`; false when it is not whole or there is no room to note it. */
  readonly isExactNeeded: boolean
  /** Scans between two places, noting rows from number `first` on. Returns the number after the last. */
  scan(from: number, to: number, first: number): number
}

type Row = {
  start: number
  fieldStart: number
  column: number
  isQuoted: boolean
  /** Where the quote of this field closed; -1 when it has none. */
  closedAt: number
  needsLook: boolean
  valueStart: number
  valueEnd: number
}

/** The scanner in plain TypeScript, for bytes and for UTF-16. */
export class PlainScanner implements RowScanner {
  readonly rows: ScannedRows = {
    ends: new Uint32Array(rowsMax),
    marks: new Uint8Array(rowsMax),
    fingerprints: new Uint32Array(2 * rowsMax),
  }
  stoppedAt = 0
  isExactNeeded = false
  readonly #units: Units
  readonly #bytes: Buffer
  readonly #layout: RowLayout
  readonly #fingerprinter: Fingerprinter | undefined
  readonly #isSpecial = new Uint8Array(256)

  constructor(units: Units, layout: RowLayout, fingerprintKey: Uint8Array | undefined) {
    this.#units = units
    this.#bytes = Buffer.from(units.buffer, units.byteOffset, units.byteLength)
    this.#layout = layout
    this.#fingerprinter = fingerprintKey && new Fingerprinter(fingerprintKey)
    for (const unit of [newline, carriageReturn, quote, layout.delimiter]) this.#isSpecial[unit] = 1
  }

  scan(from: number, to: number, first: number): number {
    const units = this.#units
    const isSpecial = this.#isSpecial
    const row = rowAt(from)
    let count = first
    this.isExactNeeded = false
    for (let at = from; at < to && count < rowsMax; at += 1) {
      const unit = units[at] ?? 0
      if (unit > 255 || isSpecial[unit] === 0) continue
      // What follows has to be known, but for an end of line or of a field.
      const isOpen = row.isQuoted || unit === carriageReturn || unit === quote
      if (isOpen && unit !== this.#layout.delimiter && unit !== newline && at + 1 >= to) break
      if (row.isQuoted) {
        if (unit === this.#layout.delimiter) continue
        if (unit !== quote || !this.#endsField(units[at + 1] ?? 0)) {
          this.isExactNeeded = true
          break
        }
        row.isQuoted = false
        row.closedAt = at
      } else if (unit === newline) {
        this.#note(row, at, count)
        count += 1
        Object.assign(row, rowAt(at + 1))
      } else this.#step(row, unit, at)
    }
    this.stoppedAt = row.start
    return count
  }

  #endsField(unit: number): boolean {
    return unit === this.#layout.delimiter || unit === newline || unit === carriageReturn
  }

  /** A delimiter, a quote or a carriage return outside quotes. */
  #step(row: Row, unit: number, at: number): void {
    if (unit === this.#layout.delimiter) {
      this.#endField(row, at)
      row.column += 1
      row.fieldStart = at + 1
      row.closedAt = -1
    } else if (unit === quote) {
      if (at === row.fieldStart) row.isQuoted = true
      else row.needsLook = true
    } else if (this.#units[at + 1] !== newline) row.needsLook = true
  }

  #endField(row: Row, end: number): void {
    if (row.column !== this.#layout.column) return
    const isQuoted = row.closedAt >= 0
    row.valueStart = row.fieldStart + (isQuoted ? 1 : 0)
    row.valueEnd = isQuoted ? row.closedAt : end
  }

  #note(row: Row, at: number, index: number): void {
    const { ends, marks } = this.rows
    const end = at > row.start && this.#units[at - 1] === carriageReturn ? at - 1 : at
    this.#endField(row, end)
    ends[index] = at + 1
    if (end === row.start) marks[index] = rowMarks.blank
    else if (this.#isRegular(row, at) && this.#takeFingerprint(row, index)) marks[index] = rowMarks.fingerprint
    else marks[index] = rowMarks.look
  }

  #isRegular(row: Row, at: number): boolean {
    const isWhole = row.column + 1 === this.#layout.columns && row.valueStart >= 0
    return isWhole && !row.needsLook && at - row.start < rowUnitsMax
  }

  #takeFingerprint({ valueStart, valueEnd }: Row, index: number): boolean {
    const fingerprinter = this.#fingerprinter
    if (fingerprinter === undefined || valueEnd - valueStart > 254) return false
    const text = this.#text(valueStart, valueEnd).toLowerCase()
    if (!isPlainEmail(text)) return false
    fingerprinter.take('email', text)
    this.rows.fingerprints[2 * index] = fingerprinter.low
    this.rows.fingerprints[2 * index + 1] = fingerprinter.high
    return true
  }

  /** Other characters than ASCII come out as something that is no plain address either. */
  #text(start: number, end: number): string {
    return this.#units instanceof Uint8Array
      ? this.#bytes.toString('latin1', start, end)
      : this.#bytes.toString('utf16le', 2 * start, 2 * end)
  }
}

function rowAt(start: number): Row {
  return {
    start,
    fieldStart: start,
    column: 0,
    isQuoted: false,
    closedAt: -1,
    needsLook: false,
    valueStart: -1,
    valueEnd: -1,
  }
}
