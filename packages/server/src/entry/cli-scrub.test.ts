import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
  const people = ['an', 'bo', 'cy', 'di'].map((name, index) => `${index};${name}@x.be;2024-05-01\n`)
  const consents = line.file('people.csv', `klantnr;mail;optin\n${people.join('')}`)
  await line.run([
    'import',
    consents,
    '--brand',
    'shop',
    '--basis',
    'consent',
    '--channel',
    'email',
    '--consent-source',
    'form',
  ])
  await line.run(['object', 'bo@x.be'])
}, 120_000)
afterAll(() => line[Symbol.asyncDispose]())

const scrub = (args: string[], input?: string) =>
  line.run(['scrub', ...args, '--brand', 'shop', '--topic', 'news'], input === undefined ? {} : { input })

/** The last line; a build, or a warning, may come before it. */
const summaryOf = (err: string) => JSON.parse(err.trim().split('\n').at(-1) ?? '')

describe('verzet scrub', { timeout: 120_000 }, () => {
  it('keeps those who may be written to, and says why the others are not kept', async () => {
    const list = line.file('list.csv', 'id,email\n1,an@x.be\n2,bo@x.be\n3,"x\n4,eva@x.be\n5,CY@X.be\n')
    const out = join(line.directory, 'kept.csv')
    const refused = join(line.directory, 'refused.csv')
    const { code, err } = await scrub([list, '--out', out, '--refused', refused, '--json'])
    expect([code, readFileSync(out, 'utf8')]).toEqual([0, 'id,email\n1,an@x.be\n5,CY@X.be\n'])
    expect(readFileSync(refused, 'utf8')).toBe(
      'line,reason,id,email\n3,objection,2,bo@x.be\n4,quote_not_closed,3,"x\n5,no_basis,4,eva@x.be\n',
    )
    expect(summaryOf(err)).toMatchObject({
      rows: 5,
      kept: 2,
      refused: { objection: 1, no_basis: 1 },
      malformed: { quote_not_closed: 1 },
      position: expect.any(String),
    })
    expect((await scrub([list, '--strict'])).code).toBe(65)
  })

  it('works in a pipe, on documents and packed lists', async () => {
    const piped = await scrub(['-', '--email', 'who'], '{"who":"an@x.be"}\n{"who":"bo@x.be"}\n')
    expect([piped.code, piped.out]).toEqual([0, '{"who":"an@x.be"}\n'])
    const packed = line.file('list.csv.gz', '')
    writeFileSync(packed, gzipSync('email\nan@x.be\nbo@x.be\n'))
    expect((await scrub([packed])).out).toBe('email\nan@x.be\n')
    writeFileSync(packed, gzipSync('email\nan@x.be\nbo@x.be\n').subarray(0, 30))
    const broken = await scrub([packed, '--out', join(line.directory, 'never.csv')])
    expect([broken.code, existsSync(join(line.directory, 'never.csv'))]).toEqual([65, false])
  })

  it('writes the same with any number of threads', async () => {
    const names = ['an', 'bo', 'cy', '"two\nlines"', 'eva']
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index},${names[index % 5]}@x.be\n`)
    const list = line.file('long.csv', `id,email\n${rows.join('')}`)
    const [one, three] = ['one', 'three'].map((name) => join(line.directory, name))
    const files = (name = '') => ['--out', `${name}.csv`, '--refused', `${name}-refused.csv`]
    const ended = await scrub([list, '--threads', '1', '--json', ...files(one)])
    const again = await scrub([list, '--threads', '3', '--json', ...files(three)])
    expect([ended.code, again.code, summaryOf(ended.err).kept]).toEqual([0, 0, 40_000])
    for (const end of ['.csv', '-refused.csv']) {
      expect(readFileSync(`${three}${end}`).equals(readFileSync(`${one}${end}`))).toBe(true)
    }
  })

  it('judges hashes of addresses it knows, and keeps none it does not', async () => {
    const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
    const rows = [sha256('an@x.be').toUpperCase(), sha256('bo@x.be'), sha256('nobody@x.be'), 'no hash']
    const { out, err } = await scrub(['-', '--hashed', 'sha256', '--email', 'h', '--json'], `h\n${rows.join('\n')}\n`)
    expect(out).toBe(`h\n${rows[0]}\n`)
    expect(summaryOf(err).refused).toEqual({ unknown_hash: 2, objection: 1 })
  })

  it('gives only what changed since a position', async () => {
    const list = 'email\nan@x.be\nbo@x.be\ncy@x.be\n'
    const { position } = summaryOf((await scrub(['-', '--json'], list)).err)
    await line.run(['object', 'cy@x.be'])
    const { out, err } = await scrub(['-', '--json', '--since', position], list)
    expect(out).toBe('email\n')
    expect(summaryOf(err)).toMatchObject({ kept: 0, refused: { objection: 1 }, unchanged: 2 })
    expect((await scrub(['-', '--since', 'nonsense'], list)).code).toBe(65)
  })

  it('counts the message for everybody it keeps', async () => {
    const counted = () => line.db.query<{ count: bigint }>('select count(*) as count from sends', [])
    const { out, err } = await scrub(['-', '--claim'], 'email\nan@x.be\nbo@x.be\ndi@x.be\n')
    expect([out, err]).toEqual(['email\nan@x.be\ndi@x.be\n', expect.stringMatching(/1 refused: 1 objection/)])
    const after = await counted()
    await scrub(['-'], 'email\nan@x.be\n')
    expect([Number(after[0]?.count) > 0, await counted()]).toEqual([true, after])
  })

  it('says what is wrong with how it was called', async () => {
    const cases: [string[], RegExp][] = [
      [['-', '--email', 'gone'], /has no column "gone"/],
      [['-', '--channel', 'post'], /e-mail addresses and phone numbers only/],
      [['-', '--channel', 'sms'], /--phone/],
      [['-', '--hub', 'https://hub.example'], /--key-file/],
      [['-', '--out', 'a', '--refused', 'a'], /two files/],
      [['-', '--threads', '0'], /from 1 to 16/],
    ]
    for (const [args, says] of cases) {
      const { code, err } = await scrub(args, 'email\nan@x.be\n')
      expect([code, err]).toEqual([64, expect.stringMatching(says)])
    }
  })
})
