import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { ask, customer, email, keyed, phone, saveTestRelation, say } from '../../test/people.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { transact } from '../storage/database.ts'
import { eraseWholeRelation } from './erase-relation.ts'

let hub: TestHub
beforeAll(async () => {
  hub = await createTestHub()
})
afterAll(() => hub[Symbol.asyncDispose]())

const since = { customerSince: '2024-01-01' }
const erase = (externalId: string) =>
  transact(hub.db, (tx) =>
    eraseWholeRelation(tx, hub.random, keyed(hub, customer(externalId)).key, hub.clock(), 'test'),
  )

describe('erasing a person', () => {
  it('forgets every value and keeps the no, also when they come back under the same number with another address', async () => {
    await saveTestRelation(hub, 'E-1', [email('gone@example.be'), phone('0470 61 61 61')], { ...since, name: 'An' })
    await say(hub, email('gone@example.be'), { kind: 'objection' })
    expect(await erase('E-1')).toMatchObject({ kind: 'erased', refusalsKept: 1 })
    const keys = [email('gone@example.be'), phone('0470616161'), customer('E-1')].map((point) => keyed(hub, point).key)
    const values = [...(await findContactPoints(hub.db, keys)).values()].map(({ value }) => value)
    expect(values).toEqual([null, null, null])

    await saveTestRelation(hub, 'E-1', [email('new@example.be')], since)
    await saveTestRelation(hub, 'E-2', [phone('0470 61 61 61')], since)
    expect(await ask(hub, email('new@example.be'), 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
    expect(await ask(hub, phone('0470616161'), 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('leaves a housemate as they were: what the person refused holds for the number they shared and nothing else', async () => {
    const home = phone('09 111 22 33')
    await saveTestRelation(hub, 'E-3', [email('one@example.be'), home], since)
    await saveTestRelation(hub, 'E-4', [email('two@example.be'), home], since)
    await say(hub, email('one@example.be'), { kind: 'objection' })
    await erase('E-3')
    expect(await ask(hub, email('two@example.be'), 'email')).toMatchObject({
      decision: 'allow',
      reason: 'customer_relation',
    })
    expect(await ask(hub, home, 'phone')).toMatchObject({ decision: 'deny', reason: 'objection' })
    expect(await ask(hub, email('one@example.be'), 'email')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it('is done once', async () => {
    await saveTestRelation(hub, 'E-5', [email('once@example.be')])
    expect(await erase('E-5')).toMatchObject({ kind: 'erased' })
    expect(await erase('E-5')).toEqual({ kind: 'unknown_relation' })
  })
})
