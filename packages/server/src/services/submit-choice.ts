import {
  type Author,
  type Cadence,
  type ChoiceKind,
  type ContactPointType,
  encodePosition,
  type Scope,
  uuidV7,
} from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import { type ChoiceContext, findChoice } from '../storage/choices.ts'
import { type Database, transact } from '../storage/database.ts'
import { listEvidence } from '../storage/evidence-log.ts'
import { findRelations } from '../storage/relations.ts'
import { findStandings } from '../storage/standings.ts'
import type { Catalog } from './catalog.ts'
import { countryFor } from './country-for.ts'
import type { Hub } from './hub.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'
import type { ChoiceOutcome, ChoiceToRecord, ChoiceWords } from './record-choices.ts'
import { saveRelation } from './save-relation.ts'

/** Clocks of the systems that report a consent differ by this much without anything being wrong. */
export const consentAheadMsMax = 5 * 60_000
/** A pause longer than this is an objection that somebody mistyped. */
export const pauseMsMax = 10 * 366 * 86_400_000

/** A choice as another system reports it. */
export type SubmittedChoice = {
  readonly subject:
    | { readonly kind: 'contact_point'; readonly type: ContactPointType; readonly value: string }
    | { readonly kind: 'relation'; readonly externalId: string }
  readonly kind: ChoiceKind
  readonly scope: Scope
  readonly until?: number
  readonly cadence?: Cadence
  readonly author: Author
  /** ms since 1970; null when nobody knows. */
  readonly saidAt: number | null
  readonly context: Omit<ChoiceContext, 'signal'>
}

/** What is wrong with one part of the request; `path` names it from the outside in. */
export type SubmissionFault = { readonly path: readonly string[]; readonly code: string; readonly hint: string }

export type SubmitOutcome =
  | { readonly kind: 'recorded'; readonly outcome: Extract<ChoiceOutcome, { kind: 'recorded' }> }
  | { readonly kind: 'refused'; readonly faults: readonly SubmissionFault[] }

