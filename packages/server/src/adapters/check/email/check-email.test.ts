import { describe, expect, it } from 'vitest'
import { signMessage } from '../../smtp/message/dkim-sign.ts'
import { rewriteMessage } from '../../smtp/message/rewrite-message.ts'
import { bothKeys, dnsRecords } from '../../smtp/message/testing/dkim.ts'
import { readFixture, rewrittenFixtures, wayOut } from '../../smtp/message/testing/fixtures.ts'
import { isClosedByNature } from '../../smtp/relay/refusals.ts'
import { broken, contextOf, hubUrl, mailbox, otherBrandToken, page, smsToken, token } from '../testing/context.ts'
import { htmlWith, listFields, mailWith, rightText, waysOut } from '../testing/mails.ts'
import { checkEmail } from './check-email.ts'
import { verifySignatures } from './dkim-rules.ts'
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

/** The rules that a mail breaks, signed as the relay signs it. */
function check(pieces: Parameters<typeof mailWith>[0], changes: Parameters<typeof contextOf>[0] = {}) {
  return broken(checkEmail(contextOf(changes), read(signed(mailWith(pieces))), facts))
}

describe('a mail that is right', () => {
  it('breaks no rule', () => {
    expect(check({})).toEqual([])
    expect(check({}, { language: 'nl' })).toEqual([])
  })

  it('is what the relay makes of one without any way out', () => {
    const words = '<p>Chez nous, tout change cette semaine.</p>'.repeat(40)
    const bare = mailWith({
      fields: [],
      html: `<html><body>${words}<p>Acme NV, Kerkstraat 1, 9000 Gent</p></body></html>`,
      text: `${'Chez nous, tout change cette semaine.\n'.repeat(40)}\nAcme NV, Kerkstraat 1, 9000 Gent\n`,
    })
    const done = rewriteMessage(bare, wayOut('fr'))
    if (done.kind !== 'rewritten') throw new Error(done.kind)
    const findings = checkEmail(contextOf({ language: 'fr' }), read(signed(done.message)), facts)
    expect(findings).toEqual([])
  })

  it('may come with the line ends of a file', () => {
    const email = readEmail(Buffer.from(mailWith().toString('latin1').replaceAll('\r\n', '\n'), 'latin1'))
    expect(email.kind).toBe('email')
  })
})

/** The body as a whole; a part with inline PGP is read like any other. */
const isWholeBodyClosed = (reason: string) => isClosedByNature(reason) && reason !== 'inline_pgp'

describe('what the relay passes on', () => {
  const ofTheSender = ['from-address', 'from-name', 'sender-contact', 'sender-named', 'dkim-covers', 'dkim-signed']

  it.each(rewrittenFixtures())(
    '%s is found right where every part got its ways out, and wanting where not',
    (name, verdict) => {
      const done = rewriteMessage(readFixture(name), wayOut('fr'))
      if (done.kind === 'refused') throw new Error(done.reason)
      const rules = broken(checkEmail(contextOf(), read(done.message), facts)).filter(
        (rule) => !ofTheSender.includes(rule),
      )
      // A template names its own links; in what words is its affair.
      const isOwnWords = verdict.html === 'placeholders' || verdict.text === 'placeholders'
      const { reason } = verdict
      const wanting = reason !== undefined && isWholeBodyClosed(reason) ? 'way-out-in-header' : 'way-out-present'
      const expected = reason === undefined ? [] : [wanting]
      expect(rules.filter((rule) => !(isOwnWords && rule === 'way-out-plain'))).toEqual(expected)
    },
  )
})

