import { assertNever, maskContactPoint, type Scope, type Standing, sameScope, uuidV7 } from '@verzet/core'
import { countRecentConfirmations, insertConfirmation } from '../storage/confirmations.ts'
import { type ContactPointRow, findContactPoints } from '../storage/contact-points.ts'
import type { Transaction } from '../storage/database.ts'
import { insertOutboundMails } from '../storage/outbound-mails.ts'
import { findRelations } from '../storage/relations.ts'
import { findStandings, lockStandings } from '../storage/standings.ts'
import { tiesOfContactPoints, tiesOfRelations } from '../storage/ties.ts'
import type { ConfirmationDetails, LeaveAnswer, LiftItem, MailOrigin } from './confirmation-details.ts'
import type { LiftRequest } from './person-acts.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'
import { refusalsMeeting } from './refusals-meeting.ts'
import { contactPointsPerRelationMax } from './save-relation.ts'

const dayMs = 86_400_000
/** Long enough for a holiday mailbox, short enough that a forgotten mail cannot be used against anyone for long. */
export const confirmationValidityMs = 7 * dayMs
/** Nobody mistypes an address more often in a day; more would make the hub a way of filling somebody's mailbox. */
export const confirmationsPerDayMax = 5

export type ConfirmationRequest =
  | ({ readonly kind: 'contact_point'; readonly contactPoint: KeyedContactPoint } & MoveRequest)
  | ({ readonly kind: 'lift' } & LiftRequest)
  | { readonly kind: 'erasure' }

/** Set when the new address is to be written to in place of the one that was refused. */
export type MoveRequest = { readonly receive?: Scope; readonly answers?: LeaveAnswer }

export type AskedConfirmation = {
  /** The contact point whose link was used. */
  readonly subjectKey: string
  readonly request: ConfirmationRequest
  readonly origin: MailOrigin
  /** The language the person was reading; the one on record comes before it. */
  readonly language?: string
}

export type AskOutcome =
  | { readonly kind: 'asked'; readonly id: string; readonly expiresAt: number; readonly masked: string }
  | { readonly kind: 'too_many' }
  /** There is no e-mail address that the confirmation could go to. */
  | { readonly kind: 'no_address' }

/**
 * Stores what the person asked and owes them the mail that lets them confirm it; until then nothing changes.
 * A new address gets its own mail, everything else goes to the contact point that asked. An erasure asked through a phone
 * number or a letter is confirmed from an e-mail address of the same person.
 */
export async function askConfirmation(
  tx: Transaction,
  random: RandomBytes,
  asked: AskedConfirmation,
  now: number,
): Promise<AskOutcome> {
  const { subjectKey, request } = asked
  // Held so that requests through one link come one after the other and the count below is right.
  const held = await lockStandings(tx, [subjectKey])
  if ((await countRecentConfirmations(tx, subjectKey, now - dayMs)) >= confirmationsPerDayMax)
    return { kind: 'too_many' }
  if (request.kind === 'contact_point' && (await isFull(tx, subjectKey))) return { kind: 'too_many' }
  const recipient = await findRecipient(tx, subjectKey, request)
  if (recipient === undefined) return { kind: 'no_address' }

  const id = uuidV7(now, random(10))
  const expiresAt = now + confirmationValidityMs
  const standing = held.get(subjectKey)?.record ?? { groups: [] }
  const { kind, ...details } = await detailsOf(tx, asked, recipient.key, standing)
  await insertConfirmation(tx, {
    subjectKey,
    id,
    kind,
    details,
    createdAt: new Date(now),
    expiresAt: new Date(expiresAt),
  })
  const mail = { id: uuidV7(now, random(10)), contactKey: recipient.key, kind: `confirm_${kind}` }
  await insertOutboundMails(tx, [{ ...mail, details: { subjectKey, confirmationId: id } }], now)
  return { kind: 'asked', id, expiresAt, masked: maskContactPoint({ type: 'email', normalised: recipient.value }) }
}

