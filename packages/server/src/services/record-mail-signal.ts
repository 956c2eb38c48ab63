import { assertNever, type EvidenceKind, everything, evidenceEntry, type JsonValue, uuidV7 } from '@verzet/core'
import { type Transaction, transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { cancelAcknowledgements } from '../storage/outbound-mails.ts'
import { insertSeenMail, isMailSeen } from '../storage/seen-mails.ts'
import { choiceByLink, scopeOfSilence } from './choices-by-link.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { MailSubject, MailVerdict } from './mail-verdict.ts'
import { noteBounce } from './note-bounce.ts'
import type { KeyedContactPoint } from './ports.ts'
import type { ChoiceToRecord } from './record-choices.ts'
import { keepPassedOverMail, openReviewOfMail } from './review/open-from-mail.ts'

/** How a mail is told from any other. */
export type MailArrival = {
  /** The same for the same mail delivered again. */
  readonly mailKey: string
  /** SHA-256 over the whole mail as it came: what proves later which mail it was. */
  readonly mailHash: Buffer
  readonly receivedAt: number
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'committer' | 'secrets' | 'clock' | 'random'>

/**
 * Records what a mail that came home means, once: a no and a complaint become choices, a bounce a delivery fact, what is
 * unclear an item for a human, and the rest is counted. Only an opt-out is acknowledged. Choices are durable before the
 * mail is noted as seen: after a crash in between, the same mail is heard again, and the same no is the same no (rule 5).
 */
export async function recordMailSignal(hub: Parts, verdict: MailVerdict, arrival: MailArrival): Promise<MailVerdict> {
  if (await isMailSeen(hub.db, arrival.mailKey)) return { kind: 'ignored', reason: 'seen_before' }
  switch (verdict.kind) {
    case 'opt_out':
      await recordOptOut(hub, verdict, arrival)
      break
    case 'complaint':
      await recordComplaint(hub, verdict, arrival)
      break
    case 'bounce':
    case 'automatic_reply':
    case 'unclear_reply':
    case 'ignored':
      break
    default:
      assertNever(verdict)
  }
  const isNew = await transact(hub.db, async (tx) => {
    const seen = { mailKey: arrival.mailKey, verdict: verdict.kind, reason: reasonOf(verdict) }
    if (!(await insertSeenMail(tx, seen, arrival.receivedAt))) return false
    await note(tx, hub, verdict, arrival)
    return true
  })
  return isNew ? verdict : { kind: 'ignored', reason: 'seen_before' }
}

function reasonOf(verdict: MailVerdict): string | null {
  switch (verdict.kind) {
    case 'opt_out':
      return verdict.via
    case 'complaint':
      return verdict.feedbackType
    case 'bounce':
      return verdict.facts[0]?.outcome ?? null
    case 'automatic_reply':
    case 'unclear_reply':
    case 'ignored':
      return verdict.reason
    default:
      return assertNever(verdict)
  }
}

/** One act, however many contact points it speaks for, and one acknowledgement, to the first (RFC 3834 §4, RULE AR-6). */
async function recordOptOut(
  hub: Parts,
  verdict: Extract<MailVerdict, { kind: 'opt_out' }>,
  arrival: MailArrival,
): Promise<void> {
  const proof = {
    mail: arrival.mailHash.toString('hex'),
    authenticated: verdict.isAuthenticated,
    client: verdict.client,
  }
  const signal = verdict.via === 'mailto' ? 'mailto' : 'reply'
  const choices = verdict.subjects.flatMap((subject) => refusalOf(hub, subject, arrival) ?? [])
  const unique = choices.filter(
    (choice, index) => choices.findIndex((other) => other.subjectKey === choice.subjectKey) === index,
  )
  await hub.committer.record(
    unique.map(({ acknowledge, ...choice }, index) => ({
      ...choice,
      context: { ...choice.context, signal, proof },
      ...(index === 0 && acknowledge && { acknowledge: { ...acknowledge, autoSubmitted: 'auto-replied' as const } }),
    })),
  )
}

/** Who complained objects to everything, and is not written to again: not now, and not with what was owed before. */
async function recordComplaint(
  hub: Parts,
  verdict: Extract<MailVerdict, { kind: 'complaint' }>,
  arrival: MailArrival,
): Promise<void> {
  const proof = {
    mail: arrival.mailHash.toString('hex'),
    feedbackType: verdict.feedbackType,
    provider: verdict.provider,
    ...(verdict.signedBy !== undefined && { signedBy: verdict.signedBy }),
  }
  const choices = verdict.subjects.flatMap((subject) => refusalOf(hub, subject, arrival) ?? [])
  await transact(hub.db, (tx) => {
    const keys = choices.map((choice) => choice.subjectKey)
    return cancelAcknowledgements(tx, keys, hub.clock())
  })
  await hub.committer.record(
    choices.map((choice) => ({
      ...choice,
      acknowledge: undefined,
      words: { ...choice.words, kind: 'objection' as const, scope: everything, author: 'provider' as const },
      context: { ...choice.context, signal: 'complaint', proof },
    })),
  )
}

/** A no of the person behind a link, as far as their message let them choose (rule 3); of an address, to everything. */
function refusalOf(hub: Parts, subject: MailSubject, arrival: MailArrival): ChoiceToRecord | undefined {
  const now = hub.clock()
  // It was said when it came: a mail that lay in a mailbox does not undo what its writer chose since.
  const saidAt = Math.min(now, arrival.receivedAt)
  if (subject.kind === 'link') {
    const words = { kind: 'objection' as const, scope: scopeOfSilence(subject.link) }
    return choiceByLink(subject.link, { words, saidAt }, { signal: 'mailto', clock: hub.clock, random: hub.random })
  }
  const keyed = keyOf(hub, subject.address)
  if (keyed === undefined) return undefined
  const country = hub.catalog.brands()[0]?.country
  return {
    id: uuidV7(now, hub.random(10)),
    evidenceId: uuidV7(now, hub.random(10)),
    subjectKey: keyed.key,
    subject: { type: 'email', value: keyed.contactPoint.normalised, fingerprint: keyed.fingerprint },
    words: { kind: 'objection', scope: everything, author: 'person', saidAt },
    recordedAt: now,
    actor: 'person',
    arrivedBy: 'email',
    context: { signal: 'mailto', origin: { channel: 'email' } },
    isRepeatable: true,
    ...(country !== undefined && { acknowledge: { mailId: uuidV7(now, hub.random(10)), brandCountry: country } }),
  }
}

function keyOf(hub: Parts, address: string): KeyedContactPoint | undefined {
  const named = keyContactPoint(hub.secrets, { type: 'email', value: address })
  return named.kind === 'ok' ? named.keyed : undefined
}

function contactKeyOf(hub: Parts, subject: MailSubject): string | undefined {
  return subject.kind === 'link' ? subject.link.claims.contactPointKey : keyOf(hub, subject.address)?.key
}

/** What is kept of a mail that is no choice: facts, items, and evidence under whom it is about. */
async function note(tx: Transaction, hub: Parts, verdict: MailVerdict, arrival: MailArrival): Promise<void> {
  const mail = arrival.mailHash.toString('hex')
  switch (verdict.kind) {
    case 'bounce':
      return noteBounce(tx, hub, verdict, arrival)
    case 'unclear_reply':
      return openReviewOfMail(tx, hub, verdict, arrival)
    case 'automatic_reply': {
      const keys = verdict.subjects.flatMap((subject) => contactKeyOf(hub, subject) ?? [])
      const details = { verdict: verdict.kind, reason: verdict.reason, mail }
      return appendEvidence(
        tx,
        keys.map((key) => proofOf(hub, key, 'mail_heard', arrival, details)),
      )
    }
    case 'ignored':
      return verdict.words && keepPassedOverMail(tx, hub, verdict.words, arrival)
    default:
      return undefined
  }
}

type Details = Readonly<Record<string, JsonValue>>

function proofOf(hub: Parts, subjectKey: string, kind: EvidenceKind, { receivedAt }: MailArrival, details: Details) {
  const id = uuidV7(receivedAt, hub.random(10))
  return evidenceEntry({ id, subjectKey, kind, recordedAt: receivedAt, details })
}
