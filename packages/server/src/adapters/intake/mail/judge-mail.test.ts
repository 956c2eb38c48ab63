import { describe, expect, it } from 'vitest'
import type { MailVerdict } from '../../../services/mail-verdict.ts'
import { judgeMail } from './judge-mail.ts'
import { readMail } from './read-mail.ts'
import { fixtureContext, fixtureNames, readFixture } from './testing/mail-fixtures.ts'

/** Fixtures whose receiver found a signature that verifies. */
const signedBy: Readonly<Record<string, string>> = {
  'complaint-yahoo-arf-without-token': 'arf.mail.yahoo.com',
  'complaint-seven-recipients': 'arf.mail.yahoo.com',
  'complaint-hotmail-jmrp-without-token': 'hotmail.com',
  'unclear_reply-complaint-forged-recipient': 'attacker.example',
  'opt_out-address-in-dutch': 'voorbeeld.example',
}

async function verdictOf(name: string): Promise<MailVerdict> {
  const domain = signedBy[name]
  const context = { ...fixtureContext, ...(domain !== undefined && { signers: [domain] }) }
  return judgeMail(await readMail(readFixture(name)), context)
}

/** A verdict in one line: what it is, why, and whom it is about. */
function inShort(verdict: MailVerdict): string {
  switch (verdict.kind) {
    case 'ignored':
      return `ignored ${verdict.reason}`
    case 'bounce':
      return `bounce ${verdict.facts.map((fact) => `${fact.outcome} ${fact.status ?? '-'} ${nameOf(fact.subject)}`).join(', ')}`
    case 'automatic_reply':
      return `automatic_reply ${verdict.reason}`
    case 'unclear_reply':
      return `unclear_reply ${verdict.reason}`
    default:
      return `${verdict.kind} ${verdict.kind === 'opt_out' ? verdict.via : verdict.feedbackType} ${verdict.subjects.map(nameOf).join(', ')}`
  }
}

function nameOf(subject: Extract<MailVerdict, { subjects: unknown }>['subjects'][number]): string {
  return subject.kind === 'link' ? 'token' : subject.address
}

describe('every recorded mail is what its name says', () => {
  it.each(fixtureNames)('%s', async (name) => {
    const verdict = await verdictOf(name)
    const [kind] = /^(?:opt_out|complaint|bounce|automatic_reply|unclear_reply|ignored)/.exec(name) ?? []
    expect(inShort(verdict).split(' ')[0]).toBe(kind)
  })
})

