import { linkFromPath, openLink, uuidV7 } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { introduce, keyed, mailsTo, saveTestRelation, say, sendParts } from '../../test/mail.ts'
import { type SinkScript, startSmtpSink } from '../../test/smtp-sink.ts'
import { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import { createSmarthost } from '../adapters/mail/smarthost.ts'
import { eraseContactPoints } from '../storage/contact-points.ts'
import { transact } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { insertOutboundMails, leaseOutboundMails } from '../storage/outbound-mails.ts'
import { type MailEvent, mailGivenUpAfterMs, mailLeaseMs, retryDelayMs, sendDueMails } from './send-due-mails.ts'

let hub: TestHub
let now = Date.UTC(2026, 11, 3, 9)
let number = 0

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  await transact(hub.db, (tx) => tx.execute('delete from outbound_mails'))
})

async function stopper(language?: string) {
  number += 1
  const point = keyed(hub, 'email', `person${number}@voorbeeld.be`)
  if (language === undefined) return introduce(hub, point)
  await saveTestRelation(hub, `K-${number}`, [point], { language })
  return point
}

async function withSmarthost<T>(
  script: SinkScript,
  work: (
    parts: ReturnType<typeof sendParts>,
    sink: Awaited<ReturnType<typeof startSmtpSink>>,
    events: MailEvent[],
  ) => Promise<T>,
) {
  await using sink = await startSmtpSink(script)
  await using port = createSmarthost({ url: sink.url, from: 'no-reply@acme.example', mailDomain: hub.place.mailDomain })
  const events: MailEvent[] = []
  return await work(sendParts(hub, port, { onEvent: (event) => events.push(event) }), sink, events)
}

describe('an opt-out from e-mail in Belgium', () => {
  it('is acknowledged by e-mail, once, with evidence that names no address (KB/AR 4 April 2003 art. 2, 1°)', async () => {
    const point = await stopper('fr')
    const choice = await say(hub, point.key, 'objection')
    await say(hub, point.key, 'objection')
    await withSmarthost({}, async (parts, sink, events) => {
      expect(await sendDueMails(parts)).toEqual({ leased: 1, isBlocked: false })
      expect(await sendDueMails(parts)).toEqual({ leased: 0, isBlocked: false })
      expect(sink.received.map((mail) => mail.to)).toEqual([[point.contactPoint.normalised]])
      expect(sink.received[0]?.data).toContain('Content-Language: fr')
      const [mail] = await mailsTo(hub, point.key)
      expect(mail).toMatchObject({ kind: 'acknowledgement', attempts: 1, sentAt: new Date(now), lastError: null })
      const sent = (await listEvidence(hub.db, [point.key])).filter((entry) => entry.kind === 'mail_sent')
      expect(sent.map((entry) => JSON.parse(entry.body).details)).toEqual([
        { mail: 'acknowledgement', messageId: `<${mail?.id}@optout.verzet.example>`, choice: choice.id },
      ])
      expect(JSON.stringify([events, sent])).not.toContain('voorbeeld')
    })
  })

  it('carries a link to the person’s own page that offers nothing by itself', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection', { brand: 'acme', topic: 'news' })
    const mailbox = new DemoMailbox()
    await sendDueMails(sendParts(hub, mailbox))
    const text = mailbox.list()[0]?.text ?? ''
    expect(text).toContain('U krijgt Nieuws niet meer.')
    const token = /https:\/\/verzet\.example\/u\/([\w-]+)/.exec(text)?.[1] ?? ''
    expect(openLink(hub.linkRing, linkFromPath(token) ?? Buffer.alloc(0))).toMatchObject({
      contactPointKey: point.key,
      brandNumber: hub.catalog.brand('acme')?.number,
      topicNumber: hub.catalog.topic('acme', 'news')?.number,
      channel: 'email',
      offered: [],
    })
  })

  it('said in a text message, or where the law asks for nothing, is not acknowledged', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection', {}, 'sms')
    await say(hub, point.key, 'consent')
    expect(await mailsTo(hub, point.key)).toEqual([])
  })
})

