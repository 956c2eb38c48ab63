import type {
  IgnoredReason,
  MailSubject,
  MailVerdict,
  UnclearReason,
  WrittenWords,
} from '../../../services/mail-verdict.ts'
import type { OpenedLink } from '../../../services/open-link.ts'
import { fold } from '../wish/fold.ts'
import { automaticReason, mayBeAutomatic } from './automatic-reply.ts'
import { readBounce } from './bounce.ts'
import { type ComplaintReport, isOfDomain, isProvider, readComplaint } from './complaint.ts'
import {
  linkInAddress,
  linkInReply,
  linkInReport,
  looksLikeToken,
  recipientsOf,
  type TokenOpener,
} from './own-tokens.ts'
import { shownHeader } from './read-headers.ts'
import { domainOf, type ReadMail, senderOf } from './read-mail.ts'
import { ownWords } from './reply-text.ts'
import { isAnswering, replyWish } from './reply-wish.ts'
import { hidesWords } from './unread-words.ts'
import { clientOf, isWrittenByButton } from './unsubscribe-mail.ts'

export type MailContext = {
  readonly tokens: TokenOpener
  /** The domain whose addresses take opt-out mail. */
  readonly optOutDomain: string
  /** The domains that signed the mail (DKIM, aligned with From), where that was checked. */
  readonly signers?: readonly string[]
  /** Whose signed complaints may name a person by address: a signing domain, or one address of it. */
  readonly complaintProviders: readonly string[]
}

/** Enough to decide on, little enough to keep. */
export const excerptCharactersMax = 600
/** Addresses at the opt-out domain that anybody can type (RULE MT-3), in our four languages. */
const optOutLocalParts =
  /^(?:unsubscribe|unsub|optout|opt-out|stop|remove|leave|uitschrijven|afmelden|stopreclame|desabonnement|desabonner|desinscription|abmelden|abmeldung|abbestellen)(?:[+._-].*)?$/i

/**
 * What a mail that came home is: first whose opt-out address it reached, if any, then what kind of mail it is. Reports and
 * automatic answers are told apart before anything is taken for a person's word; what is left at an opt-out address is a
 * no, and elsewhere a reply is read for one. Reads nothing but its arguments, and never throws for a mail `readMail` read.
 */
export function judgeMail(mail: ReadMail, context: MailContext): MailVerdict {
  const link = addressedLink(mail, context)
  const complaint = readComplaint(mail)
  if (complaint !== undefined) return judgeComplaint(mail, complaint, context)
  const bounce = readBounce(context.tokens, mail)
  if (bounce?.kind === 'bounce') return bounce
  if (bounce !== undefined)
    return ignored(bounce.kind === 'delivered_notice' ? 'delivered_notice' : 'bounce_without_address')
  const automatic = automaticReason(mail)
  // A button that somebody pressed wrote the mail: what it says of itself does not make it less of a no.
  const isByButton = automatic === 'auto_generated' && mail.envelope.from !== '' && isWrittenByButton(mail)
  if (automatic !== undefined && !isByButton) {
    return {
      kind: 'automatic_reply',
      reason: automatic,
      subjects: subjectsOf(link ?? linkInReply(context.tokens, mail)),
    }
  }
  if (mail.endsEarly) return unclear(mail, 'cut_off', subjectsOf(link, senderOf(mail)))
  if (mayBeAutomatic(mail)) return judgeAbsence(mail, link, context)
  return link === undefined ? judgeWithoutToken(mail, context) : optOutByLink(mail, link, context)
}

/** A mail that was not read whole, or not at all: a human looks at it, with whom its header names beside it. */
export function judgeUnread(mail: ReadMail, reason: 'too_large' | 'unreadable', context: MailContext): MailVerdict {
  return unclear(mail, reason, subjectsOf(addressedLink(mail, context), senderOf(mail)))
}

