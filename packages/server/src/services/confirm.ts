import { assertNever, everything, evidenceEntry, type HashSecrets, type Scope, uuidV7 } from '@verzet/core'
import {
  type ConfirmationRow,
  forgetConfirmations,
  lockConfirmation,
  markConfirmationDone,
} from '../storage/confirmations.ts'
import { findContactPoints, markConfirmed } from '../storage/contact-points.ts'
import { type Database, type Transaction, transact } from '../storage/database.ts'
import { appendEvidence } from '../storage/evidence-log.ts'
import { findRelations } from '../storage/relations.ts'
import { findStandings } from '../storage/standings.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../storage/ties.ts'
import {
  type ConfirmationDetails,
  type LeaveAnswer,
  type LiftItem,
  type Restriction,
  readConfirmationDetails,
} from './confirmation-details.ts'
import { eraseContactPoint } from './erase-contact-point.ts'
import { keyContactPoint } from './key-contact-point.ts'
import { hasFailed, noteDeliveryFacts } from './note-delivery-facts.ts'
import { erasePerson } from './people/erase-person.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'
import {
  type ConfirmationOutcome,
  type ConfirmationParts,
  describeConfirmation,
  openConfirmationToken,
} from './read-confirmations.ts'
import { type ChoiceToRecord, recordChoices } from './record-choices.ts'
import { refusalsMeeting } from './refusals-meeting.ts'
import { saveRelation } from './save-relation.ts'

export type ConfirmParts = ConfirmationParts & {
  readonly db: Database
  readonly secrets: HashSecrets
  readonly random: RandomBytes
}

/** `confirmed` only for the press that did it; pressing again is `done` and changes nothing. */
export type ConfirmOutcome =
  | { readonly kind: 'confirmed'; readonly view: Extract<ConfirmationOutcome, { kind: 'done' }>['view'] }
  | Exclude<ConfirmationOutcome, { kind: 'open' }>

const actor = 'person'

/**
 * `POST /k/{token}`: carries out what was asked, in one transaction with the mark that it was. A lift that the person
 * overtook with a newer no has expired: the latest word decides (rule 1).
 */
export async function confirm(parts: ConfirmParts, token: string, now: number): Promise<ConfirmOutcome> {
  const claims = openConfirmationToken(parts.confirmationRing, token)
  if (claims === undefined) return { kind: 'unknown' }
  return transact(parts.db, async (tx) => {
    const row = await lockConfirmation(tx, claims.subjectKey, claims.confirmationId)
    if (row === undefined) return { kind: 'unknown' }
    const before = await describeConfirmation(parts, tx, row, now)
    if (before.kind !== 'open') return before
    const isCarriedOut = await carryOut(parts, tx, row, readConfirmationDetails(row), now)
    if (!isCarriedOut) return { kind: 'expired', view: before.view }
    await markConfirmationDone(tx, row.subjectKey, row.id, now)
    const after = await describeConfirmation(parts, tx, { ...row, confirmedAt: new Date(now) }, now)
    return after.kind === 'unknown' ? after : { kind: 'confirmed', view: after.view }
  })
}

/** False when there is nothing left that could be confirmed. */
async function carryOut(
  parts: ConfirmParts,
  tx: Transaction,
  row: ConfirmationRow,
  details: ConfirmationDetails,
  now: number,
): Promise<boolean> {
  switch (details.kind) {
    case 'contact_point':
      return addContactPoint(parts, tx, row, details, now)
    case 'lift':
      return lift(parts, tx, row, details, now)
    case 'erasure':
      await erase(parts, tx, row, details.mailedKey, now)
      return true
    default:
      return assertNever(details)
  }
}

