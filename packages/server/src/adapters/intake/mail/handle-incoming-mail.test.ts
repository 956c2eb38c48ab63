import { type Offer, sealLink } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { mailsTo, sendParts } from '../../../../test/mail.ts'
import { ask, email, keyed, type Point, phone, saveTestRelation } from '../../../../test/people.ts'
import { eraseWholeRelation } from '../../../services/erase-relation.ts'
import type { OutgoingMail } from '../../../services/ports.ts'
import { reviewHoursDefault } from '../../../services/review/deadline.ts'
import { sendDueMails } from '../../../services/send-due-mails.ts'
import { listChoices } from '../../../storage/choices.ts'
import { transact } from '../../../storage/database.ts'
import { listDeliveryFacts } from '../../../storage/delivery-facts.ts'
import { listEvidence } from '../../../storage/evidence-log.ts'
import { forgetReviewItems, listOpenReviewItems, markReviewDecided } from '../../../storage/review-items.ts'
import { countMailVerdicts } from '../../../storage/seen-mails.ts'
import { handleIncomingMail } from './handle-incoming-mail.ts'
import { readFixture } from './testing/mail-fixtures.ts'

let hub: TestHub
let now = Date.UTC(2026, 10, 3, 9)
let number = 0
let person: Point
let key: string

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 3_600_000
  number += 1
  person = email(`reader${number}@voorbeeld.example`)
  key = keyed(hub, person).key
  await saveTestRelation(hub, `K-${number}`, [person, phone(`+3247000${1000 + number}`)], {
    language: 'nl',
    customerSince: '2024-01-01',
  })
  await transact(hub.db, (tx) => tx.execute('delete from outbound_mails'))
  await transact(hub.db, (tx) => tx.execute('delete from review_subjects'))
  await transact(hub.db, (tx) => tx.execute('delete from review_items'))
  await transact(hub.db, (tx) => tx.execute('delete from seen_mails'))
})

function sealedFor(offered: readonly Offer[] = []): Buffer {
  return sealLink(hub.linkRing, {
    contactPointKey: key,
    brandNumber: hub.catalog.brand('acme')?.number ?? 0,
    topicNumber: 0,
    campaignNumber: 0,
    channel: 'email',
    offered,
    mintedAt: now,
  })
}

/** A recorded mail as it would come from this person: the names in it changed to theirs. */
function mail(name: string, offered: readonly Offer[] = []): Buffer {
  const text = readFixture(name, sealedFor(offered)).toString('latin1')
  return Buffer.from(text.replaceAll('jan.peeters@voorbeeld.example', person.value), 'latin1')
}

function receive(raw: Buffer) {
  return handleIncomingMail(hub, { raw, receivedAt: now })
}

async function decision(): Promise<string> {
  const answer = await ask(hub, person, 'email')
  return `${answer.decision} ${answer.reason}`
}

const choices = () => listChoices(hub.db, [key])
const evidence = async () => (await listEvidence(hub.db, [key])).map((entry) => entry.kind)

async function sent(): Promise<OutgoingMail[]> {
  const out: OutgoingMail[] = []
  await sendDueMails(
    sendParts(hub, {
      send(mailOut) {
        out.push(mailOut)
        return Promise.resolve({ kind: 'sent' })
      },
    }),
  )
  return out
}

