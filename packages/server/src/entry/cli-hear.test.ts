import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
})
afterAll(() => line[Symbol.asyncDispose]())

describe('verzet hear', () => {
  it('says how an answer is read, and which words weigh most', async () => {
    const no = await line.run(['hear', 'Kunt u mij van de lijst halen?'])
    expect(no.out).toMatch(/^a no, at once\nby its words: a no \d+ %, doubtful \d+ %, else \d+ %\n/)
    expect(no.out).toMatch(/^ +\d\.\d\d {2}lijst$/m)
    const ordinary = await line.run(['hear', 'Waar blijft mijn pakje?', '--json'])
    expect([ordinary.code, JSON.parse(ordinary.out).heard]).toEqual([0, 'passed_over'])
  })

  it('reads an answer to a text as one, and refuses another medium', async () => {
    const help = await line.run(['hear', '--medium', 'text', '--json', 'HELP'])
    expect(JSON.parse(help.out)).toMatchObject({ heard: 'help' })
    const fax = await line.run(['hear', '--medium', 'fax', 'STOP'])
    expect([fax.code, fax.err]).toEqual([64, expect.stringMatching(/--medium.*mail.*text/)])
  })
})