/** Ties the proven address to the person their page speaks of; somebody known by an address alone becomes a relation. */
async function addContactPoint(
  parts: ConfirmParts,
  tx: Transaction,
  row: ConfirmationRow,
  details: Extract<ConfirmationDetails, { kind: 'contact_point' }>,
  now: number,
): Promise<boolean> {
  const named = keyContactPoint(parts.secrets, { type: 'email', value: details.value ?? '' })
  if (named.kind !== 'ok') return false
  const relation =
    (await findOwnRelation(parts, tx, row.subjectKey)) ?? (await newRelation(parts, tx, row.subjectKey, now))
  if (relation === undefined) return false
  const contactPoints = [...relation.contactPoints, named.keyed]
  const { key, externalId, fingerprint } = relation
  await saveRelation(tx, parts.random, { key, externalId, fingerprint, contactPoints, keepOthers: true }, now, actor)
  await markConfirmed(tx, named.keyed.key, now)
  await appendEvidence(tx, [
    evidenceEntry({
      id: uuidV7(now, parts.random(10)),
      subjectKey: named.keyed.key,
      kind: 'contact_point_confirmed',
      recordedAt: now,
      details: { confirmation: row.id, relation: key, askedBy: row.subjectKey, actor },
    }),
  ])
  const subject = { key: named.keyed.key, type: 'email' as const, fingerprint: named.keyed.fingerprint }
  // The mail that was answered arrived: a bounce from before says nothing any more.
  const arrived = { subject, channel: 'email' as const, outcome: 'delivered' as const, at: now, isVerified: true }
  if (await hasFailed(tx, subject.key, 'email', now)) {
    await noteDeliveryFacts(tx, parts.random, [arrived], now, { confirmation: row.id })
  }
  await moveAdvertising(parts, tx, row, details, named.keyed.key, now)
  return true
}

/** The new address in place of the old one: what was refused stays refused there, and the proven address opens. */
async function moveAdvertising(
  parts: ConfirmParts,
  tx: Transaction,
  row: ConfirmationRow,
  details: Extract<ConfirmationDetails, { kind: 'contact_point' }>,
  subjectKey: string,
  now: number,
): Promise<void> {
  const { receive } = details
  if (receive === undefined) return
  if (await isOvertaken(tx, [{ subjectKey: row.subjectKey, scope: receive }], row.createdAt.getTime())) return
  const said = confirmedWords(parts, row, details, now)
  const choices = [said(subjectKey, { kind: 'consent', scope: receive })]
  await recordChoices(tx, parts.secrets.pepper, answering(parts, details.answers, choices, now))
}

type OwnRelation = {
  readonly key: string
  readonly externalId: string
  readonly fingerprint: bigint
  /** What has to be tied besides the new address. */
  readonly contactPoints: readonly KeyedContactPoint[]
}

async function findOwnRelation(
  parts: ConfirmParts,
  tx: Transaction,
  subjectKey: string,
): Promise<OwnRelation | undefined> {
  const keys = [...(await currentRelations(tx, subjectKey)), subjectKey]
  const relations = await findRelations(tx, keys)
  const externalId = keys.flatMap((key) => relations.get(key)?.externalId ?? [])[0]
  return externalId === undefined ? undefined : nameRelation(parts, externalId, [])
}

async function newRelation(
  parts: ConfirmParts,
  tx: Transaction,
  subjectKey: string,
  now: number,
): Promise<OwnRelation | undefined> {
  const asking = (await findContactPoints(tx, [subjectKey])).get(subjectKey)
  if (asking === undefined || asking.value === null) return undefined
  const named = keyContactPoint(parts.secrets, { type: asking.type, value: asking.value })
  if (named.kind !== 'ok') return undefined
  return nameRelation(parts, `self-${uuidV7(now, parts.random(10))}`, [named.keyed])
}

function nameRelation(
  parts: ConfirmParts,
  externalId: string,
  contactPoints: readonly KeyedContactPoint[],
): OwnRelation | undefined {
  const named = keyContactPoint(parts.secrets, { type: 'customer', value: externalId })
  if (named.kind !== 'ok') return undefined
  return { key: named.keyed.key, externalId, fingerprint: named.keyed.fingerprint, contactPoints }
}

/** In the order in which the person's page takes them: the first one is the one it speaks of. A relation is its own. */
async function currentRelations(tx: Transaction, contactKey: string): Promise<string[]> {
  const ties = await tiesOfContactPoints(tx, [contactKey])
  if (ties.length === 0 && (await findRelations(tx, [contactKey])).has(contactKey)) return [contactKey]
  return ties
    .filter((tie) => tie.endedAt === null)
    .map((tie) => tie.relationKey)
    .toSorted()
}

