import PostalMime, { type Attachment } from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { signMessage } from './dkim-sign.ts'
import { waysInPlainLetters } from './plain-words.ts'
import { type RewriteWay, rewriteMessage } from './rewrite-message.ts'
import { bothKeys } from './testing/dkim.ts'
import {
  fixtureNames,
  readFixture,
  refusedFixtures,
  rewrittenFixtures,
  textOf,
  verdicts,
  wayOut,
} from './testing/fixtures.ts'
import { outline, shownParts, skeleton, untouchableBodies } from './testing/invariants.ts'
import { waysOutHtml, waysOutText } from './ways-out.ts'

const way = wayOut()
const lineEnds = /^(?:\r\n){0,3}$/

function rewritten(raw: Buffer, changes: Partial<RewriteWay> = {}): Buffer {
  const done = rewriteMessage(raw, { ...way, ...changes })
  if (done.kind === 'refused') throw new Error(`refused: ${done.reason}`)
  return done.message
}

it('knows what it makes of each fixture', () => {
  expect(fixtureNames()).toHaveLength(Object.keys(verdicts).length)
  expect(fixtureNames().length).toBeGreaterThanOrEqual(60)
})

it.each(refusedFixtures())('%s: %s', (name, reason) => {
  expect(rewriteMessage(readFixture(name), way)).toEqual({ kind: 'refused', reason })
})

describe.each(rewrittenFixtures())('%s', (name, verdict) => {
  const raw = readFixture(name)
  const done = rewriteMessage(raw, way)

  it('is rewritten as its verdict says', () => {
    expect(done.kind === 'refused' ? done : done.record).toEqual(verdict)
    const isUntouched = verdict.reason !== undefined && ![verdict.html, verdict.text].includes('added')
    expect(done.kind).toBe(isUntouched ? 'headers_only' : 'rewritten')
  })

  it('is refused when it must carry the ways out and cannot, unless the brand lets it go without', () => {
    const strict = rewriteMessage(raw, { ...way, headersOnlyAllowed: false })
    if (verdict.reason === undefined) expect(strict).toEqual(done)
    else expect(strict).toEqual({ kind: 'refused', reason: verdict.reason })
  })

  it('loses nothing and changes nothing but what it adds', () => {
    const message = rewritten(raw)
    expect(outline(message)).toEqual(outline(raw))
    expect(untouchableBodies(message, raw)).toEqual(untouchableBodies(raw, raw))
    if (verdict.reason !== undefined || name.includes('placeholder') || name.includes('optout')) return
    const after = shownParts(message)
    shownParts(raw).forEach(({ kind, part }, index) => {
      const same = after[index]?.part ?? part
      expectOnlyAdded(textOf(raw, part), textOf(message, same), kind)
    })
  })

  it('keeps the other bytes of the message, boundaries, preamble and epilogue included', () => {
    expect(skeleton(rewritten(raw))).toBe(skeleton(raw))
  })

  it('says the same to another parser', async () => {
    const before = await PostalMime.parse(raw)
    const after = await PostalMime.parse(rewritten(raw))
    // postal-mime takes AMP, which is a body, for an attachment.
    const attached = ({ mimeType }: Attachment) => mimeType !== 'text/x-amp-html'
    expect(after.attachments).toHaveLength(before.attachments.length)
    expect(after.attachments.filter(attached).map(asText)).toEqual(before.attachments.filter(attached).map(asText))
    expect([after.from, after.to, after.subject, after.date]).toEqual([
      before.from,
      before.to,
      before.subject,
      before.date,
    ])
    // postal-mime reads none of these; charsets.test.ts asks a parser that does.
    if (/utf-7$|ibm850|iso-2022-kr/.test(name)) return
    if (verdict.html === 'added') expect(after.html).toContain(way.links.stopAll)
    if (verdict.text !== 'added') return
    const said = name === 'text-unknown-charset' ? waysInPlainLetters(way) : way
    expect(after.text).toContain(said.labels.preferences)
  })

  it('comes out as a message that can be rewritten again', () => {
    expect(rewriteMessage(rewritten(raw), way).kind).toBe(done.kind)
  })
})

describe('a header', () => {
  const withFields = (count: number, value: string) =>
    rewriteMessage(Buffer.from(`${`X-A: ${value}\r\n`.repeat(count)}Subject: a\r\n\r\nb\r\n`), way)

  it('is refused when it has no room for what is added, since it could not be signed then', () => {
    expect(withFields(1_000, 'b')).toEqual({ kind: 'refused', reason: 'too_many_fields' })
    expect(withFields(995, 'b')).toEqual({ kind: 'refused', reason: 'too_many_fields' })
    expect(withFields(300, 'b'.repeat(660))).toEqual({ kind: 'refused', reason: 'header_too_large' })
  })

  it('that is just not too full can be signed', () => {
    const done = withFields(980, 'b')
    expect(done.kind).toBe('rewritten')
    if (done.kind === 'refused') return
    expect(signMessage(done.message, bothKeys, 0).kind).toBe('signed')
  })
})

function asText({ mimeType, filename, content }: Attachment): string {
  const text = typeof content === 'string' ? content : Buffer.from(new Uint8Array(content)).toString('base64')
  return `${mimeType} ${filename} ${text}`
}

/** At the top and at the bottom, the block and line ends; in between, what was there. */
function expectOnlyAdded(before: string, after: string, kind: 'html' | 'text'): void {
  const inText = [waysOutText(way), waysOutText(waysInPlainLetters(way))]
  const block = kind === 'html' ? waysOutHtml(way) : (inText.find((one) => after.includes(one)) ?? '')
  expect(block).not.toBe('')
  const first = after.indexOf(block)
  const last = after.lastIndexOf(block)
  expect(first).toBeGreaterThanOrEqual(0)
  expect(last).toBeGreaterThan(first)
  const pieces = [after.slice(0, first), after.slice(first + block.length, last), after.slice(last + block.length)]
  const [lead = '', middle = '', tail = ''] = pieces
  const text = lead + middle + tail
  // Taking the line ends away around the two blocks has to give the original.
  expect(text.replaceAll('\r\n', '')).toBe(before.replaceAll('\r\n', ''))
  expect(text.split('\r\n').length - before.split('\r\n').length).toBeLessThanOrEqual(6)
  if (kind === 'text') {
    expect(lead).toMatch(/^\ufeff?$/)
    expect(tail).toMatch(lineEnds)
    expect(middle.startsWith(`\r\n\r\n${before.replace(/^\ufeff/, '')}`)).toBe(true)
  }
}
