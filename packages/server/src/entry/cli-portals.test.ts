import { createHash, generateKeyPairSync } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { keepListeningAt } from './listening-at.ts'

let line: CommandLine

beforeAll(async () => {
  line = await createCommandLine()
}, 120_000)
afterAll(() => line?.[Symbol.asyncDispose]())

const add = (...args: string[]) => line.run(['portals', 'add', ...args])
const site = ['--brand', 'shop', '--origin', 'https://my.shop.example']

describe('verzet portals', () => {
  it('adds one with a secret that is shown this once', async () => {
    const { code, out, err } = await add('my-portal', ...site, '--shared-secret')
    expect([code, out.includes('iss     my-portal'), out.includes('aud     http://localhost:')]).toEqual([
      0,
      true,
      true,
    ])
    const secret = /secret {2}(\S{43})/.exec(out)?.[1] ?? ''
    expect(secret).not.toBe('')
    expect(err).toContain('not shown again')
    const listed = await line.run(['portals', 'list', '--json'])
    expect(listed.out).not.toContain(secret)
    expect(JSON.parse(listed.out)).toMatchObject([
      { name: 'my-portal', brand: 'shop', key: 'shared_secret', origins: ['https://my.shop.example'] },
    ])
  }, 60_000)

  it('adds one by key set or public key, and lists them in words', async () => {
    expect((await add('publisher', ...site, '--jwks', 'https://my.shop.example/keys')).code).toBe(0)
    const encoding = { type: 'spki', format: 'pem' } as const
    const { publicKey } = generateKeyPairSync('ec', {
      namedCurve: 'prime256v1',
      publicKeyEncoding: encoding,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    })
    expect((await add('keyed', '--brand', 'shop', '--public-key', line.file('key.pem', publicKey))).code).toBe(0)
    const { out } = await line.run(['portals'])
    expect(out).toContain('publisher  shop  by https://my.shop.example/keys  https://my.shop.example')
    expect(out).toContain('keyed  shop  by a public key  on no site')
  }, 60_000)

  it('says what is wrong with what it was given', async () => {
    const answers = [
      await add('none', ...site),
      await add('two', ...site, '--shared-secret', '--jwks', 'https://my.shop.example/keys'),
      await add('my-portal', ...site, '--shared-secret'),
      await add('x', '--brand', 'nobody', '--shared-secret'),
      await add('x', '--brand', 'shop', '--origin', 'https://my.shop.example/', '--shared-secret'),
      await add('x', ...site, '--jwks', 'http://my.shop.example/keys'),
      await add('x', ...site, '--public-key', line.file('no.pem', 'no key')),
      await line.run(['portals', 'remove', 'nobody']),
    ]
    expect(answers.map(({ code }) => code)).toEqual([64, 64, 65, 65, 65, 65, 65, 65])
    for (const { err } of answers) expect(err).toMatch(/^verzet: [^\n]+\n$/m)
  }, 120_000)

  it('removes one, and says so in the list', async () => {
    expect((await line.run(['portals', 'remove', 'my-portal'])).code).toBe(0)
    expect((await line.run(['portals', 'list'])).out).toMatch(/^my-portal .* removed \d{4}-\d\d-\d\d$/m)
  }, 60_000)

  it('prints the tag with the integrity of the very script', async () => {
    const { code, out } = await line.run(['portals', 'script'], { env: { VERZET_URL: 'https://optout.shop.example' } })
    expect(code).toBe(0)
    const { buildElement } = await import('../../../../scripts/build.mjs')
    const digest = createHash('sha384')
      .update(await buildElement())
      .digest('base64')
    expect(out).toBe(
      `<script src="https://optout.shop.example/embed/verzet-preferences.js" integrity="sha384-${digest}" crossorigin defer></script>\n`,
    )
    const data = join(line.directory, 'data')
    mkdirSync(data, { recursive: true })
    using _kept = keepListeningAt(data, { port: 18_556 })
    expect((await line.run(['portals', 'script'])).out).toContain('src="http://localhost:18556/embed/')
  }, 60_000)
})