/** RULE AR-5: a notice of absence that says STOP is no opt-out, but without any sign of a program a human may have. */
function judgeAbsence(mail: ReadMail, link: OpenedLink | undefined, context: MailContext): MailVerdict {
  const judged = link === undefined ? judgeWithoutToken(mail, context) : optOutByLink(mail, link, context)
  if (judged.kind !== 'opt_out') return judged
  return unclear(mail, 'may_ask_to_stop', judged.subjects)
}

/** RULE MT-1: whatever its subject, its body and its From say. */
function optOutByLink(mail: ReadMail, link: OpenedLink, context: MailContext): MailVerdict {
  return { kind: 'opt_out', via: 'mailto', subjects: subjectsOf(link), ...proofOf(mail, context) }
}

/** RULE MT-3: an opt-out address without a token, or a garbled one, still says what the mail is; From says who. */
function judgeWithoutToken(mail: ReadMail, context: MailContext): MailVerdict {
  const sender = senderOf(mail)
  if (sender !== undefined && isOfDomain(domainOf(sender), context.optOutDomain)) return ignored('own_mail')
  const isOptOut = recipientsOf(mail).some((address) => isOptOutAddress(address, context.optOutDomain))
  if (isOptOut) {
    if (sender === undefined) return unclear(mail, 'no_sender', [])
    return { kind: 'opt_out', via: 'mailto', subjects: subjectsOf(undefined, sender), ...proofOf(mail, context) }
  }
  return judgeReply(mail, sender, context)
}

/** A reply speaks for the address it comes from and for the reader of the message it answers. */
function judgeReply(mail: ReadMail, sender: string | undefined, context: MailContext): MailVerdict {
  const link = linkInReply(context.tokens, mail)
  const read = replyWish(mail.text, shownHeader(mail.headers, 'subject'))
  const answers = link !== undefined || isAnswer(mail)
  const wish = read === 'unknown' && !answers ? 'none' : read
  const isHidden = wish === 'none' && hidesWords(mail)
  const subjects = subjectsOf(link, sender)
  if (wish === 'none' && !isHidden) {
    return answers ? { ...ignored('no_wish'), words: wordsOf(mail, subjects) } : ignored('no_wish')
  }
  if (subjects.length === 0) return unclear(mail, 'no_sender', subjects)
  if (isHidden) return unclear(mail, 'unreadable', subjects)
  if (wish === 'unclear') return unclear(mail, 'may_ask_to_stop', subjects)
  if (wish === 'unknown') return unclear(mail, 'not_understood', subjects)
  return { kind: 'opt_out', via: 'reply', subjects, ...proofOf(mail, context) }
}

/** Words that nobody understands are kept where they answer something; a stranger's letter is none of the hub's. */
function isAnswer({ headers }: ReadMail): boolean {
  const names = ['in-reply-to', 'references']
  return names.some((name) => shownHeader(headers, name) !== '') || isAnswering(shownHeader(headers, 'subject'))
}

/** RULE ARF-7: a report acts when it returns a token of ours, or when an enrolled provider signed it. */
function judgeComplaint(mail: ReadMail, report: ComplaintReport, context: MailContext): MailVerdict {
  if (report.meaning === 'not_spam') return ignored('complaint_not_spam')
  if (report.meaning === 'auth_failure') return ignored('complaint_auth_failure')
  if (report.meaning === 'other') return ignored('complaint_other_type')
  const link = linkInReport(context.tokens, mail, report.returned)
  if (report.meaning === 'unreadable') return unclear(mail, 'complaint_unreadable', subjectsOf(link))
  const by = { feedbackType: report.feedbackType, ...(report.reporter !== '' && { provider: report.reporter }) }
  if (link !== undefined) return { kind: 'complaint', subjects: subjectsOf(link), ...by }
  const subjects = report.addresses.map((address): MailSubject => ({ kind: 'address', address }))
  if (subjects.length === 0) return unclear(mail, 'complaint_without_person', [])
  const signedBy = believedSigner(mail, context)
  return signedBy === undefined
    ? unclear(mail, 'complaint_unverified', subjects)
    : { kind: 'complaint', subjects, ...by, signedBy }
}

