import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../../../test/hub.ts'
import { email, keyed } from '../../../../test/people.ts'
import { listChoices } from '../../../storage/choices.ts'
import { transact } from '../../../storage/database.ts'
import { countMailVerdicts } from '../../../storage/seen-mails.ts'
import { handleIncomingMail, type IncomingMail, SignatureUncheckable } from './handle-incoming-mail.ts'
import { readFixture } from './testing/mail-fixtures.ts'
import { silentLookup, testSigners, withCrlf } from './testing/signed-mail.ts'

let hub: TestHub
let now = Date.UTC(2026, 10, 3, 9, 30)
const { signers, lookup } = testSigners('arf.mail.yahoo.com', 'hotmail.com', 'fbl.example', 'attacker.example')
const yahooReport = readFixture('complaint-yahoo-arf-without-token')
const hotmailReport = readFixture('complaint-hotmail-jmrp-without-token')

beforeAll(async () => {
  hub = await createTestHub({ now: () => now })
})
afterAll(() => hub[Symbol.asyncDispose]())
beforeEach(async () => {
  now += 60_000
  await transact(hub.db, (tx) => tx.execute('delete from seen_mails'))
})

function sign(raw: Buffer, domain: string): Buffer {
  const signer = signers.find((candidate) => candidate.domain === domain)
  if (signer === undefined) throw new Error(`no key of ${domain}`)
  return signer.sign(raw, now)
}

function edited(raw: Buffer, ...changes: readonly (readonly [string, string])[]): Buffer {
  return Buffer.from(
    changes.reduce((text, [from, to]) => text.replaceAll(from, to), raw.toString('latin1')),
    'latin1',
  )
}

/** A report about somebody that no other test speaks of. */
let number = 0
function about(raw: Buffer): { raw: Buffer; choices: () => ReturnType<typeof listChoices> } {
  number += 1
  const person = `person${number}@provider.example`
  const text = raw.toString('latin1').replace(/(?:piet@yahoo|lies@hotmail)\.example/g, person)
  if (!text.includes(person)) throw new Error('the report names nobody')
  const key = keyed(hub, email(person)).key
  return { raw: Buffer.from(text, 'latin1'), choices: () => listChoices(hub.db, [key]) }
}

const take = (raw: Buffer, more: Partial<IncomingMail> = {}) =>
  handleIncomingMail(hub, { raw, receivedAt: now, lookup, ...more })

describe('a report that names people by address', () => {
  it('acts when the provider itself signed it (RULE ARF-7), and its proof names the signer', async () => {
    const { raw, choices } = about(yahooReport)
    expect(await take(sign(raw, 'arf.mail.yahoo.com'))).toMatchObject({ kind: 'complaint' })
    const [choice] = await choices()
    expect(choice).toMatchObject({ kind: 'objection', context: { signal: 'complaint' } })
    expect(choice?.context).toMatchObject({ proof: { signedBy: 'arf.mail.yahoo.com' } })
  })

  it.each([
    ['is not signed', (raw: Buffer) => withCrlf(raw)],
    ['is signed by somebody else', (raw: Buffer) => sign(raw, 'attacker.example')],
    [
      'was changed after the signature',
      (raw: Buffer) => edited(sign(raw, 'arf.mail.yahoo.com'), ['Feedback-Type: abuse', 'Feedback-Type: fraud']),
    ],
    [
      'is signed by its sender, who is no provider',
      (raw: Buffer) => sign(edited(raw, ['arf.mail.yahoo.com', 'attacker.example']), 'attacker.example'),
    ],
  ])('waits for a human when it %s', async (_, make) => {
    const { raw, choices } = about(yahooReport)
    expect(await take(make(raw))).toMatchObject({ kind: 'unclear_reply', reason: 'complaint_unverified' })
    expect(await choices()).toEqual([])
  })

  it('acts for Hotmail only from its own address: everybody with a mailbox there has the same signature', async () => {
    const own = about(hotmailReport)
    expect(await take(sign(own.raw, 'hotmail.com'))).toMatchObject({ kind: 'complaint' })
    expect(await own.choices()).toHaveLength(1)
    const forged = about(edited(yahooReport, ['feedback@arf.mail.yahoo.com', 'somebody@hotmail.com']))
    expect(await take(sign(forged.raw, 'hotmail.com'))).toMatchObject({ reason: 'complaint_unverified' })
    expect(await forged.choices()).toEqual([])
  })

  it('acts for a loop the operator enrolled with, by its domain or by one address of it', async () => {
    const raw = edited(yahooReport, ['feedback@arf.mail.yahoo.com', 'reports@fbl.example'])
    const [before, byDomain, byAddress, byOther] = [about(raw), about(raw), about(raw), about(raw)]
    const signed = (report: { raw: Buffer }) => sign(report.raw, 'fbl.example')
    expect((await take(signed(before))).kind).toBe('unclear_reply')
    expect((await take(signed(byDomain), { enrolledProviders: ['fbl.example'] })).kind).toBe('complaint')
    expect((await take(signed(byAddress), { enrolledProviders: ['Reports@FBL.example'] })).kind).toBe('complaint')
    expect((await take(signed(byOther), { enrolledProviders: ['other@fbl.example'] })).kind).toBe('unclear_reply')
  })
})