describe('an opt-out by mail', () => {
  it('holds on every channel, with its evidence (rule 3: silence means everything)', async () => {
    expect(await decision()).toBe('allow customer_relation')
    expect(await receive(mail('opt_out-apple-ios'))).toMatchObject({
      kind: 'opt_out',
      via: 'mailto',
      client: 'apple_mail',
    })
    expect(await decision()).toBe('deny objection')
    const asked = await ask(hub, phone(`+3247000${1000 + number}`), 'sms')
    expect(asked.reason).toBe('objection')
    expect(await choices()).toMatchObject([
      { kind: 'objection', author: 'person', scope: {}, context: { signal: 'mailto', origin: { brand: 'acme' } } },
    ])
    expect(await evidence()).toContain('choice')
  })

  it('is acknowledged once, as an answer to a mail, to the address that was written to (RFC 3834 §3.1.7, RULE AR-6)', async () => {
    await receive(mail('opt_out-any-from'))
    await receive(mail('opt_out-gmail-button'))
    const mails = await sent()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ to: person.value, autoSubmitted: 'auto-replied', language: 'nl' })
  })

  it('is one signal when the same mail is delivered twice, and by another way', async () => {
    const raw = mail('opt_out-apple-ios')
    await receive(raw)
    expect(await receive(raw)).toEqual({ kind: 'ignored', reason: 'seen_before' })
    const relayed = Buffer.concat([
      Buffer.from('Received: from mx.example by hub; Tue, 3 Nov 2026 10:16:00 +0100\r\n'),
      raw,
    ])
    now += 86_400_000
    expect(await receive(relayed)).toEqual({ kind: 'ignored', reason: 'seen_before' })
    expect(await choices()).toHaveLength(1)
  })

  it('is heard each time where nothing tells one mail from the next', async () => {
    const raw = mail('opt_out-without-date-and-id')
    await receive(raw)
    now += 86_400_000
    expect((await receive(raw)).kind).toBe('opt_out')
    expect(await choices()).toHaveLength(2)
    expect(await sent()).toHaveLength(1)
  })

  it('without a token holds for the address it comes from, and is acknowledged there (RULE MT-3)', async () => {
    expect((await receive(mail('opt_out-address-without-token'))).kind).toBe('opt_out')
    expect(await decision()).toBe('deny objection')
    expect((await sent()).map(({ to }) => to)).toEqual([person.value])
  })

  it('is kept for an address that nobody knew (rule 7)', async () => {
    const stranger = email('stranger@elsewhere.example')
    const text = mail('opt_out-address-without-token').toString('latin1').replaceAll(person.value, stranger.value)
    await receive(Buffer.from(text, 'latin1'))
    expect(await listChoices(hub.db, [keyed(hub, stranger).key])).toMatchObject([{ kind: 'objection' }])
  })

  it('in a reply holds for its writer and for the reader of what it answers, with one acknowledgement', async () => {
    await receive(mail('opt_out-reply-token-in-references'))
    const other = keyed(hub, email('jan@thuis.example')).key
    expect(await choices()).toMatchObject([{ context: { signal: 'reply' } }])
    expect(await listChoices(hub.db, [other])).toMatchObject([{ kind: 'objection', scope: {} }])
    expect((await sent()).map(({ to }) => to)).toEqual([person.value])
  })

  it('counts once where the writer is the reader', async () => {
    await receive(mail('opt_out-reply-english-html'))
    expect(await choices()).toHaveLength(1)
  })
})

describe('a complaint', () => {
  it('objects to everything and is never answered (RULE ARF-10)', async () => {
    expect((await receive(mail('complaint-rfc5965-minimal', ['all', 'channel', 'topic']))).kind).toBe('complaint')
    expect(await choices()).toMatchObject([
      { kind: 'objection', author: 'provider', scope: {}, context: { signal: 'complaint' } },
    ])
    expect(await decision()).toBe('deny objection')
    expect(await mailsTo(hub, key)).toEqual([])
  })

  it('also stops the acknowledgement that was still owed', async () => {
    await receive(mail('opt_out-apple-ios'))
    await receive(mail('complaint-rfc5965-minimal'))
    expect(await sent()).toEqual([])
    expect(await mailsTo(hub, key)).toMatchObject([{ lastError: 'complained' }])
  })

  it('that calls the message wanted changes nothing (RULE ARF-5)', async () => {
    await receive(mail('ignored-complaint-not_spam-at-token-address'))
    expect(await choices()).toEqual([])
  })
})

