import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const run: CommandLine['run'] = (...args) => line.run(...args)
const file: CommandLine['file'] = (...args) => line.file(...args)

const people = (count: number, prefix: string) =>
  `klantnr;mail;gsm;optin\n${Array.from({ length: count }, (_, index) => `${prefix}${index};${prefix}${index}@x.be;04700${String(index).padStart(5, '0')};2024-05-01\n`).join('')}`
const asConsent = ['--brand', 'shop', '--basis', 'consent', '--channel', 'email', '--consent-source', 'form', '--json']

describe('verzet import', () => {
  it('shows its guess without names and addresses, and changes nothing', async () => {
    const { code, out } = await run(['import', file('preview.csv', people(3, 'preview')), '--preview'])
    expect(code).toBe(0)
    expect(out).toContain('mail  →  email')
    expect(out).toContain('--external-id klantnr --email mail --phone gsm --consent-at optin')
    expect(out).not.toContain('preview1@x.be')
  })

  it('An import must name its basis', async () => {
    const { code, err } = await run(['import', file('basis.csv', people(1, 'basis'))])
    expect([code, err]).toEqual([64, expect.stringMatching(/^verzet: an import must name its basis/)])
  })

  it('asks for a flag where two columns could be meant', async () => {
    const { code, err } = await run(['import', file('two.csv', 'id,klantnummer,mail\n1,2,a@b.be\n'), '--basis', 'none'])
    expect([code, err]).toEqual([64, expect.stringContaining('more than one column could be meant by --external-id')])
  })

  it('takes no date for all that only stands for none', async () => {
    const args = ['import', file('no-date.csv', people(1, 'none')), ...asConsent, '--consent-at', '1900-01-01']
    const { code, err } = await run(args)
    expect([code, err]).toEqual([64, expect.stringContaining('--consent-at: 1900-01-01 is what programs write')])
  })

  it('takes a no whose date only stands for none over a consent that looks later', async () => {
    await run(['import', file('late.csv', 'klantnr;mail;optin\nlate;late@x.be;2024-05-01\n'), ...asConsent])
    const noes = file('placeholder.csv', 'mail,datum\nlate@x.be,1970-01-01 00:00:00\n')
    const { out } = await run(['import', '--objections', noes, '--said-at', 'datum', '--json'])
    expect(JSON.parse(out)).toMatchObject({ recorded: 1, rejected: 0 })
    expect((await run(['gate', 'late@x.be', '--channel', 'email', '--topic', 'news'])).code).toBe(1)
  })

  it('takes good lines, puts the others in a file with the reason, and the same file twice changes nothing', async () => {
    const path = file('mixed.csv', `${people(3, 'mixed')}bad1;no-address;;\nbad2;"open;;\n`)
    const first = await run(['import', path, ...asConsent])
    expect(first.code).toBe(0)
    expect(JSON.parse(first.out)).toMatchObject({
      rows: 5,
      relationsCreated: 3,
      contactPoints: 6,
      consents: 3,
      rejected: 2,
      finished: true,
    })
    const rejected = readFileSync(`${path}.rejected.csv`, 'utf8').split('\n')
    expect(rejected[0]).toBe('klantnr;mail;gsm;optin;reason')
    expect(rejected[1]).toBe('bad1;no-address;;;mail: Write the address as name@domain.')
    expect(statSync(`${path}.rejected.csv`).mode & 0o077).toBe(0)
    const second = await run(['import', path, ...asConsent, '--strict'])
    expect(second.code).toBe(65)
    expect(JSON.parse(second.out)).toMatchObject({
      relationsCreated: 0,
      relationsChanged: 0,
      contactPoints: 0,
      consents: 0,
      rejected: 2,
    })
  })

  it('stops after the batch under way on Ctrl-C and goes on from there', async () => {
    const path = file('long.csv', people(4_000, 'long'))
    const stopped = await run(['import', path, ...asConsent, '--batch', '100'], { killOn: /Reading/ })
    expect(stopped.code).toBe(130)
    expect(stopped.err).toContain('run the same command again to go on')
    const { rows } = JSON.parse(stopped.out)
    expect(rows).toBeLessThan(4_000)
    const rest = await run(['import', path, ...asConsent])
    if (rows > 0) expect(rest.err).toContain(`Going on after ${rows} rows`)
    expect(JSON.parse(rest.out)).toMatchObject({
      rows: 4_000,
      relationsCreated: 4_000,
      consents: 4_000,
      finished: true,
    })
  })

  it('brings in refusals, and no import opens them again', async () => {
    const noes = file('noes.csv', 'mail,datum,kanaal\nrefused0@x.be,2025-01-01,\nrefused1@x.be,,email\n')
    const { out } = await run([
      'import',
      '--objections',
      noes,
      '--said-at',
      'datum',
      '--channel-column',
      'kanaal',
      '--json',
    ])
    expect(JSON.parse(out)).toMatchObject({ rows: 2, recorded: 2, rejected: 0 })
    const imported = await run(['import', file('refused.csv', people(3, 'refused')), ...asConsent])
    expect(JSON.parse(imported.out)).toMatchObject({ relationsCreated: 3, refusedStill: 4 })
    const codes = await Promise.all(
      [0, 1, 2].map(
        async (index) => (await run(['gate', `refused${index}@x.be`, '--channel', 'email', '--topic', 'news'])).code,
      ),
    )
    expect(codes).toEqual([1, 1, 0])
  })
})

describe('verzet links', () => {
  const mailing = ['--brand', 'shop', '--topic', 'news', '--campaign', 'may', '--offered', 'all,topic']

  it('keeps the columns, adds the links, and leaves out whom the gate refuses', async () => {
    const path = file('links.csv', `${people(3, 'links')}x;not-an-address;;\n`)
    await run(['import', path, ...asConsent])
    await run(['object', 'links1@x.be'])
    const { code, out, err } = await run(['links', path, ...mailing, '--json'])
    expect(code).toBe(0)
    const [head, ...rows] = out.trimEnd().split('\n')
    expect(head).toBe(
      'klantnr;mail;gsm;optin;optout_page;optout_stop_all;optout_preferences;optout_mailto;list_unsubscribe;list_unsubscribe_post;list_id;optout_short;optout_code',
    )
    expect(rows.map((row) => row.split(';')[0])).toEqual(['links0', 'links2'])
    expect(rows[0]).toMatch(/;http:\/\/localhost:8420\/u\/[\w-]{52};/)
    expect(JSON.parse(err.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      rows: 4,
      written: 2,
      unreadable: 1,
      refused: { objection: 1 },
    })
  })

  it('marks refused lines instead, from stdin, and gives the file its name only when it is whole', async () => {
    const out = join(line.directory, 'marked.csv')
    const { code } = await run(['links', '-', ...mailing, '--mark', '--out', out], {
      input: 'mail\nlinks0@x.be\nlinks1@x.be\nnobody\n',
    })
    expect(code).toBe(0)
    expect(
      readFileSync(out, 'utf8')
        .trimEnd()
        .split('\n')
        .map((row) => row.split(',').at(-1)),
    ).toEqual(['optout_decision', 'allow:consent', 'deny:objection', 'deny:invalid_contact_point'])
    expect(existsSync(`${out}.part`)).toBe(false)
  })
})