export type Submission = {
  readonly actor: string
  readonly now: number
  readonly random: RandomBytes
  /** An earlier try may have got as far as recording it. */
  readonly isRepeat: boolean
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'committer' | 'secrets'>

/**
 * Records a choice that another system reports. A contact point or relation nobody knows is kept and the choice holds
 * for it (rule 7); a scope that names something unknown is refused, so that no "no" vanishes into a typing mistake.
 */
export async function submitChoice(
  hub: Parts,
  choice: SubmittedChoice,
  submission: Submission,
): Promise<SubmitOutcome> {
  const named = nameSubject(hub, choice)
  const faults = [
    ...(named.kind === 'ok' ? [] : [named.fault]),
    ...scopeFaults(hub.catalog, choice.scope),
    ...timeFaults(choice, submission.now),
  ]
  if (named.kind !== 'ok' || faults.length > 0) return { kind: 'refused', faults }

  const input = toRecord(choice, named.keyed, submission)
  if (submission.isRepeat) {
    const known = await findRecorded(hub.db, input)
    if (known !== undefined) return { kind: 'recorded', outcome: known }
  }
  if (choice.subject.kind === 'relation') await introduceRelation(hub.db, named.keyed, submission)
  const [outcome] = await hub.committer.record([input])
  if (outcome?.kind !== 'recorded') throw new Error('a submitted choice was not recorded')
  return { kind: 'recorded', outcome }
}

type Named =
  | { readonly kind: 'ok'; readonly keyed: KeyedContactPoint }
  | { readonly kind: 'fault'; readonly fault: SubmissionFault }

function nameSubject({ secrets, catalog }: Parts, { subject, scope }: SubmittedChoice): Named {
  const input =
    subject.kind === 'relation'
      ? { type: 'customer' as const, value: subject.externalId }
      : { type: subject.type, value: subject.value }
  const named = keyContactPoint(secrets, input, countryFor(catalog, scope.brand))
  if (named.kind === 'ok') return named
  const path = subject.kind === 'relation' ? ['relation', 'externalId'] : ['contactPoint', 'value']
  return { kind: 'fault', fault: { path, code: named.reason, hint: named.hint } }
}

/** Names in a scope have to exist. */
export function scopeFaults(catalog: Catalog, scope: Scope): SubmissionFault[] {
  const { brand, topic } = scope
  if (brand !== undefined && catalog.brand(brand) === undefined) {
    return [
      {
        path: ['scope', 'brand'],
        code: 'unknown_brand',
        hint: 'There is no such brand; GET /v1/brands lists them. Leave it out to mean all brands.',
      },
    ]
  }
  if (topic === undefined) return []
  const brands = brand === undefined ? catalog.brands().map(({ id }) => id) : [brand]
  if (brands.some((id) => catalog.topic(id, topic) !== undefined)) return []
  return [
    {
      path: ['scope', 'topic'],
      code: 'unknown_topic',
      hint: 'There is no such topic; GET /v1/brands/{brand}/topics lists them. Leave it out to mean all topics, as you must when the person objected and you are not sure.',
    },
  ]
}

/** An objection of a later moment simply counts from now; a consent must not reach ahead of a no still to be said (rule 2). */
function timeFaults({ kind, until, saidAt }: SubmittedChoice, now: number): SubmissionFault[] {
  const faults: SubmissionFault[] = []
  if (kind === 'consent' && saidAt !== null && saidAt > now + consentAheadMsMax) {
    faults.push({
      path: ['saidAt'],
      code: 'in_the_future',
      hint: 'A consent cannot have been given in the future: check the clock.',
    })
  }
  if (until !== undefined && until <= now) {
    faults.push({ path: ['until'], code: 'in_the_past', hint: 'Give a moment that is still to come.' })
  }
  if (until !== undefined && until > now + pauseMsMax) {
    faults.push({ path: ['until'], code: 'too_far', hint: 'Give a moment within ten years, or record an objection.' })
  }
  return faults
}

function toRecord(choice: SubmittedChoice, keyed: KeyedContactPoint, submission: Submission): ChoiceToRecord {
  const { now, random, actor } = submission
  return {
    id: uuidV7(now, random(10)),
    evidenceId: uuidV7(now, random(10)),
    subjectKey: keyed.key,
    subject: { type: keyed.contactPoint.type, value: keyed.contactPoint.normalised, fingerprint: keyed.fingerprint },
    words: wordsOf(choice),
    context: { ...choice.context, signal: 'api' },
    recordedAt: now,
    actor,
  }
}

function wordsOf({ kind, scope, author, saidAt, until, cadence }: SubmittedChoice): ChoiceWords {
  const base = { scope, author, saidAt }
  if (kind === 'pause' && until !== undefined) return { ...base, kind, until }
  if (kind === 'cadence' && cadence !== undefined) return { ...base, kind, cadence }
  if (kind === 'objection' || kind === 'consent') return { ...base, kind }
  throw new TypeError(`a ${kind} lacks what it says`)
}

/** Who is spoken of is known from then on, or could not be shown or erased later. */
async function introduceRelation(db: Database, keyed: KeyedContactPoint, submission: Submission) {
  const known = (await findRelations(db, [keyed.key])).get(keyed.key)
  if (known !== undefined && known.erasedAt === null) return
  const relation = { key: keyed.key, externalId: keyed.contactPoint.normalised, fingerprint: keyed.fingerprint }
  await transact(db, (tx) => saveRelation(tx, submission.random, relation, submission.now, submission.actor))
}

/** What an earlier try recorded under the same id. */
async function findRecorded(db: Database, input: ChoiceToRecord) {
  const choice = await findChoice(db, [input.subjectKey], input.id)
  if (choice === undefined) return undefined
  const entry = (await listEvidence(db, [input.subjectKey])).find((known) => known.id === input.evidenceId)
  const position = encodePosition({ last: await lastSequence(db) })
  const standing = (await findStandings(db, [input.subjectKey])).get(input.subjectKey)?.record ?? { groups: [] }
  return {
    kind: 'recorded' as const,
    id: choice.id,
    recordedAt: choice.recordedAt,
    standing,
    evidence: { id: input.evidenceId, hash: entry?.hash ?? '' },
    position,
  }
}
