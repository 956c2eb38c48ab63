import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import { binProgram } from '../../bin-program.ts'
import { pagesMax } from '../check-limits.ts'

/** What stands on one page. */
export type PrintedPage = {
  /** In reading order, cut where the size changes. */
  readonly words: readonly { readonly text: string; readonly points: number }[]
  readonly codes: readonly { readonly text: string; readonly sideMm: number }[]
}

export type ReadPages =
  | { readonly kind: 'pages'; readonly pageCount: number; readonly pages: readonly PrintedPage[] }
  | { readonly kind: 'unreadable'; readonly reason: 'not_a_pdf' | 'too_long' }

/** Twenty letters take two seconds on the reference machine; what takes longer than this is made to take long. */
const readingMsMax = 30_000
/** Each thread holds a rendered page and what PDFium makes of the file. */
const memoryBytesMax = 512 * 1024 * 1024
const heapMbMax = 256
/** A module of 0.33 mm is then two dots and more, which is what decoding takes (docs/decisions/005-reading-printed-pages.md). */
const dotsPerInch = 200
/** An A3 page at that resolution; a poster is rendered coarser. */
const pixelsMax = 8_000_000
const charactersMax = 100_000
const codesMax = 50

const answerSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unreadable') }),
  z.object({
    kind: z.literal('pages'),
    pageCount: z.int(),
    pages: z.array(
      z.object({
        words: z.array(z.object({ text: z.string(), points: z.number() })),
        codes: z.array(z.object({ text: z.string(), sideMm: z.number() })),
      }),
    ),
  }),
])

/** Two at once fill two cores; the others wait, so that files sent at once do not take the machine's memory. */
const readersMax = 2
let readersRunning = 0
const waiting: (() => void)[] = []

/** Reads a PDF in a thread of its own, within bounds of time, memory, pages and resolution. Never throws for a bad file. */
export async function readPages(bytes: Buffer, msMax = readingMsMax): Promise<ReadPages> {
  if (!bytes.subarray(0, 1024).includes('%PDF-')) return { kind: 'unreadable', reason: 'not_a_pdf' }
  if (readersRunning >= readersMax) await new Promise<void>((resolve) => waiting.push(resolve))
  else readersRunning++
  try {
    return await readInThread(bytes, msMax)
  } finally {
    const next = waiting.shift()
    if (next === undefined) readersRunning--
    else next()
  }
}

function readInThread(bytes: Buffer, msMax: number): Promise<ReadPages> {
  const limits = { pagesMax, memoryBytesMax, dotsPerInch, pixelsMax, charactersMax, codesMax }
  const worker = new Worker(binProgram('page-reader.mjs'), {
    workerData: { bytes: Uint8Array.from(bytes), limits },
    resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
    // What the libraries say of a broken file is nothing for the hub's own output.
    stdout: true,
    stderr: true,
    env: {},
  })
  return new Promise((resolve) => {
    const end = (answer: ReadPages) => {
      clearTimeout(timer)
      resolve(answer)
      void worker.terminate()
    }
    const timer = setTimeout(() => end({ kind: 'unreadable', reason: 'too_long' }), msMax)
    worker.once('message', (message: unknown) => {
      const answer = answerSchema.safeParse(message)
      const read = answer.success ? answer.data : undefined
      end(read?.kind === 'pages' ? read : { kind: 'unreadable', reason: 'not_a_pdf' })
    })
    worker.once('error', () => end({ kind: 'unreadable', reason: 'not_a_pdf' }))
    worker.once('exit', () => end({ kind: 'unreadable', reason: 'not_a_pdf' }))
  })
}
