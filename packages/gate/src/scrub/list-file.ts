const pieceBytes = 1024 * 1024

/** A list that can be read straight into the memory it is judged in, which spares a copy of it. */
export type ReadsInto = {
  /** Reads on behind what was iterated over. Gives how many bytes that was; 0 at the end. */
  readInto(memory: Uint8Array): Promise<number>
}

/** What is needed of a `FileHandle`. */
export type ReadableFile = {
  read(memory: Uint8Array, offset: number, length: number, position: null): Promise<{ readonly bytesRead: number }>
}

/** A file as a list, from where it stands. Who opened it closes it. */
export class ListFile implements AsyncIterable<Uint8Array>, ReadsInto {
  readonly #file: ReadableFile
  #bytesRead = 0

  constructor(file: ReadableFile) {
    this.#file = file
  }

  get bytesRead(): number {
    return this.#bytesRead
  }

  async readInto(memory: Uint8Array): Promise<number> {
    const { bytesRead } = await this.#file.read(memory, 0, memory.length, null)
    this.#bytesRead += bytesRead
    return bytesRead
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      // Not the same again: what unpacks it may ask for the next before it has used this one.
      const memory = new Uint8Array(pieceBytes)
      const bytes = await this.readInto(memory)
      if (bytes === 0) return
      yield memory.subarray(0, bytes)
    }
  }
}
