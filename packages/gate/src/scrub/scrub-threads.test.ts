import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ListFile } from './list-file.ts'
import { ScanThreadFailed } from './scan-threads.ts'
import { type ListSink, type ScrubOptions, scrubInPieces } from './scrub.ts'
import { newsByMail, now, people, questionsAbout, scrubbed } from './testing/list-fixtures.ts'

type Pieces = Parameters<typeof scrubInPieces>[3]

/** As text: comparing that is a hundred times as fast. */
async function outcome(bytes: Uint8Array | ListFile, options: Partial<ScrubOptions>, pieces: Pieces = {}) {
  const { kept, refused, counts } = await scrubbed(bytes, options, pieces)
  return { kept: kept.toString('latin1'), refused: refused.toString('latin1'), counts }
}

const address = fc.constantFrom('yes1@x.be', 'no1@x.be', 'NO2@X.BE', 'pause1@x.be', 'often1@x.be', 'stranger@x.be', '')
const cell = fc.oneof(
  { weight: 3, arbitrary: address },
  address.map((text) => `"${text}"`),
  fc.constantFrom('"a\nb"', '"a\r\n\n"', '"a""b"', '"\n""\n"', 'x"y', '"open', '""', 'a\rb', '\u00e9', ' yes1@x.be'),
  fc.string({ maxLength: 12 }),
  // Longer than some pieces, and than all of them.
  fc.integer({ min: 50, max: 900 }).map((length) => 'long '.repeat(length)),
)
const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(','))
const regular = fc.tuple(cell, cell).map((cells) => cells.join(','))
const end = fc.constantFrom('\n', '\n', '\r\n', '\r', '')
const table = fc
  .array(fc.tuple(fc.oneof({ weight: 3, arbitrary: regular }, row), end), { minLength: 5, maxLength: 80 })
  .map((rows) => `note,email\n${rows.map((parts) => parts.join('')).join('')}`)
const documents = fc
  .array(
    fc.oneof(
      address.map((email) => JSON.stringify({ email })),
      fc.string({ maxLength: 30 }),
    ),
    { maxLength: 60 },
  )
  .map((lines) => `{"email":"yes1@x.be"}\n${lines.join('\n')}`)

type Given = { readonly bytes: Buffer; readonly options: Partial<ScrubOptions> }

const list: fc.Arbitrary<Given> = fc.oneof(
  { weight: 6, arbitrary: table.map((text) => ({ bytes: Buffer.from(text), options: {} })) },
  table.map((text) => ({ bytes: Buffer.from(`\uFEFF${text}`), options: {} })),
  table.map((text) => ({ bytes: Buffer.from(text, 'latin1'), options: { encoding: 'latin1' as const } })),
  table.map((text) => ({ bytes: gzipSync(text), options: {} })),
  table.map((text) => ({ bytes: Buffer.from(`\uFEFF${text}`, 'utf16le'), options: {} })),
  table.map((text) => ({
    bytes: Buffer.concat([Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(), Buffer.of(0)]),
    options: {},
  })),
  documents.map((text) => ({ bytes: Buffer.from(text), options: {} })),
)

