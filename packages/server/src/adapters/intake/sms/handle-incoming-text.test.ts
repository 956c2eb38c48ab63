import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { ask, keyed, phone, saveTestRelation, say } from '../../../../test/people.ts'
import type { OutgoingText } from '../../../services/ports.ts'
import { sendDueTexts } from '../../../services/texts/send-due-texts.ts'
import { listChoices } from '../../../storage/choices.ts'
import { findContactPoints } from '../../../storage/contact-points.ts'
import { listOutboundTexts } from '../../../storage/outbound-texts.ts'
import { loadOwnTexts } from '../../mail/own-texts.ts'
import { handleIncomingText } from './handle-incoming-text.ts'

const dayMs = 86_400_000
const account = { id: 'acme-cm', brand: 'acme', vendor: 'cm' }
let hub: TestHub
let now = Date.UTC(2026, 10, 22, 9)

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())

function hear(from: string, at?: number, text = 'STOP') {
  const signal = { kind: 'text' as const, from, text, channel: 'sms' as const, ...(at !== undefined && { at }) }
  return handleIncomingText(hub, signal, { account, raw: Buffer.from(`${text} ${from} ${at ?? ''}`), receivedAt: now })
}

const texts = loadOwnTexts(fileURLToPath(new URL('../../../../locales', import.meta.url)))

async function answerTo(from: string, text: string): Promise<string | undefined> {
  const sent: OutgoingText[] = []
  const port = {
    send: async (one: OutgoingText) => {
      sent.push(one)
      return { kind: 'sent' as const }
    },
  }
  await hear(from, undefined, text)
  for (let leased = 1; leased > 0; ) leased = (await sendDueTexts({ ...hub, texts, port })).leased
  return sent.find(({ to }) => to === from)?.text
}

describe('a text without an id of the vendor', () => {
  it('is the same text when it is delivered again at once', async () => {
    expect((await hear('+32470660001')).kind).toBe('opt_out')
    now += 5_000
    expect(await hear('+32470660001')).toEqual({ kind: 'ignored', reason: 'seen_before' })
  })

  it('is another one from who came back since, though its bytes hold no moment and are the same', async () => {
    const number = phone('+32470660002')
    await hear(number.value)
    now += dayMs
    await say(hub, number, { kind: 'consent', scope: { brand: 'acme' }, author: 'person', saidAt: now })
    expect((await ask(hub, number, 'sms')).decision).toBe('allow')
    now += dayMs
    await hear(number.value)
    expect((await ask(hub, number, 'sms')).decision).toBe('deny')
  })

  it('is the same text for as long as a vendor tries, where its bytes hold the moment it was written', async () => {
    const writtenAt = now
    await hear('+32470660003', writtenAt)
    now += 20 * dayMs
    expect((await hear('+32470660003', writtenAt)).kind).toBe('ignored')
  })
})

describe('the moment a vendor gives', () => {
  it('counts for what is delivered late, and not where it is none of this age', async () => {
    const decisionAfter = async (number: string, at: number) => {
      await say(hub, phone(number), {
        kind: 'consent',
        scope: { brand: 'acme' },
        author: 'person',
        saidAt: now - dayMs,
      })
      await hear(number, at)
      return (await ask(hub, phone(number), 'sms')).decision
    }
    expect(await decisionAfter('+32470660004', now - 2 * dayMs)).toBe('allow')
    expect(await decisionAfter('+32470660005', now - 3_600_000)).toBe('deny')
    expect(await decisionAfter('+32470660006', Date.parse('0001-01-01T00:00:00Z'))).toBe('deny')
    expect(await decisionAfter('+32470660007', 0)).toBe('deny')
  })
})

describe('the answer to a number that nobody knows', () => {
  it('is in the language that was written in, and in that of the brand where a bare STOP says none', async () => {
    expect(await answerTo('+32470660011', 'arrêtez svp')).toContain('vous ne recevrez plus')
    expect(await answerTo('+32470660012', 'bitte abmelden')).toContain('keine Werbung')
    expect(await answerTo('+32470660013', 'STOP')).toContain('geen reclame')
  })

  it('to HELP says who writes, how to stop and where to choose, in the language that was written in', async () => {
    expect(await answerTo('+32470660021', 'AIDE')).toBe(
      'Acme (Acme NV) envoie ces messages. Plus de publicité ? Répondez STOP ou choisissez ici : https://verzet.example/opt-out/acme',
    )
    expect(await answerTo('+32470660022', 'Hilfe bitte')).toContain('Antworten Sie STOPP')
    expect(await answerTo('+32470660023', '?')).toContain('Antwoord STOP')
  })

  it('to HELP goes once in a day, keeps nothing of the number and makes nobody known', async () => {
    const number = phone('+32470660024')
    const { key } = keyed(hub, number)
    await hear(number.value, undefined, 'HELP')
    const [owed] = await listOutboundTexts(hub.db, [key])
    expect(JSON.stringify(owed?.details)).not.toContain('470660024')
    expect(owed?.details).toHaveProperty('number')
    expect(await answerTo(number.value, 'info')).toContain('stuurt deze berichten')
    now += 3_600_000
    expect(await answerTo(number.value, 'HELP?')).toBeUndefined()
    const kept = await listOutboundTexts(hub.db, [key])
    expect(kept.map(({ details, sentAt }) => ['number' in details, sentAt !== null])).toEqual([[false, true]])
    expect(await findContactPoints(hub.db, [key])).toEqual(new Map())
    expect((await ask(hub, number, 'sms')).reason).toBe('no_basis')
    now += dayMs
    expect(await answerTo(number.value, 'HELP')).toContain('stuurt deze berichten')
  })

  it('to HELP forgets the number as well where no answer could be sent', async () => {
    await hear('+32470660025', undefined, 'HELP')
    const refused = { kind: 'refused' as const, reason: 'cm 404' }
    await sendDueTexts({ ...hub, texts, port: { send: async () => refused } })
    const [given] = await listOutboundTexts(hub.db, [keyed(hub, phone('+32470660025')).key])
    expect(given).toMatchObject({ lastError: 'cm 404', details: { brand: 'acme' } })
    expect(given?.details).not.toHaveProperty('number')
  })

  it('to START makes no consent, and says where one signs up', async () => {
    const number = phone('+32470660026')
    expect(await answerTo(number.value, 'START')).toBe(
      'Acme: naar dit nummer sturen we geen reclame. Inschrijven op onze e-mails kan hier: https://verzet.example/sign-up/acme',
    )
    expect(await answerTo(number.value, 'ja')).toBeUndefined()
    expect(await listChoices(hub.db, [keyed(hub, number).key])).toEqual([])
    expect((await ask(hub, number, 'sms')).reason).toBe('no_basis')
  })

  it('is in the language on record where there is one', async () => {
    await saveTestRelation(hub, 'S-15', [phone('+32470660015')], { language: 'fr' })
    expect(await answerTo('+32470660015', 'please stop')).toContain('vous ne recevrez plus')
  })
})
