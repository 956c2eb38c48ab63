import PostalMime from 'postal-mime'
import { describe, expect, it } from 'vitest'
import { signMessage } from './dkim-sign.ts'
import { rewriteMessage } from './rewrite-message.ts'
import { bothKeys } from './testing/dkim.ts'
import { fixtureNames, readFixture, wayOut } from './testing/fixtures.ts'
import { outline, skeleton, untouchableBodies } from './testing/invariants.ts'

/** `VERZET_FUZZ=100000` for a long run; `VERZET_FUZZ_SEED` to go another way. */
const mutants = Number(process.env.VERZET_FUZZ ?? 1_000)
const seed = Number(process.env.VERZET_FUZZ_SEED ?? 1)
/** A mutant takes less than a millisecond; this only catches time that grows with the square of the length. */
const millisecondsMax = 2_000

/** Lets a failing mutant be made again from its number alone (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const fixtures = fixtureNames().map(readFixture)
const dictionary = [
  '\r\n',
  '\r\n\r\n',
  '--alt\r\n',
  '--alt--\r\n',
  '--mix\r\n',
  '<body>',
  '</body>',
  '<!--',
  '-->',
  '<style>',
  '</style>',
  '<template>',
  '<a href="',
  '{{verzet_stop}}',
  '{{optout_url}}',
  '=\r\n',
  '=3D',
  '=',
  ' \r\n',
  'Content-Type: text/html; charset=utf-8\r\n',
  'Content-Type: multipart/alternative; boundary=alt\r\n',
  'Content-Transfer-Encoding: base64\r\n',
  'Content-Transfer-Encoding: quoted-printable\r\n',
  'charset="',
  '(((((',
  '\u0000',
  '\u00ff\u00fe',
  '\u001b$B',
  '"',
  ';',
]

function mutate(random: () => number): Buffer {
  const pick = (limit: number) => Math.floor(random() * limit)
  let bytes = fixtures[pick(fixtures.length)] ?? Buffer.alloc(0)
  for (let times = 1 + pick(6); times > 0; times--) {
    const at = pick(bytes.length + 1)
    const until = Math.min(bytes.length, at + pick(random() < 0.2 ? bytes.length + 1 : 20))
    const other = fixtures[pick(fixtures.length)] ?? Buffer.alloc(0)
    const word = Buffer.from(dictionary[pick(dictionary.length)] ?? '', 'latin1')
    const piece = bytes.subarray(at, until)
    const replacements = [
      Buffer.alloc(0),
      word,
      Buffer.concat([piece, piece]),
      other.subarray(pick(other.length)),
      Buffer.of(pick(256)),
    ]
    const replacement = replacements[pick(replacements.length)] ?? word
    bytes = Buffer.concat([bytes.subarray(0, at), replacement, bytes.subarray(random() < 0.5 ? at : until)])
  }
  // A lone CR or LF is refused at once, so most mutants get whole line ends back.
  return random() < 0.9 ? Buffer.from(bytes.toString('latin1').replace(/\r\n|\r|\n/g, '\r\n'), 'latin1') : bytes
}

async function partCounts(raw: Buffer): Promise<number> {
  const { attachments } = await PostalMime.parse(raw)
  return attachments.length
}

describe('any mutation of the fixtures', () => {
  it(`is refused or rewritten without losing a part, ${mutants} times`, {
    timeout: 60_000 + mutants * 20,
  }, async () => {
    const kinds = { rewritten: 0, headers_only: 0, refused: 0 }
    const way = wayOut()
    for (let number = 0; number < mutants; number++) {
      const raw = mutate(randomFrom(seed * 1_000_003 + number))
      const startedAt = performance.now()
      const done = rewriteMessage(raw, way)
      expect(performance.now() - startedAt, `mutant ${number}`).toBeLessThan(millisecondsMax)
      kinds[done.kind]++
      if (done.kind === 'refused') continue
      const { message } = done
      // Twice the ways out in every part, each three times as long in base64 or quoted-printable, and the header.
      expect(message.length, `mutant ${number}`).toBeLessThan(raw.length * 3.5 + 100_000)
      expect(outline(message), `mutant ${number}`).toEqual(outline(raw))
      expect(skeleton(message) === skeleton(raw), `mutant ${number}`).toBe(true)
      const kept = Buffer.concat(untouchableBodies(message, raw))
      expect(kept.equals(Buffer.concat(untouchableBodies(raw, raw))), `mutant ${number}`).toBe(true)
      if (number % 20 > 0) continue
      expect(signMessage(message, bothKeys, 0).kind, `mutant ${number}`).toBe('signed')
      expect(await partCounts(message), `mutant ${number}`).toBe(await partCounts(raw))
    }
    // Most mutants have to get through, or nothing was tried.
    expect(kinds.rewritten).toBeGreaterThan(mutants / 4)
  })

  it.each([
    ['a hundred thousand opened comments', `Content-Type: text/plain ${'('.repeat(100_000)}\r\n\r\nhallo\r\n`],
    ['a hundred thousand parameters', `Content-Type: text/plain${';a=b'.repeat(40_000)}\r\n\r\nhallo\r\n`],
    ['a megabyte of opened tags', `Content-Type: text/html\r\n\r\n${'<a '.repeat(300_000)}\r\n`],
    ['a megabyte of opened comments', `Content-Type: text/html\r\n\r\n${'<!--\r\n'.repeat(150_000)}\r\n`],
    ['a megabyte of closing bodies', `Content-Type: text/html\r\n\r\n${'</body>\r\n'.repeat(100_000)}\r\n`],
    ['a megabyte of end tags that never end', `Content-Type: text/html\r\n\r\n${'</body '.repeat(140_000)}\r\n`],
    ['a megabyte of templates', `Content-Type: text/html\r\n\r\n${'<template>\r\n</b>'.repeat(60_000)}\r\n`],
    ['a megabyte of half placeholders', `Content-Type: text/html\r\n\r\n${'{{  '.repeat(240_000)}\r\n`],
    ['a megabyte of placeholders', `Content-Type: text/html\r\n\r\n${'{{optout_url}}\r\n'.repeat(60_000)}`],
    [
      'a megabyte of soft breaks',
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${'=\r\n'.repeat(330_000)}`,
    ],
    [
      'a megabyte of white space in quoted-printable',
      `Content-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${' '.repeat(900_000)}x\r\n`,
    ],
    ['a megabyte of boundaries', `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--a\r\n'.repeat(200_000)}`],
    ['a megabyte of near boundaries', `Content-Type: multipart/mixed; boundary=a\r\n\r\n${'--ab\r\n'.repeat(160_000)}`],
    [
      'multiparts in multiparts',
      Array.from({ length: 500 }, (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}\r\n`).join(
        '',
      ),
    ],
    ['one line of a megabyte', `Content-Type: text/html\r\n\r\n${'x'.repeat(999_000)}\r\n`],
  ])('bears %s within two seconds', (_what, text) => {
    const startedAt = performance.now()
    const done = rewriteMessage(Buffer.from(text, 'latin1'), wayOut())
    expect(performance.now() - startedAt).toBeLessThan(millisecondsMax)
    expect(['rewritten', 'headers_only', 'refused']).toContain(done.kind)
  })
})
