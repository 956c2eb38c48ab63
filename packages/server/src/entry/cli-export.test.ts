import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
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

  it('writes the key function for its owner alone', async () => {
    const path = join(line.directory, 'verzet.sql')
    const { code, out } = await line.run(['export', 'key-function', path, '--for', 'duckdb'])
    expect([code, out]).toEqual([0, expect.stringContaining('It holds the pepper')])
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(readFileSync(path, 'utf8')).toContain('create or replace macro verzet_key')
    expect((await line.run(['export', 'key-function', path, '--for', 'oracle'])).code).toBe(64)
  })
})
