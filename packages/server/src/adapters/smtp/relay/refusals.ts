import type { Decision, DecisionReason } from '@verzet/core'
import type { BodyReason, RewrittenMessage } from '../message/rewrite-message.ts'
import type { AssignmentProblem } from './assignment.ts'
import { misconfigured, type RelayReply, reply, tryAgain } from './reply.ts'

/** RFC 3463 §3.8: X.7.1, delivery not authorized. A bounce handler takes it for a policy and not for a dead mailbox. */
const notAuthorised = '5.7.1'

const sentences: Partial<Record<DecisionReason, string>> = {
  objection: 'This recipient has said no to this mail',
  no_basis: 'There is no consent or customer relation on record for this recipient',
  registered: 'This recipient is on a register that says no',
  pause: 'This recipient asked for a pause',
  cadence: 'This recipient asked for fewer mails, and has had as many',
  unknown_topic: 'The brand has no such topic',
  unknown_brand: 'There is no such brand',
  invalid_contact_point: 'This is not a mail address the hub can know',
}

/** Why a recipient may not be written to. */
export function refusalFor(reason: DecisionReason): RelayReply {
  return reply(550, notAuthorised, `${sentences[reason] ?? 'This recipient may not be written to'} (${reason})`)
}

/** These are about the person; the others are the sender's mistake, and nobody is helped by dropping those quietly. */
const senderMistakes: ReadonlySet<DecisionReason> = new Set([
  'unknown_topic',
  'unknown_brand',
  'brand_required',
  'channel_mismatch',
  'invalid_contact_point',
])

export function isAboutPerson(reason: DecisionReason): boolean {
  return !senderMistakes.has(reason)
}

/** Rule 6: where the hub itself does not know, the client keeps the mail; nobody has said no. */
const unknownToUs: ReadonlySet<DecisionReason> = new Set(['stale', 'register_missing', 'register_stale'])

/** 550 would make a bounce handler strike off somebody who said nothing, and releasing the campaign would come too late. */
const held = reply(451, '4.7.1', 'This campaign is held, please try again later (campaign_held)')

/** What a client that keeps the mail is told; undefined where the answer is about the person or the mail. */
export function postponementFor(reason: DecisionReason): RelayReply | undefined {
  if (reason === 'campaign_held') return held
  return unknownToUs.has(reason) ? tryAgain : undefined
}

/**
 * True for an answer that stands before the mail itself is known. A cadence has to wait for it: a mail that is tried
 * again was counted the first time, and must not be refused for its own count.
 */
export function isFinalRefusal({ decision, reason }: Pick<Decision, 'decision' | 'reason'>): boolean {
  return decision !== 'allow' && reason !== 'cadence'
}

const assignmentSentences: Record<AssignmentProblem, string> = {
  other_brand: 'X-Verzet-Brand names another brand than this sign-in',
  other_topic: 'X-Verzet-Topic names another topic than this sign-in',
  no_topic: 'No topic: sign in with one, or set X-Verzet-Topic, or name the List-Id with "verzet relay lists add"',
  unknown_topic: 'The brand has no such topic',
  unknown_policy: 'X-Verzet-Policy is neither refuse nor accept',
  campaign_too_long: 'X-Verzet-Campaign is longer than 100 characters',
}

export function refusalOfAssignment(reason: AssignmentProblem): RelayReply {
  return reply(550, notAuthorised, `${assignmentSentences[reason]} (${reason})`)
}

/**
 * What makes a body unchangeable by its nature: signed or encrypted, or no letter at all. Its ways out then stand in the
 * header, where a mail program shows them. Everything else is a template that can be mended, and is refused until it is.
 */
const closedByNature: ReadonlySet<BodyReason> = new Set([
  'signed',
  'encrypted',
  'inline_pgp',
  'calendar',
  'attached_message',
])

export function isClosedByNature(reason: string): boolean {
  return [...closedByNature].some((one) => one === reason)
}

type RewriteProblem = Extract<RewrittenMessage, { kind: 'refused' }>['reason']

/** Why a message cannot be passed on as it must be. */
export function refusalOfMessage(reason: RewriteProblem | 'unreadable_header'): RelayReply {
  switch (reason) {
    case 'unsafe_link':
    case 'unsafe_field':
      return misconfigured
    case 'bare_line_end':
      return reply(550, '5.6.0', 'A line ends in a lone CR or LF (bare_line_end)')
    case 'empty':
    case 'header_too_large':
    case 'too_many_fields':
    case 'malformed_header':
    case 'unreadable_header':
    case 'line_too_long':
    case 'too_many_parts':
    case 'too_deep':
      return reply(550, '5.6.0', `The message is malformed (${reason})`)
    default:
      return reply(550, '5.6.0', `Advertising must carry a way out, and this body cannot (${reason})`)
  }
}
