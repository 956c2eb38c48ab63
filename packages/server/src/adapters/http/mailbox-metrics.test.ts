import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createTestHub } from '../../../test/hub.ts'
import { openMailboxProgress } from '../../services/mailbox-progress.ts'
import { measureMailbox } from './mailbox-metrics.ts'

const mailbox = { host: 'imap.example.com', user: 'optout@example.com', folder: 'INBOX' }

it('says when the mailbox was last read, nothing where none is read, and never whose it is', async () => {
  const now = Date.parse('2026-11-21T10:00:00Z')
  await using hub = await createTestHub({ now: () => now })
  const registry = new Registry()
  measureMailbox(registry, hub.db)
  expect(await registry.metrics()).not.toMatch(/^verzet_mailbox_\w+ /m)
  const progress = openMailboxProgress(hub, mailbox, '00000000-0000-4000-8000-000000000001')
  await progress.lease()
  await progress.setAside({ uidValidity: 1n, uid: 7, failure: 'not_given' }, 0)
  await progress.wasRead()
  const text = await registry.metrics()
  expect(text).toContain(`verzet_mailbox_last_read_timestamp_seconds ${now / 1_000}`)
  expect(text).toContain('verzet_mailbox_set_aside 1')
  expect(text).not.toMatch(/optout|imap\.example/)
  await hub.loseDatabase()
  expect(await registry.metrics()).not.toMatch(/^verzet_mailbox_\w+ /m)
})
