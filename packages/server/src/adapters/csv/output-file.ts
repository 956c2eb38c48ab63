import { once } from 'node:events'
import { createWriteStream, renameSync, rmSync, type WriteStream } from 'node:fs'

/** Where a list goes: stdout, or a file that gets its name only when it is whole. */
export class ListOutput {
  readonly #path: string | undefined
  readonly #stream: NodeJS.WritableStream
  readonly #file: WriteStream | undefined
  readonly #closed: Promise<void>
  #failure: Error | undefined

  constructor(path: string | undefined, stdout: NodeJS.WritableStream) {
    this.#path = path
    this.#file = path === undefined ? undefined : createWriteStream(`${path}.part`, { mode: 0o600 })
    this.#stream = this.#file ?? stdout
    this.#closed = new Promise((resolve) => this.#file?.once('close', resolve))
    this.#file?.on('error', (error) => {
      this.#failure ??= error
    })
  }

  /** Waits when the reader is slower than the writer, so that memory stays flat. @throws what the file system throws. */
  async write(bytes: Buffer, signal: AbortSignal): Promise<void> {
    // A file that has failed, as on a full disk, says so once, and never drains.
    if (this.#failure !== undefined) throw this.#failure
    if (bytes.length === 0 || this.#stream.write(bytes) || signal.aborted) return
    // A reader that has gone never drains.
    await once(this.#stream, 'drain', { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error
    })
  }

  /**
   * Gives the file its name, or takes it away when the work was broken off.
   * @throws what the file system throws, where it should have been whole.
   */
  async finish(isWhole: boolean): Promise<void> {
    if (this.#file === undefined || this.#path === undefined) return
    this.#file.end()
    await this.#closed
    if (isWhole && this.#failure === undefined) renameSync(`${this.#path}.part`, this.#path)
    else rmSync(`${this.#path}.part`, { force: true })
    if (isWhole && this.#failure !== undefined) throw this.#failure
  }
}