type LiftedWords = ({ readonly kind: 'consent' } | Restriction) & { readonly scope: Scope }

async function lift(
  parts: ConfirmParts,
  tx: Transaction,
  row: ConfirmationRow,
  details: Extract<ConfirmationDetails, { kind: 'lift' }>,
  now: number,
): Promise<boolean> {
  // Asked for the person, it is recorded for the person only while the confirming address still belongs to them.
  const own = new Set([row.subjectKey, ...(await currentRelations(tx, row.subjectKey))])
  const items = details.items.filter((item) => own.has(item.subjectKey))
  if (items.length === 0 || (await isOvertaken(tx, items, row.createdAt.getTime()))) return false
  const said = confirmedWords(parts, row, details, now)
  const choices = items.map(({ subjectKey, scope }) => said(subjectKey, { kind: 'consent', scope }))
  const { restriction } = details
  const isOver = restriction?.kind === 'pause' && restriction.until <= now
  // In the same moment, so that the consent which makes room for it does not end it (rule 1).
  const scope = details.restrictionScope ?? everything
  if (restriction !== undefined && !isOver) choices.push(said(row.subjectKey, { ...restriction, scope }))
  await recordChoices(tx, parts.secrets.pepper, answering(parts, details.answers, choices, now))
  return true
}

function confirmedWords(parts: ConfirmParts, row: ConfirmationRow, details: ConfirmationDetails, now: number) {
  return (subjectKey: string, words: LiftedWords): ChoiceToRecord => ({
    id: uuidV7(now, parts.random(10)),
    evidenceId: uuidV7(now, parts.random(10)),
    subjectKey,
    words: { ...words, author: 'person', saidAt: now },
    context: {
      signal: 'confirmation',
      source: details.sentBy === undefined ? 'confirmed by mail' : 'confirmed by text',
      proof: { confirmationId: row.id, mailedTo: details.mailedKey ?? null },
      origin: details.origin,
    },
    recordedAt: now,
    actor,
    ...(subjectKey === details.mailedKey && { arrivedBy: details.sentBy ?? ('email' as const) }),
  })
}

/** What came of a leave is stored with the first of the choices that say so. */
function answering(
  { random }: ConfirmParts,
  answers: LeaveAnswer | undefined,
  choices: readonly ChoiceToRecord[],
  now: number,
): readonly ChoiceToRecord[] {
  if (answers === undefined) return choices
  const { subjectKey: leaveSubject, ...answer } = answers
  const leaving = { kind: 'answer' as const, leaveSubject, evidenceId: uuidV7(now, random(10)), ...answer }
  return choices.map((choice, index) => (index === 0 ? { ...choice, leaving } : choice))
}

/** A no that was said after the asking and meets some of it: who stopped since then did not mean the older mail. */
async function isOvertaken(tx: Transaction, items: readonly LiftItem[], askedAt: number): Promise<boolean> {
  const standings = await findStandings(
    tx,
    items.map((item) => item.subjectKey),
  )
  return items.some(({ subjectKey, scope }) => {
    const standing = standings.get(subjectKey)?.record
    if (standing === undefined) return false
    return refusalsMeeting(standing, scope).some((refusal) => refusal.at > askedAt)
  })
}

/** Every relation of the contact point; asked from a number and confirmed from an address, those that have both. */
async function erase(
  parts: ConfirmParts,
  tx: Transaction,
  row: ConfirmationRow,
  mailedKey: string | undefined,
  now: number,
): Promise<void> {
  const asking = await currentRelations(tx, row.subjectKey)
  const proven = new Set(await currentRelations(tx, mailedKey ?? row.subjectKey))
  const relationKeys = asking.filter((key) => proven.has(key))
  const ties = await tiesOfRelations(tx, relationKeys)
  for (const key of relationKeys) await erasePerson(tx, parts.random, key, now, actor)
  if (relationKeys.length === 0) await eraseContactPoint(tx, parts.random, row.subjectKey, now, actor)
  const keys = new Set([row.subjectKey, ...relationKeys, ...ties.map((tie) => tie.contactKey)])
  await forgetConfirmations(tx, [...keys], now)
}
