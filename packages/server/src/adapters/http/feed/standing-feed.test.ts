import { encodePosition } from '@verzet/core'
import { Fingerprinter, Replica, StandingIndex, StandingLoader } from '@verzet/gate'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTestApi, type TestApi } from '../../../../test/api.ts'
import { email, saveTestRelation, say } from '../../../../test/people.ts'
import { lastSequence } from '../../../storage/changes.ts'

let api: TestApi
let origin: string
beforeEach(async () => {
  api = await createTestApi()
  origin = await api.app.listen({ host: '127.0.0.1', port: 0 })
})
afterEach(async () => api[Symbol.asyncDispose]())

function ask(accept: string): Promise<Response> {
  return fetch(`${origin}/v1/changes`, { headers: { authorization: `Bearer ${api.key}`, accept } })
}

async function load(accept: string, withChoiceIds: boolean): Promise<{ index: StandingIndex; cursor: string }> {
  const response = await ask(accept)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/vnd.verzet.standing'])
  const index = new StandingIndex({ withChoiceIds })
  const loader = new StandingLoader(new Replica(index))
  for await (const piece of response.body ?? []) loader.take(piece)
  return { index, cursor: loader.end() }
}

function find(index: StandingIndex, address: string) {
  const fingerprinter = new Fingerprinter(api.hub.secrets.fingerprintKey)
  fingerprinter.take('email', address)
  return index.find(fingerprinter.low, fingerprinter.high)
}

describe('everything at once', () => {
  it('has what the hub knows of everybody, and where to go on', async () => {
    await say(api.hub, email('no@voorbeeld.be'), { kind: 'objection', scope: {} })
    await say(api.hub, email('some@voorbeeld.be'), { kind: 'objection', scope: { channel: 'sms' } })
    await saveTestRelation(api.hub, 'c1', [email('both@voorbeeld.be')], { customerSince: '2024-01-01', country: 'BE' })
    await say(api.hub, email('both@voorbeeld.be'), { kind: 'objection', scope: {} })
    const { index, cursor } = await load('application/vnd.verzet.standing, application/x-ndjson;q=0.5', true)
    expect(cursor).toBe(encodePosition({ last: await lastSequence(api.hub.db) }))
    expect(find(index, 'no@voorbeeld.be')).toMatchObject({ kind: 'refusal', country: undefined })
    expect(find(index, 'both@voorbeeld.be')).toMatchObject({ kind: 'refusal', country: 'BE' })
    expect(find(index, 'some@voorbeeld.be')).toMatchObject({ kind: 'record' })
    expect(find(index, 'nobody@voorbeeld.be')).toEqual({ kind: 'nothing' })
  })

  it('leaves the choices out for who does not want them, and is read once for all who start together', async () => {
    await say(api.hub, email('no@voorbeeld.be'), { kind: 'objection', scope: {} })
    const whole = await load('application/vnd.verzet.standing', true)
    const [choice] = await api.hub.db.query<{ id: string }>('select id from choices')
    expect(find(whole.index, 'no@voorbeeld.be')).toMatchObject({ kind: 'refusal', choiceId: choice?.id })
    await say(api.hub, email('later@voorbeeld.be'), { kind: 'objection', scope: {} })
    const [bare, other] = await Promise.all([
      load('application/vnd.verzet.standing;ids=no', false),
      load('application/vnd.verzet.standing', true),
    ])
    expect(find(bare.index, 'no@voorbeeld.be')).toMatchObject({ kind: 'refusal', choiceId: undefined })
    // What was said since comes after the cursor.
    expect([bare.cursor, other.cursor]).toEqual([whole.cursor, whole.cursor])
    expect(find(other.index, 'later@voorbeeld.be')).toEqual({ kind: 'nothing' })
  })

  it('is broken off, and never ended, when the database fails in the middle; and comes whole the next time', async () => {
    await say(api.hub, email('no@voorbeeld.be'), { kind: 'objection', scope: {} })
    await api.hub.db.query('alter table standings rename column record to hidden')
    await expect(load('application/vnd.verzet.standing', true)).rejects.toThrow()
    await api.hub.db.query('alter table standings rename column hidden to record')
    expect((await load('application/vnd.verzet.standing', true)).index.entries).toBe(1)
  })
})
