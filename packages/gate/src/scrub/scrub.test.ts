import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { scrub } from './scrub.ts'
import { newsByMail, now, people, questionsAbout, scrubbed, standings } from './testing/list-fixtures.ts'

const text = async (list: string, options: Parameters<typeof scrubbed>[1] = {}) => {
  const { kept, refused, counts } = await scrubbed(list, options)
  return { kept: kept.toString(), refused: refused.toString(), counts }
}

describe('scrubbing a list', () => {
  it('keeps the rows of those who may be written to, byte for byte', async () => {
    const list = 'id,email,note\r\n1,yes1@x.be,"a ""b"", c"\r\n2,no1@x.be,x\n3,YES2@X.be,\u00e9\n4,"yes3@x.be",two\r\n'
    const { kept, counts } = await text(list)
    expect(kept).toBe('id,email,note\r\n1,yes1@x.be,"a ""b"", c"\r\n3,YES2@X.be,\u00e9\n4,"yes3@x.be",two\r\n')
    expect(counts).toEqual({ rows: 4, kept: 3, refused: { objection: 1 }, malformed: {}, unchanged: 0 })
  })

  it('gives refused rows with their line and the reason, in front', async () => {
    const list =
      'email;note\nno1@x.be;a\n"yes1@x.be";"two\nlines"\npause1@x.be;b\nstranger@x.be;c\n;d\nnot an address;e\n'
    const { kept, refused } = await text(list)
    expect(kept).toBe('email;note\n"yes1@x.be";"two\nlines"\n')
    expect(refused).toBe(
      'line;reason;email;note\n2;objection;no1@x.be;a\n5;pause;pause1@x.be;b\n6;no_basis;stranger@x.be;c\n' +
        '7;no_contact_point;;d\n8;invalid_contact_point;not an address;e\n',
    )
  })

  it('keeps no row that it cannot read', async () => {
    const list =
      'email,note\nyes1@x.be\nyes1@x.be,a,b\n"yes1@x.be,open\nyes1@x.be,"x"y\nyes1@x.be,a\rno1@x.be,b\nyes2@x.be,whole\n'
    const { kept, counts } = await text(list)
    expect(kept).toBe('email,note\nyes2@x.be,whole\n')
    expect(counts.malformed).toEqual({ wrong_width: 2, quote_misplaced: 2, stray_carriage_return: 1 })
  })

  it('gives up one line for a quote that never closes, and goes on with the next', async () => {
    const rest = Array.from({ length: 30 }, () => 'yes1@x.be,a\n').join('')
    const { counts } = await text(`email,note\n"no1@x.be,open\n${rest}`)
    expect(counts).toMatchObject({ kept: 30, malformed: { quote_not_closed: 1 } })
  })

  it('passes over a row without end, and keeps what follows it', async () => {
    const long = `yes1@x.be,${'x'.repeat(3_000_000)}\n`
    const { kept, counts } = await text(`email,note\nyes1@x.be,a\n${long}yes2@x.be,b\n`)
    expect(kept).toBe('email,note\nyes1@x.be,a\nyes2@x.be,b\n')
    expect(counts).toMatchObject({ rows: 3, malformed: { row_too_long: 1 } })
  })

  it('reads a list without header by column number, and a last row without line end', async () => {
    const { kept } = await text('1\tyes1@x.be\n2\tno1@x.be\n3\tyes2@x.be', {
      hasHeader: false,
      chooseColumns: () => ({ email: [1], phone: [] }),
    })
    expect(kept).toBe('1\tyes1@x.be\n3\tyes2@x.be')
  })

  it('reads every encoding with its mark, and a packed list', async () => {
    const list = 'email,note\nyes1@x.be,\u00e9\nno1@x.be,\u00fc\n'
    const kept = 'email,note\nyes1@x.be,\u00e9\n'
    const marked = Buffer.from(`\uFEFF${list}`, 'utf16le')
    const markedKept = Buffer.from(`\uFEFF${kept}`, 'utf16le')
    expect((await scrubbed(Buffer.from(list, 'latin1'), { encoding: 'latin1' })).kept).toEqual(
      Buffer.from(kept, 'latin1'),
    )
    expect((await scrubbed(marked)).kept).toEqual(markedKept)
    expect((await scrubbed(Buffer.from(marked).swap16())).kept).toEqual(Buffer.from(markedKept).swap16())
    expect((await scrubbed(`\uFEFF${list}`)).kept.toString()).toBe(`\uFEFF${kept}`)
    expect((await scrubbed(gzipSync(list))).kept.toString()).toBe(kept)
    const torn = await scrubbed(Buffer.concat([marked, Buffer.of(0x79)]))
    expect(torn.counts.malformed).toEqual({ not_text: 1 })
  })

  it('keeps documents of NDJSON by the names given', async () => {
    const list = '{"email":"yes1@x.be","n":1}\n{"email":"no1@x.be"}\n{"n":2}\nnothing\n[1]\n{"email":["yes1@x.be"]}\n'
    const { kept, refused } = await text(list)
    expect(kept).toBe('{"email":"yes1@x.be","n":1}\n')
    expect(
      refused
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { line: 2, reason: 'objection', row: { email: 'no1@x.be' } },
      { line: 3, reason: 'no_contact_point', row: { n: 2 } },
      { line: 4, reason: 'not_json', row: 'nothing' },
      { line: 5, reason: 'not_json', row: '[1]' },
      { line: 6, reason: 'not_text', row: '{"email":["yes1@x.be"]}' },
    ])
  })

  it('wants every address of a row to be reachable, and hears a no said through its number', async () => {
    const phones = ['+32470123456', '+32470123457'].map((value, index) => ({
      type: 'phone' as const,
      value,
      standing: standings[index === 0 ? 'no' : 'yes'] ?? { groups: [] },
    }))
    const questions = questionsAbout([...people, ...phones])
    const list =
      'a,b,gsm\nyes1@x.be,yes2@x.be,\nyes1@x.be,no1@x.be,\nyes1@x.be,,0470 12 34 56\nyes1@x.be,,0470 12 34 57\n,,0470 12 34 57\n'
    const { kept, counts } = await text(list, {
      questions: () => questions,
      chooseColumns: () => ({ email: [0, 1], phone: [2] }),
    })
    expect(kept).toBe('a,b,gsm\nyes1@x.be,yes2@x.be,\nyes1@x.be,,0470 12 34 57\n')
    expect(counts.refused).toEqual({ objection: 2, no_contact_point: 1 })
  })

  it('keeps nobody when nothing is up to date', async () => {
    const { counts } = await text('email\nyes1@x.be\n" yes1@x.be"\n', { questions: () => undefined })
    expect(counts).toMatchObject({ kept: 0, refused: { stale: 2 } })
  })

  it('asks who knows more about those with a limit', async () => {
    const asked: string[] = []
    const settler = {
      isNeeded: ({ reason }: { reason: string }) => reason === 'cadence',
      settle: async (points: readonly { value: string }[]) =>
        points.map(({ value }) => {
          asked.push(value)
          const isFirst = value === 'often1@x.be'
          return {
            decision: isFirst ? 'allow' : 'defer',
            reason: isFirst ? 'customer_relation' : 'cadence',
            rulePack: '',
          } as const
        }),
    }
    const { kept, counts } = await text('email\noften1@x.be\nyes1@x.be\n often2@x.be\n', { settler })
    expect(kept).toBe('email\noften1@x.be\nyes1@x.be\n')
    expect(counts.refused).toEqual({ cadence: 1 })
    expect(asked).toEqual(['often1@x.be', 'often2@x.be'])
  })

  it('refuses what is no list', async () => {
    await expect(scrubbed('')).rejects.toThrow('empty')
    await expect(scrubbed('email\rno1@x.be\r')).rejects.toThrow('stray_carriage_return')
    await expect(scrubbed('"email\n')).rejects.toThrow('quote_not_closed')
  })

  it('writes the same however the list arrives, with the kernel and without', { timeout: 60_000 }, async () => {
    const cell = fc.oneof(
      fc.constantFrom(
        'yes1@x.be',
        'no1@x.be',
        '"yes2@x.be"',
        ' yes1@x.be',
        'NO2@X.BE',
        '',
        '"a\nb"',
        '"a""b"',
        'x"y',
        '"open',
      ),
      fc.string({ maxLength: 8 }),
    )
    const row = fc.array(cell, { minLength: 1, maxLength: 3 }).map((cells) => cells.join(','))
    const list = fc.array(fc.tuple(row, fc.constantFrom('\n', '\r\n', '\r', '')), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(list, fc.integer({ min: 1, max: 50 }), async (rows, size) => {
        const bytes = Buffer.from(`note,email\n${rows.map(([cells, end]) => cells + end).join('')}`)
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        )
        const whole = await scrubbed(bytes, { useKernel: false })
        expect(await scrubbed(pieces, { useKernel: false })).toEqual(whole)
        expect(await scrubbed(bytes)).toEqual(whole)
        expect(whole.counts.kept).toBeLessThanOrEqual(whole.counts.rows)
      }),
      { numRuns: 150 },
    )
  })

  it('lends its memory to a slow sink and takes back what was written, and tells when it fails', async () => {
    const rows = Array.from({ length: 60_000 }, (_, index) => `${index},${['yes1', 'no1', 'yes2'][index % 3]}@x.be`)
    const list = Buffer.from(`id,email\n${rows.join('\n')}\n`)
    // One piece of memory for all of the list: it is written over as soon as the next piece is asked for.
    const memory = Buffer.alloc(50_000)
    async function* pieces() {
      for (let from = 0; from < list.length; from += memory.length) {
        yield memory.subarray(0, list.copy(memory, 0, from, from + memory.length))
      }
    }
    const questions = questionsAbout(people)
    const options = {
      about: newsByMail,
      questions: () => questions,
      chooseColumns: () => ({ email: [1], phone: [] }),
      clock: () => now,
    }
    const kept: Buffer[] = []
    const slow = async (bytes: Uint8Array) => {
      await setTimeout(2)
      kept.push(Buffer.from(bytes))
    }
    const counts = await scrub(pieces(), { borrows: true, write: slow }, options)
    const whole = await scrubbed(list, { useKernel: false })
    expect(Buffer.concat(kept)).toEqual(whole.kept)
    expect(counts).toEqual(whole.counts)
    const failing = {
      borrows: true,
      write: (bytes: Uint8Array) => (bytes.length > 100 ? Promise.reject(full) : undefined),
    }
    const full = new Error('no space left')
    await expect(scrub(pieces(), failing, options)).rejects.toBe(full)
  })

  it('sees what ends while it runs: an answer is kept for a second', async () => {
    let clock = now
    const { counts } = await text('email\npause1@x.be\n', { clock: () => clock })
    clock += 2_000_000
    const later = await text('email\npause1@x.be\n', { clock: () => clock })
    expect([counts.kept, later.counts.kept]).toEqual([0, 1])
  })
})
