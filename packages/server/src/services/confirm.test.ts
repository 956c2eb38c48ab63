import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfirmationBench } from '../../test/confirmations.ts'
import { introduce, say } from '../../test/mail.ts'
import { listChoices } from '../storage/choices.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { transact } from '../storage/database.ts'
import { findRelations } from '../storage/relations.ts'
import type { ConfirmationRequest } from './ask-confirmation.ts'
import type { KeyedContactPoint } from './ports.ts'
import { listOpenConfirmations } from './read-confirmations.ts'

const newsByMail = { brand: 'acme', channel: 'email', topic: 'news' } as const
const offersByMail = { ...newsByMail, topic: 'offers' } as const

let bench: ConfirmationBench
beforeAll(async () => {
  bench = await ConfirmationBench.open()
})
afterAll(() => bench[Symbol.asyncDispose]())

describe('a lift', () => {
  const lift = (point: KeyedContactPoint, scope = newsByMail): ConfirmationRequest => ({
    kind: 'lift',
    items: [{ subjectKey: point.key, scope }],
  })

  it('opens what was refused only when the person confirms it from the mail', async () => {
    const point = await bench.stranger()
    await say(bench.hub, point.key, 'objection')
    const { token, id, mail } = await bench.askAndRead(point.key, lift(point))
    expect(await bench.gate(point)).toBe('deny')
    expect(mail.text).toContain('You had refused this:\n\n- All advertising from Acme NV')
    expect(mail.text).toContain('You asked to get this again:\n\n- News, by e-mail')
    expect(await bench.press(token)).toMatchObject({ kind: 'confirmed', view: { what: 'undo' } })
    expect(await bench.gate(point)).toBe('allow')
    expect(await bench.gate(point, 'email', 'offers')).toBe('deny')
    const [consent] = (await listChoices(bench.hub.db, [point.key])).filter((choice) => choice.kind === 'consent')
    expect(consent).toMatchObject({
      author: 'person',
      saidAt: bench.now,
      scope: newsByMail,
      context: { signal: 'confirmation', source: 'confirmed by mail', proof: { confirmationId: id } },
    })
  })

  it('is nothing but a question until then: a scanner that opens every link changes nothing', async () => {
    const point = await bench.stranger()
    await say(bench.hub, point.key, 'objection')
    const { token } = await bench.askAndRead(point.key, lift(point))
    const before = await bench.everything()
    for (let time = 0; time < 5; time++) {
      expect(await bench.look(token)).toMatchObject({
        kind: 'open',
        view: { what: 'undo', items: [{ channel: 'email' }] },
      })
    }
    expect(await bench.everything()).toBe(before)
    expect(await bench.gate(point)).toBe('deny')
  })

  it('confirmed twice says done and changes nothing', async () => {
    const point = await bench.stranger()
    const { token } = await bench.askAndRead(point.key, lift(point))
    const [first, second] = await Promise.all([bench.press(token), bench.press(token)])
    expect([first.kind, second.kind].toSorted()).toEqual(['confirmed', 'done'])
    const before = await bench.everything()
    expect((await bench.press(token)).kind).toBe('done')
    expect((await bench.look(token)).kind).toBe('done')
    expect(await bench.everything()).toBe(before)
  })

  it('does not undo a no that was said after it was asked for', async () => {
    const point = await bench.stranger()
    const { token } = await bench.askAndRead(point.key, lift(point))
    bench.pass(1_000)
    await say(bench.hub, point.key, 'objection')
    expect((await bench.press(token)).kind).toBe('expired')
    expect(await bench.gate(point)).toBe('deny')
  })

  it('is not held up by a later no about something else', async () => {
    const point = await bench.stranger()
    const { token } = await bench.askAndRead(point.key, lift(point))
    bench.pass(1_000)
    await say(bench.hub, point.key, 'objection', offersByMail)
    expect((await bench.press(token)).kind).toBe('confirmed')
    expect(await bench.gate(point)).toBe('allow')
  })

  it('for the person reaches their phone, and no longer once the address was taken off', async () => {
    const phone = bench.phone('+32470111222')
    const { email, relation } = await bench.customer(phone)
    await say(bench.hub, phone.key, 'objection')
    const scope = { brand: 'acme', channel: 'sms', topic: 'news' } as const
    const request: ConfirmationRequest = { kind: 'lift', items: [{ subjectKey: relation, scope }] }
    const [first, second] = [await bench.askAndRead(email.key, request), await bench.askAndRead(email.key, request)]
    expect(await bench.gate(phone, 'sms')).toBe('deny')
    expect((await bench.press(first.token)).kind).toBe('confirmed')
    expect(await bench.gate(phone, 'sms')).toBe('allow')
    await transact(bench.hub.db, (tx) =>
      tx.execute('update contact_point_relations set ended_at = $2 where contact_key = $1', [
        email.key,
        new Date(bench.now),
      ]),
    )
    expect((await bench.press(second.token)).kind).toBe('expired')
  })

  it('never opens what somebody else refused', async () => {
    const [point, other] = [await bench.stranger(), await bench.stranger()]
    await say(bench.hub, other.key, 'objection')
    const { token } = await bench.askAndRead(point.key, {
      kind: 'lift',
      items: [{ subjectKey: other.key, scope: newsByMail }],
    })
    expect((await bench.press(token)).kind).toBe('expired')
    expect(await bench.gate(other)).toBe('deny')
  })

  it('shows its boxes as waiting until it is confirmed', async () => {
    const point = await bench.stranger()
    const { token } = await bench.askAndRead(point.key, lift(point))
    expect(await listOpenConfirmations(bench.hub.db, point.key, bench.now)).toMatchObject([{ boxes: ['email:news'] }])
    await bench.press(token)
    expect(await listOpenConfirmations(bench.hub.db, point.key, bench.now)).toEqual([])
  })

  it('cannot be mailed to a number', async () => {
    const phone = await introduce(bench.hub, bench.phone('+32470333444'))
    expect(await bench.ask(phone.key, lift(phone))).toEqual({ kind: 'no_address' })
  })
})