describe('a mail that cannot go out now', () => {
  it('is tried again after a 451 and then sent once', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    const answers = ['451 4.7.1 greylisted', undefined]
    await withSmarthost({ onRecipient: () => answers.shift() }, async (parts, sink, events) => {
      expect(await sendDueMails(parts)).toEqual({ leased: 1, isBlocked: true })
      expect(sink.received).toEqual([])
      expect(await sendDueMails(parts)).toEqual({ leased: 0, isBlocked: false })
      now += retryDelayMs(1)
      await sendDueMails(parts)
      now += mailGivenUpAfterMs
      await sendDueMails(parts)
      expect(sink.received).toHaveLength(1)
      expect(events.map(({ kind, attempts, reason }) => ({ kind, attempts, reason }))).toEqual([
        { kind: 'postponed', attempts: 1, reason: 'smtp 451 4.7.1' },
        { kind: 'sent', attempts: 2, reason: undefined },
      ])
    })
  })

  it('is tried again after the connection broke in the middle of it, under the same Message-ID', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    const seen: string[] = []
    let drops = 1
    const onData = ({ data }: { data: string }) => {
      seen.push(/^Message-ID: (.*)$/m.exec(data)?.[1] ?? '')
      return drops-- > 0 ? ('drop' as const) : undefined
    }
    await withSmarthost({ onData }, async (parts, sink) => {
      await sendDueMails(parts)
      now += retryDelayMs(1)
      await sendDueMails(parts)
      expect(sink.received).toHaveLength(1)
      expect(seen).toHaveLength(2)
      expect(seen[0]).toBe(seen[1])
      expect((await mailsTo(hub, point.key))[0]).toMatchObject({ attempts: 2, sentAt: new Date(now) })
    })
  })

  it('is given up after three days, with the last reason', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    let attempts = 0
    await withSmarthost({ onRecipient: () => '450 4.2.0 later' }, async (parts) => {
      while ((await mailsTo(hub, point.key))[0]?.failedAt === null && attempts < 100) {
        await sendDueMails(parts)
        attempts += 1
        now += retryDelayMs(attempts)
      }
    })
    expect((await mailsTo(hub, point.key))[0]).toMatchObject({ lastError: 'given up: smtp 450 4.2.0', sentAt: null })
    expect(attempts).toBeGreaterThan(15)
    expect(attempts).toBeLessThan(30)
  })

  it('waits longer each time, from a minute to six hours', () => {
    expect([1, 2, 3, 10, 50].map(retryDelayMs)).toEqual([60_000, 120_000, 240_000, 21_600_000, 21_600_000])
  })
})

describe('a mail that can never go out', () => {
  it('is not tried again after a 550', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    await withSmarthost({ onRecipient: (address) => `550 5.1.1 <${address}> unknown` }, async (parts) => {
      await sendDueMails(parts)
      now += mailGivenUpAfterMs
      expect(await sendDueMails(parts)).toMatchObject({ leased: 0 })
    })
    expect((await mailsTo(hub, point.key))[0]).toMatchObject({ lastError: 'smtp 550 5.1.1', sentAt: null })
    expect((await listEvidence(hub.db, [point.key])).map((entry) => entry.kind)).not.toContain('mail_sent')
  })

  it('is not sent to an address that was erased after it was owed', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    await transact(hub.db, (tx) => eraseContactPoints(tx, [point.key], now))
    const mailbox = new DemoMailbox()
    await sendDueMails(sendParts(hub, mailbox))
    expect(mailbox.list()).toEqual([])
    expect((await mailsTo(hub, point.key))[0]).toMatchObject({ lastError: 'no_address' })
  })

  it('is not sent to a number', async () => {
    const phone = await introduce(hub, keyed(hub, 'phone', '+32470123456'))
    await say(hub, phone.key, 'objection')
    await sendDueMails(sendParts(hub, new DemoMailbox()))
    expect((await mailsTo(hub, phone.key))[0]).toMatchObject({ lastError: 'no_address' })
  })

  it('does not stop the others when what it says cannot be read', async () => {
    const point = await stopper()
    const id = uuidV7(now, hub.random(10))
    const broken = { id, contactKey: point.key, kind: 'acknowledgement', details: { scope: 7 } }
    await transact(hub.db, (tx) => insertOutboundMails(tx, [broken], now))
    await say(hub, point.key, 'objection')
    const mailbox = new DemoMailbox()
    expect(await sendDueMails(sendParts(hub, mailbox))).toEqual({ leased: 2, isBlocked: false })
    expect(mailbox.list()).toHaveLength(1)
    expect((await mailsTo(hub, point.key)).map((mail) => mail.lastError)).toContain('internal ZodError')
  })
})

describe('several processes', () => {
  it('never send one mail twice between them', async () => {
    const points = await Promise.all(Array.from({ length: 40 }, () => stopper()))
    for (const point of points) await say(hub, point.key, 'objection')
    await withSmarthost({}, async (parts, sink) => {
      const drain = async () => {
        while ((await sendDueMails(parts, 4)).leased > 0);
      }
      await Promise.all([drain(), drain(), drain()])
      const recipients = sink.received.flatMap((mail) => mail.to)
      expect(recipients.toSorted()).toEqual(points.map((point) => point.contactPoint.normalised).toSorted())
    })
  })

  it('take over a mail from one that died with it, when its lease ends', async () => {
    const point = await stopper()
    await say(hub, point.key, 'objection')
    await leaseOutboundMails(hub.db, now, now + mailLeaseMs, 8)
    const mailbox = new DemoMailbox()
    expect(await sendDueMails(sendParts(hub, mailbox))).toMatchObject({ leased: 0 })
    now += mailLeaseMs
    expect(await sendDueMails(sendParts(hub, mailbox))).toMatchObject({ leased: 1 })
    expect((await mailsTo(hub, point.key))[0]).toMatchObject({ attempts: 2, sentAt: new Date(now) })
  })
})
