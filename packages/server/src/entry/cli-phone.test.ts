import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { startSmtpSink } from '../../test/smtp-sink.ts'
import { find, findAll, readPage, textOf } from '../adapters/http/pages/testing/read-page.ts'
import { keepListeningAt } from './listening-at.ts'

let line: CommandLine

beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const gate = async (number: string) =>
  JSON.parse((await line.run(['gate', number, '--channel', 'phone', '--topic', 'news', '--json'])).out)
const importList = (file: string, ...more: string[]) =>
  line.run(['registers', 'import', 'bel-me-niet-meer', file, ...more])
const day = (before: number) => new Date(Date.now() - before * 86_400_000).toISOString().slice(0, 10)

describe('verzet registers', () => {
  it('reads a plain list of numbers, changes nothing when it is read again, and replaces it by the next', async () => {
    expect(await gate('0470000001')).toMatchObject({ reason: 'register_missing' })
    const many = Array.from({ length: 3_000 }, (_, index) => `0470${String(index).padStart(6, '0')}`)
    const plain = line.file('plain.txt', `${many.join('\n')}\n`)
    const stopped = await importList(plain, '--taken-at', day(2), '--batch', '100')
    expect(stopped).toMatchObject({ code: 0 })
    expect(stopped.err).toContain('In force: 3000 entries')
    expect(await gate('0470002999')).toMatchObject({ decision: 'deny', reason: 'registered' })
    expect(await gate('0471999999')).toMatchObject({ decision: 'allow', reason: 'opt_out_regime' })
    expect((await importList(plain, '--taken-at', day(2))).err).toContain('in force already')

    const next = line.file('next.csv', `number;since\n${many.slice(0, 2_000).join(';2020\n')};2020\n`)
    const replaced = await importList(next, '--taken-at', day(1), '--phone', 'number')
    expect(replaced.err).toContain('1000 are on the list no longer')
    expect(await gate('0470002999')).toMatchObject({ decision: 'allow' })
    expect((await importList(plain, '--taken-at', day(2))).code).toBe(65)
  }, 120_000)

  it('refuses what looks cut off, an unknown list and a date to come', async () => {
    const short = line.file('short.txt', '0470000001\n0470000002\n')
    const refused = await importList(short, '--taken-at', day(0))
    expect([refused.code, refused.err]).toEqual([65, expect.stringContaining('less than half')])
    expect((await importList(short, '--taken-at', day(-3))).code).toBe(64)
    expect((await line.run(['registers', 'import', 'nothing', short, '--taken-at', day(0)])).code).toBe(64)
    const listed = await line.run(['registers', 'list', '--json'])
    expect(JSON.parse(listed.out)).toContainEqual(
      expect.objectContaining({ id: 'bel-me-niet-meer', state: 'fresh', entries: 2_000 }),
    )
  }, 60_000)
})

it('verzet registers import robinson counts for a brand once it holds itself to the list', async () => {
  const list = line.file('robinson.csv', 'straat,nr,postcode,gemeente\nKerkstraat,12,9000,Gent\n')
  const columns = ['--post', 'straat,nr,postcode,gemeente']
  const taken = await line.run(['registers', 'import', 'robinson', list, '--taken-at', day(1), ...columns])
  expect([taken.code, taken.err]).toEqual([0, expect.stringContaining('No brand holds itself to this list yet')])
  const asked = ['gate', 'Kerkstraat 12, 9000 Gent', '--type', 'post', '--channel', 'post', '--topic', 'news', '--json']
  const letter = async () => JSON.parse((await line.run(asked)).out)
  expect(await letter()).toMatchObject({ decision: 'allow', reason: 'opt_out_regime' })
  const settings = { pledgedRegisters: ['robinson'] }
  const brand = { id: 'shop', name: 'The Shop', controller: 'Shop NV', country: 'BE', settings }
  await line.run(['brands', 'set', line.file('pledged.json', JSON.stringify(brand))])
  expect(await letter()).toMatchObject({ decision: 'deny', reason: 'registered' })
  const listed = await line.run(['registers', 'list'])
  expect(listed.out).toMatch(/^robinson +BE {2}fresh +1 entries, taken .*, good until .* for shop$/m)
  expect(listed.out).toMatch(/^bloctel +FR {2}missing +never read; not asked for since 2026-08-11$/m)
  const unknown = line.file('unknown.json', JSON.stringify({ ...brand, settings: { pledgedRegisters: ['bloctel'] } }))
  expect((await line.run(['brands', 'set', unknown])).code).not.toBe(0)
}, 60_000)

