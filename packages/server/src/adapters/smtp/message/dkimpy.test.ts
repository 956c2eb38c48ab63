import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { signMessage } from './dkim-sign.ts'
import { rewriteMessage } from './rewrite-message.ts'
import { bothKeys, dnsRecords } from './testing/dkim.ts'
import { readFixture, verdicts, wayOut } from './testing/fixtures.ts'

const script = fileURLToPath(new URL('testing/dkimpy-verify.py', import.meta.url))
const isMissing = (process.env.VERZET_MISSING ?? '').split(',').includes('python3-dkim')
/** Debian's own Python is the one that has Debian's packages. */
const python = '/usr/bin/python3'

function verify(messages: readonly Buffer[]): readonly (readonly boolean[])[] {
  const input = JSON.stringify({ records: dnsRecords, messages: messages.map((one) => one.toString('base64')) })
  const { status, stdout, stderr } = spawnSync(python, [script], { input, encoding: 'utf8', maxBuffer: 1_000_000 })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as boolean[][]
}

function relayed(name: string): Buffer {
  const done = rewriteMessage(readFixture(name), wayOut())
  if (done.kind === 'refused') throw new Error(done.reason)
  const signed = signMessage(done.message, bothKeys, Date.UTC(2026, 2, 2, 8))
  if (signed.kind === 'refused') throw new Error(signed.reason)
  return signed.message
}

describe.skipIf(isMissing)('dkimpy', () => {
  // RFC 6376 §3.4.2 takes the space before a colon away; dkimpy looks for the field with it and finds none.
  const notFound = 'headers-space-before-colon'
  const names = Object.keys(verdicts).filter((name) => !name.startsWith('refused') && name !== notFound)

  it('verifies both our signatures of every fixture', () => {
    const found = verify(names.map(relayed)).map((one) => one.slice(0, 2))
    expect(Object.fromEntries(names.map((name, index) => [name, found[index]]))).toEqual(
      Object.fromEntries(names.map((name) => [name, [true, true]])),
    )
  })

  it('fails both for a tampered List-Unsubscribe, and for a second one', () => {
    const message = relayed('alternative').toString('latin1')
    const tampered = message.replace('List-Unsubscribe: <https://', 'List-Unsubscribe: <https://x')
    const doubled = `List-Unsubscribe: <https://evil.example>\r\n${message}`
    expect(verify([tampered, doubled].map((text) => Buffer.from(text, 'latin1')))).toEqual([
      [false, false],
      [false, false],
    ])
  })
})
