import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joinFields, splitFields } from './fields.ts'
import { readFrames, recordBytesMax, recordLinesMax } from './record-frames.ts'

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function framesOf(text: string, chunkBytes = 1024 * 1024) {
  const found = []
  for await (const frames of readFrames(inChunks(Buffer.from(text), chunkBytes), 44)) found.push(...frames)
  return found.map(({ bytes, line, problem }) => ({ text: bytes.toString(), line, problem }))
}

const textsOf = (frames: Awaited<ReturnType<typeof framesOf>>) => frames.map((frame) => frame.text)

describe('cutting a list into records', () => {
  it('ends a record at a line end of either kind and passes over empty lines', async () => {
    const frames = await framesOf('a,b\r\n\r\nc,d\n\n\ne,f')
    expect(textsOf(frames)).toEqual(['a,b', 'c,d', 'e,f'])
    expect(frames.map((frame) => frame.line)).toEqual([1, 3, 6])
  })

  it('keeps a line break inside quotes in its record', async () => {
    const frames = await framesOf('a,"Kerkstraat 1\n9000 Gent"\nb,c\n')
    expect(textsOf(frames)).toEqual(['a,"Kerkstraat 1\n9000 Gent"', 'b,c'])
    expect(frames[1]?.line).toBe(3)
  })

  it('gives up one line for a quote that is never closed, and no one after it', async () => {
    const frames = await framesOf('a,"open\nb,c\nd,e\n')
    expect(frames.map((frame) => [frame.text, frame.problem])).toEqual([
      ['a,"open', 'quote_not_closed'],
      ['b,c', undefined],
      ['d,e', undefined],
    ])
  })

  it('gives up one line when the quote of a later line closes it by accident', async () => {
    const frames = await framesOf('a,"open\n"b",c\nd,e\n')
    expect(frames.map((frame) => [frame.text, frame.problem])).toEqual([
      ['a,"open', 'quote_misplaced'],
      ['"b",c', undefined],
      ['d,e', undefined],
    ])
  })

  it('does not look further than a few lines for the closing quote', async () => {
    const [first, second] = await framesOf(`a,"open\n${'b,c\n'.repeat(recordLinesMax + 5)}"\n`)
    expect(first?.problem).toBe('quote_not_closed')
    expect(second?.text).toBe('b,c')
  })

  it('gives up a line longer than any record, in constant memory', async () => {
    const frames = await framesOf(`a,${'x'.repeat(recordBytesMax)}\nb,c\n`, 4096)
    expect(frames.map((frame) => [frame.text.length, frame.problem])).toEqual([
      [recordBytesMax + 2, 'record_too_long'],
      [3, undefined],
    ])
  })

  it('reads the same however the bytes arrive', async () => {
    const text = 'a,"b ""quoted"" c"\r\n"d\r\ne",f\n"",""\n'
    const whole = await framesOf(text)
    for (const size of [1, 2, 3, 5, 7]) expect(await framesOf(text, size)).toEqual(whole)
  })

  it('reads back what any list of texts was written as, and agrees with csv-parse', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', 'é', '"', ',', '\n', ' ', ';'), maxLength: 6 })
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 2 }), { minLength: 1, maxLength: 8 })
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, size) => {
        const text = rows.map((row) => joinFields(row, ',')).join('\n')
        const read = textsOf(await framesOf(text, size)).map((record) => splitFields(record, ','))
        expect(read).toEqual(rows)
        expect(parse(text, { delimiter: ',' })).toEqual(rows)
      }),
    )
  })

  it('takes a quote inside an unquoted field for what it is', () => {
    expect(splitFields('5" pipe,Marie "de" Vos', ',')).toEqual(['5" pipe', 'Marie "de" Vos'])
  })
})