it('verzet call-list keeps whom the gate allows, and says why not of the others', async () => {
  await line.run(['object', '0471000001', '--channel', 'phone'])
  const people = line.file('people.csv', 'name,phone\nAn,0471000000\nBo,0471000001\nCem,0470000001\nDi,12\n')
  const [out, refused] = [join(line.directory, 'call.csv'), join(line.directory, 'not.csv')]
  const ended = await line.run([
    'call-list',
    people,
    '--brand',
    'shop',
    '--topic',
    'news',
    '--out',
    out,
    '--refused',
    refused,
    '--json',
  ])
  expect(ended.code).toBe(0)
  expect(readFileSync(out, 'utf8')).toBe('name,phone\nAn,0471000000\n')
  expect(readFileSync(refused, 'utf8')).toBe(
    'name,phone,decision,reason,until\nBo,0471000001,deny,objection,\nCem,0470000001,deny,registered,\nDi,12,deny,unreadable,\n',
  )
  expect(JSON.parse(ended.err.trim().split('\n').at(-1) ?? '')).toMatchObject({
    rows: 4,
    kept: 1,
    refused: { objection: 1, registered: 1, unreadable: 1 },
    registers: { 'bel-me-niet-meer': expect.any(String) },
  })
}, 60_000)

it('verzet calls takes the noes of an outcome file, once', async () => {
  const rows = [
    '0472000001,9,2026-11-01 10:00,yes,answered',
    '0472000002,,2026-11-01 10:05,ja,answered',
    '0472000003,,2026-11-01 10:06,,invalid',
    '0472000004,stop,someday,,',
    'x,9,,,',
  ]
  const file = line.file('calls.csv', `phone,answer,date,offered,outcome\n${rows.join('\n')}\n`)
  const bringIn = () => line.run(['calls', file, '--brand', 'shop', '--topic', 'news', '--json'])
  const first = await bringIn()
  expect(JSON.parse(first.out)).toMatchObject({ calls: 4, objections: 2, rightOffered: 2, rejected: 2 })
  expect(await gate('0472000001')).toMatchObject({ reason: 'objection' })
  expect(await gate('0472000003')).toMatchObject({ reason: 'undeliverable' })
  expect(await gate('0472000004')).toMatchObject({ reason: 'objection' })
  await bringIn()
  const [count] = await line.db.query<{ calls: number; noes: number }>(
    `select (select count(*)::int from calls) as calls, (select count(*)::int from choices where signal = 'call') as noes`,
  )
  expect(count).toEqual({ calls: 4, noes: 2 })
}, 60_000)

it('verzet staff adds the first administrator with a link, and never prints a secret again', async () => {
  const added = await line.run(['staff', 'add', 'Ann@Shop.example', '--role', 'administrator'])
  expect(added.out).toMatch(
    /^ann@shop\.example {2}administrator\n.*\nhttp:\/\/localhost:\d+\/sign-in\/link\/[\w-]{43}\n$/,
  )
  expect(added.err).toContain('no hub listens from')
  expect((await line.run(['staff', 'add', 'ann@shop.example', '--role', 'agent'])).code).toBe(65)
  expect((await line.run(['staff', 'add', 'bo@shop.example', '--role', 'boss'])).code).toBe(64)
  expect((await line.run(['staff', 'disable', 'ann@shop.example'])).err).toContain('last administrator')
  await line.run(['staff', 'add', 'bo@shop.example', '--role', 'agent,marketer'])
  const listed = await line.run(['staff', 'list', '--json'])
  expect(JSON.parse(listed.out)).toMatchObject([
    { email: 'ann@shop.example', roles: ['administrator'], hasPassword: false },
    { email: 'bo@shop.example', roles: ['agent', 'marketer'] },
  ])
  expect(listed.out).not.toContain('link')
}, 60_000)

it('verzet staff link leads to where the hub of this directory listens, and says who can open it', async () => {
  const data = join(line.directory, 'data')
  const link = () => line.run(['staff', 'link', 'bo@shop.example'])
  {
    using _kept = keepListeningAt(data, { port: 18_555 })
    expect(await link()).toMatchObject({
      out: expect.stringContaining('http://localhost:18555/sign-in/link/'),
      err: expect.stringContaining('this machine alone'),
    })
  }
  using _kept = keepListeningAt(data, { port: 18_555, url: 'https://optout.shop.example' })
  const told = await link()
  expect([told.out, told.err]).toEqual([expect.stringContaining('https://optout.shop.example/sign-in/link/'), ''])
}, 60_000)

