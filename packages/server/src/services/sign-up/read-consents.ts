import { type Author, canLift, countsFrom, covers, type Scope } from '@verzet/core'
import { listChoices, type StoredChoice } from '../../storage/choices.ts'
import { type ContactPointRow, findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { listSignUps, type SignUpRow } from '../../storage/sign-ups.ts'
import { tiesOfRelations } from '../../storage/ties.ts'
import { scopesOf } from './read-sign-up.ts'

/** The states of a consent by the names W3C DPV gives them; `lapsed` is a request that nobody answered in time. */
export type ConsentState = 'requested' | 'given' | 'withdrawn' | 'revoked' | 'lapsed'

export type ConsentEvent = {
  readonly state: ConsentState
  /** ms since 1970; null for a consent of unknown date. */
  readonly at: number | null
  readonly by: Author
  /** What the event ended, where that is not all of it. */
  readonly scopes?: readonly Scope[]
}

/** One consent, or one that was asked for, with all that became of it (GDPR art. 7(1); ISO/IEC TS 27560 §6.3). */
export type ConsentRecord = {
  readonly id: string
  readonly subjectKey: string
  /** Undefined for a consent said for the relation as a whole. */
  readonly contactPoint?: ContactPointRow
  readonly scopes: readonly Scope[]
  readonly state: ConsentState
  readonly events: readonly ConsentEvent[]
  readonly signal: string
  readonly source?: string
  /** What the person read, where the hub knows it. */
  readonly words?: {
    readonly shown: string
    readonly version?: number
    readonly language: string
    readonly privacyUrl?: string
  }
}

/** Every consent of a relation and through the contact points it has now, oldest first. */
export async function readConsentsOfRelation(
  db: Queryable,
  relationKey: string,
  now: number,
): Promise<ConsentRecord[]> {
  const ties = (await tiesOfRelations(db, [relationKey])).filter((tie) => tie.endedAt === null)
  return readConsents(db, [relationKey, ...ties.map((tie) => tie.contactKey)], now)
}

/** Every consent said through or for these subjects, and every one that was asked for, oldest first. */
export async function readConsents(
  db: Queryable,
  subjectKeys: readonly string[],
  now: number,
): Promise<ConsentRecord[]> {
  const choices = await listChoices(db, subjectKeys)
  const signUps = await listSignUps(db, subjectKeys)
  const points = await findContactPoints(db, subjectKeys)
  const consents = choices.filter((choice) => choice.kind === 'consent')
  const bySignUp = new Map<string, StoredChoice[]>()
  for (const consent of consents) {
    const id = signUpIdOf(consent)
    if (id !== undefined) bySignUp.set(id, [...(bySignUp.get(id) ?? []), consent])
  }
  const known = new Set(signUps.map((row) => row.id))
  const records = [
    ...signUps.map((row) => fromSignUp(row, bySignUp.get(row.id) ?? [], choices, now)),
    ...consents
      .filter((consent) => !known.has(signUpIdOf(consent) ?? ''))
      .map((consent) => fromConsent(consent, choices)),
  ]
  return records
    .map((record) => {
      const point = points.get(record.subjectKey)
      return point === undefined || point.type === 'customer' ? record : { ...record, contactPoint: point }
    })
    .toSorted((one, other) => (one.events[0]?.at ?? 0) - (other.events[0]?.at ?? 0))
}

function signUpIdOf({ context }: StoredChoice): string | undefined {
  const { proof } = context
  return typeof proof === 'object' && proof !== null && 'signUpId' in proof && typeof proof.signUpId === 'string'
    ? proof.signUpId
    : undefined
}

function fromSignUp(
  row: SignUpRow,
  consents: readonly StoredChoice[],
  choices: readonly StoredChoice[],
  now: number,
): ConsentRecord {
  const asked: ConsentEvent = { state: 'requested', at: row.createdAt.getTime(), by: 'controller' }
  const lapsesAt = row.expiresAt.getTime()
  const lapsed: ConsentEvent[] =
    row.confirmedAt === null && lapsesAt <= now ? [{ state: 'lapsed', at: lapsesAt, by: 'controller' }] : []
  const events = [asked, ...lapsed, ...eventsOf(consents, choices)]
  return {
    id: row.id,
    subjectKey: row.subjectKey,
    scopes: scopesOf(row),
    state: stateAfter(events, scopesOf(row).length),
    events,
    signal: 'sign_up',
    ...(row.source !== null && { source: row.source }),
    words: {
      shown: row.textShown,
      language: row.language,
      ...(row.textVersion !== null && { version: row.textVersion }),
      ...(row.privacyUrl !== null && { privacyUrl: row.privacyUrl }),
    },
  }
}

function fromConsent(consent: StoredChoice, choices: readonly StoredChoice[]): ConsentRecord {
  const events = eventsOf([consent], choices)
  const { signal, source } = consent.context
  return {
    id: consent.id,
    subjectKey: consent.subjectKey,
    scopes: [consent.scope],
    state: stateAfter(events, 1),
    events,
    signal,
    ...(source && { source }),
  }
}

/** Given at once, and ended by whatever refuses it later; consents of one sign-up that end together are one event. */
function eventsOf(consents: readonly StoredChoice[], choices: readonly StoredChoice[]): ConsentEvent[] {
  const [first] = consents
  if (first === undefined) return []
  const ends = new Map<string, { state: ConsentState; at: number; by: Author; scopes: Scope[] }>()
  for (const consent of consents) {
    const end = endOf(consent, choices)
    if (end === undefined) continue
    const name = `${end.state} ${end.at} ${end.by}`
    const known = ends.get(name)
    if (known === undefined) ends.set(name, { ...end, scopes: [consent.scope] })
    else known.scopes.push(consent.scope)
  }
  const given: ConsentEvent = { state: 'given', at: first.saidAt, by: first.author }
  const inOrder = [...ends.values()].toSorted((one, other) => one.at - other.at)
  return [given, ...inOrder.map(({ scopes, ...end }) => (scopes.length === consents.length ? end : { ...end, scopes }))]
}

/**
 * What ended a consent: taken back by the person, or an objection that covers it and counts from later. One said before
 * ends it too where the consent was of a kind that lifts nothing (rule 2).
 */
function endOf(consent: StoredChoice, choices: readonly StoredChoice[]) {
  if (consent.withdrawnAt !== null) return { state: 'withdrawn' as const, at: consent.withdrawnAt, by: consent.author }
  const since = canLift(consent) ? countsFrom(consent) : Number.NEGATIVE_INFINITY
  const [end] = choices
    .filter(
      (choice) =>
        choice.kind === 'objection' &&
        choice.withdrawnAt === null &&
        covers(choice.scope, consent.scope) &&
        countsFrom(choice) >= since,
    )
    .toSorted((one, other) => countsFrom(one) - countsFrom(other))
  if (end === undefined) return undefined
  // DPV: withdrawn by the person it is about, revoked by another.
  const isOwn = end.author === 'person' || end.author === 'agent'
  return { state: isOwn ? ('withdrawn' as const) : ('revoked' as const), at: countsFrom(end), by: end.author }
}

function stateAfter(events: readonly ConsentEvent[], scopes: number): ConsentState {
  const last = events.at(-1)
  if (last === undefined) return 'requested'
  const ends = events.filter(({ state }) => state === 'withdrawn' || state === 'revoked')
  const ended = ends.reduce((count, event) => count + (event.scopes?.length ?? scopes), 0)
  return ends.length > 0 && ended < scopes ? 'given' : last.state
}
