import { describe, expect, it } from 'vitest'
import { readComplaint } from './complaint.ts'
import { judgeMail } from './judge-mail.ts'
import { readMail } from './read-mail.ts'
import { fixtureContext, readFixture } from './testing/mail-fixtures.ts'

const verdictOf = async (raw: Buffer, changes: Partial<typeof fixtureContext> = {}) =>
  judgeMail(await readMail(raw), { ...fixtureContext, ...changes })

/** A report of version 4 in a mail of its own, with these fields beside what every report has. */
function reportWith(fields: Readonly<Record<string, unknown>>): Buffer {
  const report = {
    xarf_version: '4.2.0',
    category: 'messaging',
    type: 'spam',
    source_identifier: '192.0.2.55',
    ...fields,
  }
  const head = 'From: reports@antispam.example\r\nTo: fbl@optout.verzet.example\r\nMIME-Version: 1.0'
  const json = Buffer.from(JSON.stringify(report)).toString('base64')
  return Buffer.from(
    `${head}\r\nContent-Type: application/json\r\nContent-Transfer-Encoding: base64\r\n\r\n${json}\r\n`,
  )
}

const token = /([a-z2-7]{40,})@optout/.exec(readFixture('opt_out-apple-ios').toString('latin1'))?.[1] ?? ''
const evidence = (message: string) => [
  { content_type: 'message/rfc822', payload: Buffer.from(message).toString('base64') },
]
const sample = `From: Acme <nieuws@acme.example>\r\nList-Unsubscribe: <mailto:${token}@optout.verzet.example>\r\n\r\nOffers\r\n`

describe('a report in X-ARF', () => {
  it.each([
    ['complaint-xarf-yaml', 'spam'],
    ['complaint-xarf-yaml-without-header-field', 'abuse'],
    ['complaint-xarf-3-in-arf', 'spam'],
    ['complaint-xarf-4-message-id', 'spam'],
  ])('opts the reader out whose token it returns: %s', async (name, feedbackType) => {
    expect(await verdictOf(readFixture(name))).toMatchObject({
      kind: 'complaint',
      feedbackType,
      provider: 'antispam.example',
      subjects: [{ kind: 'link' }],
    })
  })

  it('is about the reader of the message in its JSON, in base64 as well', async () => {
    expect(token).not.toBe('')
    expect(await verdictOf(reportWith({ evidence: evidence(sample) }))).toMatchObject({
      kind: 'complaint',
      subjects: [{ kind: 'link' }],
    })
    const inBody = `From: a@acme.example\r\n\r\nhttps://verzet.example/weg/${token.slice(0, 20)}=\r\n${token.slice(20)}\r\n`
    expect(await verdictOf(reportWith({ evidence: evidence(inBody) }))).toMatchObject({ kind: 'complaint' })
  })

  it('that names its reader by address alone acts for an enrolled provider that signed it, and for nobody else', async () => {
    const raw = reportWith({ smtp_to: ['Piet <piet@provider.example>', 'redacted@provider.example'] })
    const enrolled = { complaintProviders: ['antispam.example'] }
    expect(await verdictOf(raw, { ...enrolled, signers: ['antispam.example'] })).toMatchObject({
      kind: 'complaint',
      subjects: [{ kind: 'address', address: 'piet@provider.example' }],
      signedBy: 'antispam.example',
    })
    const unverified = { kind: 'unclear_reply', reason: 'complaint_unverified' }
    expect(await verdictOf(raw, enrolled)).toMatchObject(unverified)
    expect(await verdictOf(raw, { signers: ['antispam.example'] })).toMatchObject(unverified)
    expect(await verdictOf(raw, { ...enrolled, signers: ['attacker.example'] })).toMatchObject(unverified)
  })

  it.each([
    ['unclear_reply-complaint-xarf-forged', 'complaint_unverified'],
    ['unclear_reply-complaint-xarf-4-forged', 'complaint_unverified'],
    ['unclear_reply-complaint-xarf-two-types', 'complaint_unreadable'],
    ['unclear_reply-complaint-xarf-4-cut-off', 'complaint_unreadable'],
    ['unclear_reply-complaint-xarf-encrypted', 'complaint_unreadable'],
    ['unclear_reply-complaint-xarf-empty', 'complaint_unreadable'],
    ['ignored-complaint-xarf-login-attack', 'complaint_other_type'],
    ['ignored-complaint-xarf-4-ddos', 'complaint_other_type'],
  ])('does not act otherwise: %s', async (name, reason) => {
    expect(await verdictOf(readFixture(name))).toMatchObject({ reason })
  })

  it('is not seen in any other JSON, nor in a reply that quotes one', async () => {
    const json = reportWith({ xarf_version: undefined })
    expect(readComplaint(await readMail(json))).toBeUndefined()
    const quoting = 'From: jan@voorbeeld.example\r\nSubject: Re: report\r\n\r\nReport-Type: spam\r\nReport-ID: 1\r\n'
    expect(readComplaint(await readMail(Buffer.from(quoting)))).toBeUndefined()
  })

  it('may give its fields odd types without being lost or believed', async () => {
    const odd = reportWith({ smtp_to: 7, evidence: 'none', type: 'Bulk_Messaging' })
    expect(readComplaint(await readMail(odd))).toMatchObject({ meaning: 'leaves', addresses: [], returned: [] })
  })
})
