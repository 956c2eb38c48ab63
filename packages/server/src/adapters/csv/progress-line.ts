type Stream = { readonly isTTY?: boolean; write(text: string): unknown }

/** Often enough to see that it lives, seldom enough to read. */
const terminalEveryMs = 200
const plainEveryMs = 10_000

/** One line that moves on a terminal; elsewhere a line every ten seconds, for a log. */
export class ProgressLine {
  readonly #stream: Stream
  readonly #what: string
  readonly #bytesTotal: number | undefined
  readonly #startedAt: number
  readonly #everyMs: number
  #shownAt: number
  #rowsBefore = 0

  constructor(stream: Stream, what: string, bytesTotal: number | undefined, now: number) {
    this.#stream = stream
    this.#what = what
    this.#bytesTotal = bytesTotal
    this.#startedAt = now
    this.#shownAt = now
    this.#everyMs = stream.isTTY === true ? terminalEveryMs : plainEveryMs
  }

  /** Rows that were dealt with before this run count for no speed. */
  startAt(rows: number): void {
    this.#rowsBefore = rows
  }

  show(rows: number, bytes: number, now: number): void {
    if (now - this.#shownAt < this.#everyMs) return
    this.#shownAt = now
    const rate = rowsPerSecond(rows - this.#rowsBefore, now - this.#startedAt)
    const part =
      this.#bytesTotal === undefined ? '' : `, ${Math.floor((100 * bytes) / Math.max(1, this.#bytesTotal))} %`
    const line = `${this.#what}: ${rows.toLocaleString('en')} rows, ${rate.toLocaleString('en')} rows/s${part}${this.#left(bytes, now)}`
    this.#stream.write(this.#stream.isTTY === true ? `\r\u001b[K${line}` : `${line}\n`)
  }

  /** Takes the moving line away. */
  end(): void {
    if (this.#stream.isTTY === true) this.#stream.write('\r\u001b[K')
  }

  #left(bytes: number, now: number): string {
    if (this.#bytesTotal === undefined || bytes === 0) return ''
    const seconds = Math.round(((now - this.#startedAt) * (this.#bytesTotal - bytes)) / bytes / 1000)
    return seconds < 60 ? `, ${seconds} s left` : `, ${Math.round(seconds / 60)} min left`
  }
}

export function rowsPerSecond(rows: number, ms: number): number {
  return Math.round((rows * 1000) / Math.max(1, ms))
}
