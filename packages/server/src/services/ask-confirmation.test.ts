import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ConfirmationBench } from '../../test/confirmations.ts'
import { mailsTo, say } from '../../test/mail.ts'
import { findConfirmation } from '../storage/confirmations.ts'
import { findContactPoints } from '../storage/contact-points.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { findRelations } from '../storage/relations.ts'
import { tiesOfContactPoints } from '../storage/ties.ts'
import { type ConfirmationRequest, confirmationsPerDayMax, confirmationValidityMs } from './ask-confirmation.ts'
import { sweepMails } from './mail-sender.ts'
import type { KeyedContactPoint } from './ports.ts'
import { listOpenConfirmations } from './read-confirmations.ts'

let bench: ConfirmationBench
beforeAll(async () => {
  bench = await ConfirmationBench.open()
})
afterAll(() => bench[Symbol.asyncDispose]())

describe('an added address', () => {
  const adding = (contactPoint: KeyedContactPoint): ConfirmationRequest => ({ kind: 'contact_point', contactPoint })

  it('belongs to the person from the moment its own reader confirms it, with every no that held', async () => {
    const { email, relation } = await bench.customer()
    await say(bench.hub, email.key, 'objection')
    const added = bench.newAddress()
    const { token, mail } = await bench.askAndRead(email.key, adding(added))
    expect(mail.to).toBe(added.contactPoint.normalised)
    expect((await findContactPoints(bench.hub.db, [added.key])).size).toBe(0)
    expect(await bench.look(token)).toMatchObject({ kind: 'open', view: { what: 'add_contact_point' } })
    const outcome = await bench.press(token)
    expect(outcome).toMatchObject({ kind: 'confirmed', view: { page: expect.stringContaining('/u/') } })
    expect((await findContactPoints(bench.hub.db, [added.key])).get(added.key)?.confirmedAt).toEqual(
      new Date(bench.now),
    )
    expect((await tiesOfContactPoints(bench.hub.db, [added.key])).map((tie) => tie.relationKey)).toEqual([relation])
    expect((await findRelations(bench.hub.db, [relation])).get(relation)?.name).toBe('Jan')
    expect(await bench.gate(added)).toBe('deny')
    const kinds = (await listEvidence(bench.hub.db, [added.key])).map((entry) => entry.kind)
    expect(kinds).toEqual(['mail_sent', 'contact_point_confirmed'])
  })

  it('gets neither the asker’s address nor a link to the asker’s page', async () => {
    const { email } = await bench.customer()
    const { token, mail } = await bench.askAndRead(email.key, adding(bench.newAddress()))
    const { text, html } = mail
    expect(text + html).not.toContain(email.contactPoint.normalised)
    expect(text + html).not.toContain('/u/')
    const looked = await bench.look(token)
    expect(looked.kind === 'open' && looked.view.page).toBe(undefined)
  })

  it('makes a relation of somebody who was an address alone', async () => {
    const point = await bench.stranger()
    const added = bench.newAddress()
    await bench.press((await bench.askAndRead(point.key, adding(added))).token)
    const ties = await tiesOfContactPoints(bench.hub.db, [point.key, added.key])
    expect(new Set(ties.map((tie) => tie.relationKey)).size).toBe(1)
    expect(ties).toHaveLength(2)
    const key = ties[0]?.relationKey ?? ''
    expect((await findRelations(bench.hub.db, [key])).get(key)?.externalId).toMatch(/^self-[0-9a-f-]{36}$/)
  })

  it('is forgotten when nobody confirms it in a week', async () => {
    const point = await bench.stranger()
    const added = bench.newAddress()
    const { token } = await bench.askAndRead(point.key, adding(added))
    expect(await listOpenConfirmations(bench.hub.db, point.key, bench.now)).toMatchObject([
      { address: added.contactPoint.normalised },
    ])
    bench.pass(confirmationValidityMs)
    expect(await bench.look(token)).toMatchObject({ kind: 'expired', view: { what: 'add_contact_point' } })
    expect((await bench.press(token)).kind).toBe('expired')
    await sweepMails(bench.hub, bench.now)
    expect(await bench.look(token)).toMatchObject({ kind: 'expired', view: { masked: '•••' } })
    expect(JSON.stringify(await bench.hub.db.query('select details from confirmations'))).not.toContain(
      added.contactPoint.normalised,
    )
  })

  it.each([
    ['a letter off', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'Q' : 'A'}`],
    ['cut short', (token: string) => token.slice(0, -1)],
    ['nothing', () => ''],
  ])('is not confirmed by a token with %s', async (_, change) => {
    const point = await bench.stranger()
    const { token } = await bench.askAndRead(point.key, adding(bench.newAddress()))
    expect(await bench.press(change(token))).toEqual({ kind: 'unknown' })
    expect(await bench.look(change(token))).toEqual({ kind: 'unknown' })
  })
})

describe('asking', () => {
  it('is answered too_many after five that nobody confirmed in a day, whatever they were for', async () => {
    const point = await bench.stranger()
    const requests = Array.from({ length: 8 }, () =>
      bench.ask(point.key, { kind: 'contact_point', contactPoint: bench.newAddress() }),
    )
    const kinds = (await Promise.all(requests)).map((outcome) => outcome.kind)
    expect(kinds.filter((kind) => kind === 'asked')).toHaveLength(confirmationsPerDayMax)
    expect(await bench.ask(point.key, { kind: 'erasure' })).toEqual({ kind: 'too_many' })
    bench.pass(86_400_000)
    expect((await bench.ask(point.key, { kind: 'erasure' })).kind).toBe('asked')
  })

  it('shows where the mail goes without showing the address', async () => {
    const point = await bench.stranger()
    const outcome = await bench.ask(point.key, { kind: 'erasure' })
    expect(outcome.kind === 'asked' && outcome.masked).toMatch(/^j•••\d@v•••d\.be$/)
  })

  it('owes no mail any more once it was confirmed or has expired before it went out', async () => {
    const point = await bench.stranger()
    const outcome = await bench.ask(point.key, { kind: 'erasure' })
    bench.pass(confirmationValidityMs)
    expect(await bench.sendAll()).toEqual([])
    expect((await mailsTo(bench.hub, point.key)).map((mail) => mail.lastError)).toEqual(['no_longer_needed'])
    const id = outcome.kind === 'asked' ? outcome.id : ''
    expect((await findConfirmation(bench.hub.db, point.key, id))?.confirmedAt).toBeNull()
  })

  it('writes to a person in the language on record before the one they were reading', async () => {
    const { email } = await bench.customer()
    const known = await bench.askAndRead(email.key, { kind: 'erasure' })
    expect(known.mail).toMatchObject({ language: 'nl', subject: 'Bevestig dat Acme NV uw gegevens wist' })
    const unknown = await bench.askAndRead((await bench.stranger()).key, { kind: 'erasure' })
    expect(unknown.mail).toMatchObject({ language: 'en' })
  })
})
