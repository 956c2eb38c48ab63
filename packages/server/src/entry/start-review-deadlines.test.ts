import { everything } from '@verzet/core'
import { expect, it } from 'vitest'
import { createTestHub } from '../../test/hub.ts'
import { email, keyed } from '../../test/people.ts'
import { reviewHoursDefault } from '../services/review/deadline.ts'
import { openReview } from '../services/review/open-review.ts'
import { transact } from '../storage/database.ts'
import { startReviewDeadlines } from './start-review-deadlines.ts'

it('raises the alarm with numbers alone, and says nothing when nothing is late', async () => {
  let now = Date.UTC(2026, 10, 3, 9)
  await using hub = await createTestHub({ now: () => now })
  const round = async () => {
    const lines: string[] = []
    await startReviewDeadlines(hub, (line) => lines.push(line))[Symbol.asyncDispose]()
    return lines
  }
  const words = {
    source: 'email',
    kind: 'unclear_reply',
    text: 'stop?',
    sender: 'jan@x.example',
    receivedAt: now,
  } as const
  const { key, fingerprint } = keyed(hub, email('jan@x.example'))
  const subjects = [{ key, type: 'email', value: 'jan@x.example', fingerprint }] as const
  await transact(hub.db, async (tx) => {
    await openReview(tx, hub, { ...words, reason: 'may_ask_to_stop', subjects, proposedScope: everything })
    await openReview(tx, hub, { ...words, reason: 'complaint_unverified', subjects })
  })
  expect(await round()).toEqual([])
  now += reviewHoursDefault * 3_600_000
  expect(await round()).toEqual([
    'review: 1 not decided in time, recorded as no; see "verzet review list --status decided"',
    'review: 1 past the deadline that only a human can decide; see "verzet review list"',
  ])
})

it('says once that it could not look, and does not fail', async () => {
  const lines: string[] = []
  await using hub = await createTestHub()
  await hub.loseDatabase()
  await startReviewDeadlines(hub, (line) => lines.push(line))[Symbol.asyncDispose]()
  expect(lines).toEqual(['review: the deadlines could not be looked at; what waits goes on waiting'])
})
