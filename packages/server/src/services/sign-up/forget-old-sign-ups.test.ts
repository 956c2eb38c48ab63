import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../test/hub.ts'
import { email } from '../../../test/people.ts'
import { forgetOldSignUps } from './forget-old-sign-ups.ts'
import { submitSignUp } from './submit-sign-up.ts'

const dayMs = 86_400_000
const start = Date.UTC(2026, 10, 21, 9)
let hub: TestHub

beforeAll(async () => {
  hub = await createTestHub({ now: () => start })
})
afterAll(async () => hub[Symbol.asyncDispose]())

describe('a sign-up that nobody confirms', () => {
  it('loses its address when its time is over, and is gone a month later', async () => {
    const asked = { contactPoint: email('anna@voorbeeld.be'), brand: 'acme', topics: ['news'], textShown: 'Ja.' }
    await submitSignUp(hub, asked, { now: start, random: randomBytes })
    const rows = () => hub.db.query<{ value: string | null }>('select contact_value as value from sign_ups')
    await forgetOldSignUps(hub.db, start + 2 * dayMs)
    expect(await rows()).toEqual([{ value: 'anna@voorbeeld.be' }])
    await forgetOldSignUps(hub.db, start + 3 * dayMs)
    expect(await rows()).toEqual([{ value: null }])
    await forgetOldSignUps(hub.db, start + 34 * dayMs)
    expect(await rows()).toEqual([])
    expect(await hub.db.query('select 1 from contact_message_counts')).toEqual([])
  })
})
