import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

/** Each word of these is a process of its own, and a busy machine takes seconds for one. */
const processesMsMax = 120_000

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())
const run: CommandLine['run'] = (...args) => line.run(...args)

describe('verzet sms accounts', () => {
  it(
    'keeps secrets sealed, shows the address for webhooks, and takes no name twice',
    async () => {
      const secret = line.file('token.txt', 'the auth token\n')
      const add = ['sms', 'accounts', 'add', 'shop-twilio', '--brand', 'shop', '--vendor', 'twilio']
      const made = await run([...add, '--number', '+32460000001', '--secret-file', secret, '--json'])
      expect([made.code, JSON.parse(made.out)]).toEqual([
        0,
        { name: 'shop-twilio', webhook: expect.stringMatching(/\/in\/sms\/twilio\/shop-twilio$/) },
      ])
      const [row] = await line.db.query<{ text: string }>(`select row_to_json(a)::text as text from sms_accounts a`)
      expect(row?.text).not.toContain('auth token')
      expect(row?.text).not.toContain(Buffer.from('auth token').toString('hex'))
      const again = await run([...add, '--secret-file', secret])
      expect([again.code, again.err]).toEqual([65, expect.stringContaining('is taken')])
      const cm = ['sms', 'accounts', 'add', 'shop-cm', '--brand', 'shop', '--vendor', 'cm', '--number', '8850']
      expect((await run(cm)).out).toMatch(/\/in\/sms\/cm\/shop-cm\?key=[\w-]{32}\n$/)
      const listed = await run(['sms', 'accounts', 'list'])
      expect(listed.out).toBe(
        'shop-cm  cm  shop  8850  receives only\nshop-twilio  twilio  shop  +32460000001  can send\n',
      )
      expect((await run(['sms', 'accounts', 'remove', 'shop-cm'])).code).toBe(0)
      expect((await run(['sms', 'accounts', 'remove', 'shop-cm'])).code).toBe(65)
    },
    processesMsMax,
  )

  it.each([
    ['a brand there is not', ['a', '--brand', 'nobody', '--vendor', 'cm'], 65, /there is no brand nobody/],
    ['a vendor it does not know', ['a', '--brand', 'shop', '--vendor', 'x'], 64, /twilio/],
    [
      'a vendor that signs, without what it signs with',
      ['a', '--brand', 'shop', '--vendor', 'sinch'],
      64,
      /--secret-file/,
    ],
    ['an operator without a place', ['a', '--brand', 'shop', '--vendor', 'smpp'], 64, /--host/],
    ['a name that cannot stand in an address', ['A b', '--brand', 'shop', '--vendor', 'cm'], 64, /a name is made of/],
    ['a network that is none', ['a', '--brand', 'shop', '--vendor', 'cm', '--from', '10.0.0.0/99'], 64, /no network/],
  ])(
    'refuses %s',
    async (_, options, code, message) => {
      const ended = await run(['sms', 'accounts', 'add', ...options])
      expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(message)])
    },
    processesMsMax,
  )
})

describe('verzet links for a text', () => {
  it(
    'says what the footer takes in each language, and when its link is too long',
    async () => {
      const relations = line.file('people.csv', 'id,phone\n1,0470112233\n')
      const imported = await run(['import', relations, '--brand', 'shop', '--basis', 'customer'])
      const links = [
        'links',
        relations,
        '--brand',
        'shop',
        '--topic',
        'news',
        '--channel',
        'sms',
        '--phone',
        'phone',
        '--mark',
      ]
      const env = { VERZET_URL: 'https://optout.example.com' }
      const long = await run(links, { env })
      expect([imported.err, long.code, long.err]).toEqual([
        imported.err,
        0,
        expect.stringContaining('VERZET_SHORT_URL'),
      ])
      expect(long.err).toMatch(/nl {2}Stop\? Sms STOP of \{\{optout_short\}\} {2}\(\d+ signs, 1 message, \d+ left\)/)
      const short = await run(links, { env: { ...env, VERZET_SHORT_URL: 'https://ac.example' } })
      expect(short.err).not.toContain('VERZET_SHORT_URL')
      expect(short.out).toMatch(/https:\/\/ac\.example\/c\/[0-9A-Z]{10}/)
      expect(short.err).toContain('de  Stopp?')
    },
    processesMsMax,
  )
})