type Recipient = { readonly key: string; readonly value: string }

async function findRecipient(
  tx: Transaction,
  subjectKey: string,
  request: ConfirmationRequest,
): Promise<Recipient | undefined> {
  if (request.kind === 'contact_point') {
    const { contactPoint, key } = request.contactPoint
    return contactPoint.type === 'email' ? { key, value: contactPoint.normalised } : undefined
  }
  const own = asRecipient((await findContactPoints(tx, [subjectKey])).get(subjectKey))
  if (own !== undefined) return own
  const relationKeys = await currentRelations(tx, subjectKey)
  // What an address refused is lifted from that address; what a person as a whole refused, from an address of theirs.
  if (request.kind !== 'erasure' && !relationKeys.includes(subjectKey)) return undefined
  // A number that two people share does not say which of them asks.
  if (relationKeys.length !== 1) return undefined
  const ties = (await tiesOfRelations(tx, relationKeys)).filter((tie) => tie.endedAt === null)
  const points = await findContactPoints(
    tx,
    ties.map((tie) => tie.contactKey),
  )
  const byAge = ties.toSorted((one, other) => one.linkedAt.getTime() - other.linkedAt.getTime())
  return byAge.map((tie) => asRecipient(points.get(tie.contactKey))).find((point) => point !== undefined)
}

function asRecipient(point: ContactPointRow | undefined): Recipient | undefined {
  return point?.type === 'email' && point.value !== null ? { key: point.key, value: point.value } : undefined
}

/** The key of a relation is its own. */
async function currentRelations(tx: Transaction, contactKey: string): Promise<string[]> {
  const ties = await tiesOfContactPoints(tx, [contactKey])
  if (ties.length === 0 && (await findRelations(tx, [contactKey])).has(contactKey)) return [contactKey]
  return ties.filter((tie) => tie.endedAt === null).map((tie) => tie.relationKey)
}

async function isFull(tx: Transaction, subjectKey: string): Promise<boolean> {
  const ties = await tiesOfRelations(tx, await currentRelations(tx, subjectKey))
  return ties.filter((tie) => tie.endedAt === null).length >= contactPointsPerRelationMax
}

async function detailsOf(
  tx: Transaction,
  asked: AskedConfirmation,
  mailedKey: string,
  standing: Standing,
): Promise<ConfirmationDetails> {
  const { request, origin, language } = asked
  const common = { origin, mailedKey, ...(language && { language }) }
  switch (request.kind) {
    case 'contact_point':
      return {
        kind: 'contact_point',
        ...common,
        value: request.contactPoint.contactPoint.normalised,
        ...(request.receive && { receive: request.receive }),
        ...(request.answers && { answers: request.answers }),
      }
    case 'lift': {
      const others = await findStandings(
        tx,
        request.items.map((item) => item.subjectKey),
      )
      const standings = [standing, ...[...others.values()].map((row) => row.record)]
      const { items, restriction, restrictionScope, answers } = request
      return {
        kind: 'lift',
        ...common,
        items: [...items],
        refused: refusedBefore(standings, items),
        ...(restriction && { restriction }),
        ...(restrictionScope && { restrictionScope }),
        ...(answers && { answers }),
      }
    }
    case 'erasure':
      return { kind: 'erasure', ...common }
    default:
      return assertNever(request)
  }
}

/** The refusals in force that stand between the person and what they now ask for, each scope once. */
function refusedBefore(standings: readonly Standing[], items: readonly LiftItem[]): Scope[] {
  const scopes: Scope[] = []
  for (const standing of standings) {
    for (const { scope } of items) {
      for (const refusal of refusalsMeeting(standing, scope)) {
        if (!scopes.some((known) => sameScope(known, refusal.scope))) scopes.push(refusal.scope)
      }
    }
  }
  return scopes
}
