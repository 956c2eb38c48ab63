import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandLine, createCommandLine } from '../../test/command.ts'

let line: CommandLine
beforeAll(async () => {
  line = await createCommandLine()
}, 60_000)
afterAll(async () => line[Symbol.asyncDispose]())

describe('verzet forms', () => {
  it('shows, publishes and lists questions', async () => {
    expect((await line.run(['forms', 'show', '--brand', 'shop'])).out).toContain(
      'never_asked  I never signed up  (alert)',
    )
    const built = await line.run(['forms', 'show', '--brand', 'shop', '--json'])
    const set = await line.run(['forms', 'set', '-', '--brand', 'shop'], {
      input: JSON.stringify({ questions: JSON.parse(built.out).questions.slice(0, 1) }),
    })
    expect([set.code, set.out]).toEqual([0, 'Published version 1.\n'])
    expect((await line.run(['forms', 'versions', '--brand', 'shop'])).out).toMatch(/^1 {2}\S+ {2}reason\n$/)
    expect(JSON.parse((await line.run(['forms', 'answers', '--brand', 'shop', '--json'])).out)).toEqual([])
  }, 60_000)
  it('refuses what breaks a rule with the rule, and a brand that is none', async () => {
    const sad = line.file('sad.json', JSON.stringify([{ kind: 'text', id: 'why', labels: { en: 'Are you sure?' } }]))
    const refused = await line.run(['forms', 'set', sad, '--brand', 'shop'])
    expect([refused.code, refused.out]).toEqual([65, ''])
    expect(refused.err).toContain('[no-guilt; EDPB guidelines 03/2022')
    expect((await line.run(['forms', 'show', '--brand', 'none'])).code).toBe(64)
  }, 60_000)
})

describe('verzet pages check', () => {
  it('is content with the pages as they come', async () => {
    expect(await line.run(['pages', 'check'])).toEqual({ code: 0, out: 'shop: the pages keep every rule\n', err: '' })
  }, 60_000)
  it('ends with 1 and names the rule for a wording that breaks one', async () => {
    const file = line.file('wording.json', JSON.stringify({ texts: { nl: { stopAll: 'Verder' } } }))
    const checked = await line.run(['pages', 'check', '--brand', 'shop', '--wording', file, '--json'])
    expect(checked.code).toBe(1)
    expect(JSON.parse(checked.out)).toMatchObject([
      {
        brand: 'shop',
        findings: [
          {
            rule: 'exit-in-plain-words',
            key: 'exit-in-plain-words.label',
            page: 'preferences',
            language: 'nl',
            detail: '"Verder" does not say that it stops.',
          },
        ],
      },
    ])
    const unusable = line.file('unusable.json', JSON.stringify({ texts: { nl: { stopAll: '{' } } }))
    expect((await line.run(['pages', 'check', '--wording', unusable])).code).toBe(65)
  }, 60_000)
})

describe('verzet alerts', () => {
  it('lists alerts and marks them as seen', async () => {
    expect((await line.run(['alerts'])).out).toBe('No alerts.\n')
    const id = '01930f0e-0000-7000-8000-00000000000a'
    await line.db.query(`insert into alerts (id, kinds, contact_key, brand, channel, raised_at)
      values ('${id}', '{spam}', '00000000-0000-4000-8000-000000000000', 'shop', 'email', now())`)
    expect((await line.run(['alerts', 'list', '--brand', 'shop'])).out).toContain(`${id}  `)
    expect((await line.run(['alerts', 'seen', id])).out).toBe('Marked as seen.\n')
    expect((await line.run(['alerts', 'list'])).out).toBe('No alerts.\n')
    expect((await line.run(['alerts', 'seen', 'x'])).code).toBe(64)
  }, 60_000)
})
