import { expect, it } from 'vitest'
import type { OutgoingMail } from '../../services/ports.ts'
import { DemoMailbox, demoMailsMax } from './demo-mailbox.ts'

const mail = (id: string): OutgoingMail => ({
  id,
  to: 'jan@voorbeeld.be',
  fromName: 'Acme',
  subject: id,
  text: 'text',
  html: '<p>text</p>',
  language: 'nl',
  autoSubmitted: 'auto-generated',
})

it('shows the newest mail first, at once', async () => {
  const mailbox = new DemoMailbox(() => 42)
  expect(await mailbox.send(mail('one'))).toEqual({ kind: 'sent' })
  await mailbox.send(mail('two'))
  expect(mailbox.list().map(({ id }) => id)).toEqual(['two', 'one'])
  expect(mailbox.list()[0]).toMatchObject({ to: 'jan@voorbeeld.be', subject: 'two', sentAt: 42, language: 'nl' })
})

it('keeps the last two hundred', async () => {
  const mailbox = new DemoMailbox()
  for (let index = 0; index <= demoMailsMax; index++) await mailbox.send(mail(String(index)))
  expect(mailbox.list()).toHaveLength(demoMailsMax)
  expect(mailbox.list().at(-1)?.id).toBe('1')
})

it('shows a mail sent twice once, as a mail program does', async () => {
  const mailbox = new DemoMailbox()
  await mailbox.send(mail('one'))
  await mailbox.send(mail('one'))
  expect(mailbox.list()).toHaveLength(1)
})
