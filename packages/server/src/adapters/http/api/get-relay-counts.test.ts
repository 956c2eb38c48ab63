import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { at, createTestApi, type TestApi } from '../../../../test/api.ts'
import { email, keyed } from '../../../../test/people.ts'
import { startHousekeeping } from '../../../entry/start-housekeeping.ts'
import { countedSendsKeptMs, relayedMailsKeptMs } from '../../../services/forget-relayed-mails.ts'
import { transact } from '../../../storage/database.ts'
import { countSends, listRelayedMails, type RelayedMailRow, writeRelayedMails } from '../../../storage/relayed-mails.ts'
import { listSends } from '../../../storage/sends.ts'

let api: TestApi
const start = Date.UTC(2026, 10, 21, 9)
let now = start
let number = 0
beforeAll(async () => {
  api = await createTestApi({ now: () => now })
})
afterAll(async () => api[Symbol.asyncDispose]())

const point = email('jan@voorbeeld.be')
const key = () => keyed(api.hub, point).key

async function passOn(more: Partial<RelayedMailRow>) {
  number += 1
  const row = {
    contactKey: key(),
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    brand: 'acme',
    topic: 'news',
    campaign: 'spring',
    credential: 'acme-1',
    outcome: 'sent' as const,
    reason: null,
    headersOnly: false,
    ...more,
  }
  await transact(api.hub.db, (tx) => writeRelayedMails(tx, [row], now))
}
const count = async (query: string) => (await api.ask('GET', `/v1/relay/counts${query}`)).body

describe('what became of the mails handed to the relay', () => {
  beforeAll(async () => {
    await passOn({})
    await passOn({ headersOnly: true })
    await passOn({ outcome: 'dropped', reason: 'objection' })
    await passOn({ campaign: null, topic: 'offers', outcome: 'failed', reason: 'next_hop_refused' })
    now += 3_600_000
    await passOn({ campaign: 'may' })
  })

  it('is counted by topic, campaign, outcome and reason, and names nobody', async () => {
    const all = await count('?brand=acme')
    expect(at(all, 'total')).toEqual({ sent: 3, dropped: 1, failed: 1, headersOnly: 1 })
    expect(at(all, 'counts')).toContainEqual({
      brand: 'acme',
      topic: 'news',
      campaign: 'spring',
      outcome: 'sent',
      reason: null,
      count: 2,
      headersOnly: 1,
    })
    expect(JSON.stringify(all)).not.toContain(key())
  })

  it('is asked for one campaign, and for a time', async () => {
    expect(at(await count('?brand=acme&campaign=spring'), 'total')).toMatchObject({ sent: 2, dropped: 1, failed: 0 })
    expect(at(await count(`?until=${new Date(now).toISOString()}`), 'total')).toMatchObject({ sent: 2 })
    expect(at(await count(`?since=${new Date(now).toISOString()}`), 'total')).toMatchObject({ sent: 1 })
    expect(await count('?brand=globex')).toEqual({
      counts: [],
      total: { sent: 0, dropped: 0, failed: 0, headersOnly: 0 },
    })
  })

  it('is not told to a key for something else, nor for a time without its offset', async () => {
    const key = await api.keyFor('choices:write')
    expect((await api.ask('GET', '/v1/relay/counts', { key })).status).toBe(403)
    expect((await api.ask('GET', '/v1/relay/counts?since=2026-11-21T09:00')).status).toBe(400)
  })
})

describe('what is kept of a mail that was passed on', () => {
  const tidy = () => startHousekeeping(api.hub, () => {})[Symbol.asyncDispose]()
  const send = { subjectKeys: [] as string[], id: '', brand: 'acme', channel: 'email' as const, topic: 'news' }

  it('is forgotten after thirteen months, and its count when no cadence looks back so far', async () => {
    const id = '00000000-0000-4000-8000-00000000000a'
    await transact(api.hub.db, (tx) => countSends(tx, [{ ...send, subjectKeys: [key()], id }], now))
    now += countedSendsKeptMs
    await tidy()
    expect(await listSends(api.hub.db, [key()], 0)).toHaveLength(1)
    now += 1
    await tidy()
    expect(await listSends(api.hub.db, [key()], 0)).toEqual([])
    expect(await listRelayedMails(api.hub.db, [key()])).toHaveLength(number)
    now += relayedMailsKeptMs
    await tidy()
    expect(await listRelayedMails(api.hub.db, [key()])).toEqual([])
  })
})
