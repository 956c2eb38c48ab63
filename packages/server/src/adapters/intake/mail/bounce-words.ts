import { cleanDiagnostic, codesIn, outcomeOf, type ReportedFailure } from './failure-words.ts'
import { allHeaders, shownHeader } from './read-headers.ts'
import { allText, type ReadMail, senderOf } from './read-mail.ts'

/** A report names at most as many people as one message had recipients. */
const failuresMax = 100
/** The report stands before the message it returns. */
const wordsMax = 20_000

/** How the reports of mail servers that write no delivery status begin, and whether they give up or go on trying. */
const openings: readonly { readonly server: string; readonly pattern: RegExp }[] = [
  {
    server: 'qmail',
    pattern: /\bthis is the qmail-send program\b|\bi'm afraid i wasn't able to deliver your message\b/i,
  },
  { server: 'exim', pattern: /\bthis message was created automatically by mail delivery software\b/i },
  { server: 'postfix', pattern: /\bthis is the (?:postfix program|mail system) at host\b/i },
  {
    server: 'sendmail',
    pattern: /-{3,} ?the following addresses had (?:permanent fatal|transient non-fatal|delivery) errors/i,
  },
  { server: 'exchange', pattern: /\byour message did not reach some or all of the intended recipients\b/i },
  {
    server: 'exchange',
    pattern: /\bdelivery (?:has failed|is delayed) to these recipients or (?:groups|distribution lists)\b/i,
  },
  {
    server: 'exchange',
    pattern:
      /\b(?:uw bericht|votre message|ihre nachricht)\b.{0,80}\b(?:niet bezorgd|n'a pas (?:pu etre|été) remis|konnte nicht zugestellt)/is,
  },
  { server: 'gmail', pattern: /\bdelivery to the following recipients? (?:failed permanently|has been delayed)\b/i },
  { server: 'gmail', pattern: /\byour message wasn['’]t delivered to\b/i },
  { server: 'domino', pattern: /\bwas not delivered to:\s/i },
  { server: 'groupwise', pattern: /\bthe message that you sent was undeliverable to the following\b/i },
  { server: 'aol', pattern: /\byour mail to the following recipients could not be delivered\b/i },
  {
    server: 'yahoo',
    pattern: /\b(?:unable to deliver (?:your )?message to the following address|message from yahoo\.com)/i,
  },
  { server: 'imail', pattern: /\b(?:user unknown|invalid final delivery userid): ?\S+@/i },
  { server: 'mailenable', pattern: /\brecipient: \[smtp:/i },
  {
    server: 'other',
    pattern:
      /\b(?:could not|cannot|couldn't|can't|unable to) (?:be )?deliver(?:ed)?\b|\bundeliver(?:ed|able)\b|\bdelivery (?:failure|failed|has failed|to the following)\b/i,
  },
  {
    server: 'other',
    pattern: /\b(?:onbestelbaar|niet (?:worden )?bezorgd|non remis|non distribu|unzustellbar|nicht zugestellt)/i,
  },
]

/** Where the returned message begins. */
const returnedFrom =
  /^(?:-{2,} ?(?:below this line is a copy of the message|this is a copy of (?:the|your) message|original message|returned message|unsent message below|message header follows|the (?:header|body) of the original)|-{5,} ?forwarded|return-path: |received: (?:from|by) |original message (?:headers|follows)|diagnostic information for administrators|message headers? follow)/im
const bounceSubject =
  /\b(?:undeliver|delivery (?:status|failure|failed|notification|has failed|problem|unsuccessful)|mail delivery|returned (?:mail|to sender)|failure notice|mail (?:system error|could not)|non[- ]?deliver|message (?:status|delayed)|warning: (?:message|could not)|onbestelbaar|niet bezorgd|non remis|echec de la remise|unzustellbar|nicht zugestellt|delayed mail|nondeliverable|user unknown)/i
const delayWords =
  /\b(?:delay(?:ed)?|still (?:being )?(?:trying|retried)|will (?:be retried|continue|keep|try again)|has not yet been delivered|not yet been|warning message only|vertraagd|retarde|verzogert)\b/i
const gaveUp = /\b(?:permanent|failed|giving up|gave up|could not be delivered|given up|not try again)\b/i
const addressPattern = /[^\s<>()[\]"',;:@]{1,128}@[^\s<>()[\]"',;:@]{1,250}\.[^\s<>()[\]"',;:.@]{1,63}/g

/** A report in words alone (RULE DSN-5). Undefined for a mail that is no report. */
export function readBounceWords(mail: ReadMail): readonly ReportedFailure[] | undefined {
  if (!mayReport(mail)) return undefined
  const whole = allText(mail.root).slice(0, wordsMax)
  const words = whole.slice(0, returnedAt(whole))
  const subject = shownHeader(mail.headers, 'subject')
  const saysSo = isDaemon(mail) || bounceSubject.test(subject)
  // An absent person's notice has no sender either, and may say that something "could not be delivered".
  const isOpening = openings.some(({ server, pattern }) => (saysSo || server !== 'other') && pattern.test(words))
  if (!isOpening && !(isDaemon(mail) && bounceSubject.test(subject))) return undefined
  const isDelay = delayWords.test(words) && !gaveUp.test(words.replace(delayWords, ''))
  const failures = failuresIn(mail, words)
  return isDelay ? failures.map((failure) => ({ ...failure, outcome: 'delayed' as const })) : failures
}

/** Nobody else writes reports: who does has no sender, is a mail program, or says what it sends in its subject. */
function mayReport(mail: ReadMail): boolean {
  const subject = shownHeader(mail.headers, 'subject')
  const names = allHeaders(mail.headers, 'x-failed-recipients')
  const isAnswer = /^(?:re|fwd?|aw|wg|antw|tr) ?:/i.test(subject)
  return mail.envelope.from === '' || isDaemon(mail) || names.length > 0 || (!isAnswer && bounceSubject.test(subject))
}

function isDaemon(mail: ReadMail): boolean {
  return /^(?:mailer-daemon|mail-daemon|postmaster|mail\.?delivery|mdaemon|mmdf|ndr|mailer|maildelivery)/i.test(
    senderOf(mail) ?? '',
  )
}

function returnedAt(words: string): number {
  const found = returnedFrom.exec(words)?.index
  return found === undefined || found === 0 ? words.length : found
}

/** Each address with the words that follow it, up to the next one. */
function failuresIn(mail: ReadMail, words: string): ReportedFailure[] {
  const reporter = senderOf(mail)?.toLowerCase()
  const named = allHeaders(mail.headers, 'x-failed-recipients').flatMap((value) => value.match(addressPattern) ?? [])
  const places = [...words.matchAll(addressPattern)]
    .map((match) => ({ address: match[0].replace(/\.+$/, ''), at: match.index }))
    .filter(({ address }) => isRecipient(address, named, reporter))
  const found = new Map<string, ReportedFailure>()
  for (const [index, { address, at }] of places.entries()) {
    if (found.has(address.toLowerCase()) || found.size >= failuresMax) continue
    const next = places.slice(index + 1).find((other) => other.address.toLowerCase() !== address.toLowerCase())
    found.set(address.toLowerCase(), failureFrom(words.slice(at, next?.at ?? words.length), words, address))
  }
  for (const address of named) {
    if (!found.has(address.toLowerCase())) found.set(address.toLowerCase(), failureFrom('', words, address))
  }
  // A report that names nobody still speaks of whoever the address it came to is about.
  return found.size > 0 ? [...found.values()] : [failureFrom(words, words)]
}

function isRecipient(address: string, named: readonly string[], reporter: string | undefined): boolean {
  const lower = address.toLowerCase()
  if (named.length > 0) return named.some((other) => other.toLowerCase() === lower)
  const isHelper = /^(?:mailer-daemon|postmaster|abuse|support|helpdesk|noreply|no-reply)@/.test(lower)
  const isNoAddress = /\.(?:local|qmail|png|gif|jpg)$/.test(lower) || address.length > 254
  return lower !== reporter && !isHelper && !isNoAddress
}

function failureFrom(near: string, all: string, address?: string): ReportedFailure {
  const spoken = near.replace(addressPattern, ' ').trim().length > 10 ? near : all
  const { status } = codesIn(spoken)
  const diagnostic = cleanDiagnostic(spoken.replace(/^\S+/, ''))
  return {
    outcome: outcomeOf(status, spoken),
    ...(address !== undefined && { address }),
    ...(status !== undefined && { status }),
    ...(diagnostic !== '' && { diagnostic }),
  }
}
