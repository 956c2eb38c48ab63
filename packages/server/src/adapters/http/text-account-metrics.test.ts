import { Registry } from 'prom-client'
import { expect, it } from 'vitest'
import { createTestHub } from '../../../test/hub.ts'
import { noteConnection, smsConnection } from '../../services/channels/note-connection.ts'
import { addSmsAccount } from '../../services/texts/sms-accounts.ts'
import { measureTextAccounts } from './text-account-metrics.ts'

it('says of each account whether it fails, when it was last heard, and whether an operator’s link is up', async () => {
  const now = Date.parse('2026-11-21T10:00:00Z')
  await using hub = await createTestHub({ now: () => now })
  const account = { brand: 'acme', numbers: ['8850'], settings: {}, secrets: { webhook: 'a', sending: 'b' } }
  await addSmsAccount(hub, { ...account, id: 'acme-twilio', vendor: 'twilio' })
  await addSmsAccount(hub, { ...account, id: 'acme-operator', vendor: 'smpp' })
  await noteConnection(hub, smsConnection('acme-twilio'), { kind: 'heard' })
  const registry = new Registry()
  measureTextAccounts(registry, hub)
  const text = await registry.metrics()
  expect(text).toContain('verzet_text_account_failing{account="acme-twilio",vendor="twilio"} 0')
  expect(text).toContain(
    `verzet_text_account_last_heard_timestamp_seconds{account="acme-twilio",vendor="twilio"} ${now / 1_000}`,
  )
  expect(text).toContain('verzet_smpp_link_up{account="acme-operator",vendor="smpp"} 0')
  expect(text).not.toContain('verzet_smpp_link_up{account="acme-twilio"')
  await hub.loseDatabase()
  expect(await registry.metrics()).not.toMatch(/^verzet_text_account_\w+\{/m)
})