describe('while the DNS does not answer', () => {
  it('a report whose signature decides is not taken, and is heard when it is sent again', async () => {
    const { raw, choices } = about(yahooReport)
    const signed = sign(raw, 'arf.mail.yahoo.com')
    await expect(take(signed, { lookup: silentLookup })).rejects.toThrow(SignatureUncheckable)
    expect(await countMailVerdicts(hub.db, 0)).toEqual([])
    expect((await take(signed)).kind).toBe('complaint')
    expect(await choices()).toHaveLength(1)
  })

  it('one that is a day old is put before a human instead of being lost', async () => {
    const signed = sign(about(yahooReport).raw, 'arf.mail.yahoo.com')
    now += 25 * 3_600_000
    expect(await take(signed, { lookup: silentLookup })).toMatchObject({ reason: 'complaint_unverified' })
  })

  it('a report of nobody who is believed does not wait, and a no by mail holds at once', async () => {
    const foreign = sign(edited(yahooReport, ['arf.mail.yahoo.com', 'attacker.example']), 'attacker.example')
    expect((await take(foreign, { lookup: silentLookup })).kind).toBe('unclear_reply')
    const no = await take(readFixture('opt_out-address-without-token'), { lookup: silentLookup })
    expect(no).toMatchObject({ kind: 'opt_out', isAuthenticated: false })
  })
})

describe('a reply with characters that no database takes', () => {
  it('waits for a human like any other', async () => {
    const raw = Buffer.from(
      'From: odd.reader@voorbeeld.example\r\nSubject: How\0 can I unsubscribe?\r\n\r\nHow\0 can I unsubscribe?\r\n',
    )
    expect(await take(raw)).toMatchObject({ kind: 'unclear_reply' })
  })
})

describe('a mail that lay in a mailbox', () => {
  it('was said when it came, and not when it was read', async () => {
    const arrivedAt = now - 5 * 86_400_000
    const raw = edited(readFixture('opt_out-address-without-token'), ['jan.peeters@', 'late.reader@'])
    await take(raw, { receivedAt: arrivedAt })
    const { key } = keyed(hub, email('late.reader@voorbeeld.example'))
    expect(await listChoices(hub.db, [key])).toMatchObject([{ kind: 'objection', saidAt: arrivedAt }])
  })

  it('without a Message-ID is told from the next one by its place, and heard once from each', async () => {
    const raw = Buffer.from('From: placed.reader@voorbeeld.example\r\nSubject: hello\r\n\r\nhello\r\n')
    const verdicts = [
      await take(raw, { place: 'a 1 1' }),
      await take(raw, { place: 'a 1 1' }),
      await take(raw, { place: 'a 1 2' }),
    ]
    expect(verdicts).toMatchObject([{ reason: 'no_wish' }, { reason: 'seen_before' }, { reason: 'no_wish' }])
  })
})
