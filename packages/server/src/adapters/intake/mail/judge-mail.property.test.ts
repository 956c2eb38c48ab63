import { env } from 'node:process'
import { describe, expect, it } from 'vitest'
import type { MailVerdict } from '../../../services/mail-verdict.ts'
import { judgeMail } from './judge-mail.ts'
import { mailBytesMax } from './mail-limits.ts'
import { readMail } from './read-mail.ts'
import { fixtureContext, fixtureNames, readFixture } from './testing/mail-fixtures.ts'

/** How many mutated mails; `VERZET_FUZZ=100000` for a long run. */
const mails = Number(env.VERZET_FUZZ ?? 2_000)
/** A mail of a few kilobytes takes about a millisecond; the rest is a slow machine. */
const judgedWithinMs = 2_000

const fixtures = fixtureNames.map((name) => ({ name, bytes: readFixture(name) }))
/** Mails that are no person's word; nothing that is lost on the way makes them one. */
const neverOptOut = fixtures.filter(({ name }) => /^(?:automatic_reply|ignored-complaint-not_spam|bounce)/.test(name))

/** mulberry32: the same mutations in every run, so that a failure can be found again by its number. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

async function judged(bytes: Buffer): Promise<MailVerdict> {
  return judgeMail(await readMail(bytes), fixtureContext)
}

function mutate(bytes: Buffer, other: Buffer, random: () => number): Buffer {
  const at = () => Math.floor(random() * (bytes.length + 1))
  const [from = 0, to = 0] = [at(), at()].sort((one, two) => one - two)
  switch (Math.floor(random() * 8)) {
    case 0:
      return bytes.subarray(0, from)
    case 1:
      return bytes.subarray(from)
    case 2:
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)])
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)])
    case 4:
      return Buffer.concat([bytes.subarray(0, from), other.subarray(Math.floor(random() * other.length))])
    case 5: {
      const changed = Buffer.from(bytes)
      for (let count = 0; count < 20; count += 1) changed[at()] = Math.floor(random() * 256)
      return changed
    }
    case 6:
      return Buffer.from(bytes.toString('latin1').replaceAll('\r\n', random() < 0.5 ? '\n' : '\r'), 'latin1')
    default:
      return Buffer.concat([
        bytes.subarray(0, from),
        Buffer.alloc(200, to > from ? bytes.subarray(from, to) : ' '),
        bytes.subarray(from),
      ])
  }
}

describe('a mail that was damaged, forged or made up', () => {
  it(`is judged without throwing and in time, ${mails} times`, { timeout: 60_000 + mails * 10 }, async () => {
    const kinds = new Set<string>()
    for (let number = 0; number < mails; number += 1) {
      const random = randomFrom(number)
      const pick = () => fixtures[Math.floor(random() * fixtures.length)]?.bytes ?? Buffer.alloc(0)
      let bytes = pick()
      for (let rounds = 1 + random() * 3; rounds > 0; rounds -= 1) bytes = mutate(bytes, pick(), random)
      const startedAt = performance.now()
      const verdict = await judged(bytes).catch((error: unknown) => {
        throw new Error(`mail ${number}`, { cause: error })
      })
      expect(performance.now() - startedAt, `mail ${number}`).toBeLessThan(judgedWithinMs)
      kinds.add(verdict.kind)
    }
    expect([...kinds].sort()).toEqual(['automatic_reply', 'bounce', 'complaint', 'ignored', 'opt_out', 'unclear_reply'])
  })

  it('never becomes an opt-out by losing its end', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    for (const { name, bytes } of neverOptOut) {
      // Every line end and a few places in between: where a connection breaks.
      const cuts = new Set([...bytes.keys()].filter((at) => bytes[at - 1] === 0x0a || at % 37 === 0))
      for (const cut of cuts) {
        const { kind } = await judged(bytes.subarray(0, cut))
        if (kind === 'opt_out' || kind === 'complaint') wrong.push(`${name} at ${cut}: ${kind}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

describe('a mail made to be costly', () => {
  const head = 'From: a@b.example\r\nTo: c@d.example\r\n'
  const nested = (depth: number) => {
    let mail = 'Content-Type: text/plain\r\n\r\nstop\r\n'
    for (let level = 0; level < depth; level += 1) {
      mail = `Content-Type: multipart/mixed; boundary="b${level}"\r\n\r\n--b${level}\r\n${mail}\r\n--b${level}--\r\n`
    }
    return mail
  }
  it.each([
    ['20 MB', `${head}\r\n${'stop stop stop stop\r\n'.repeat(1_000_000)}`],
    ['a million fields', `${'X: y\r\n'.repeat(1_000_000)}\r\n`],
    ['a field of 10 MB', `${head}Subject: ${'a '.repeat(5_000_000)}\r\n\r\n`],
    ['a field folded a million times', `${head}Subject: a\r\n${' b\r\n'.repeat(1_000_000)}\r\n`],
    ['300 levels', `${head}${nested(300)}`],
    [
      '100,000 parts',
      `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\nstop\r\n'.repeat(100_000)}--b--`,
    ],
    [
      '100,000 lines that almost are a boundary',
      `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--bx\r\n'.repeat(100_000)}`,
    ],
    ['HTML of 100,000 open tags', `${head}Content-Type: text/html\r\n\r\n${'<div><blockquote>'.repeat(100_000)}stop`],
    ['a line of 9 MB', `${head}\r\n${'uitschrijven '.repeat(700_000)}`],
    ['200,000 recipients', `${head}Cc: ${'a@b.example, '.repeat(200_000)}\r\n\r\n`],
    ['10,000 tokens', `${head}\r\n${`${'a'.repeat(63)} `.repeat(10_000)}`],
    ['a parameter that never ends', `${head}Content-Type: multipart/mixed; boundary="${'\\'.repeat(100_000)}\r\n\r\n`],
    ['messages in messages', `${head}${'Content-Type: message/rfc822\r\n\r\n'.repeat(10_000)}`],
    [
      'blocks without end',
      `${head}Content-Type: message/delivery-status\r\n\r\n${'Action: failed\r\n\r\n'.repeat(200_000)}`,
    ],
    ['nothing', ''],
    ['zeros', '\0'.repeat(100_000)],
  ])('%s', async (_, text) => {
    const bytes = Buffer.from(text)
    expect(bytes.length).toBeLessThan(3 * mailBytesMax)
    const startedAt = performance.now()
    expect((await judged(bytes)).kind).not.toBe('complaint')
    expect(performance.now() - startedAt).toBeLessThan(2 * judgedWithinMs)
  })
})
