import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { startHousekeeping } from './start-housekeeping.ts'

let now = Date.parse('2026-11-21T10:00:00Z')
let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())

it('forgets idempotency keys that are older than they are kept, and no others', async () => {
  const insert = `insert into idempotency_keys (key, request_hash, created_at, lease_until)
    values ($1, decode('00', 'hex'), $2, $2)`
  await hub.db.execute(insert, ['00000000-0000-0000-0000-000000000001', new Date(now)])
  now += 5 * 86_400_000
  await hub.db.execute(insert, ['00000000-0000-0000-0000-000000000002', new Date(now)])
  await startHousekeeping(hub, () => {})[Symbol.asyncDispose]()
  expect(await hub.db.query('select key from idempotency_keys')).toEqual([
    { key: '00000000-0000-0000-0000-000000000002' },
  ])
})

it('forgets after a month that a mail was heard, and not before', async () => {
  const insert = "insert into seen_mails (mail_key, verdict, seen_at) values ($1, 'ignored', $2)"
  await hub.db.execute(insert, ['00000000-0000-0000-0000-000000000001', new Date(now)])
  now += 2 * 86_400_000
  await hub.db.execute(insert, ['00000000-0000-0000-0000-000000000002', new Date(now)])
  now += 29 * 86_400_000
  await startHousekeeping(hub, () => {})[Symbol.asyncDispose]()
  expect(await hub.db.query('select mail_key as key from seen_mails')).toEqual([
    { key: '00000000-0000-0000-0000-000000000002' },
  ])
})

it('says that it could not, names nobody, and does not fail', async () => {
  const lines: string[] = []
  await using other = await createTestHub()
  await other.loseDatabase()
  await startHousekeeping(other, (line) => lines.push(line))[Symbol.asyncDispose]()
  expect(lines).toEqual(
    expect.arrayContaining([
      'old idempotency keys could not be removed; trying again in an hour',
      'the marks of mails heard long ago could not be removed; trying again in an hour',
    ]),
  )
})
