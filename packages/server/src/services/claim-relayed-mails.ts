import { type Decision, type HashSecrets, type Standing, sendsKeptMs } from '@verzet/core'
import { findContactPoints, insertContactPoints } from '../storage/contact-points.ts'
import { type Database, type Transaction, transact } from '../storage/database.ts'
import { countSends, uncountSend, writeRelayedMails } from '../storage/relayed-mails.ts'
import { type CountedSend, listSends } from '../storage/sends.ts'
import { findStandings, insertStandings, lockStandings } from '../storage/standings.ts'
import { decidePrepared, hasCadence, keysOf, type PreparedQuestion, prepareQuestion, sendSubjects } from './ask-gate.ts'
import { isHeld } from './campaigns/campaign-identity.ts'
import type { Catalog } from './catalog.ts'
import type { KeyedContactPoint } from './ports.ts'

/** One mail for one recipient, about to be handed to the next hop. */
export type MailToClaim = {
  /** Made from the mail itself, so that the same mail tried again is counted once. */
  readonly id: string
  readonly recipient: KeyedContactPoint
  readonly brand: string
  readonly topic: string
  readonly campaign?: string
  readonly credential: string
  /** It carries links of ours, which must work the moment it arrives. */
  readonly hasLinks: boolean
  readonly headersOnly: boolean
  /** Advertising is counted for cadences; service mail is not. */
  readonly isCounted: boolean
}

export type ClaimedMail = {
  readonly decision: Decision
  /** Whom it was counted under; to take it back when it does not leave after all. */
  readonly subjectKeys: readonly string[]
}

type ReadyQuestion = Extract<PreparedQuestion, { kind: 'ready' }>

/**
 * Asks the gate a last time and, where it allows, counts and records the mails as sent, all in one transaction: the
 * answer is the one that holds when the mail leaves. Claims for one person wait for each other, so a cadence is never
 * passed by one more than it allows. A mail that then does not leave is taken back with `releaseRelayedMail`.
 */
export async function claimRelayedMails(
  db: Database,
  catalog: Catalog,
  secrets: HashSecrets,
  mails: readonly MailToClaim[],
  now: number,
): Promise<ClaimedMail[]> {
  const prepared = mails.map((mail) => prepareQuestion(catalog, secrets, questionOf(mail)))
  return transact(db, async (tx) => {
    const standings = await readStandings(tx, prepared)
    const counted = await readCounted(tx, standings, now)
    const claims = mails.map((mail, index): ClaimedMail => {
      const question = prepared[index]
      if (question === undefined) throw new Error('a mail was not prepared')
      if (question.kind === 'answered') return { decision: question.decision, subjectKeys: [] }
      return judge(mail, question, standings, counted, now)
    })
    const allowed = mails.flatMap((mail, index) => {
      const claim = claims[index]
      return claim?.decision.decision === 'allow' ? [{ mail, claim }] : []
    })
    const linked = allowed.flatMap(({ mail }) => (mail.hasLinks ? [mail.recipient] : []))
    await introduce(tx, linked, standings, now)
    const sends = allowed.filter(({ mail }) => mail.isCounted)
    if (sends.length > 0)
      await countSends(
        tx,
        sends.map(({ mail, claim }) => sendOf(mail, claim)),
        now,
      )
    await record(
      tx,
      allowed.map(({ mail }) => mail),
      'sent',
      now,
    )
    return claims
  })
}

/** The next hop did not take it: what was counted is taken back, and the record says why. */
export function releaseRelayedMail(
  db: Database,
  mail: MailToClaim,
  claim: ClaimedMail,
  reason: string,
  now: number,
): Promise<void> {
  return transact(db, async (tx) => {
    if (mail.isCounted) await uncountSend(tx, claim.subjectKeys, mail.id)
    await record(tx, [mail], 'failed', now, reason)
  })
}

/** The client was told 250 and nothing was sent: that has to be found again. */
export function recordDroppedMail(db: Database, mail: MailToClaim, reason: string, now: number): Promise<void> {
  return transact(db, (tx) => record(tx, [mail], 'dropped', now, reason))
}

function questionOf({ recipient, brand, topic, campaign }: MailToClaim) {
  const { type, normalised } = recipient.contactPoint
  return {
    contactPoint: { type, value: normalised },
    brand,
    channel: 'email' as const,
    topic,
    ...(campaign && { campaign }),
  }
}

