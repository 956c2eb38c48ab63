import { firstHeader, shownHeader } from './read-headers.ts'
import { type ReadMail, senderOf } from './read-mail.ts'
import { ownWords } from './reply-text.ts'

/** How the reports of mail servers that write no delivery status begin, and whether they give up or go on trying. */
const openings: readonly { readonly server: string; readonly pattern: RegExp }[] = [
  {
    server: 'qmail',
    pattern:
      /\bthis is the qmail-send program\b|\bi'm afraid i wasn't able to deliver (?:your|the following) message\b/i,
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
  { server: 'smail', pattern: /-{3,} ?failed addresses follow:/i },
  // Pigeonhole tells a quota and a script's `reject` (RFC 5429) in the form of a receipt.
  { server: 'dovecot', pattern: /\byour message to \S+ was automatically rejected\b/i },
  { server: 'mail.ru', pattern: /\ba message that you sent was rejected by the local scanning code\b/i },
  {
    server: 'other',
    pattern:
      /\b(?:could not|cannot|couldn't|can't|unable to) (?:be )?deliver(?:ed)?\b|\bundeliver(?:ed|able)\b|\bdelivery (?:failure|failed|has failed|to the following)\b|\b(?:was not|wasn't|not) delivered to (?:the following|your|these)\b|-{3,} ?failed recipients ?-{3,}|\bmail has been returned because\b|\bwhich your message was addressed\b/i,
  },
  // qmail's children in every language keep the form of its list.
  { server: 'other', pattern: /^<[^\s<>@]+@[^\s<>@]+>:[ \t]*$/m },
  {
    server: 'other',
    pattern:
      /\b(?:onbestelbaar|niet (?:worden )?bezorgd|non remis|n'a pas p(?:u|û) (?:e|ê)tre (?:remis|d[eé]livr[eé])|non distribu|unzustellbar|nicht zugestellt)/i,
  },
]

/** Where the returned message begins. */
const returnedFrom =
  /^(?:-{2,} ?(?:below this line is a copy of the message|this is a copy of (?:the|your) message|original message|returned message|unsent message below|message header follows|the (?:header|body) of the original)|-{5,} ?forwarded|return-path: |received: (?:from|by) |original message (?:headers|follows)|diagnostic information for administrators|message headers? follow)/im
/** The same in the subject. */
const bounceSubject =
  /\b(?:undeliver|delivery (?:status|failure|failed|notification|has failed|problem|unsuccessful)|mail delivery|returned (?:mail|to sender)|failure notice|mail (?:system error|could not)|non[- ]?deliver|message (?:status|delayed)|warning: (?:message|could not)|onbestelbaar|niet bezorgd|non remis|echec de la remise|unzustellbar|nicht zugestellt|delayed mail|nondeliverable|user unknown|(?:mail|message) (?:not delivered|failed|failure)|failed mail|automatically rejected mail)/i
/** One's own program answered it, or somebody forwards it: the name of a report at the end is then a gateway's. */
const answeredSubject = /^(?:re|fwd?|aw|wg|antw|tr) ?:/i
const subjectByGateway = /\((?:delivery failed|undeliverable)\)$/i
const delayWords =
  /\b(?:delay(?:ed)?|still (?:being )?(?:trying|retried)|will (?:be retried|continue|keep|try again)|has not yet been delivered|not yet been|warning message only|vertraagd|retarde|verzogert)\b/i
/** Said only by a server that has not given up, whatever else it calls a failure. */
const goesOnWords =
  /\b(?:delivery attempts will continue|no action is required on your part|(?:just a|this is a) warning|warning message only)\b/i
const gaveUp = /\b(?:permanent|failed|giving up|gave up|could not be delivered|given up|not try again)\b/i

/** Nobody else writes reports: who does has no sender, is a mail program, or says what it sends in its subject. */
export function mayReport(mail: ReadMail): boolean {
  const subject = shownHeader(mail.headers, 'subject')
  const isAnswer = answeredSubject.test(subject) && !isByGateway(mail, subject)
  const names = firstHeader(mail.headers, 'x-failed-recipients') !== undefined
  return mail.envelope.from === '' || isDaemon(mail) || names || (!isAnswer && bounceSubject.test(subject))
}

/** Some gateways add their word to the subject of the message they return, and then report in their own words first. */
function isByGateway(mail: ReadMail, subject: string): boolean {
  return subjectByGateway.test(subject) && openings.some(({ pattern }) => pattern.test(ownWords(mail.text)))
}

/** Whether these words are those of a report: an absent person's notice has no sender either. */
export function isReport(mail: ReadMail, words: string): boolean {
  const isNamed = bounceSubject.test(shownHeader(mail.headers, 'subject'))
  const daemon = isDaemon(mail)
  // An absent person may say that something "could not be delivered", too.
  const isOpening = openings.some(
    ({ server, pattern }) => (daemon || isNamed || server !== 'other') && pattern.test(words),
  )
  return isOpening || (daemon && isNamed)
}

/** True while the server goes on trying. */
export function isDelay(words: string): boolean {
  return goesOnWords.test(words) || (delayWords.test(words) && !gaveUp.test(words.replace(delayWords, '')))
}

function isDaemon(mail: ReadMail): boolean {
  return /^(?:mailer-daemon|mail-daemon|postmaster|mail\.?delivery|mdaemon|mmdf|ndr|mailer|maildelivery)/i.test(
    senderOf(mail) ?? '',
  )
}

/** What the server says itself, without the message it returns. */
export function withoutReturned(words: string): string {
  const found = returnedFrom.exec(words)?.index
  return found === undefined || found === 0 ? words : words.slice(0, found)
}
