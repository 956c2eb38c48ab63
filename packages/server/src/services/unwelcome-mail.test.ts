import { everything, uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { keyed, mailsTo, saveTestRelation, say, sendParts } from '../../test/mail.ts'
import { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import { transact } from '../storage/database.ts'
import { type DeliveryReport, noteDeliveryFacts, softBouncesMax } from './note-delivery-facts.ts'
import type { KeyedContactPoint } from './ports.ts'
import { readTimeline } from './read-timeline.ts'
import { type ChoiceToRecord, recordChoices } from './record-choices.ts'
import { sendDueMails } from './send-due-mails.ts'
import { whyUnwelcome } from './unwelcome-mail.ts'

let hub: TestHub
let now = Date.UTC(2026, 11, 3, 9)
let number = 0
let person: KeyedContactPoint
let relationKey: string

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 86_400_000
  number += 1
  person = keyed(hub, 'email', `person${number}@voorbeeld.be`)
  relationKey = await saveTestRelation(hub, `K-${number}`, [person])
})

async function send() {
  const mailbox = new DemoMailbox()
  await sendDueMails(sendParts(hub, mailbox))
  return mailbox.list().length
}

async function bounce(outcome: DeliveryReport['outcome'], times = 1) {
  const { type, normalised: value } = person.contactPoint
  const subject = { key: person.key, type, value, fingerprint: person.fingerprint }
  const report = { subject, channel: 'email' as const, outcome, isVerified: true }
  for (let count = 0; count < times; count++) {
    now += 1_000
    await transact(hub.db, (tx) => noteDeliveryFacts(tx, hub.random, [{ ...report, at: now }], now, {}))
  }
}

/** As a feedback loop reports it, or as an agent records it: said by others than a link of the person. */
async function record(signal: 'complaint' | 'desk', scope = everything) {
  now += 1_000
  const isComplaint = signal === 'complaint'
  const choice: ChoiceToRecord = {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: person.key,
    words: { kind: 'objection', scope, author: isComplaint ? 'provider' : 'agent', saidAt: now },
    context: { signal, origin: { brand: 'acme', channel: 'email' } },
    recordedAt: now,
    actor: isComplaint ? 'provider' : 'agent',
    isRepeatable: false,
    ...(!isComplaint && { acknowledge: { mailId: uuidV7(now, hub.random(10)), brandCountry: 'BE' } }),
  }
  await transact(hub.db, (tx) => recordChoices(tx, hub.secrets.pepper, [choice]))
}
const lastErrors = async () => (await mailsTo(hub, person.key)).map((mail) => mail.lastError)

describe('an acknowledgement', () => {
  it('is not sent to an address where nobody is, and the timeline shows that', async () => {
    await say(hub, person.key, 'objection')
    await bounce('hard')
    expect(await send()).toBe(0)
    expect(await lastErrors()).toEqual(['undeliverable'])
    const mails = (await readTimeline(hub.db, relationKey))?.entries.flatMap(({ mail }) => mail ?? [])
    expect(mails).toMatchObject([{ kind: 'acknowledgement', failedAt: now }])
  })

  it('is tried where an address only fails for a time', async () => {
    await say(hub, person.key, 'objection')
    await bounce('soft', softBouncesMax)
    expect(await send()).toBe(1)
  })

  it('is not sent to who complained, whoever records a no for them later (RULE ARF-10)', async () => {
    await record('complaint')
    await record('desk')
    expect(await send()).toBe(0)
    expect(await lastErrors()).toEqual(['complained'])
  })

  it('is sent again to who has asked for mail since', async () => {
    await record('complaint')
    now += 60_000
    await say(hub, person.key, 'consent')
    now += 60_000
    await say(hub, person.key, 'objection')
    expect(await send()).toBe(1)
  })
})

it('a confirmation is sent all the same: its reader has just asked for it', async () => {
  await record('complaint')
  await bounce('hard')
  const about = (kind: string) => whyUnwelcome(hub.db, { kind, contactKey: person.key }, now)
  expect([await about('acknowledgement'), await about('confirm_lift'), await about('confirm_sign_up')]).toEqual([
    'undeliverable',
    undefined,
    undefined,
  ])
})
