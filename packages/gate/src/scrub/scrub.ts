import { type Unpack, unpacked } from './decompress.ts'
import type { ReadsInto } from './list-file.ts'
import { ListGate, type ListTerms } from './list-gate.ts'
import { type ListShape, openList } from './list-head.ts'
import type { ScrubCounts } from './outcome.ts'
import { PieceJudge } from './piece-judge.ts'
import { PieceQueue, type QueueOptions } from './piece-queue.ts'

/** Takes bytes; what it returns is waited for, so that a slow reader slows the reading of the list. */
export type ListSink = {
  write(bytes: Uint8Array): void | Promise<void>
  /**
   * True says that it needs the bytes no longer once what it returned has settled: it then gets them without a copy, in
   * memory that threads share, and the next rows are judged while it writes.
   */
  readonly borrows?: boolean
}

/** With `readInto`, such as a `ListFile` has, a list that is not packed is read into the memory it is judged in. */
export type ListInput = AsyncIterable<Uint8Array> & Partial<ReadsInto>

export type ScrubOptions = ListShape &
  ListTerms & {
    /** Where the rows go that are not kept, with line and reason. */
    readonly refused?: ListSink
    readonly clock: () => number
    readonly onProgress?: (rows: number) => void
    readonly signal?: AbortSignal
    /** Zstandard for a Node that has none. */
    readonly unpackZstd?: Unpack
    /** False takes the scanner in TypeScript. */
    readonly useKernel?: boolean
    /**
     * How many threads find the rows, this one included; 1 when left out. The others are started for a list of more than
     * half a megabyte, where the kernel finds its rows; everything else is done by this one alone.
     */
    readonly threads?: number
  }

/**
 * Writes the rows of a list that may be sent to, byte for byte as they came, in constant memory. The list is a table or
 * NDJSON, plain or packed with gzip or Zstandard; a piece of it may be written over once the next is asked for. A row that
 * cannot be read for certain is not kept. Any number of threads writes the same.
 * @throws {ListUnreadable} when it is no list, `PackingUnknown`, `ScanThreadFailed`, and what input and sinks throw.
 */
export function scrub(input: AsyncIterable<Uint8Array>, kept: ListSink, options: ScrubOptions): Promise<ScrubCounts> {
  return scrubInPieces(input, kept, options, {})
}

/** As `scrub`, with pieces of another size. */
export async function scrubInPieces(
  input: ListInput,
  kept: ListSink,
  options: ScrubOptions,
  pieces: Pick<QueueOptions, 'pieceBytes' | 'scanProgram'>,
): Promise<ScrubCounts> {
  let isPacked = false
  const chunks = unpacked(input, options.unpackZstd, () => {
    isPacked = true
  })
  let queue: PieceQueue | undefined
  try {
    const { head, first } = await openList(chunks, options)
    const gate = new ListGate(options)
    const judge = new PieceJudge(head, gate, { kept, refused: options.refused }, options.clock)
    const { threads = 1, useKernel = true } = options
    queue = new PieceQueue(head, gate, judge, { ...pieces, threads: Math.max(1, Math.floor(threads)), useKernel })
    const goesOn = () => {
      options.onProgress?.(gate.outcomes.counts().rows)
      return options.signal?.aborted !== true
    }
    const rowsAt = head.markBytes + head.headerBytes
    await judge.open(first.subarray(0, head.markBytes), first.subarray(head.markBytes, rowsAt))
    await queue.take(first.subarray(rowsAt))
    if (goesOn()) {
      if (isReader(input) && !isPacked) await queue.read(input, goesOn)
      else await takeAll(queue, chunks, goesOn)
    }
    if (options.signal?.aborted !== true) await queue.end()
    goesOn()
    return gate.outcomes.counts()
  } finally {
    await Promise.all([chunks.return(undefined), queue?.close()])
  }
}

function isReader(input: ListInput): input is ListInput & ReadsInto {
  return input.readInto !== undefined
}

async function takeAll(queue: PieceQueue, chunks: AsyncGenerator<Uint8Array>, goesOn: () => boolean): Promise<void> {
  for (;;) {
    const next = await chunks.next()
    if (next.done === true) return
    await queue.take(next.value)
    if (!goesOn()) return
  }
}