describe('the places of the ways out', () => {
  const words = '<p>Beste klant, deze week is er van alles te doen in onze winkels.</p>'.repeat(30)
  const body = (before: string, after: string) =>
    `<html><body>${before}${words}${after}<p>Acme, info@acme.example</p></body></html>`

  it('are top and bottom of each part', () => {
    expect(check({ html: body('', waysOut) })).toEqual(['way-out-top'])
    expect(check({ html: body(waysOut, '') })).toEqual(['way-out-bottom'])
    expect(check({ html: body('', '') })).toEqual(['way-out-present'])
    expect(check({ text: 'Beste klant\n' })).toEqual(['way-out-present'])
    expect(check({ text: rightText.slice(rightText.indexOf('Beste')) })).toEqual(['way-out-top'])
  })

  it('may follow what nobody sees', () => {
    const pictures = '<img src="x">'.repeat(4)
    const preheader = `<div style="display:none">${'Alleen deze week. '.repeat(40)}</div>`
    expect(check({ html: body(preheader + waysOut, waysOut) })).toEqual([])
    expect(check({ html: body(pictures + waysOut, waysOut) })).toEqual(['way-out-top'])
  })

  it('offer both choices, or lead to the page that does', () => {
    const one = (url: string, label: string) => htmlWith(`<p><a href="${url}">${label}</a></p>`)
    expect(check({ html: one(`${page}#stop`, 'Geen reclame meer') })).toEqual(['both-choices'])
    expect(check({ html: one(`${page}#preferences`, 'Mijn voorkeuren aanpassen') })).toEqual(['both-choices'])
    expect(check({ html: one(page, 'Geen reclame meer of minder vaak') })).toEqual([])
  })

  it('are not found in links that only sound alike', () => {
    const deals = '<a href="https://acme.example/deals" style="font-size:9px">Non-stop acties</a>'
    const account = '<a href="https://acme.example/my">Manage your e-mails in your account</a>'
    expect(check({ html: htmlWith(`${waysOut}${deals}${account}`) })).toEqual([])
    expect(check({ html: body(deals + account, waysOut) })).toEqual(['way-out-top'])
  })

  it('say what they do, in the language of the mail', () => {
    expect(check({ html: htmlWith(`<a href="${page}">klik hier</a>`) })).toEqual(['way-out-plain'])
    expect(check({ html: htmlWith(`<a href="${page}">No more advertising</a>`) }, { language: 'nl' })).toEqual([
      'way-out-plain',
    ])
  })

  it('ask for no login', () => {
    const beside = `${waysOut.replace('</p>', ' Log eerst in met uw wachtwoord.</p>')}`
    expect(check({ html: htmlWith(beside) })).toEqual(['no-login-words'])
    expect(
      check({ html: htmlWith(`${waysOut}<a href="https://acme.example/login?stop">Inloggen en stoppen</a>`) }),
    ).toEqual(['link-foreign', 'no-login'])
  })
})

describe('where the ways out lead', () => {
  const to = (url: string) => ({ html: htmlWith(`<a href="${url}">Afmelden of minder vaak ontvangen</a>`) })

  it('is https, this hub, and a token that opens', () => {
    expect(check(to(page.replace('https:', 'http:')))).toEqual(['https-only'])
    expect(check(to(`${page.slice(0, -1)}X`))).toEqual(['both-choices', 'link-opens'])
    expect(check(to(`https://click.tracker.example/u/${token}`))).toEqual(['link-host'])
    expect(check(to('https://other.example/unsubscribe'))).toEqual(['link-foreign'])
    expect(check(to(`${hubUrl}/c`))).toEqual([])
  })

  it('is not elsewhere alone', () => {
    const foreign = '<a href="https://other.example/x">Afmelden of minder vaak ontvangen</a>'
    const text = rightText
      .replaceAll(`${page}#stop`, 'https://other.example/stop')
      .replaceAll(`${page}#preferences`, 'https://other.example/voorkeuren')
    const fields = ['List-Unsubscribe: <https://other.example/x>, <mailto:stop@other.example>', ...listFields.slice(1)]
    expect(check({ html: htmlWith(foreign), text, fields })).toEqual(['link-foreign', 'link-of-this-hub'])
    // An address that nothing can be sent to is no way out to anywhere.
    expect(check(to('mailto:afmelden'))).not.toContain('link-foreign')
  })

  it('is the brand and the channel of the mail, and the person it is written to', () => {
    expect(check(to(`${hubUrl}/u/${otherBrandToken}`))).toEqual(['link-brand'])
    expect(check(to(`${hubUrl}/u/${smsToken}`))).toEqual(['link-channel'])
    const email = read(signed(mailWith()))
    const findings = checkEmail(contextOf(), email, { isAdvertising: true, isForRecipient: () => false })
    expect(broken(findings)).toEqual(['link-recipient'])
  })

  it('is no placeholder that nobody filled', () => {
    expect(check({ html: htmlWith(`${waysOut}<a href="{{verzet_stop}}">Stop</a>`) })).toEqual(['placeholder-filled'])
    for (const other of [
      '{{ unsubscribe_url }}',
      '*|UNSUB|*',
      '%%unsubscribe%%',
      '[[UnsubscribeURL]]',
      '%7B%7Bopt_out%7D%7D',
    ]) {
      expect(check({ html: htmlWith(`${waysOut}<p><a href="${other}">x</a></p>`) }), other).toEqual([
        'placeholder-filled',
      ])
    }
    expect(check({ html: htmlWith(`${waysOut}<p>[Unsubscribe] {voorwaarden} 100 %</p>`) })).toEqual([])
  })
})

