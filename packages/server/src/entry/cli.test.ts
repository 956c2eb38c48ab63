import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const run: CommandLine['run'] = (...args) => line.run(...args)

describe('the command line', () => {
  it('explains each command with an example, and ends with 64 when called wrongly', async () => {
    const names = ['import', 'links', 'gate', 'object', 'brands', 'topics', 'api-key', 'keys', 'migrate', 'doctor']
    const helps = await Promise.all(names.map((name) => run([name, '--help'])))
    for (const { code, out } of helps) expect([code, out]).toEqual([0, expect.stringMatching(/Examples?:\n {2}verzet/)])
    const wrong = await run(['gate'])
    expect(wrong.code).toBe(64)
    expect(wrong.err).toMatch(/^verzet: /)
    expect((await run(['gaet'])).code).toBe(64)
  })

  it('says in one sentence that the database cannot be reached', async () => {
    const { code, err } = await run(['brands'], {
      env: { DATABASE_URL: 'postgresql://verzet:secret@127.0.0.1:1/none' },
    })
    expect(code).toBe(69)
    expect(err).toMatch(/^verzet: The database "none" at 127\.0\.0\.1:1 cannot be reached: .*\n$/)
    expect(err).not.toContain('secret')
  })

  it('lists brands and topics as they were set', async () => {
    expect(JSON.parse((await run(['topics', '--json'])).out)).toMatchObject([
      { id: 'news', purpose: 'marketing' },
      { id: 'orders' },
    ])
    const refused = await run(['brands', 'set', '-'], {
      input: '{"id":"Shop","name":"x","controller":"x","country":"Belgium"}',
    })
    expect([refused.code, refused.err]).toEqual([65, expect.stringMatching(/^verzet: .*country/)])
  })

  it('sets no brand and no topic that makes a page break a rule, and says which', async () => {
    const leaving = { alternatives: [{ kind: 'pause', days: 30, labels: { nl: 'Weet u het zeker?' } }] }
    const brand = { id: 'sad', name: 'Sad', controller: 'Sad NV', country: 'BE', settings: { leaving } }
    const refused = await run(['brands', 'set', '-'], { input: JSON.stringify(brand) })
    expect([refused.code, refused.err]).toEqual([65, expect.stringContaining('[no-guilt; EDPB guidelines 03/2022')])
    expect((await run(['brands'])).out).not.toContain('Sad')
    const [{ brand: id }] = JSON.parse((await run(['topics', '--json'])).out)
    const topic = { brand: id, id: 'sad', purpose: 'marketing', names: { nl: 'Wat u zult missen' } }
    const named = await run(['topics', 'set', '-'], { input: JSON.stringify(topic) })
    expect([named.code, named.err]).toEqual([65, expect.stringContaining('Wat u zult missen')])
  })

  it('makes, lists and revokes an API key', async () => {
    const made = JSON.parse(
      (await run(['api-key', 'create', '--name', 'mailer', '--scope', 'gate:read', '--json'])).out,
    )
    expect(made.key).toMatch(/^vz_/)
    expect((await run(['api-key', 'list'])).out).toContain(`${made.id}  mailer  gate:read`)
    expect((await run(['api-key', 'revoke', made.id])).code).toBe(0)
    expect((await run(['api-key', 'revoke', made.id])).code).toBe(65)
    expect((await run(['api-key', 'create', '--name', 'x', '--scope', 'everything'])).err).toMatch(
      /--scope takes choices:write/,
    )
  })

  it('brings the database up to date', async () => {
    expect(await run(['migrate'])).toMatchObject({ code: 0, out: 'The database is up to date.\n' })
  })
})

describe('verzet gate', () => {
  it('answers in one line and by its exit code, and says who objected when', async () => {
    await run(['object', 'jan@voorbeeld.be', '--source', 'letter'])
    const denied = await run(['gate', 'JAN@voorbeeld.be', '--channel', 'email', '--topic', 'news'])
    expect(denied.code).toBe(1)
    expect(denied.out).toMatch(/^DENY — objection said on \d{4}-\d\d-\d\d to an agent \(all marketing\)\n$/)
    const service = await run(['gate', 'jan@voorbeeld.be', '--channel', 'email', '--topic', 'orders', '--json'])
    expect([service.code, JSON.parse(service.out)]).toEqual([
      0,
      expect.objectContaining({ decision: 'allow', reason: 'service' }),
    ])
    expect((await run(['object', 'jan@voorbeeld.be'])).out).toBe('This no stands already.\n')
  })

  it('asks what it cannot tell', async () => {
    expect((await run(['gate', 'K123', '--channel', 'email', '--topic', 'news'])).code).toBe(64)
    expect((await run(['gate', 'jan@voorbeeld.be', '--channel', 'fax', '--topic', 'news'])).err).toMatch(
      /--channel takes email, sms/,
    )
    expect((await run(['gate', 'K123', '--type', 'customer', '--channel', 'email', '--topic', 'news'])).out).toMatch(
      /^DENY — no consent/,
    )
  })
})

