import { linkTokenCharacters, mailTokenCharacters } from '@verzet/core'
import type { OpenedLink } from '../../../services/open-link.ts'
import { tokensTriedMax } from './mail-limits.ts'
import { allHeaders, firstHeader } from './read-headers.ts'
import { allText, enclosedMessages, linksIn, type MailPart, type ReadMail } from './read-mail.ts'

/** Opens tokens of this hub; undefined for anything it did not seal. */
export type TokenOpener = {
  mail(localPart: string): OpenedLink | undefined
  path(token: string): OpenedLink | undefined
}

const mailToken = new RegExp(`(?<![a-z0-9])[a-z2-7]{${mailTokenCharacters}}(?![a-z0-9])`, 'gi')
const pathToken = new RegExp(`(?<![\\w-])[\\w-]{${linkTokenCharacters}}(?![\\w-])`, 'g')

/** The link in a recipient's local part: the whole of it, or what a plus, a hyphen or another separator sets off. */
export function linkInAddress(opener: TokenOpener, address: string): OpenedLink | undefined {
  const at = address.lastIndexOf('@')
  return at < 1 ? undefined : linkInText(opener, address.slice(0, at))
}

/** True for a local part that is as long as a token and spelled as one: a no sent to an address that was garbled. */
export function looksLikeToken(address: string): boolean {
  return address.slice(0, Math.max(0, address.lastIndexOf('@'))).search(mailToken) !== -1
}

/** The first token in the text that this hub sealed. */
export function linkInText(opener: TokenOpener, text: string): OpenedLink | undefined {
  let tried = 0
  for (const [token] of text.matchAll(mailToken)) {
    const link = tried < tokensTriedMax ? opener.mail(token) : undefined
    if (link !== undefined) return link
    tried += 1
  }
  for (const [token] of text.matchAll(pathToken)) {
    const link = tried < tokensTriedMax ? opener.path(token) : undefined
    if (link !== undefined) return link
    tried += 1
  }
  return undefined
}

/** RULE ARF-6: a returned message names its reader by what we put into it, in this order. */
const returnedFields = [['list-unsubscribe'], ['cfbl-feedback-id'], ['message-id'], ['return-path', 'x-return-path']]

/** Whom a returned message was written to, by our own tokens in its header. */
export function linkInReturned(opener: TokenOpener, message: MailPart): OpenedLink | undefined {
  for (const names of returnedFields) {
    // RFC 9477 §3.1.2: white space in a CFBL-Feedback-ID is folding and nothing else.
    const values = allHeaders(message.headers, ...names).map((value) => value.replace(/\s+/g, ''))
    const link = linkInText(opener, values.join('\n'))
    if (link !== undefined) return link
  }
  return undefined
}

/** The same for a report: the messages it returns (X-ARF: in its JSON), then the fields and words it speaks in. */
export function linkInReport(
  opener: TokenOpener,
  mail: ReadMail,
  returned: readonly MailPart[] = [],
): OpenedLink | undefined {
  // A report that somebody passed on returns its message one level further in.
  const enclosed = enclosedMessages(mail)
  const messages = [...enclosed, ...returned, ...enclosed.flatMap((root) => enclosedMessages({ ...mail, root }))]
  for (const message of messages) {
    const link = linkInReturned(opener, message)
    if (link !== undefined) return link
  }
  for (const recipient of recipientsOf(mail)) {
    const link = linkInAddress(opener, recipient)
    if (link !== undefined) return link
  }
  const returnedLinks = messages.flatMap(linksIn).join('\n')
  return linkInText(opener, allText(mail.root)) ?? linkInText(opener, returnedLinks)
}

/** Where it was sent: the envelope, else the fields that say so. */
export function recipientsOf(mail: ReadMail): readonly string[] {
  const named = allHeaders(mail.headers, 'to', 'cc', 'resent-to').flatMap(
    (value) => value.match(/[^\s<>,;:"()@]{1,128}@[^\s<>,;:"()@]{1,255}/g) ?? [],
  )
  return [...mail.envelope.recipients, ...named]
}

/** The message a reply answers, by the ids that its program kept, else by a link of ours in what it quotes. */
export function linkInReply(opener: TokenOpener, mail: ReadMail): OpenedLink | undefined {
  const ids = `${firstHeader(mail.headers, 'in-reply-to') ?? ''}\n${firstHeader(mail.headers, 'references') ?? ''}`
  return linkInText(opener, ids) ?? linkInText(opener, mail.text) ?? linkInText(opener, linksIn(mail.root).join('\n'))
}