it('verzet staff sets makes a set of permissions, changes it and gives it, by its name', async () => {
  const sets = (...args: string[]) => line.run(['staff', 'sets', ...args])
  const made = JSON.parse((await sets('save', 'Front office', '--may', 'desk,people-change', '--json')).out)
  expect(made).toMatchObject({ name: 'Front office', permissions: ['desk', 'people_change'] })
  const renamed = await sets('save', 'Front office', '--may', 'desk,insight', '--rename', 'Counter, first floor')
  expect(renamed.out).toBe('Counter, first floor  desk, insight\n')
  const added = await line.run(['staff', 'add', 'cas@shop.example', '--set', 'Counter, first floor'])
  expect([added.code, added.out.split('\n')[0]]).toEqual([0, 'cas@shop.example  no role'])
  expect(JSON.parse((await sets('list', '--json')).out)).toEqual([
    { id: made.id, name: 'Counter, first floor', permissions: ['desk', 'insight'] },
  ])
  expect(await sets('delete', 'Front office')).toMatchObject({ code: 65 })
  expect(await sets('save', 'COUNTER, first  floor', '--may', 'desk')).toMatchObject({
    code: 65,
    err: expect.stringContaining('capitals make no difference'),
  })
}, 60_000)

describe('verzet report --send', () => {
  const month = new Date().toISOString().slice(0, 7)
  const report = async (onRecipient: (address: string) => string | undefined, ...args: string[]) => {
    await using sink = await startSmtpSink({ onRecipient })
    const env = { VERZET_SMARTHOST: sink.url, VERZET_MAIL_FROM: 'hub@shop.example' }
    const ended = await line.run(['report', '--month', month, '--lang', 'fr', '--send', ...args], { env })
    return { ...ended, received: [...sink.received] }
  }

  it('mails everybody who may see insight a mail of their own, for screen readers and plain mail readers', async () => {
    await line.run(['object', 'weg@klant.example', '--channel', 'email', '--brand', 'shop'])
    await line.run(['staff', 'add', 'desk@shop.example', '--role', 'agent'])
    const { code, out, received } = await report(() => undefined)
    expect([code, out]).toEqual([0, 'ann@shop.example  sent\nbo@shop.example  sent\ncas@shop.example  sent\n'])
    expect(received.map(({ to }) => to)).toEqual([['ann@shop.example'], ['bo@shop.example'], ['cas@shop.example']])
    for (const { to, data } of received) {
      const mail = await PostalMime.parse(data)
      expect(mail.to?.map(({ address }) => address)).toEqual(to)
      expect(mail.headers.find(({ key }) => key === 'content-type')?.value).toMatch(/^multipart\/alternative;/)
      expect(mail.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
      expect(mail.text).toContain('- E-mail: 1')
      expectAccessible(mail.html ?? '', mail.subject)
    }
  }, 60_000)

  it('ends with 69 when one mail was not taken, says which, and sends the others', async () => {
    expect((await line.run(['staff', 'sets', 'delete', 'Counter, first floor'])).code).toBe(0)
    const refusal = '550 5.1.1 <ann@shop.example> unknown'
    const refused = await report((address) => (address.startsWith('ann@') ? refusal : undefined), '--json')
    expect(refused.code).toBe(69)
    expect(JSON.parse(refused.out)).toEqual([
      { to: 'ann@shop.example', outcome: 'refused', reason: 'smtp 550 5.1.1' },
      { to: 'bo@shop.example', outcome: 'sent' },
    ])
    expect(refused.received.map(({ to }) => to)).toEqual([['bo@shop.example']])
  }, 60_000)

  it('sends nothing when one of the addresses is none', async () => {
    const wrong = await report(() => undefined, '--to', 'bo@shop.example', 'no address')
    expect(wrong).toMatchObject({ code: 64, received: [] })
    expect(wrong.err).toContain('no address')
  }, 60_000)
})

/** What a reader needs who hears the mail; that nobody is named in it shows in that nothing leads anywhere. */
function expectAccessible(html: string, subject: string | undefined): void {
  const page = readPage(html)
  expect(find(page, 'html').attributes.lang).toBe('fr')
  expect(textOf(find(page, 'title'))).toBe(subject?.replace(/\s+/g, ' '))
  expect(findAll(page, 'h1')).toHaveLength(1)
  const tables = findAll(page, 'table')
  expect(tables.length).toBeGreaterThan(2)
  for (const table of tables) expect(textOf(find(table, 'caption'))).not.toBe('')
  expect(findAll(page, 'th').filter(({ attributes }) => attributes.scope === undefined)).toEqual([])
  expect(findAll(page, 'a')).toEqual([])
}
