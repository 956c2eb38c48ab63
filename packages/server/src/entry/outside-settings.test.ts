import { expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { outsideSettings } from './outside-settings.ts'

const config = (settings: Record<string, string>) => readConfig(settings, { VERZET_CONFIG: '/dev/null' })

it('shows hosts and ports, and neither users nor passwords', () => {
  const shown = outsideSettings(
    config({
      smarthost: 'smtps://mailer:very-secret@smtp.example.com:465',
      mail_listen: '0.0.0.0:2525',
      imap_url: 'imaps://optout%40example.com@imap.example.com/Afmeldingen',
      imap_password: 'very-secret',
      relay_listen: '127.0.0.1:2587',
    }),
  )
  expect(shown).toEqual({
    mailOut: 'smtp.example.com:465',
    mailIn: '0.0.0.0:2525',
    mailbox: 'imap.example.com · Afmeldingen',
    relay: '127.0.0.1:2587',
  })
})

it('says nothing of what is not set up', () => {
  expect(outsideSettings(config({}))).toEqual({})
})
