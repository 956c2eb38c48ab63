import { statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { readConfig } from './config.ts'

/** Each word of these is a process of its own, and a busy machine takes seconds for one. */
const processesMsMax = 90_000

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())
const run: CommandLine['run'] = (...args) => line.run(...args)

describe('verzet relay credentials', () => {
  it(
    'shows a password once, and never again',
    async () => {
      const made = await run(['relay', 'credentials', 'add', '--brand', 'shop', '--topic', 'news', '--json'])
      expect(made.code).toBe(0)
      const { name, password } = JSON.parse(made.out)
      expect([name, password]).toEqual([
        expect.stringMatching(/^shop-[0-9a-f]{8}$/),
        expect.stringMatching(/^[\w-]{32}$/),
      ])
      const listed = await run(['relay', 'credentials', 'list'])
      expect(listed.out).toBe(`${name}  shop  news  refuses\n`)
      expect((await run(['relay', 'credentials', 'remove', name])).code).toBe(0)
      expect((await run(['relay', 'credentials', 'remove', name])).code).toBe(65)
      const again = await run(['relay', 'credentials', 'add', '--brand', 'shop', '--name', name])
      expect([again.code, again.err]).toEqual([65, expect.stringContaining('is taken, or was before')])
    },
    processesMsMax,
  )

  it.each([
    ['a brand there is not', ['--brand', 'nobody'], /there is no brand nobody/],
    ['a topic the brand has not', ['--brand', 'shop', '--topic', 'x'], /has no topic x/],
    ['a name no program could send', ['--brand', 'shop', '--name', 'a b'], /a name is made of/],
  ])('refuses %s', async (_, options, message) => {
    const { code, err } = await run(['relay', 'credentials', 'add', ...options])
    expect([code, err]).toEqual([65, expect.stringMatching(message)])
  })
})

describe('verzet relay keys', () => {
  it(
    'makes two keys nobody else can read, and prints what goes into the DNS',
    async () => {
      const { code, out } = await run(['relay', 'keys', 'add', '--domain', 'Shop.example', '--selector', 'v2026'])
      expect(code).toBe(0)
      const [rsa = '', ed = ''] = out.trim().split('\n')
      expect(rsa).toMatch(/^v2026\._domainkey\.shop\.example\. IN TXT \( "v=DKIM1; k=rsa; p=[^"]{230,}" "[^"]+" \)$/)
      expect(ed).toMatch(
        /^v2026-ed\._domainkey\.shop\.example\. IN TXT \( "v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=" \)$/,
      )
      expect(statSync(join(line.directory, 'data', 'dkim-keys.json')).mode & 0o777).toBe(0o600)
      expect((await run(['relay', 'keys', 'list'])).out).toBe(out)
      expect((await run(['relay', 'keys', 'add', '--domain', 'shop.example', '--selector', 'v2026'])).code).toBe(65)
      expect((await run(['relay', 'keys', 'remove', '--domain', 'shop.example', '--selector', 'v2026'])).code).toBe(0)
      expect((await run(['relay', 'keys', 'list'])).out).toBe('')
    },
    processesMsMax,
  )
})

describe('verzet relay lists', () => {
  it(
    'names the topic of a list',
    async () => {
      const list = ['--brand', 'shop', '--list-id', 'Weekly.shop.example']
      expect((await run(['relay', 'lists', 'add', ...list, '--topic', 'news'])).code).toBe(0)
      expect((await run(['relay', 'lists', 'list'])).out).toBe('weekly.shop.example  shop  news\n')
      expect((await run(['relay', 'lists', 'add', ...list, '--topic', 'x'])).code).toBe(65)
      expect((await run(['relay', 'lists', 'remove', ...list])).code).toBe(0)
    },
    processesMsMax,
  )
})

describe('verzet relay counts', () => {
  it(
    'counts what was passed on, and takes days and times with an offset alone',
    async () => {
      const counted = await run(['relay', 'counts', '--brand', 'shop', '--since', '2026-11-01', '--json'])
      expect([counted.code, JSON.parse(counted.out)]).toEqual([
        0,
        { counts: [], total: { sent: 0, dropped: 0, failed: 0, headersOnly: 0 } },
      ])
      const wrong = await run(['relay', 'counts', '--until', '1 November'])
      expect([wrong.code, wrong.err]).toEqual([64, expect.stringContaining('--until takes a day like 2026-11-01')])
    },
    processesMsMax,
  )
})

describe('the settings of the relay', () => {
  it('take a size in bytes', () => {
    const env = { VERZET_CONFIG: '/dev/null', VERZET_RELAY_BYTES_MAX: '26214400' }
    expect(readConfig({}, env).relay_bytes_max).toBe(26_214_400)
    expect(() => readConfig({}, { ...env, VERZET_RELAY_BYTES_MAX: '25 MB' })).toThrow('VERZET_RELAY_BYTES_MAX')
  })

  it('are refused where mail could not be passed on, all mistakes at once', async () => {
    const env = { VERZET_RELAY_LISTEN_TLS: '127.0.0.1:2465', VERZET_RELAY_TLS_KEY: 'key.pem' }
    const { code, err } = await run(['serve', '--role', 'smtp'], { env })
    expect(code).toBe(78)
    expect(err).toContain('set VERZET_RELAY_NEXT_HOP or VERZET_SMARTHOST')
    expect(err).toContain('VERZET_RELAY_TLS_CERT and VERZET_RELAY_TLS_KEY belong together')
    expect(err).toContain('VERZET_RELAY_LISTEN_TLS needs a certificate')
  })
})