describe('whom it is about, and why', () => {
  const who = 'jan.peeters@voorbeeld.example'
  const piet = 'piet@provider.example'
  it.each([
    // RULE MT-1, MT-2: the token says who, wherever in the address and whatever the rest says.
    ['opt_out-apple-ios', 'opt_out mailto token'],
    ['opt_out-any-from', 'opt_out mailto token'],
    ['opt_out-upper-case-address', 'opt_out mailto token'],
    ['opt_out-plus-before-token', 'opt_out mailto token'],
    ['opt_out-token-in-folded-to', 'opt_out mailto token'],
    ['opt_out-smime-encrypted', 'opt_out mailto token'],
    // RULE MT-3: without one, From says who.
    ['opt_out-address-without-token', `opt_out mailto ${who}`],
    ['opt_out-garbled-token', `opt_out mailto ${who}`],
    // A reply speaks for its writer, and for the reader of what it answers.
    ['opt_out-reply-dutch', `opt_out reply ${who}`],
    ['opt_out-reply-token-in-references', 'opt_out reply token, jan@thuis.example'],
    ['opt_out-reply-english-html', `opt_out reply token, ${who}`],
    // RULE ARF-6: our own tokens, in their order, before any address.
    ['complaint-yahoo-arf', 'complaint abuse token'],
    ['complaint-redacted-recipient', 'complaint abuse token'],
    ['complaint-cfbl-folded', 'complaint abuse token'],
    ['complaint-token-in-message-id', 'complaint abuse token'],
    ['complaint-verp-return-path', 'complaint abuse token'],
    ['complaint-opt-out-list', 'complaint opt-out-list token'],
    // RULE ARF-7, ARF-8: by address only from an enrolled provider that signed.
    ['complaint-yahoo-arf-without-token', 'complaint abuse piet@yahoo.example'],
    ['complaint-hotmail-jmrp-without-token', 'complaint abuse lies@hotmail.example'],
    ['unclear_reply-complaint-forged-recipient', 'unclear_reply complaint_unverified'],
    ['unclear_reply-complaint-two-types', 'unclear_reply complaint_unreadable'],
    ['unclear_reply-encrypted', 'unclear_reply unreadable'],
    ['unclear_reply-scanned-letter', 'unclear_reply unreadable'],
    ['unclear_reply-complaint-nobody-named', 'unclear_reply complaint_without_person'],
    // RULE ARF-5: these never opt out.
    ['ignored-complaint-not_spam-at-token-address', 'ignored complaint_not_spam'],
    ['ignored-complaint-auth-failure', 'ignored complaint_auth_failure'],
    ['ignored-complaint-virus', 'ignored complaint_other_type'],
    // RULE DSN-2: only a dead address is hard.
    ['bounce-hard-postfix', `bounce hard 5.1.1 ${piet}`],
    ['bounce-hard-token-in-verp', 'bounce hard 5.1.1 token'],
    ['bounce-hard-token-in-returned', 'bounce hard 5.1.1 token'],
    ['bounce-hard-original-recipient', `bounce hard 5.1.10 ${piet}`],
    ['bounce-soft-mailbox-full', `bounce soft 5.2.2 ${piet}`],
    ['bounce-soft-policy', `bounce soft 5.7.1 ${piet}`],
    ['bounce-soft-gave-up', `bounce soft 4.4.1 ${piet}`],
    ['bounce-delayed', `bounce delayed 4.2.0 ${piet}`],
    ['bounce-delayed-exim', `bounce delayed - ${piet}`],
    ['bounce-hard-two-recipients', `bounce hard 5.1.1 ${piet}, soft 5.2.2 els@provider.example`],
    // RULE DSN-3.
    ['bounce-hard-international', 'bounce hard 5.1.1 josé@provider.example'],
    // RULE DSN-5.
    ['bounce-hard-qmail', `bounce hard 5.1.1 ${piet}`],
    ['bounce-hard-exim', `bounce hard - ${piet}`],
    ['bounce-hard-outlook-365-html', `bounce hard 5.1.10 ${piet}`],
    ['bounce-hard-gmail-new', 'bounce hard 5.1.1 piet@gmail.example'],
    ['bounce-hard-domino', `bounce hard - ${piet}`],
    ['bounce-hard-groupwise', `bounce hard - ${piet}`],
    ['bounce-hard-aol', 'bounce hard - piet@aol.example'],
    ['bounce-hard-yahoo', 'bounce hard - piet@yahoo.example'],
    ['bounce-soft-words-with-token', 'bounce soft - token'],
    // RULE AR-1, AR-2, AR-5.
    ['automatic_reply-german-vacation-with-stop', 'automatic_reply auto_submitted'],
    ['automatic_reply-exchange-dutch', 'automatic_reply auto_generated'],
    ['automatic_reply-null-sender', 'automatic_reply null_sender'],
    ['automatic_reply-read-receipt', 'automatic_reply disposition_notification'],
    ['automatic_reply-subject-french', 'automatic_reply automatic_subject'],
  ])('%s: %s', async (name, expected) => {
    expect(inShort(await verdictOf(name))).toBe(expected)
  })

  it.each(fixtureNames.filter((name) => name.startsWith('bounce-')))('%s says how bad it is', async (name) => {
    const verdict = await verdictOf(name)
    const outcome = /^bounce-(hard|soft|delayed)/.exec(name)?.[1]
    expect(verdict.kind === 'bounce' && verdict.facts[0]?.outcome).toBe(outcome)
  })
})

describe('what a verdict carries', () => {
  it('names the program that wrote an opt-out mail', async () => {
    const clients = await Promise.all(
      ['apple-ios', 'gmail-button', 'outlook-empty', 'nextcloud', 'k9', 'mutt', 'aerc', 'realsender', 'any-words'].map(
        async (name) => {
          const verdict = await verdictOf(`opt_out-${name}`)
          return verdict.kind === 'opt_out' ? (verdict.client ?? 'unknown') : verdict.kind
        },
      ),
    )
    expect(clients.join(' ')).toBe('apple_mail gmail outlook_com nextcloud k9 mutt aerc realsender unknown')
  })

  it('says whether the writer’s domain vouched for them', async () => {
    expect(await verdictOf('opt_out-address-in-dutch')).toMatchObject({ isAuthenticated: true })
    expect(await verdictOf('opt_out-address-without-token')).toMatchObject({ isAuthenticated: false })
  })

  it('keeps a server’s words without anybody’s address', async () => {
    for (const name of fixtureNames.filter((fixture) => fixture.startsWith('bounce-'))) {
      const verdict = await verdictOf(name)
      const words = verdict.kind === 'bounce' ? verdict.facts.map((fact) => fact.diagnostic ?? '').join() : '@'
      expect(words).not.toContain('@')
    }
  })

  it('gives a human the writer’s own words and no more', async () => {
    expect(await verdictOf('unclear_reply-how-to-dutch')).toMatchObject({
      excerpt: 'Re: Onze aanbiedingen\n\nHoe kan ik mij uitschrijven?',
      sender: 'jan.peeters@voorbeeld.example',
    })
  })
})
