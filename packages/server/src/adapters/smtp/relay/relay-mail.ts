import { isAscii } from 'node:buffer'
import { createHash } from 'node:crypto'
import { assertNever, type Decision, uuidFromHex } from '@verzet/core'
import {
  type ClaimedMail,
  type MailToClaim,
  recordDroppedMail,
  releaseRelayedMail,
} from '../../../services/claim-relayed-mails.ts'
import type { RecipientAnswer, RecipientQuestion } from '../../../services/look-up-recipients.ts'
import type { KeyedContactPoint } from '../../../services/ports.ts'
import type { RelayCredential } from '../../../services/relay-credentials.ts'
import { topicOfList } from '../../../services/relay-lists.ts'
import { fieldsNamed, type HeaderBlock, readHeaderBlock } from '../message/header-block.ts'
import { readControlFields } from '../message/header-fields.ts'
import { type Assignment, assignMail } from './assignment.ts'
import { type DressedMail, dressMail } from './dress-mail.ts'
import type { HandOver } from './next-hop/connection.ts'
import { NextHopUnavailable } from './next-hop/connection.ts'
import { splitStatus } from './next-hop/reply-reader.ts'
import {
  isAboutPerson,
  isFinalRefusal,
  postponementFor,
  refusalFor,
  refusalOfAssignment,
  refusalOfMessage,
} from './refusals.ts'
import { receivedFieldsMax } from './relay-limits.ts'
import { type RelayOutcome, relayedMails } from './relay-metrics.ts'
import type { RelayParts } from './relay-parts.ts'
import { isAccepted, misconfigured, type RelayReply, reply, tryAgain } from './reply.ts'
import { dayWhereNameless } from './submission-fields.ts'

/** One mail of a client for one recipient. */
export type ClientMail = {
  readonly raw: Buffer
  readonly from: string
  readonly to: string
  readonly recipient: KeyedContactPoint
  readonly credential: RelayCredential
  readonly isSmtpUtf8: boolean
  /** The field that tells of this hop, with its line end. */
  readonly received: string
  /** What the gate said at RCPT, where the topic was known by then. */
  readonly asked?: RecipientAnswer
}

export type RelayedMail = { readonly reply: RelayReply; readonly outcome: RelayOutcome; readonly reason: string }

/**
 * Passes one mail on for one recipient and says what to answer the client: 250 only after the next hop has said so, or
 * when the sender wants refused mail dropped; else whatever makes the client keep the mail or return it.
 */
export async function relayMail(parts: RelayParts, mail: ClientMail): Promise<RelayedMail> {
  const done = await passOn(parts, mail).catch((error: unknown) => {
    parts.log(`a mail could not be relayed (${codeOf(error)}); its client is asked to try again`)
    return ended(tryAgain, 'postponed', 'error')
  })
  relayedMails.inc({ outcome: done.outcome, reason: done.reason })
  return done
}

async function passOn(parts: RelayParts, mail: ClientMail): Promise<RelayedMail> {
  const header = readHeaderBlock(mail.raw, 0, mail.raw.length)
  if (header.kind === 'malformed') return ended(refusalOfMessage(header.reason), 'refused', header.reason)
  if (fieldsNamed(header.fields, 'received').length > receivedFieldsMax) {
    return ended(reply(554, '5.4.6', 'This mail goes in a circle'), 'refused', 'loop')
  }
  const assigned = await assign(parts, mail, header)
  if (assigned.kind === 'ended') return assigned.as
  const { hub } = parts
  const { topic, campaign } = assigned.assignment
  const asked = mail.asked ?? (await parts.lookUp(questionOf(mail, assigned.assignment)))
  const draft = draftOf(mail, assigned.assignment, hub.clock())
  if (isFinalRefusal(asked.decision)) return refuse(parts, draft, asked.decision, assigned.assignment)
  const campaignNumber =
    campaign === undefined ? 0 : (await hub.catalog.campaign(topic.brand, campaign, hub.clock())).number
  const { language } = asked
  const dressed = dressMail(parts, mail, header, { topic, campaign, campaignNumber, language, mailId: draft.id })
  if (dressed.kind === 'refused') return ended(refusalOfMessage(dressed.reason), 'refused', dressed.reason)
  return handOver(parts, mail, assigned.assignment, { ...draft, ...markOf(dressed) }, dressed.message)
}

type Assigned = Extract<Assignment, { kind: 'assigned' }>

function questionOf({ recipient }: ClientMail, { topic, campaign }: Assigned): RecipientQuestion {
  return { recipient, brand: topic.brand, topic: topic.id, ...(campaign !== undefined && { campaign }) }
}

async function assign({ hub }: RelayParts, mail: ClientMail, header: HeaderBlock) {
  const control = readControlFields(mail.raw, header)
  if (control.kind === 'refused') {
    const text = `An X-Verzet field is said twice or unreadable (${control.reason})`
    return { kind: 'ended' as const, as: ended(reply(550, '5.6.0', text), 'refused', control.reason) }
  }
  const assignment = await assignMail(mail.credential, control, {
    topic: (brand, topic) => hub.catalog.topic(brand, topic),
    topicOfList: (listId) => topicOfList(hub, mail.credential.brand, listId),
  })
  if (assignment.kind === 'refused') {
    return { kind: 'ended' as const, as: ended(refusalOfAssignment(assignment.reason), 'refused', assignment.reason) }
  }
  return { kind: 'assigned' as const, assignment }
}

