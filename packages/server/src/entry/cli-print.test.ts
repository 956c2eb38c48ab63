import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { readPages } from '../adapters/check/print/read-pages.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const list =
  'nr;taal;straat;gemeente;mail\n1;nl;Kerkstraat 1;9000 Gent;an@x.be\n2;fr;"Rue Haute 2";1000 Bruxelles;bo@x.be\n3;nl;nergens;;\n'
const asCards = ['--brand', 'shop', '--topic', 'news', '--campaign', 'may-2026', '--post', 'straat,gemeente', '--json']
const env = { VERZET_URL: 'https://verzet.shop.example' }
const cards = (args: string[]) => line.run(['cards', ...args], { env })

describe('verzet cards', () => {
  it('makes a list and sheets that verzet check lets leave, and leaves out whom the gate refuses', async () => {
    const path = line.file('list.csv', list)
    const { code, out, err } = await cards([path, ...asCards, '--out', join(line.directory, 'may'), '--qr', 'svg,png'])
    expect([code, err]).toEqual([0, ''])
    expect(JSON.parse(out)).toMatchObject({ rows: 3, written: 2, unreadable: 1, sheetFiles: 1, refusedTotal: 0 })
    const rows = readFileSync(join(line.directory, 'may/cards.csv'), 'utf8').trimEnd().split('\n')
    expect(rows[0]).toBe(
      'nr;taal;straat;gemeente;mail;optout_code;optout_url;optout_text;optout_text_nl;optout_text_fr;optout_text_de;optout_text_en',
    )
    expect(rows[2]).toMatch(
      /^2;fr;"Rue Haute 2";1000 Bruxelles;bo@x\.be;[\w-]{11};https:\/\/verzet\.shop\.example\/c\/\w{10};Plus de publicité/,
    )
    const sheet = readFileSync(join(line.directory, 'may/sheets-0001.pdf'))
    const read = await readPages(sheet)
    const urls = read.kind === 'pages' ? read.pages.flatMap((one) => one.codes.map(({ text }) => text)) : []
    expect(urls.toSorted()).toEqual(
      rows
        .slice(1)
        .map((row) => row.split(';')[6])
        .toSorted(),
    )
    const [first] = readdirSync(join(line.directory, 'may/qr'))
    expect(readdirSync(join(line.directory, 'may/qr', first ?? '')).length).toBeGreaterThanOrEqual(2)
    const checked = await line.run(
      ['check', join(line.directory, 'may/sheets-0001.pdf'), '--brand', 'shop', '--json'],
      { env },
    )
    expect(JSON.parse(checked.out)).toMatchObject({ mayLeave: true, errors: 0 })
  }, 60_000)

  it('takes a card that came back, after which there is no card for that address', async () => {
    const path = line.file('again.csv', list)
    const [, row = ''] = readFileSync(join(line.directory, 'may/cards.csv'), 'utf8').split('\n')
    const back = row.split(';')[5] ?? ''
    const returns = line.file('returns.csv', `code,remark\n${back.toLowerCase()},\n${back.slice(0, 5)},alles\n`)
    const post = await line.run(['post', returns, '--json'], { env })
    expect([post.code, JSON.parse(post.out)]).toMatchObject([0, { objections: 1, rejected: 1, toReview: 0 }])
    const again = await cards([path, ...asCards, '--out', join(line.directory, 'june')])
    expect(JSON.parse(again.out)).toMatchObject({ written: 1, refused: { objection: 1 } })
    const evidence = await line.db.query(`select 1 from evidence where kind = 'already_printed'`)
    expect(evidence).toHaveLength(1)
  }, 60_000)

  it('makes nothing when it cannot make all', async () => {
    const out = join(line.directory, 'none')
    const path = line.file('none.csv', list)
    const wrong = [
      [[path, ...asCards, '--out', line.directory], 'is there already'],
      [[path, ...asCards, '--out', out, '--print-date', '2026-02-30'], '--print-date takes a day'],
      [[path, ...asCards, '--out', out, '--qr', 'gif'], '--qr takes svg, png'],
      [[path, ...asCards, '--out', out, '--language', 'taalgebied'], 'has no column "taalgebied"'],
      [[...asCards, '--out', out], 'name a list of addressees, or --drop NAME'],
    ] as const
    for (const [args, message] of wrong) {
      const { code, err } = await cards([...args])
      expect([code, err]).toEqual([64, expect.stringContaining(message)])
    }
    expect([existsSync(out), existsSync(`${out}.part`)]).toEqual([false, false])
    expect(await line.db.query('select 1 from print_batches where finished_at is null')).toEqual([])
  }, 60_000)

  it('gives a drop one code for all of it, on a sheet in four languages', async () => {
    const out = join(line.directory, 'flyer')
    const args = ['--drop', 'ghent', '--brand', 'shop', '--topic', 'news', '--out', out, '--json']
    const made = JSON.parse((await cards(args)).out)
    expect(JSON.parse((await cards(args)).out).code).toBe(made.code)
    expect(made.texts.de).toContain(`verzet.shop.example/c öffnen und ${made.code} eingeben`)
    expect(readdirSync(out).toSorted()).toEqual(['ghent.pdf', 'ghent.png', 'ghent.svg'])
    const { out: report } = await line.run(['check', join(out, 'ghent.pdf'), '--brand', 'shop', '--json'], { env })
    expect(JSON.parse(report)).toMatchObject({ mayLeave: true })
  })

  it('says beside its answer when nobody outside can open what it is about to put on paper', async () => {
    const drop = ['cards', '--drop', 'here', '--brand', 'shop', '--topic', 'news', '--json', '--out']
    const unset = await line.run([...drop, join(line.directory, 'unset')])
    expect([unset.code, JSON.parse(unset.out).url]).toEqual([0, expect.stringMatching('^http://localhost:8420/c/')])
    expect(unset.err).toContain('VERZET_URL is not set, so they lead to http://localhost:8420.')
    const loopback = { VERZET_URL: 'http://127.0.0.1:9000' }
    const local = await line.run([...drop, join(line.directory, 'local')], { env: loopback })
    expect(local.err).toContain(
      'nobody outside this machine can open these addresses: they lead to http://127.0.0.1:9000',
    )
  }, 60_000)
})

