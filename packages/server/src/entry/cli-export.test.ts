import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { LinkMinter, parseLinkKey } from '@verzet/gate'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

describe('verzet export standing', { timeout: 60_000 }, () => {
  it('writes a row for everybody who said something, without their address', async () => {
    await line.run(['object', 'jan@voorbeeld.be'])
    const question = ['--brand', 'shop', '--channel', 'email', '--topic', 'news']
    const { code, out, err } = await line.run(['export', 'standing', ...question])
    const [head, row, ...more] = out.trim().split('\n')
    expect(head).toBe('contact_key,fingerprint,type,decision,reason,until,choice_id,rule_pack')
    expect(row).toMatch(/^[0-9a-f-]{36},[0-9a-f]{16},email,deny,objection,,[0-9a-f-]{36},BE@/)
    expect([code, more, err]).toEqual([
      0,
      [],
      expect.stringMatching(/^1 rows\. About who is not in it: deny no_basis\.$/m),
    ])
    expect(
      (await line.run(['export', 'standing', '--brand', 'shop', '--channel', 'email', '--topic', 'none'])).code,
    ).toBe(65)
  })

  it('writes the same rows as Parquet', async () => {
    await line.run(['object', 'piet@voorbeeld.be'])
    const question = ['--brand', 'shop', '--channel', 'email', '--topic', 'news']
    const path = join(line.directory, 'standing.parquet')
    const { code, err } = await line.run(['export', 'standing', ...question, '--format', 'parquet', '--out', path])
    expect([code, err]).toEqual([0, expect.stringContaining('About who is not in it: deny no_basis.')])
    const listed = (await line.run(['export', 'standing', ...question])).out.trim().split('\n').slice(1)
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path) })
    const fields = ['contact_key', 'fingerprint', 'type', 'decision', 'reason', 'until', 'choice_id', 'rule_pack']
    expect(rows.map((row) => fields.map((field) => row[field] ?? '').join(','))).toEqual(listed)
    const other = await line.run(['export', 'standing', ...question, '--format', 'xlsx'])
    expect([other.code, other.err]).toEqual([64, expect.stringContaining('--format')])
  })

  it('writes the key function for its owner alone', async () => {
    const path = join(line.directory, 'verzet.sql')
    const { code, out } = await line.run(['export', 'key-function', path, '--for', 'duckdb'])
    expect([code, out]).toEqual([0, expect.stringContaining('It holds the pepper')])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toContain('create or replace macro verzet_key')
    expect((await line.run(['export', 'key-function', path, '--for', 'oracle'])).code).toBe(64)
  })
})

describe('verzet keys link-key', { timeout: 60_000 }, () => {
  it('writes for its owner alone what makes links', async () => {
    const path = join(line.directory, 'link-key.json')
    const { code, out, err } = await line.run(['keys', 'link-key', path])
    expect([code, out, err]).toEqual([
      0,
      expect.stringContaining('key 1, 1 brand(s)'),
      expect.stringContaining('can opt out whomever'),
    ])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const minter = new LinkMinter(parseLinkKey(JSON.parse(readFileSync(path, 'utf8'))))
    const jan = { type: 'email', value: 'jan@voorbeeld.be' } as const
    const { page } = minter.links(jan, { brand: 'shop', channel: 'email', topic: 'news' }, Date.now())
    expect(page).toMatch(/\/u\/[\w-]{52}$/)
  })
})
