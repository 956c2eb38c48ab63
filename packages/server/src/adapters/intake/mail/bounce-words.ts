import { isDelay, isReport, mayReport, withoutReturned } from './bounce-openings.ts'
import { cleanDiagnostic, codesIn, isShortened, outcomeOf, type ReportedFailure } from './failure-words.ts'
import { recipientsOf } from './own-tokens.ts'
import { allHeaders } from './read-headers.ts'
import { allText, domainOf, ownParts, type ReadMail, senderOf } from './read-mail.ts'

/** A report names at most as many people as one message had recipients. */
const failuresMax = 100
/** The report stands before the message it returns. */
const wordsMax = 20_000

const addressPattern = /[^\s<>()[\]"',;:@]{1,128}@[^\s<>()[\]"',;:@]{1,250}\.[^\s<>()[\]"',;:.@]{1,63}/g

/**
 * Where some servers say who did not get it, between the header of the message and the advice: Exchange below "To:" and
 * "Cc:" of the message, phquery above examples of addresses, Smail between rules, LLNL in a sentence.
 */
const sections: readonly RegExp[] = [
  /\bdid not reach the following recipient\(?s?\)?:(.*)/is,
  /-{4,} ?message not delivered to the following:(.*?)(?:-{4,}|$)/is,
  /-{3,} ?failed addresses follow: ?-*\|?(.*?)(?:\|-{3,}|$)/is,
  /\baddress to\s+which your message was addressed, (\S+),/is,
]

/** A report in words alone (RULE DSN-5). Undefined for a mail that is no report. */
export function readBounceWords(mail: ReadMail): readonly ReportedFailure[] | undefined {
  if (!mayReport(mail)) return undefined
  const words = withoutReturned(spokenWords(mail).slice(0, wordsMax))
  if (!isReport(mail, words)) return undefined
  const failures = failuresIn(mail, words)
  return isDelay(words) ? failures.map((failure) => ({ ...failure, outcome: 'delayed' as const })) : failures
}

/** Its own words; those of the message it returns only where it has none. */
function spokenWords(mail: ReadMail): string {
  const own = ownParts(mail.root).map((part) => (part.kind === 'text' ? part.text : ''))
  const words = own.join('\n')
  return words.trim() === '' ? allText(mail.root) : words
}

/** Each address with the words that follow it, up to the next one. */
function failuresIn(mail: ReadMail, whole: string): ReportedFailure[] {
  const section = sections.map((pattern) => pattern.exec(whole)?.[1]).find((found) => found !== undefined)
  const words = section ?? whole
  const named = allHeaders(mail.headers, 'x-failed-recipients').flatMap((value) => value.match(addressPattern) ?? [])
  const places = placesIn(mail, words, named)
  const found = new Map<string, ReportedFailure>()
  for (const [index, { address, at }] of places.entries()) {
    if (found.has(address.toLowerCase()) || found.size >= failuresMax) continue
    const next = places.slice(index + 1).find((other) => other.address.toLowerCase() !== address.toLowerCase())
    found.set(address.toLowerCase(), failureFrom(words.slice(at, next?.at ?? words.length), whole, address))
  }
  for (const address of [...named, ...(found.size === 0 ? screenNames(mail, words) : [])]) {
    if (!found.has(address.toLowerCase())) found.set(address.toLowerCase(), failureFrom('', whole, address))
  }
  // A report that names nobody still speaks of whoever the address it came to is about.
  return found.size > 0 ? [...found.values()] : [failureFrom(whole, whole)]
}

/** The addresses that may be those of people who did not get it, with where they stand. */
function placesIn(mail: ReadMail, words: string, named: readonly string[]) {
  const reporter = senderOf(mail)?.toLowerCase()
  const reportedTo = new Set(recipientsOf(mail).map((address) => address.toLowerCase()))
  return [...words.matchAll(addressPattern)]
    .map((match) => {
      // X.400 and proxy addresses of Exchange name the way before the address: `dda:SMTP=`.
      const address = match[0].replace(/^smtp=/i, '').replace(/\.+$/, '')
      return { address, at: match.index + match[0].indexOf(address) }
    })
    .filter(({ address, at }) => {
      const lower = address.toLowerCase()
      if (named.length > 0) return named.some((other) => other.toLowerCase() === lower)
      if (lower === reporter || reportedTo.has(lower) || isShortened(address)) return false
      // Whose mail it was that is not taken.
      return isPerson(lower) && !/\b(?:mail|message) from:?\s+<?$/i.test(words.slice(Math.max(0, at - 30), at))
    })
}

function isPerson(address: string): boolean {
  const isHelper = /^(?:mailer-daemon|postmaster|abuse|support|helpdesk|noreply|no-reply)@/.test(address)
  const isNoAddress = /\.(?:local|qmail|png|gif|jpg)$/.test(address) || address.length > 254
  return !isHelper && !isNoAddress
}

/** AOL names its members without their domain, one a line. */
function screenNames(mail: ReadMail, words: string): string[] {
  const domain = domainOf(senderOf(mail))
  const list =
    /\bthe following recipients could not be delivered\b[^:]*(?:@[^:]*)?:((?:\s*\n[ \t]*[\w.+-]{2,64}[ \t]*(?=\n|$))+)/i
  const names = domain === 'aol.com' ? list.exec(words)?.[1]?.trim().split(/\s+/) : undefined
  return (names ?? []).slice(0, failuresMax).map((name) => `${name}@${domain}`)
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