describe('verzet post', () => {
  it('shows its guess, masked, and changes nothing', async () => {
    const path = line.file('guess.csv', 'code,opmerking,naam\nABCDE-FGHJK,huishouden,Jan Peeters\n')
    const { code, out } = await line.run(['post', path, '--preview'])
    expect(code).toBe(0)
    expect(out).toMatch(/code {2}→ {2}code/)
    expect(out).toContain('huishouden = household')
    expect(out).not.toContain('Peeters')
  })

  it('asks what unaddressed print is before it takes a sticker, and refuses a pile that says nothing', async () => {
    const path = line.file('stickers.csv', 'address\n"Kerkstraat 9, 9000 Gent"\n')
    const without = await line.run(['post', path, '--post', 'address', '--mark', 'sticker', '--json', '--strict'])
    expect([without.code, JSON.parse(without.out)]).toMatchObject([65, { rejected: 1, objections: 0 }])
    const withTopic = ['post', path, '--post', 'address', '--mark', 'sticker', '--unaddressed', 'news', '--json']
    expect(JSON.parse((await line.run(withTopic)).out)).toMatchObject({ objections: 1 })
    expect((await line.run(['post', line.file('x.csv', 'a,b\n1,2\n')])).code).toBe(64)
    expect((await line.run(['post', path, '--post', 'address', '--mark', 'unclear'])).code).toBe(64)
  })
})

describe('verzet kit', () => {
  it('prints the kit, one piece of it, or JSON', async () => {
    const whole = await line.run(['kit', '--brand', 'shop', '--language', 'fr'], { env })
    expect(whole.out).toMatch(
      /=== privacy ===[\s\S]*=== sms \(\d+ characters, 1 segment; \d+ of one message left\) ===/,
    )
    const html = await line.run(['kit', '--brand', 'shop', '--piece', 'mail', '--format', 'html'], { env })
    expect(html.out).toBe(
      '<p><a href="{{verzet_stop}}">Geen reclame meer</a> · <a href="{{verzet_preferences}}">Mijn voorkeuren aanpassen</a></p>\n',
    )
    const json = JSON.parse((await line.run(['kit', '--brand', 'shop', '--json'])).out)
    expect(json.pieces.map(({ id }: { id: string }) => id)).toEqual([
      'privacy',
      'mail',
      'sms',
      'letter',
      'flyer',
      'phone',
    ])
    expect((await line.run(['kit', '--brand', 'nobody'])).code).toBe(64)
  })
})
