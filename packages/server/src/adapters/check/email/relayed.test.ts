import { describe, expect, it } from 'vitest'
import { signMessage } from '../../smtp/message/dkim-sign.ts'
import { rewriteMessage } from '../../smtp/message/rewrite-message.ts'
import { bothKeys } from '../../smtp/message/testing/dkim.ts'
import { readFixture, rewrittenFixtures, wayOut } from '../../smtp/message/testing/fixtures.ts'
import { hidingSheets, templateWith } from '../../smtp/message/testing/hiding-templates.ts'
import { receivedField } from '../../smtp/relay/received-field.ts'
import { broken, contextOf } from '../testing/context.ts'
import { listFields, mailWith, waysOut } from '../testing/mails.ts'
import { checkEmail } from './check-email.ts'
import { readEmail } from './read-email.ts'

const now = Date.UTC(2026, 10, 21)
const facts = { isAdvertising: true, isForRecipient: () => true }

function read(raw: Buffer) {
  const email = readEmail(raw)
  if (email.kind === 'unreadable') throw new Error(email.reason)
  return email
}

function signed(raw: Buffer): Buffer {
  const done = signMessage(raw, bothKeys, now)
  if (done.kind === 'refused') throw new Error(done.reason)
  return done.message
}

describe('what went through the relay of this hub', () => {
  const trace = receivedField({
    helo: 'shop.example',
    address: '192.0.2.1',
    ownName: contextOf().mailDomain,
    protocol: 'ESMTPSA',
    id: 'x.1',
    receivedAt: now,
  })
  const relayed = (raw: Buffer) => {
    const findings = checkEmail(contextOf(), read(Buffer.concat([Buffer.from(trace), signed(raw)])), facts)
    return findings.filter(({ severity }) => severity !== 'note').map(({ rule, severity }) => `${rule} ${severity}`)
  }
  const words = '<p>Beste klant, deze week is er van alles te doen in onze winkels.</p>'.repeat(30)

  it.each(rewrittenFixtures())('%s is never forbidden for where its ways out stand', (name) => {
    const done = rewriteMessage(readFixture(name), wayOut('fr'))
    if (done.kind === 'refused') throw new Error(done.reason)
    const about = relayed(done.message).filter((one) => /^(?:way-out|both-choices)/.test(one))
    expect(about.filter((one) => one.endsWith('error'))).toEqual([])
  })

  it.each(Object.entries(hidingSheets))('shows its ways out in a template with %s', (_what, sheet) => {
    const done = rewriteMessage(mailWith({ fields: [], html: templateWith(sheet) }), wayOut('nl'))
    if (done.kind !== 'rewritten') throw new Error(done.kind)
    expect(relayed(done.message).filter((one) => /^(?:way-out|both|readable|contrast)/.test(one))).toEqual([])
  })

  it.each(['body{display:none}', 'body{opacity:0}', 'html{transform:scale(0)}', 'body{height:0;overflow:hidden}'])(
    'is told that %s hides them with all the rest',
    (sheet) => {
      const done = rewriteMessage(mailWith({ fields: [], html: templateWith(sheet) }), wayOut('nl'))
      if (done.kind !== 'rewritten') throw new Error(done.kind)
      expect(relayed(done.message)).toContain('way-out-hidden error')
    },
  )

  it('is warned of a template that puts its ways out at one end alone', () => {
    const html = `<html><body>${words}<p><a href="{{optout_url}}">Afmelden of minder vaak</a></p><p>Acme NV, info@acme.example</p></body></html>`
    const done = rewriteMessage(mailWith({ fields: [], html }), wayOut('nl'))
    if (done.kind !== 'rewritten') throw new Error(done.kind)
    expect(relayed(done.message)).toEqual(['way-out-placed warning'])
    expect(broken(checkEmail(contextOf(), read(signed(done.message)), facts))).toEqual(['way-out-top'])
  })

  it('is not excused from showing them', () => {
    const hidden = waysOut.replaceAll('style="', 'style="display:none;')
    const found = relayed(
      mailWith({ html: `<html><body>${hidden}${words}<p>Acme, info@acme.example</p></body></html>` }),
    )
    expect(found).toContain('way-out-top error')
    expect(found).toContain('way-out-hidden error')
  })

  it('is excused by nobody else’s trace', () => {
    const other = Buffer.from(trace.replace(contextOf().mailDomain, 'mail.other.example'))
    const bare = mailWith({ html: `<html><body>${words}${waysOut}<p>Acme, info@acme.example</p></body></html>` })
    expect(broken(checkEmail(contextOf(), read(Buffer.concat([other, signed(bare)])), facts))).toEqual(['way-out-top'])
  })
})

describe('a body that nobody may change', () => {
  const sealed = (fields: readonly string[]) =>
    Buffer.from(
      [
        'From: Acme <nieuws@acme.example>',
        'To: jan@voorbeeld.be',
        ...fields,
        'MIME-Version: 1.0',
        'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m',
        'Content-Transfer-Encoding: base64',
        '',
        'MIAGCSqGSIb3DQEHA6CAMIACAQAxggFz',
        '',
      ].join('\r\n'),
    )
  const found = (raw: Buffer) => broken(checkEmail(contextOf(), read(signed(raw)), facts))

  it('has its way out in the header, which is for a human to weigh', () => {
    expect(found(sealed(listFields))).toEqual(['way-out-in-header'])
  })

  it('has none at all where the header has none of this hub', () => {
    expect(found(sealed([]))).toContain('way-out-present')
  })
})