/** RFC 9477 §3: the report is signed by the domain in its From; and that domain is one whose reports are believed. */
function believedSigner(mail: ReadMail, { signers = [], complaintProviders }: MailContext): string | undefined {
  const reporter = (senderOf(mail) ?? '').toLowerCase()
  const isAligned = (signer: string) => isOfDomain(domainOf(reporter), signer) || isOfDomain(signer, domainOf(reporter))
  return signers.find(
    (signer) => isAligned(signer) && complaintProviders.some((provider) => isProvider(provider, reporter, signer)),
  )
}

/** A judge of what the answer of the DNS could change: whether a signature decides, only proves, or is not asked for. */
export function useOfSignature(verdict: MailVerdict): 'decides' | 'proves' | 'none' {
  if (verdict.kind === 'unclear_reply') return verdict.reason === 'complaint_unverified' ? 'decides' : 'none'
  const isByFrom = verdict.kind === 'opt_out' && verdict.subjects.every((subject) => subject.kind === 'address')
  return isByFrom ? 'proves' : 'none'
}

/** Whether a signature of whom From names would make a report believed: of strangers' it is not worth waiting for. */
export function mayComeFromProvider(mail: ReadMail, { complaintProviders }: MailContext): boolean {
  const reporter = (senderOf(mail) ?? '').toLowerCase()
  return complaintProviders.some((named) => {
    const provider = named.toLowerCase()
    const domain = domainOf(provider)
    const isNear = isOfDomain(domainOf(reporter), domain) || isOfDomain(domain, domainOf(reporter))
    return provider.includes('@') ? provider === reporter : isNear
  })
}

/** The envelope decides; the fields are asked where it names none of our tokens. */
function addressedLink(mail: ReadMail, { tokens }: MailContext): OpenedLink | undefined {
  for (const recipient of recipientsOf(mail)) {
    const link = linkInAddress(tokens, recipient)
    if (link !== undefined) return link
  }
  return undefined
}

function isOptOutAddress(address: string, optOutDomain: string): boolean {
  if (!isOfDomain(domainOf(address), optOutDomain.toLowerCase())) return false
  return looksLikeToken(address) || optOutLocalParts.test(address.slice(0, address.lastIndexOf('@')))
}

function subjectsOf(link: OpenedLink | undefined, address?: string): MailSubject[] {
  return [
    ...(link === undefined ? [] : [{ kind: 'link' as const, link }]),
    ...(address === undefined ? [] : [{ kind: 'address' as const, address }]),
  ]
}

function proofOf(mail: ReadMail, { signers = [] }: MailContext) {
  const writer = domainOf(senderOf(mail))
  const isAuthenticated = signers.some((signer) => isOfDomain(writer, signer))
  const client = clientOf(mail)
  return { isAuthenticated, ...(client !== undefined && { client }) }
}

function unclear(mail: ReadMail, reason: UnclearReason, subjects: readonly MailSubject[]): MailVerdict {
  return { kind: 'unclear_reply', reason, ...wordsOf(mail, subjects) }
}

function wordsOf(mail: ReadMail, subjects: readonly MailSubject[]): WrittenWords {
  const sender = senderOf(mail)
  return { excerpt: excerptOf(mail), subjects, ...(sender !== undefined && { sender }) }
}

function excerptOf(mail: ReadMail): string {
  const subject = shownHeader(mail.headers, 'subject')
  const words = ownWords(mail.text)
  const text = words === '' || fold(words) === fold(subject) ? subject : `${subject}\n\n${words}`
  return text.trim().slice(0, excerptCharactersMax)
}

function ignored(reason: IgnoredReason) {
  return { kind: 'ignored' as const, reason }
}
