import { describe, expect, it } from 'vitest'
import { signMessage } from '../../src/adapters/smtp/message/dkim-sign.ts'
import { rewriteMessage } from '../../src/adapters/smtp/message/rewrite-message.ts'
import { bothKeys } from '../../src/adapters/smtp/message/testing/dkim.ts'
import { readFixture, rewrittenFixtures, wayOut } from '../../src/adapters/smtp/message/testing/fixtures.ts'
import { askDkimpy, askMailauth, askOpendkim, type Verdicts } from './dkim-verifiers.ts'
import { messages } from './messages.ts'
import { isMissing } from './missing.ts'

const now = Date.UTC(2026, 2, 2, 8)

/** As it leaves the relay: with its ways out, and signed twice. */
function relayed(raw: Buffer): Buffer {
  const done = rewriteMessage(raw, wayOut())
  if (done.kind === 'refused') throw new Error(done.reason)
  const signed = signMessage(done.message, bothKeys, now)
  if (signed.kind === 'refused') throw new Error(signed.reason)
  return signed.message
}

const bothPass = ['rsa pass', 'ed pass']
const bothFail = ['rsa fail', 'ed fail']

type Ask = (messages: readonly Buffer[]) => readonly Verdicts[] | Promise<readonly Verdicts[]>
const verifiers: readonly (readonly [string, string, Ask])[] = [
  ['mailauth', 'mailauth', askMailauth],
  ['dkimpy', 'python3-dkim', askDkimpy],
  ['opendkim', 'opendkim', askOpendkim],
]

const tampering: Readonly<Record<string, (text: string) => string>> = {
  'a tampered List-Unsubscribe': (text) =>
    text.replace('\nList-Unsubscribe: <https://', '\nList-Unsubscribe: <https://x'),
  'a tampered mailto in it': (text) => text.replace('<mailto:', '<mailto:x'),
  'a removed List-Unsubscribe': (text) => text.replace(/^List-Unsubscribe:.*\r\n(?:[ \t].*\r\n)*/m, ''),
  'a tampered List-Unsubscribe-Post': (text) => text.replace('=One-Click', '=One-Clack'),
  'a removed List-Unsubscribe-Post': (text) => text.replace(/^List-Unsubscribe-Post:.*\r\n/m, ''),
  'a second List-Unsubscribe on top': (text) => `List-Unsubscribe: <https://evil.example>\r\n${text}`,
  'a second List-Unsubscribe-Post below': (text) =>
    text.replace('\r\n\r\n', '\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n'),
  'a way out in the body that leads elsewhere': (text) => text.replace('#stop', '#stay'),
}

/** What a verifier says, by name, so that a difference shows whose it is. */
async function verdictsOf(ask: Ask, named: readonly (readonly [string, Buffer])[]): Promise<Record<string, unknown>> {
  const verdicts = await ask(named.map(([, message]) => message))
  return Object.fromEntries(named.map(([name], index) => [name, verdicts[index]]))
}

const each = (names: readonly string[], verdict: Verdicts) => Object.fromEntries(names.map((name) => [name, verdict]))

describe.each(verifiers)('DKIM signatures verified by %s', (_name, program, ask) => {
  describe.skipIf(isMissing(program))('RSA and Ed25519', () => {
    it('pass on every kind of message', async () => {
      const signed = messages.map(([name, raw]) => [name, relayed(raw)] as const)
      expect(await verdictsOf(ask, signed)).toEqual(each(Object.keys(Object.fromEntries(signed)), bothPass))
    })

    it('pass on every fixture that it reads', async () => {
      const names = rewrittenFixtures().flatMap(([name]) => (unread[program]?.includes(name) ? [] : [name]))
      const signed = names.map((name) => [name, relayed(readFixture(name))] as const)
      expect(await verdictsOf(ask, signed)).toEqual(each(names, bothPass))
    })

    it('fail on every tampering with the ways out', async () => {
      const whole = relayed(readFixture('text-us-ascii-7bit')).toString('latin1')
      const tampered = Object.entries(tampering).map(([name, change]) => [name, change(whole)] as const)
      expect(tampered.filter(([, text]) => text === whole)).toEqual([])
      const raw = tampered.map(([name, text]) => [name, Buffer.from(text, 'latin1')] as const)
      expect(await verdictsOf(ask, raw)).toEqual(each(Object.keys(tampering), bothFail))
    })
  })
})

/** Fixtures in which a verifier finds no signature, or no From, for a reason of its own. */
const unread: Readonly<Record<string, readonly string[]>> = {
  // It takes the second byte of "à" for white space, and wants an empty line after the header.
  mailauth: ['headers-utf8', 'header-without-body'],
  // It looks for a field with the space before its colon, which RFC 6376 §3.4.2 takes away.
  'python3-dkim': ['headers-space-before-colon'],
  // It verifies nothing without a From, which RFC 5322 §3.6 wants in every message.
  opendkim: ['headers-only-trace'],
}