describe('a list on several threads', () => {
  it('is judged as by one thread that has it in one piece, however it is cut', { timeout: 180_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 8, max: 600 }), async ({ bytes, options }, half) => {
        const pieces = { pieceBytes: 2 * half }
        const whole = await outcome(bytes, { ...options, useKernel: false })
        for (const threads of [1, 2, 3]) {
          expect(await outcome(bytes, { ...options, threads }, pieces)).toEqual(whole)
        }
        expect(await outcome(fileOf(bytes, half), { ...options, threads: 2 }, pieces)).toEqual(whole)
        expect(await outcome(bytes, { ...options, useKernel: false }, pieces)).toEqual(whole)
      }),
      { numRuns: 40 },
    )
  })

  it('finds rows again that a cut between quotes has hidden', async () => {
    const rows = Array.from({ length: 3_000 }, (_, index) =>
      index % 7 === 0 ? `"${'street\n'.repeat(1 + (index % 5))}",no1@x.be\n` : `${index},yes1@x.be\n`,
    )
    const bytes = Buffer.from(`note,email\n${rows.join('')}`)
    const whole = await outcome(bytes, { useKernel: false })
    expect(whole.counts).toMatchObject({ kept: 2_571, refused: { objection: 429 } })
    for (const threads of [1, 2, 3]) expect(await outcome(bytes, { threads }, { pieceBytes: 200 })).toEqual(whole)
  })

  it('takes a row of more than many pieces, and gives up one that is too long', async () => {
    const open = `"${'x'.repeat(200_000)}",yes1@x.be\n`
    const tooLong = `${'y'.repeat(300_000)},yes1@x.be\n`
    const bytes = Buffer.from(`note,email\n${`${open}a,no1@x.be\n${tooLong}b,yes2@x.be\n`.repeat(3)}`)
    const whole = await outcome(bytes, { useKernel: false })
    expect(whole.counts).toMatchObject({ kept: 6, malformed: { row_too_long: 3 } })
    for (const threads of [1, 2]) expect(await outcome(bytes, { threads }, { pieceBytes: 4_096 })).toEqual(whole)
  })

  it('lends the memory of each piece until the sink is done with it', { timeout: 60_000 }, async () => {
    const rows = Array.from({ length: 40_000 }, (_, index) => `${index},${['yes1', 'no1', 'yes2'][index % 3]}@x.be\n`)
    const bytes = Buffer.from(`id,email\n${rows.join('')}`)
    const kept: Buffer[] = []
    const slow = async (lent: Uint8Array) => {
      await setTimeout(3)
      kept.push(Buffer.from(lent))
    }
    const counts = await judged(bytes, { borrows: true, write: slow }, { threads: 2 }, { pieceBytes: 16_384 })
    const whole = await outcome(bytes, { useKernel: false })
    expect([Buffer.concat(kept).toString(), counts]).toEqual([whole.kept, whole.counts])
  })

  it('fails when a thread does, whether it had a piece or none', async () => {
    const rows = Buffer.from('1,yes1@x.be\n'.repeat(100))
    const taking = `
      const { parentPort, workerData: { control, states } } = require('node:worker_threads')
      parentPort.on('message', (piece) => {
        if (Atomics.compareExchange(control, piece * 8, states.waiting, states.taken) === states.waiting) throw new Error('lost')
      })`
    for (const scanProgram of [taking, 'throw new Error("lost")', 'process.exit(0)']) {
      let hasEnded = false
      async function* slowly() {
        yield Buffer.from('id,email\n')
        // The list opens with a megabyte of it.
        yield Buffer.alloc(1_100_000, rows)
        while (!hasEnded) {
          await setTimeout(5)
          yield rows
        }
      }
      const failing = judged(slowly(), { write: () => {} }, { threads: 2 }, { pieceBytes: 1_024, scanProgram })
      await expect(failing).rejects.toThrow(ScanThreadFailed)
      await expect(failing).rejects.toThrow(/a thread that reads the list failed: (lost|it ended)/)
      hasEnded = true
    }
  })
})

/** A file that gives at most so many bytes at once. */
function fileOf(bytes: Uint8Array, bytesMax: number): ListFile {
  let from = 0
  const read = async (memory: Uint8Array, offset: number, length: number) => {
    const part = bytes.subarray(from, from + Math.min(length, bytesMax))
    memory.set(part, offset)
    from += part.length
    return { bytesRead: part.length }
  }
  return new ListFile({ read })
}

async function* inOne(bytes: Uint8Array) {
  yield bytes
}

function judged(
  input: Uint8Array | AsyncIterable<Uint8Array>,
  kept: ListSink,
  options: Partial<ScrubOptions>,
  pieces: Pieces,
) {
  const questions = questionsAbout(people)
  const chooseColumns = () => ({ email: [1], phone: [] })
  const terms = { about: newsByMail, questions: () => questions, chooseColumns, clock: () => now, ...options }
  return scrubInPieces(input instanceof Uint8Array ? inOne(input) : input, kept, terms, pieces)
}