/** Named by its own bytes and its reader, so that the same mail sent again is not counted again. */
function draftOf(mail: ClientMail, { topic, campaign }: Assigned, now: number): MailToClaim {
  const day = dayWhereNameless(mail.raw, now)
  const hash = createHash('sha256').update(mail.recipient.key).update(mail.raw).update(day).digest('hex')
  return {
    id: uuidFromHex(hash.slice(0, 32)),
    recipient: mail.recipient,
    brand: topic.brand,
    topic: topic.id,
    ...(campaign !== undefined && { campaign }),
    credential: mail.credential.name,
    hasLinks: false,
    headersOnly: false,
    isCounted: topic.purpose === 'marketing',
  }
}

function markOf(dressed: Extract<DressedMail, { kind: 'dressed' }>) {
  return { hasLinks: dressed.hasLinks, headersOnly: dressed.headersOnly }
}

async function handOver(
  parts: RelayParts,
  mail: ClientMail,
  assignment: Assigned,
  toClaim: MailToClaim,
  message: Buffer,
): Promise<RelayedMail> {
  let claim: ClaimedMail | undefined
  const nextMail = { from: mail.from, to: mail.to, message, isEightBit: !isAscii(message), isSmtpUtf8: mail.isSmtpUtf8 }
  try {
    const outcome = await parts.nextHop.deliver(nextMail, async () => {
      claim = await parts.claim(toClaim)
      return claim.decision.decision === 'allow'
    })
    // Somebody said no since the gate was asked first: the last answer before the mail leaves is the one that counts.
    if (outcome.kind === 'withdrawn')
      return claim ? await refuse(parts, toClaim, claim.decision, assignment) : unclaimed()
    const done = judge(parts, outcome)
    if (claim !== undefined && !isAccepted(done.reply) && outcome.kind !== 'unanswered') {
      await release(parts, toClaim, claim, done.reason)
    }
    return done
  } catch (error) {
    if (!(error instanceof NextHopUnavailable)) throw error
    parts.log(`the next hop cannot be used: ${error.message}`)
    return ended(
      reply(451, '4.4.1', 'The next mail server cannot be reached, please try again'),
      'postponed',
      'next_hop',
    )
  }
}

function unclaimed(): RelayedMail {
  return ended(tryAgain, 'postponed', 'error')
}

/** A count too many may hold back the next mail of a person with a cadence, and nothing else: the answer stands. */
async function release(parts: RelayParts, mail: MailToClaim, claim: ClaimedMail, reason: string): Promise<void> {
  const { db, clock } = parts.hub
  await releaseRelayedMail(db, mail, claim, reason, clock()).catch((error: unknown) =>
    parts.log(`a mail that did not leave stays counted (${codeOf(error)})`),
  )
}

function judge(parts: RelayParts, outcome: HandOver): RelayedMail {
  switch (outcome.kind) {
    case 'accepted':
      return ended(reply(250, '2.0.0', 'Taken by the next mail server'), 'sent', 'sent')
    case 'answered':
      return judgeReply(parts, outcome.reply)
    case 'cannot_carry':
      // RFC 6531 §3.5 and RFC 6152 §3: the relay changes no address and no body to make a mail fit.
      return outcome.lacks === 'smtputf8'
        ? ended(reply(553, '5.6.7', 'The next mail server takes no international addresses'), 'failed', 'smtputf8')
        : ended(reply(554, '5.6.3', 'The next mail server takes no 8-bit mail'), 'failed', '8bitmime')
    case 'lost':
      return ended(reply(451, '4.4.2', 'The next mail server hung up, please try again'), 'postponed', 'lost')
    case 'unanswered':
      return ended(
        reply(451, '4.4.2', 'The next mail server did not answer, please try again'),
        'postponed',
        'unanswered',
      )
    default:
      return assertNever(outcome)
  }
}

/** These say that the hub may not use the next hop, which is no fault of the mail (RFC 4954 §6, RFC 3207 §4). */
const aboutUs: ReadonlySet<number> = new Set([530, 534, 535, 538])
const textCharactersMax = 200

function judgeReply(parts: RelayParts, answer: Parameters<typeof splitStatus>[0]): RelayedMail {
  if (aboutUs.has(answer.code)) {
    parts.log(`the next hop wants another sign-in: it answered ${answer.code}`)
    return ended(misconfigured, 'postponed', 'next_hop_sign_in')
  }
  const { status, text } = splitStatus(answer)
  const isFinal = answer.code >= 500
  // 421 would end the client's own connection, and it is about ours.
  const code = answer.code === 421 || answer.code < 400 ? 451 : answer.code
  const said = reply(
    code,
    status.startsWith(String(code)[0] ?? '4') ? status : '4.0.0',
    text.slice(0, textCharactersMax),
  )
  return ended(said, isFinal ? 'failed' : 'postponed', isFinal ? 'next_hop_refused' : 'next_hop_postponed')
}

/** As the sender wants it: 550, or 250 and nothing leaves. A drop is recorded before it is answered. */
async function refuse(
  parts: RelayParts,
  mail: MailToClaim,
  { reason }: Decision,
  { whenRefused }: Assigned,
): Promise<RelayedMail> {
  const postponement = postponementFor(reason)
  if (postponement !== undefined) return ended(postponement, 'postponed', reason)
  if (whenRefused === 'refuse' || !isAboutPerson(reason)) return ended(refusalFor(reason), 'refused', reason)
  await recordDroppedMail(parts.hub.db, mail, reason, parts.hub.clock())
  return ended(reply(250, '2.0.0', `Dropped, as asked (${reason})`), 'dropped', reason)
}

function ended(said: RelayReply, outcome: RelayOutcome, reason: string): RelayedMail {
  return { reply: said, outcome, reason }
}

/** Never the message: that of a database may quote an address. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.name
}
