import { fileURLToPath } from 'node:url'
import { uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { ask, keyed, type Point, phone, saveTestRelation } from '../../../test/people.ts'
import { smsLength } from '../../adapters/check/sms/sms-length.ts'
import { loadOwnTexts } from '../../adapters/mail/own-texts.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { transact } from '../../storage/database.ts'
import { listEvidence } from '../../storage/evidence-log.ts'
import { insertOutboundTexts, listOutboundTexts } from '../../storage/outbound-texts.ts'
import { findStandings } from '../../storage/standings.ts'
import { mailLanguages } from '../mail-language.ts'
import type { OutgoingText, TextOutcome } from '../ports.ts'
import type { TextContent } from './compose-text.ts'
import { recordTextSignal } from './record-text-signal.ts'
import { sendDueTexts, textGivenUpAfterMs } from './send-due-texts.ts'

const texts = loadOwnTexts(fileURLToPath(new URL('../../../locales', import.meta.url)))
let hub: TestHub
let now = Date.UTC(2026, 10, 21, 9)
let people = 0
let number: Point
let sent: OutgoingText[] = []
let answers: TextOutcome = { kind: 'sent' }

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 3_600_000
  people += 1
  number = phone(`+3247022${1000 + people}`)
  sent = []
  answers = { kind: 'sent' }
  await saveTestRelation(hub, `T-${people}`, [number], { language: 'fr', customerSince: '2024-01-01' })
})

function send() {
  const port = {
    send: async (text: OutgoingText) => {
      sent.push(text)
      return answers
    },
  }
  return sendDueTexts({ ...hub, texts, port })
}

let heard = 0
function hear(verdict: Parameters<typeof recordTextSignal>[1]) {
  heard += 1
  return recordTextSignal(hub, verdict, {
    textKey: uuidV7(now, hub.random(10)),
    textHash: Buffer.alloc(32, heard),
    receivedAt: now,
    account: { id: 'acme-twilio', brand: 'acme', vendor: 'twilio' },
    channel: 'sms',
    number: number.value,
    text: 'stop',
    mayAnswer: true,
  })
}

const owed = () => listOutboundTexts(hub.db, [keyed(hub, number).key])

describe('a confirmation by text', () => {
  it('goes once, in the reader’s language, with a short link that opens their page, and is proven', async () => {
    await hear({ kind: 'opt_out', author: 'person' })
    await send()
    await send()
    expect(sent).toHaveLength(1)
    expect(sent[0]).toMatchObject({ to: number.value, channel: 'sms', brand: 'acme', account: 'acme-twilio' })
    expect(sent[0]?.text).toMatch(
      /^Acme : vous ne recevrez plus de publicité\. .* https:\/\/verzet\.example\/c\/[0-9A-Z]{10}$/,
    )
    const kinds = (await listEvidence(hub.db, [keyed(hub, number).key])).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === 'text_sent')).toHaveLength(1)
  })

  it('names the topic where the no was about one', async () => {
    await hear({ kind: 'opt_out', author: 'person', topic: 'offers' })
    await send()
    expect(sent[0]?.text).toContain('vous ne recevrez plus Offres')
  })

  it('goes to nobody who was erased meanwhile', async () => {
    await hear({ kind: 'opt_out', author: 'person' })
    await transact(hub.db, (tx) =>
      tx.execute('update contact_points set value = null, erased_at = $2 where key = $1', [
        keyed(hub, number).key,
        new Date(now),
      ]),
    )
    await send()
    expect(sent).toEqual([])
    expect((await owed())[0]?.lastError).toBe('no_number')
  })

  it('is tried again, later and later, and given up after a day', async () => {
    answers = { kind: 'unavailable', reason: 'twilio 503' }
    await hear({ kind: 'opt_out', author: 'person' })
    await send()
    await send()
    expect(sent).toHaveLength(1)
    now += 61_000
    await send()
    expect(sent).toHaveLength(2)
    now += textGivenUpAfterMs
    await send()
    expect((await owed())[0]?.lastError).toBe('given up: twilio 503')
  })

  it('that the vendor refuses for an older no is that no', async () => {
    answers = { kind: 'refused', reason: 'twilio 21610', optedOut: true }
    await hear({ kind: 'help' })
    expect((await ask(hub, number, 'sms')).decision).toBe('allow')
    await send()
    expect(await ask(hub, number, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('that the vendor refuses to a number nobody knew is held by the copies of the gate too', async () => {
    answers = { kind: 'refused', reason: 'twilio 21610', optedOut: true }
    number = phone(`+3247023${1000 + people}`)
    await hear({ kind: 'help' })
    await send()
    const { key, fingerprint } = keyed(hub, number)
    expect((await findStandings(hub.db, [key])).get(key)).toMatchObject({ fingerprint })
    expect((await findContactPoints(hub.db, [key])).get(key)?.value ?? null).toBeNull()
    expect(await ask(hub, number, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('is forgotten where nobody knows its kind any more', async () => {
    const row = {
      id: uuidV7(now, hub.random(10)),
      contactKey: keyed(hub, number).key,
      kind: 'from_the_future',
      details: {},
    }
    await transact(hub.db, (tx) => insertOutboundTexts(tx, [row], now))
    await send()
    expect((await owed())[0]?.lastError).toBe('unknown_kind')
  })
})

describe('the words of the hub’s own texts', () => {
  const url = 'https://ac.example/c/1234512345'
  const frame = { brand: 'Acme', controller: 'Acme NV', url }
  const contents = (language: (typeof mailLanguages)[number]): TextContent[] => [
    { ...frame, language, kind: 'stopped', scope: { kind: 'all', controller: 'Acme NV' } },
    { ...frame, language, kind: 'stopped', scope: { kind: 'topic', topic: 'News' } },
    { ...frame, language, kind: 'stopped', scope: { kind: 'channel', channel: 'sms', sender: 'Acme' } },
    { ...frame, language, kind: 'leaving', scope: { kind: 'all', controller: 'Acme NV' } },
    { ...frame, language, kind: 'start' },
    { ...frame, language, kind: 'help' },
    { ...frame, language, kind: 'confirm_start' },
    { ...frame, language, kind: 'help_stranger' },
    { ...frame, language, kind: 'start_stranger' },
    { ...frame, language, kind: 'start_stranger_no_sign_up' },
    { ...frame, language, kind: 'confirm_sign_up' },
  ]

  it.each(mailLanguages)('are one message each in %s, without a sign that makes it UCS-2', (language) => {
    for (const content of contents(language)) {
      const text = texts.render(content)
      expect(text).toContain(url)
      expect([text, smsLength(text)]).toEqual([text, { alphabet: 'gsm', segments: 1, beyondGsm: [] }])
    }
  })
})