describe('the header', () => {
  const [unsubscribe = '', post = '', listId = ''] = listFields

  it('has one List-Unsubscribe with one https and one mailto address', () => {
    expect(check({ fields: [post, listId] })).toContain('list-unsubscribe')
    expect(check({ fields: [unsubscribe, unsubscribe, post, listId] })).toContain('list-unsubscribe')
    expect(
      check({ fields: [`List-Unsubscribe: <${page}>, <${page}>, <mailto:${mailbox}@weg.acme.example>`, post, listId] }),
    ).toEqual(['list-unsubscribe'])
    expect(check({ fields: [`List-Unsubscribe: <${page}>`, post, listId] })).toEqual(['list-unsubscribe-mailto'])
    expect(check({ fields: [unsubscribe.replace('https', 'http'), post, listId] })).toEqual([
      'https-only',
      'list-unsubscribe',
    ])
  })

  it('has the one-click field in its very letters, and a List-Id', () => {
    expect(check({ fields: [unsubscribe, listId] })).toContain('list-unsubscribe-post')
    expect(check({ fields: [unsubscribe, post.toLowerCase(), listId] })).toEqual(['list-unsubscribe-post'])
    expect(check({ fields: [unsubscribe, post] })).toEqual(['list-id'])
  })

  it('says who writes', () => {
    expect(check({ from: 'nieuws@acme.example' })).toEqual(['from-name'])
    expect(check({ from: 'Iemand <x@elders.example>' })).toContain('from-name')
    expect(check({ from: 'a@acme.example, b@acme.example' })).toContain('from-address')
    const nobody = htmlWith(waysOut).replace(/Acme NV.*<\/p>/, 'Tot ziens</p>')
    const text = rightText.replace(/Acme NV.*\n/, 'Tot ziens\n')
    expect(check({ html: nobody, text })).toEqual(['sender-contact', 'sender-named'])
  })
})

describe('the signature', () => {
  const rules = (raw: Buffer) => broken(checkEmail(contextOf(), read(raw), facts))
  const signature = (tags: string) =>
    Buffer.concat([Buffer.from(`DKIM-Signature: v=1; a=rsa-sha256; ${tags}; bh=x; b=x\r\n`), mailWith()])
  const twice = 'from:from:list-unsubscribe:list-unsubscribe:list-unsubscribe-post:list-unsubscribe-post'

  it('is there, and covers the one-click fields', () => {
    expect(rules(mailWith())).toEqual(['dkim-signed'])
    expect(rules(signature('d=acme.example; h=from:to:subject:list-unsubscribe'))).toEqual(['dkim-covers'])
    expect(rules(signature('d=acme.example; h=from:list-unsubscribe:list-unsubscribe-post'))).toEqual([
      'dkim-over-signs',
    ])
    expect(rules(signature(`d=mail.acme.example; h=${twice}`))).toEqual([])
  })

  it('is that of the sender, over the whole body', () => {
    expect(rules(signature(`d=esp.example; h=${twice}`))).toEqual(['dkim-aligned'])
    expect(rules(signature(`d=acme.example; l=10; h=${twice}`))).toEqual(['dkim-whole-body'])
  })

  it('verifies with a key that is given, and fails once the mail is changed', async () => {
    const raw = signed(mailWith())
    const key = dnsRecords['rsa._domainkey.acme.example'] ?? ''
    expect(await verifySignatures(read(raw), key)).toEqual([])
    const changed = Buffer.from(raw.toString('latin1').replace('One-Click', 'One-Clock'), 'latin1')
    expect(broken(await verifySignatures(read(changed), key))).toEqual(['dkim-verifies'])
    expect(broken(await verifySignatures(read(raw), 'no key'))).toEqual(['dkim-verifies'])
  })
})

describe('a service mail', () => {
  it('needs no way out, and what it carries has to work', () => {
    const service = (raw: Buffer) =>
      broken(checkEmail(contextOf(), read(signed(raw)), { ...facts, isAdvertising: false }))
    expect(
      service(mailWith({ fields: [], html: '<p>Uw bestelling is onderweg.</p>', text: 'Uw bestelling is onderweg.' })),
    ).toEqual([])
    expect(service(mailWith({ fields: [], html: `<p><a href="${page}x">Stop</a></p>`, text: 'Hallo' }))).toEqual([
      'link-opens',
    ])
  })
})
