import { truncateSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

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
