import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'
import { joinFields } from './fields.ts'

/**
 * The lines that could not be taken, as they were, with one more column that says why. Made when the first one comes;
 * an earlier file of that name is replaced, unless an import goes on where it stopped.
 */
export class RejectsFile {
  readonly path: string
  readonly #head: Buffer
  readonly #delimiter: string
  #handle: number | undefined
  #bytes = 0

  constructor(path: string, header: { bytes: Buffer; delimiter: string; byteOrderMark: boolean }) {
    this.path = path
    this.#delimiter = header.delimiter
    const mark = header.byteOrderMark ? '\uFEFF' : ''
    this.#head = Buffer.concat([Buffer.from(mark), header.bytes, Buffer.from(`${header.delimiter}reason\n`)])
  }

  /** `bytes` is how long it was when the work was last committed: what came after that is written anew. */
  resume(bytes: number): void {
    if (bytes > 0 && existsSync(this.path)) {
      this.#handle = openSync(this.path, 'r+')
      ftruncateSync(this.#handle, bytes)
      this.#bytes = bytes
    } else rmSync(this.path, { force: true })
  }

  /** How long the file is; kept with the progress. */
  get bytes(): number {
    return this.#bytes
  }

  add(line: Buffer, reasons: readonly string[]): void {
    if (this.#handle === undefined) {
      this.#handle = openSync(this.path, 'w', 0o600)
      this.#bytes = 0
    }
    const reason = joinFields([reasons.join(' ')], this.#delimiter)
    this.#write(
      Buffer.concat([...(this.#bytes === 0 ? [this.#head] : []), line, Buffer.from(`${this.#delimiter}${reason}\n`)]),
    )
  }

  /** On disk before the database says that the lines are dealt with. */
  flush(): void {
    if (this.#handle !== undefined) fsyncSync(this.#handle)
  }

  [Symbol.dispose](): void {
    if (this.#handle !== undefined) closeSync(this.#handle)
  }

  #write(bytes: Buffer): void {
    this.#bytes += writeSync(this.#handle ?? -1, bytes, 0, bytes.length, this.#bytes)
  }
}
