import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { introduce, keyed, mailsTo, say, sendParts } from '../../test/mail.ts'
import { DemoMailbox } from '../adapters/mail/demo-mailbox.ts'
import { transact } from '../storage/database.ts'
import { readMailQueue } from '../storage/outbound-mails.ts'
import { MailSender, sweepMails } from './mail-sender.ts'
import type { MailOutcome, OutgoingMail } from './ports.ts'

let hub: TestHub
let number = 0
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  await transact(hub.db, (tx) => tx.execute('delete from outbound_mails'))
})

async function owe(): Promise<string> {
  number += 1
  const point = await introduce(hub, keyed(hub, 'email', `reader${number}@voorbeeld.be`))
  await say(hub, point.key, 'objection')
  return point.key
}

it('sends at once when it is told, and everything that is due', async () => {
  const mailbox = new DemoMailbox()
  await using sender = new MailSender(sendParts(hub, mailbox))
  await vi.waitFor(async () => expect((await readMailQueue(hub.db)).waiting).toBe(0))
  for (let index = 0; index < 20; index++) await owe()
  const toldAt = Date.now()
  sender.wake()
  await vi.waitFor(() => expect(mailbox.list()).toHaveLength(20), { timeout: 4_000 })
  expect(Date.now() - toldAt).toBeLessThan(4_000)
})

it('finishes the mail under way when it is stopped, and takes no other', async () => {
  let openGate = () => {}
  const gate = new Promise<void>((resolve) => {
    openGate = resolve
  })
  const started: string[] = []
  const send = async (mail: OutgoingMail): Promise<MailOutcome> => {
    started.push(mail.id)
    await gate
    return { kind: 'sent' }
  }
  const key = await owe()
  const sender = new MailSender(sendParts(hub, { send }))
  await vi.waitFor(() => expect(started).toHaveLength(1))
  const later = await owe()
  const stopped = sender[Symbol.asyncDispose]()
  sender.wake()
  openGate()
  await stopped
  expect((await mailsTo(hub, key))[0]?.sentAt).not.toBeNull()
  expect((await mailsTo(hub, later))[0]).toMatchObject({ sentAt: null, attempts: 0 })
})

it('goes on after the database could not be used', async () => {
  const mailbox = new DemoMailbox()
  const troubles: unknown[] = []
  let failures = 1
  const clock = () => {
    if (failures-- > 0) throw new Error('no')
    return Date.now()
  }
  const key = await owe()
  await using sender = new MailSender({
    ...sendParts(hub, mailbox, { clock }),
    onTrouble: (error) => troubles.push(error),
  })
  await vi.waitFor(() => expect(troubles).toHaveLength(1))
  sender.wake()
  await vi.waitFor(async () => expect((await mailsTo(hub, key))[0]?.sentAt).not.toBeNull())
})

it('keeps what was finished for a month, and what waits for as long as it waits', async () => {
  const sent = await owe()
  await using sender = new MailSender(sendParts(hub, new DemoMailbox()))
  await vi.waitFor(async () => expect((await mailsTo(hub, sent))[0]?.sentAt).not.toBeNull())
  await sender[Symbol.asyncDispose]()
  const waiting = await owe()
  await sweepMails(hub, Date.now() + 29 * 86_400_000)
  expect(await mailsTo(hub, sent)).toHaveLength(1)
  await sweepMails(hub, Date.now() + 31 * 86_400_000)
  expect(await mailsTo(hub, sent)).toEqual([])
  expect(await mailsTo(hub, waiting)).toHaveLength(1)
})
