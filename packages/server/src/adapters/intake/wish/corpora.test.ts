import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { replyWish } from '../mail/reply-wish.ts'
import { readTextWish } from '../text/read-text-wish.ts'

const messageSchema = z.object({
  text: z.string(),
  language: z.enum(['nl', 'fr', 'de', 'en', 'other']),
  expect: z.string(),
})
const brandSchema = z.object({
  names: z.array(z.string()),
  topics: z.array(z.object({ id: z.string(), names: z.array(z.string()) })),
})
const textsSchema = z.object({ texts: z.array(messageSchema) })
const repliesSchema = z.object({ replies: z.array(messageSchema) })
const furtherSchema = z.object({
  situations: z.array(messageSchema),
  trials: z.array(messageSchema),
  foreign: z.array(messageSchema),
})

function fileOf(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../../../../../conformance/${name}.json`, import.meta.url), 'utf8'))
}

const brand = z.object({ brand: brandSchema }).parse(fileOf('texts')).brand
const reader = { topics: brand.topics, senders: brand.names }

/** In the words of the corpora: what waits for a human is `unclear`, whatever makes it wait, and advertising waits with it. */
function readText(text: string): string {
  const wish = readTextWish(text, reader)
  if (wish.kind === 'unknown') return 'unclear'
  return wish.kind === 'stop' && wish.scope !== 'everything' ? `stop:${wish.scope.topic}` : wish.kind
}

function readReply(text: string): string {
  const wish = replyWish(text, 'Re: Our offers of this week')
  return wish === 'unknown' ? 'unclear' : wish
}

type Message = z.infer<typeof messageSchema>
type Judged = Message & { readonly got: string }

const isNo = (verdict: string) => verdict === 'clear' || verdict.startsWith('stop')
const judge = (messages: readonly Message[], read: (text: string) => string): Judged[] =>
  messages.map((message) => ({ ...message, got: read(message.text) }))

/** Each as a part of those it is a mistake among; `lost` and `wronglyHeard` are what must not happen. */
function mistakesIn(judged: readonly Judged[]) {
  const noes = judged.filter(({ expect: wanted }) => isNo(wanted))
  const others = judged.filter(({ expect: wanted }) => !isNo(wanted))
  const unclear = judged.filter(({ expect: wanted }) => wanted === 'unclear')
  const ordinary = judged.filter(({ expect: wanted }) => wanted === 'none')
  const mayBeLost = ({ got }: Judged) => !isNo(got) && got !== 'unclear'
  return {
    noes: noes.length,
    lost: noes.filter(mayBeLost),
    waiting: noes.filter(({ got }) => got === 'unclear').length / noes.length,
    wronglyHeard: others.filter(({ got }) => isNo(got)).length / others.length,
    passedOver: unclear.filter(mayBeLost).length / unclear.length,
    glances: ordinary.filter(({ got }) => got === 'unclear').length / ordinary.length,
  }
}

function report(name: string, judged: readonly Judged[]) {
  const found = mistakesIn(judged)
  const percent = (part: number) => `${(100 * part).toFixed(1)} %`
  const heard = judged.filter(({ got }) => isNo(got))
  const precision = heard.filter(({ expect: wanted }) => isNo(wanted)).length / heard.length
  const recall = 1 - found.waiting - found.lost.length / found.noes
  process.stdout.write(
    `${name}: ${judged.length}, of them ${found.noes} clear noes: ${percent(recall)} heard at once (recall), ` +
      `${percent(found.waiting)} wait for a human and advertising with them, ${found.lost.length} lost; ` +
      `precision ${percent(precision)}, of the others ${percent(found.wronglyHeard)} taken for a no, of the unclear ` +
      `${percent(found.passedOver)} passed over, of the ordinary ${percent(found.glances)} read by a human for nothing\n`,
  )
  return found
}

const texts = judge(textsSchema.parse(fileOf('texts')).texts, readText)
const replies = judge(repliesSchema.parse(fileOf('replies')).replies, readReply)

describe('the corpora that the reader learnt from', () => {
  it('have texts enough in four languages, each once', () => {
    for (const corpus of [texts, replies]) {
      expect(corpus.length).toBeGreaterThanOrEqual(600)
      expect(new Set(corpus.map(({ text }) => text)).size).toBe(corpus.length)
      for (const language of ['nl', 'fr', 'de', 'en'])
        expect(corpus.filter((entry) => entry.language === language).length).toBeGreaterThan(100)
    }
  })

  it('lose no clear no among texts, and take at most one in two hundred for a no that is none', () => {
    const found = report('texts', texts)
    expect(found.lost).toEqual([])
    expect(found.waiting).toBeLessThanOrEqual(0.02)
    expect(found.wronglyHeard).toBeLessThanOrEqual(0.005)
    expect(found.passedOver).toBeLessThanOrEqual(0.005)
    expect(found.glances).toBeLessThanOrEqual(0.1)
  })

  it('lose no clear no among replies', () => {
    const found = report('replies', replies)
    expect(found.lost).toEqual([])
    expect(found.waiting).toBeLessThanOrEqual(0.015)
    expect(found.wronglyHeard).toBeLessThanOrEqual(0.005)
    expect(found.passedOver).toBeLessThanOrEqual(0.005)
    expect(found.glances).toBeLessThanOrEqual(0.1)
  })

  it('have START and HELP read as such or by a human, and never as a no', () => {
    const answers = texts.filter(({ expect: wanted }) => wanted === 'start' || wanted === 'help')
    expect(answers.filter(({ got }) => isNo(got))).toEqual([])
    const passedOver = answers.filter(({ expect: wanted, got }) => got !== wanted && got !== 'unclear')
    expect(passedOver).toEqual([])
  })
})

/**
 * Composed without sight of the reader, and read by nobody who tunes it: what it does to words it has never met.
 * The bounds are what was measured when they were added, a little rounded: a change that makes them worse is seen here.
 */
describe('the corpora that nobody has tuned the reader on', () => {
  const [textFile, replyFile] = [fileOf('texts-held-out'), fileOf('replies-held-out')]
  const heldTexts = judge(textsSchema.parse(textFile).texts, readText)
  const heldReplies = judge(repliesSchema.parse(replyFile).replies, readReply)
  const [furtherTexts, furtherReplies] = [furtherSchema.parse(textFile), furtherSchema.parse(replyFile)]
  const textSituations = judge(furtherTexts.situations, readText)
  const replySituations = judge(furtherReplies.situations, readReply)
  const [textTrials, replyTrials] = [judge(furtherTexts.trials, readText), judge(furtherReplies.trials, readReply)]

  it('share no text with those it learnt from', () => {
    const known = new Set([...texts, ...replies].map(({ text }) => text.toLowerCase()))
    expect(heldTexts.length + heldReplies.length).toBeGreaterThan(3_000)
    expect(textSituations.length + replySituations.length).toBeGreaterThan(1_700)
    expect(textTrials.length + replyTrials.length).toBeGreaterThan(2_200)
    const situations = [...textSituations, ...replySituations]
    const heldOut = [...heldTexts, ...heldReplies, ...situations, ...textTrials, ...replyTrials]
    expect(heldOut.filter(({ text }) => known.has(text.toLowerCase())).length).toBe(0)
  })

  // Counts alone: whoever sees a failing test should not have read the sentences by it.
  it('hear more than nine in ten of the clear noes among texts, and take hardly another message for one', () => {
    const found = report('texts held out', heldTexts)
    expect(found.lost.length).toBe(0)
    expect(found.waiting).toBeLessThanOrEqual(0.08)
    expect(found.wronglyHeard).toBeLessThanOrEqual(0.01)
    expect(found.passedOver).toBeLessThanOrEqual(0.06)
    expect(found.glances).toBeLessThanOrEqual(0.15)
  })

  it('hear more than nine in ten of the clear noes among replies', () => {
    const found = report('replies held out', heldReplies)
    expect(found.lost.length).toBe(0)
    expect(found.waiting).toBeLessThanOrEqual(0.08)
    expect(found.wronglyHeard).toBeLessThanOrEqual(0.01)
    expect(found.passedOver).toBeLessThanOrEqual(0.05)
    expect(found.glances).toBeLessThanOrEqual(0.2)
  })

  it('hear three in four of those that a situation is told with, and pass hardly one over', () => {
    const heard = [report('texts of situations', textSituations), report('replies of situations', replySituations)]
    for (const found of heard) {
      expect(found.lost.length).toBeLessThanOrEqual(2)
      expect(found.waiting).toBeLessThanOrEqual(0.25)
      expect(found.wronglyHeard).toBeLessThanOrEqual(0.02)
      expect(found.passedOver).toBeLessThanOrEqual(0.06)
      expect(found.glances).toBeLessThanOrEqual(0.25)
    }
  })

  it('hear nine in ten of what somebody would try it with', () => {
    for (const found of [report('texts of trials', textTrials), report('replies of trials', replyTrials)]) {
      expect(found.lost.length).toBeLessThanOrEqual(1)
      expect(found.waiting).toBeLessThanOrEqual(0.1)
      expect(found.wronglyHeard).toBeLessThanOrEqual(0.025)
      expect(found.passedOver).toBeLessThanOrEqual(0.06)
      expect(found.glances).toBeLessThanOrEqual(0.2)
    }
  })

  it('leave nearly all of what is in another language to a human', () => {
    const foreign = [...judge(furtherTexts.foreign, readText), ...judge(furtherReplies.foreign, readReply)]
    expect(foreign.length).toBeGreaterThan(200)
    const waiting = foreign.filter(({ got }) => got === 'unclear').length / foreign.length
    process.stdout.write(
      `in other languages: ${foreign.length}, of them ${(100 * waiting).toFixed(1)} % wait for a human\n`,
    )
    expect(waiting).toBeGreaterThanOrEqual(0.9)
  })
})