/** Whoever else claims for a person with a cadence waits here; the others are not locked. */
async function readStandings(
  tx: Transaction,
  prepared: readonly PreparedQuestion[],
): Promise<ReadonlyMap<string, Standing>> {
  const found = await findStandings(tx, keysOf(prepared))
  const toLock = [...found.values()].filter((row) => hasCadence(row.record))
  const subjects = [...new Set(toLock.flatMap((row) => sendSubjects(row.contactKey, row.record)))]
  const locked = subjects.length === 0 ? new Map() : await lockStandings(tx, subjects)
  return new Map([...found].map(([key, row]) => [key, (locked.get(key) ?? row).record]))
}

/** What was counted for people with a cadence, by subject; what this batch counts is added as it goes. */
async function readCounted(
  tx: Transaction,
  standings: ReadonlyMap<string, Standing>,
  now: number,
): Promise<Map<string, CountedSend[]>> {
  const limited = [...standings].filter(([, standing]) => hasCadence(standing))
  const subjects = [...new Set(limited.flatMap(([key, standing]) => sendSubjects(key, standing)))]
  const counted = new Map<string, CountedSend[]>(subjects.map((subject) => [subject, []]))
  if (subjects.length === 0) return counted
  for (const send of await listSends(tx, subjects, now - sendsKeptMs)) counted.get(send.subjectKey)?.push(send)
  return counted
}

function judge(
  mail: MailToClaim,
  question: ReadyQuestion,
  standings: ReadonlyMap<string, Standing>,
  counted: ReadonlyMap<string, CountedSend[]>,
  now: number,
): ClaimedMail {
  const standing = standings.get(question.key)
  const isCampaignHeld = isHeld(standings.get(question.campaign?.key ?? ''))
  const subjectKeys = standing === undefined ? [question.key] : sendSubjects(question.key, standing)
  const known = standing && withOthers(mail, standing, subjectKeys, counted)
  const decision = decidePrepared(question, known, now, isCampaignHeld)
  if (decision.decision === 'allow' && mail.isCounted) {
    const { brand, topic, id } = mail
    for (const subjectKey of subjectKeys) {
      counted.get(subjectKey)?.push({ at: now, brand, channel: 'email', topic, id, subjectKey })
    }
  }
  return { decision, subjectKeys }
}

/** A mail that is tried again does not stand in its own way. */
function withOthers(
  mail: MailToClaim,
  standing: Standing,
  subjectKeys: readonly string[],
  counted: ReadonlyMap<string, CountedSend[]>,
): Standing {
  if (!hasCadence(standing)) return standing
  const sends = subjectKeys.flatMap((subject) => counted.get(subject) ?? [])
  const others = new Map(sends.filter((send) => send.id !== mail.id).map((send) => [send.id, send]))
  return { ...standing, sends: [...others.values()] }
}

/** A link names its reader by key; the key must be known before somebody follows it. Nearly always it is. */
async function introduce(
  tx: Transaction,
  recipients: readonly KeyedContactPoint[],
  standings: ReadonlyMap<string, Standing>,
  now: number,
): Promise<void> {
  if (recipients.length === 0) return
  const byKey = new Map(recipients.map((recipient) => [recipient.key, recipient]))
  const known = await findContactPoints(tx, [...byKey.keys()])
  const rows = [...byKey.values()]
    .filter(({ key }) => !standings.has(key) || (known.get(key)?.value ?? null) === null)
    .map(({ key, fingerprint, contactPoint }) => ({
      key,
      contactKey: key,
      type: contactPoint.type,
      value: contactPoint.normalised,
      fingerprint,
    }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
  if (rows.length === 0) return
  await insertContactPoints(tx, rows, now)
  await insertStandings(tx, rows)
}

function sendOf({ id, brand, topic }: MailToClaim, { subjectKeys }: ClaimedMail) {
  return { id, subjectKeys, brand, topic, channel: 'email' as const }
}

async function record(
  tx: Transaction,
  mails: readonly MailToClaim[],
  outcome: 'sent' | 'dropped' | 'failed',
  now: number,
  reason?: string,
): Promise<void> {
  if (mails.length === 0) return
  const rows = mails.map((mail) => ({
    contactKey: mail.recipient.key,
    id: mail.id,
    brand: mail.brand,
    topic: mail.topic,
    campaign: mail.campaign ?? null,
    credential: mail.credential,
    outcome,
    reason: reason ?? null,
    headersOnly: mail.headersOnly,
  }))
  // One statement may write a row once, and two copies of one mail in a batch are one row.
  const once = new Map(rows.map((row) => [`${row.contactKey} ${row.id}`, row]))
  await writeRelayedMails(
    tx,
    [...once.values()].sort((a, b) => (a.contactKey < b.contactKey ? -1 : 1)),
    now,
  )
}