describe('a bounce', () => {
  it('is a fact about the address and no word of the person (RULE DSN-2)', async () => {
    await receive(mail('bounce-hard-token-in-returned'))
    expect(await listDeliveryFacts(hub.db, [key])).toMatchObject([
      { outcome: 'hard', status: '5.1.1', isVerified: true, heardAt: new Date(now) },
    ])
    expect(await choices()).toEqual([])
    expect(await evidence()).toContain('delivery_fact')
    expect(await mailsTo(hub, key)).toEqual([])
    expect(await decision()).toBe('deny undeliverable')
  })

  it('that names an address only is marked as such: anybody may have written it', async () => {
    await receive(mail('bounce-hard-two-recipients'))
    const keys = ['piet@provider.example', 'els@provider.example'].map((value) => keyed(hub, email(value)).key)
    const facts = await listDeliveryFacts(hub.db, keys)
    expect(facts.map(({ outcome, isVerified }) => `${outcome} ${isVerified}`).sort()).toEqual([
      'hard false',
      'soft false',
    ])
  })
})

describe('an automatic answer', () => {
  it('is counted, proven, and neither obeyed nor answered (RULE AR-5)', async () => {
    await receive(mail('automatic_reply-german-vacation-with-stop'))
    expect(await choices()).toEqual([])
    expect(await mailsTo(hub, key)).toEqual([])
    expect(await evidence()).toContain('mail_heard')
    expect(await countMailVerdicts(hub.db, now)).toEqual([
      { verdict: 'automatic_reply', reason: 'auto_submitted', count: 1 },
    ])
  })
})

describe('a reply that nobody could judge', () => {
  it('waits for a human with a deadline, its words and its writer beside it (rule 7)', async () => {
    await receive(mail('unclear_reply-how-to-dutch'))
    const [item] = await listOpenReviewItems(hub.db, 10)
    expect(item).toMatchObject({
      contactKey: key,
      reason: 'may_ask_to_stop',
      sender: person.value,
      language: 'nl',
      dueAt: new Date(now + reviewHoursDefault * 3_600_000),
    })
    expect(item?.excerpt).toContain('Hoe kan ik mij uitschrijven?')
    expect(await choices()).toEqual([])
    expect(await evidence()).toContain('review_opened')
    expect(await decision()).toBe('defer under_review')
  })

  it('waits once, however often it is delivered, until it is decided', async () => {
    const raw = mail('unclear_reply-how-to-dutch')
    await Promise.all([receive(raw), receive(raw)])
    const items = await listOpenReviewItems(hub.db, 10)
    expect(items).toHaveLength(1)
    const said = { decision: 'not_a_no', scope: null, by: 'test', note: null, recorded: [] } as const
    const decide = () => transact(hub.db, (tx) => markReviewDecided(tx, items[0]?.id ?? '', said, now))
    expect([await decide(), await decide()]).toEqual([true, false])
    expect(await listOpenReviewItems(hub.db, 10)).toEqual([])
  })

  it('loses its words and its writer with an erasure, and keeps its deadline', async () => {
    await receive(mail('unclear_reply-how-to-dutch'))
    await transact(hub.db, async (tx) => {
      await eraseWholeRelation(tx, hub.random, keyed(hub, { type: 'customer', value: `K-${number}` }).key, now, 'test')
      await forgetReviewItems(tx, [key], now)
    })
    expect(await listOpenReviewItems(hub.db, 10)).toMatchObject([{ excerpt: null, sender: null, contactKey: key }])
  })
})

describe('what is kept of any mail', () => {
  it('is no address and no word in the evidence', async () => {
    for (const name of ['opt_out-reply-dutch', 'bounce-hard-token-in-verp', 'unclear_reply-how-to-dutch']) {
      await receive(mail(name))
    }
    const bodies = (await listEvidence(hub.db, [key])).map((entry) => entry.body).join('\n')
    expect(bodies).not.toContain('@')
    expect(bodies).not.toContain('chrijf')
  })
})
