import { describe, expect, it } from 'vitest'
import type { Connection } from '../services/channels/read-connections.ts'
import { judgeTextAccount } from './doctor-texts.ts'

const now = Date.UTC(2026, 10, 21, 9)
const account: Connection = { kind: 'texts', name: 'acme-twilio', vendor: 'twilio', brand: 'acme', health: 'working' }

describe('what doctor says of an account for texts', () => {
  it.each([
    [{ heardAt: now - 5 * 60_000 }, 'ok', 'last heard 5 minutes ago'],
    [{ heardAt: now - 30 * 3_600_000 }, 'ok', 'last heard 30 hours ago'],
    [{ vendor: 'smpp' as const, workedAt: now }, 'ok', 'the link is up; nothing came in yet'],
    [{ health: 'quiet' as const }, 'warn', 'nothing came in yet'],
    [{ failure: { kind: 'secrets' as const } }, 'fail', 'its secret is missing'],
    [
      { failure: { kind: 'not_bound' as const, reason: 'refused 14' } },
      'fail',
      'no link to the operator is up (refused 14)',
    ],
    [{ failure: { kind: 'refused_calls' as const, reason: 'forged' } }, 'warn', 'were refused (forged)'],
    [{ failure: { kind: 'not_sent' as const, reason: 'twilio 401' } }, 'fail', 'could not be sent (twilio 401)'],
  ])('%j: %s', (changes, status, message) => {
    const check = judgeTextAccount({ ...account, ...changes }, now)
    expect([check.status, check.message]).toEqual([status, expect.stringContaining(message)])
    expect(check.name).toMatch(/^texts acme-twilio \(\w+\)$/)
  })
})
