import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommand } from './commands/serve.ts'
import { ConfigInvalid, parseLinkKeys, parseListenAddress, readConfig, settings } from './config.ts'

const directory = mkdtempSync(join(tmpdir(), 'verzet-config-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const secret = Buffer.alloc(32, 7).toString('base64')

function file(text: string, name = 'verzet.toml'): string {
  const path = join(directory, name)
  writeFileSync(path, text)
  return path
}

function refusal(...given: Parameters<typeof readConfig>): string {
  try {
    readConfig(...given)
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigInvalid)
    return error instanceof Error ? error.message : ''
  }
  throw new Error('the configuration was taken')
}

describe('configuration', () => {
  it('needs nothing', () => {
    const config = readConfig({}, {})
    expect(config).toMatchObject({ host: '127.0.0.1', port: 8420, data: '.verzet', log_level: 'info' })
    expect(config.dataDir).toBe(resolve('.verzet'))
    expect(config.database_url).toBeUndefined()
  })

  it('takes a flag before a variable, and a variable before the file', () => {
    const VERZET_CONFIG = file('port = 1001\nhost = "10.0.0.1"\ndata = "/srv/file"\n')
    const env = { VERZET_CONFIG, VERZET_PORT: '1002', VERZET_HOST: '10.0.0.2' }
    expect(readConfig({ port: '1003' }, env)).toMatchObject({ port: 1003, host: '10.0.0.2', dataDir: '/srv/file' })
  })

  it('counts what is empty or undefined as not given', () => {
    const VERZET_CONFIG = file('port = 1001\n')
    expect(readConfig({ port: undefined, host: '' }, { VERZET_CONFIG, VERZET_PORT: '' })).toMatchObject({
      port: 1001,
      host: '127.0.0.1',
    })
    expect(
      readConfig({}, { VERZET_CONFIG: '', VERZET_DATABASE_URL: '', DATABASE_URL: 'postgres://db/a' }).database_url,
    ).toBe('postgres://db/a')
  })

  it('takes DATABASE_URL where VERZET_DATABASE_URL does not say otherwise', () => {
    const env = { DATABASE_URL: 'postgres://db/common' }
    expect(readConfig({}, env).database_url).toBe('postgres://db/common')
    expect(readConfig({}, { ...env, VERZET_DATABASE_URL: 'postgres://db/own' }).database_url).toBe('postgres://db/own')
  })

  it('names every mistake at once, by the name it was given under', () => {
    const VERZET_CONFIG = file('log_level = "loud"\ncolour = "red"\n', 'bad.toml')
    const message = refusal(
      { port: '70000' },
      { VERZET_CONFIG, DATABASE_URL: 'mysql://db', VERZET_URL: 'ftp://x', VERZET_PEPPER: secret },
    )
    expect(message).toContain('6 mistakes')
    expect(message).toContain('--port is above 65535')
    expect(message).toContain('DATABASE_URL is not like postgres://')
    expect(message).toContain('VERZET_URL is not like https://')
    expect(message).toContain(`log_level in ${VERZET_CONFIG}: `)
    expect(message).toContain(`colour in ${VERZET_CONFIG}: there is no such setting`)
    expect(message).toContain('VERZET_PEPPER and VERZET_LINK_KEYS belong together')
  })

  it('never repeats a value, which may be a secret', () => {
    const message = refusal(
      {},
      {
        DATABASE_URL: 'mysql://u:hunter2@db',
        VERZET_SMARTHOST: 'http://u:hunter2@mail',
        VERZET_PEPPER: 'hunter2',
        VERZET_LINK_KEYS: '1:hunter2',
      },
    )
    expect(message).toContain('4 mistakes')
    expect(message).not.toContain('hunter2')
    expect(refusal({}, { VERZET_CONFIG: file('pepper = "hunter2\n') })).not.toContain('hunter2')
  })

  it('refuses a file that is named and missing, that is no file, or no TOML', () => {
    expect(refusal({}, { VERZET_CONFIG: join(directory, 'none.toml') })).toContain('cannot be read (ENOENT)')
    expect(refusal({}, { VERZET_CONFIG: directory })).toContain('cannot be read (EISDIR)')
    expect(refusal({}, { VERZET_CONFIG: file('port = 1\nhost') })).toContain('not valid TOML (line 2, column')
  })

  it.each(['', 'x', '1e3', '-1', '8420 ', '0x50', true, 80.5])('does not take %j for a port', (port) => {
    if (port === '') expect(readConfig({ port }, {}).port).toBe(8420)
    else expect(refusal({ port }, {})).toContain('--port')
  })

  it('takes the address without its last slashes, and none that links cannot be made from', () => {
    expect(readConfig({ url: 'https://optout.example.com/' }, {}).url).toBe('https://optout.example.com')
    for (const url of [
      'https://a.example/?x',
      'https://a.example/#x',
      'https://u:p@a.example',
      'https://a.example/optout',
      'a.example',
    ]) {
      expect(refusal({ url }, {})).toContain('--url')
    }
  })

  it('takes proxies by address, network or name, and nothing that would trust everybody', () => {
    const taken = 'loopback, 10.0.0.2,192.168.0.0/16,fd00::/8'
    expect(readConfig({}, { VERZET_TRUST_PROXY: taken }).trust_proxy).toBe(taken)
    for (const refused of ['true', '*', '1', '10.0.0.0/33', '10.0.0.0/8/8', 'proxy.example', '10.0.0.1,']) {
      expect(refusal({}, { VERZET_TRUST_PROXY: refused })).toContain('VERZET_TRUST_PROXY is not a list')
    }
  })

  it('takes secrets of 32 bytes or more, whole', () => {
    const env = { VERZET_PEPPER: secret, VERZET_LINK_KEYS: `1:${secret}` }
    expect(readConfig({}, env).pepper).toBe(secret)
    for (const pepper of ['short', secret.slice(0, 40), `${secret.slice(0, 20)} ${secret.slice(20)}`, `${secret}!`]) {
      expect(refusal({}, { ...env, VERZET_PEPPER: pepper })).toContain('VERZET_PEPPER is not base64')
    }
  })
})

describe('link keys', () => {
  it('are numbered pairs, in the order given', () => {
    expect(parseLinkKeys(`3:${secret}, 255:${secret}`)?.map(({ id }) => id)).toEqual([3, 255])
  })

  it.each([
    ['nothing', ''],
    ['a number twice', `1:${secret},1:${secret}`],
    ['a number above a byte', `256:${secret}`],
    ['no number', `:${secret}`],
    ['no secret', '1:'],
    ['a short secret', '1:c2hvcnQ='],
    ['a comma too many', `1:${secret},`],
  ])('are refused with %s', (_, text) => {
    expect(parseLinkKeys(text)).toBeUndefined()
  })
})

describe('where opt-out mail is taken', () => {
  it.each([
    ['127.0.0.1:2525', { host: '127.0.0.1', port: 2525 }],
    ['[::1]:25', { host: '::1', port: 25 }],
    ['mail.internal:0', { host: 'mail.internal', port: 0 }],
  ])('is %s', (text, address) => {
    expect(parseListenAddress(text)).toEqual(address)
    expect(readConfig({}, { VERZET_MAIL_LISTEN: text }).mail_listen_protocol).toBe('smtp')
  })

  it.each(['2525', ':2525', '127.0.0.1', '127.0.0.1:65536', '::1:25', '[localhost]:25', 'a b:25'])(
    'is not %s',
    (text) => {
      expect(refusal({}, { VERZET_MAIL_LISTEN: text })).toContain('VERZET_MAIL_LISTEN is not an address with a port')
    },
  )

  it('believes domains and addresses, not words', () => {
    const read = (text: string) => readConfig({}, { VERZET_COMPLAINT_PROVIDERS: text }).complaint_providers
    expect(read('fbl.example.com, arf.example.net')).toBe('fbl.example.com, arf.example.net')
    for (const text of ['fbl@', 'everybody', 'fbl.example.com,']) expect(() => read(text)).toThrow()
  })
})

describe('the table in docs/operate/running.md', () => {
  const text = readFileSync(new URL('../../../../docs/operate/running.md', import.meta.url), 'utf8')
  const rows = [...text.matchAll(/^\| `(VERZET_\w+)` \|([^|]*)\|([^|]*)\|/gm)].map(
    ([, variable = '', flag = '', preset = '']) => ({
      variable,
      flag: flag.trim(),
      preset: preset.trim(),
    }),
  )

  it('names every setting, and none that is not', () => {
    expect(rows.map(({ variable }) => variable).sort()).toEqual(settings.map(({ variable }) => variable).sort())
  })

  it('gives the defaults that hold', () => {
    const preset = settings.filter(({ defaultValue }) => defaultValue !== undefined)
    const documented = preset.map(({ variable }) => rows.find((row) => row.variable === variable)?.preset)
    expect(documented).toEqual(preset.map(({ defaultValue }) => `\`${defaultValue}\``))
  })

  it('gives the flags of the command', () => {
    const flags = runCommand('serve', '', []).options.map(({ long }) => long)
    for (const { variable, flag } of rows.filter((row) => row.flag !== '')) {
      expect(flags, variable).toContain(flag.replaceAll('`', ''))
    }
  })
})