describe('verzet keys', () => {
  const secretsOf = (name: string) => ({ VERZET_DATA: join(line.directory, name) })

  it('backs up a copy only its owner can read, never overwrites, and restores it', async () => {
    const env = secretsOf('keys-one')
    const backup = join(line.directory, 'backup.json')
    const shown = await run(['keys', 'show', '--json'], { env })
    expect((await run(['keys', 'backup', backup], { env })).code).toBe(0)
    expect(statSync(backup).mode & 0o777).toBe(0o600)
    expect((await run(['keys', 'backup', backup], { env })).code).toBe(65)
    const { pepper } = JSON.parse(readFileSync(backup, 'utf8'))
    expect(shown.out).not.toContain(pepper)
    const other = secretsOf('keys-two')
    await run(['keys', 'show'], { env: other })
    expect((await run(['keys', 'restore', backup], { env: other })).code).toBe(65)
    expect((await run(['keys', 'restore', backup, '--replace'], { env: other })).code).toBe(0)
    expect(JSON.parse((await run(['keys', 'show', '--json'], { env: other })).out).pepper).toBe(
      JSON.parse(shown.out).pepper,
    )
  })

  it('rotates to a new link key and keeps the old one', async () => {
    const env = secretsOf('keys-three')
    await run(['keys', 'rotate'], { env })
    expect(JSON.parse((await run(['keys', 'show', '--json'], { env })).out)).toMatchObject({
      linkKeys: [{ id: 1 }, { id: 2 }],
      current: 2,
    })
  })

  it('shows secrets to a terminal only', async () => {
    expect((await run(['keys', 'show', '--reveal'])).code).toBe(64)
  })
})

describe('verzet doctor', () => {
  const checksOf = async (env: Record<string, string>) => {
    const { code, out } = await run(['doctor', '--json'], { env })
    const { checks } = JSON.parse(out)
    return {
      code,
      statusOf: Object.fromEntries(checks.map((check: { name: string; status: string }) => [check.name, check.status])),
    }
  }

  it('finds nothing wrong with the database and its secrets', async () => {
    const { code, statusOf } = await checksOf({ VERZET_PORT: '0' })
    expect(code).toBe(0)
    expect(statusOf).toMatchObject({
      node: 'ok',
      secrets: 'ok',
      database: 'ok',
      migrations: 'ok',
      pepper: 'ok',
      clock: 'ok',
      durability: 'ok',
    })
  })

  it('names another pepper, a public URL without https and a mail server that is not there', async () => {
    const { code, statusOf } = await checksOf({
      VERZET_PEPPER: Buffer.alloc(32, 1).toString('base64'),
      VERZET_LINK_KEYS: `1:${Buffer.alloc(32, 2).toString('base64')}`,
      VERZET_URL: 'http://optout.invalid',
      VERZET_SMARTHOST: 'smtp://127.0.0.1:1',
    })
    expect(code).toBe(1)
    expect(statusOf).toMatchObject({ pepper: 'fail', 'public URL': 'fail', mail: 'fail', 'mail sender': 'fail' })
  })

  it('names a secrets file that others can read', async () => {
    const env = { VERZET_DATA: join(line.directory, 'open') }
    await run(['keys', 'show'], { env })
    chmodSync(join(line.directory, 'open', 'secrets.json'), 0o644)
    expect((await checksOf(env)).statusOf).toMatchObject({ secrets: 'fail' })
  })

  it('makes nothing in an empty place', async () => {
    const { statusOf } = await checksOf({ VERZET_DATA: join(line.directory, 'empty'), DATABASE_URL: '' })
    expect(statusOf).toMatchObject({ secrets: 'warn', database: 'warn' })
    expect(existsSync(join(line.directory, 'empty'))).toBe(false)
  })
})
