import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readTextWish } from './read-text-wish.ts'

const corpusSchema = z.object({
  brand: z.object({
    names: z.array(z.string()),
    topics: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
  }),
  texts: z.array(z.object({ text: z.string(), language: z.enum(['nl', 'fr', 'de', 'en']), expect: z.string() })),
})
const path = new URL('../../../../../../conformance/texts.json', import.meta.url)
const corpus = corpusSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
const reader = { topics: corpus.brand.topics, senders: corpus.brand.names }

function read(text: string): string {
  const wish = readTextWish(text, reader)
  return wish.kind === 'stop' && wish.scope !== 'everything' ? `stop:${wish.scope.topic}` : wish.kind
}

describe('the corpus of answers to texts', () => {
  const judged = corpus.texts.map((entry) => ({ ...entry, got: read(entry.text) }))
  const isStop = (verdict: string) => verdict.startsWith('stop')
  const meant = judged.filter(({ expect: wanted }) => isStop(wanted))
  const others = judged.filter(({ expect: wanted }) => !isStop(wanted))
  const heard = judged.filter(({ got }) => isStop(got))
  const wrongly = others.filter(({ got }) => isStop(got))

  it('has six hundred texts and more, in four languages, each once', () => {
    expect(corpus.texts.length).toBeGreaterThanOrEqual(600)
    expect(new Set(corpus.texts.map(({ text }) => text)).size).toBe(corpus.texts.length)
    for (const language of ['nl', 'fr', 'de', 'en'])
      expect(corpus.texts.filter((entry) => entry.language === language).length).toBeGreaterThan(100)
  })

  it('misses no clear no, and takes at most one text in two hundred for a no that is none', () => {
    const precision = (heard.length - wrongly.length) / heard.length
    const recall = (meant.length - meant.filter(({ got }) => !isStop(got)).length) / meant.length
    const glances = others.filter(({ expect: wanted, got }) => wanted === 'none' && got === 'unclear').length
    process.stdout.write(
      `texts: ${judged.length}, of them ${meant.length} clear noes; precision ${(100 * precision).toFixed(2)} %, ` +
        `recall ${(100 * recall).toFixed(2)} %, false positives ${((100 * wrongly.length) / others.length).toFixed(2)} %, ` +
        `read by a human for nothing ${glances}\n`,
    )
    expect(meant.filter(({ expect: wanted, got }) => got !== wanted)).toEqual([])
    expect(wrongly.length / others.length).toBeLessThanOrEqual(0.005)
  })

  it('lets no text that may be a no pass as nothing', () => {
    expect(judged.filter(({ expect: wanted, got }) => wanted === 'unclear' && got !== 'unclear')).toEqual([])
  })

  it('knows START and HELP, and bothers a human with at most one ordinary text in fifty', () => {
    const answers = judged.filter(({ expect: wanted }) => wanted === 'start' || wanted === 'help')
    expect(answers.filter(({ expect: wanted, got }) => got !== wanted)).toEqual([])
    const ordinary = judged.filter(({ expect: wanted }) => wanted === 'none')
    const bothered = ordinary.filter(({ got }) => got !== 'none')
    expect(bothered.length / ordinary.length).toBeLessThanOrEqual(0.03)
  })
})

describe('the texts about which the reader and who wrote them disagree', () => {
  const openSchema = z.object({ texts: z.array(z.object({ text: z.string(), expect: z.string(), read: z.string() })) })
  const openPath = new URL('../../../../../../conformance/texts-open.json', import.meta.url)
  const open = openSchema.parse(JSON.parse(readFileSync(openPath, 'utf8'))).texts

  it('are read as they are written down, and no other no is lost', () => {
    const count = (expected: string, got: string) =>
      open.filter((entry) => entry.expect === expected && entry.read === got).length
    process.stdout.write(
      `texts that are open: ${open.length}, of them noes lost ${count('stop', 'none')}, noes that wait for a human ` +
        `${count('stop', 'unclear')}, ordinary ones that wait ${count('none', 'unclear')}\n`,
    )
    expect(open.filter(({ text, read: known }) => read(text) !== known)).toEqual([])
    expect(count('stop', 'none')).toBeLessThanOrEqual(4)
  })
})

describe('reading one text', () => {
  it('takes a topic by id or by name in any language, with a slip', () => {
    expect(read('STOP NIEUWS')).toBe('stop:news')
    expect(read('stop neuigkeiten')).toBe('stop:news')
    expect(read('stop aanbiedngen')).toBe('stop:offers')
    expect(read('STOP WEDSTRIJD')).toBe('stop')
    expect(read('STOP NIEUWS EN AANBIEDINGEN')).toBe('unclear')
  })

  it('knows no topic where the brand has none', () => {
    expect(readTextWish('STOP NIEUWS')).toEqual({ kind: 'stop', scope: 'everything' })
  })

  it('does not hear our own words that a phone sends back with a reaction', () => {
    expect(read('Liked “Acme: 20% off. Stop? Text STOP to 8850”')).toBe('none')
    expect(read('Vond “Acme: 20%. Stop? Sms STOP of ac.example/c/1234512345” leuk')).toBe('none')
    expect(read('Acme: 20%. Stop? Sms STOP of ac.example/c/1234512345 - STOP')).not.toBe('none')
  })

  it('reads any text in a moment, however long or strange', () => {
    const started = performance.now()
    for (const text of [
      'stop '.repeat(5_000),
      's'.repeat(50_000),
      'a b '.repeat(9_000),
      '\u0301'.repeat(9_000),
      '🛑'.repeat(5_000),
    ])
      expect(readTextWish(text, reader).kind).toMatch(/stop|unclear|none/)
    expect(performance.now() - started).toBeLessThan(2_000)
  })
})