describe('an erasure', () => {
  it('forgets the person once confirmed, keeps the no, and can still be told', async () => {
    const phone = bench.phone('+32470555666')
    const { email, relation } = await bench.customer(phone)
    await say(bench.hub, email.key, 'objection')
    const adding = await bench.askAndRead(email.key, { kind: 'contact_point', contactPoint: bench.newAddress() })
    const { token } = await bench.askAndRead(email.key, { kind: 'erasure' })
    expect(await bench.press(token)).toMatchObject({ kind: 'confirmed', view: { what: 'erase', masked: '•••' } })
    const points = await findContactPoints(bench.hub.db, [email.key, phone.key])
    expect([...points.values()].map((point) => point.value)).toEqual([null, null])
    expect((await findRelations(bench.hub.db, [relation])).get(relation)).toMatchObject({
      name: null,
      externalId: null,
    })
    expect([await bench.gate(email), await bench.gate(phone, 'sms')]).toEqual(['deny', 'deny'])
    expect((await bench.press(token)).kind).toBe('done')
    expect((await bench.press(adding.token)).kind).toBe('expired')
    const stored = await bench.hub.db.query('select details from confirmations where subject_key = $1', [email.key])
    expect(JSON.stringify(stored)).not.toMatch(/@|value|mailedKey/)
  })

  it('of somebody known by an address alone forgets the address', async () => {
    const point = await bench.stranger()
    await say(bench.hub, point.key, 'consent', newsByMail)
    await say(bench.hub, point.key, 'objection', offersByMail)
    await bench.press((await bench.askAndRead(point.key, { kind: 'erasure' })).token)
    expect((await findContactPoints(bench.hub.db, [point.key])).get(point.key)?.value).toBeNull()
    expect((await listChoices(bench.hub.db, [point.key])).map((choice) => choice.kind)).toEqual(['objection'])
    expect(await bench.gate(point)).toBe('deny')
  })

  it('asked through a phone number is confirmed from the person’s e-mail address', async () => {
    const phone = bench.phone('+32470777888')
    const { email } = await bench.customer(phone)
    const { token, mail } = await bench.askAndRead(phone.key, { kind: 'erasure' })
    expect(mail.to).toBe(email.contactPoint.normalised)
    await bench.press(token)
    expect((await findContactPoints(bench.hub.db, [phone.key])).get(phone.key)?.value).toBeNull()
  })

  it('asked through a number that two people share is confirmed by neither', async () => {
    const phone = bench.phone('+32470999000')
    await bench.customer(phone)
    await bench.customer(phone)
    expect(await bench.ask(phone.key, { kind: 'erasure' })).toEqual({ kind: 'no_address' })
  })
})
