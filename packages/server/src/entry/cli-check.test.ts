import { mkdirSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'
import { keepListeningAt } from './listening-at.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

const sms = ['check', '-', '--kind', 'sms', '--sender', 'The Shop']

describe('verzet check', () => {
  it('ends with 0 when a message may leave, and with 1 when it must not', async () => {
    const right = await line.run(sms, { input: 'Shop: 20% off. Stop? Text STOP to 8850' })
    expect([right.code, right.out]).toEqual([
      0,
      expect.stringMatching(/^NOTE sms-length: .*\n.*\nMAY LEAVE — 0 errors, 0 warnings\n$/),
    ])
    const wrong = await line.run(sms, { input: 'Shop: 20% off.' })
    expect(wrong.code).toBe(1)
    expect(wrong.out).toMatch(/^ERROR sms-way-out: .*STOP.*\n {2}Directive 2002\/58\/EC/)
    expect(wrong.out).toMatch(/MUST NOT LEAVE — 1 error, 0 warnings\n$/)
  })

  it('tells a mail and a PDF by their names, and prints JSON for a pipeline', async () => {
    const mail = await line.run(['check', line.file('a.eml', 'From: The Shop <a@shop.example>\n\nHello\n'), '--json'])
    expect([mail.code, JSON.parse(mail.out)]).toEqual([1, expect.objectContaining({ kind: 'email', mayLeave: false })])
    const pdf = await line.run(['check', line.file('a.pdf', '%PDF-1.4 broken'), '--json'])
    expect(JSON.parse(pdf.out).findings[0]).toMatchObject({ rule: 'message-readable', severity: 'error' })
  })

  it('knows the address of the hub that listens on its data directory, unless it was told another', async () => {
    const text = 'Shop: 20% off. Stop? weg.shop.example/c/4H2QK7M9C1'
    const rules = async (env: Record<string, string> = {}) => {
      const { out } = await line.run([...sms, '--json'], { input: text, env })
      return JSON.parse(out).findings.map(({ rule }: { rule: string }) => rule)
    }
    mkdirSync(join(line.directory, 'data'), { recursive: true })
    using _listening = keepListeningAt(join(line.directory, 'data'), { port: 18_420, url: 'https://weg.shop.example' })
    // A code that this hub never gave out, and not a link to somebody else.
    expect(await rules()).toContain('link-opens')
    expect(await rules({ VERZET_URL: 'https://elsewhere.example' })).toContain('link-of-this-hub')
  })

  it('says in one sentence what it was called wrongly with', async () => {
    const file = line.file('text.txt', 'hello')
    const huge = line.file('huge.txt', '')
    truncateSync(huge, 100 * 1024 * 1024)
    const calls = [
      [file],
      [file, '--kind', 'fax'],
      [file, '--kind', 'sms', '--brand', 'nobody'],
      ['nothing.eml'],
      [huge, '--kind', 'email'],
    ]
    const ends = await Promise.all(calls.map((args) => line.run(['check', ...args])))
    expect(ends.map(({ code }) => code)).toEqual([64, 64, 64, 65, 65])
    for (const { err } of ends) expect(err).toMatch(/^verzet: .*\n$/)
    expect(ends[2]?.err).toContain('no brand nobody')
  }, 60_000)
})
