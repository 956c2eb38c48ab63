import type { Choice, Scope } from '@verzet/core'
import type { Basis } from '../storage/import-batch.ts'
import type { KeyedContactPoint, RandomBytes } from './ports.ts'

/** A consent the organisation says it holds: it opens, it never lifts a no (rule 2). */
export type ConsentToImport = {
  /** Made from what it says, so that the same line twice is one consent. */
  readonly id: string
  readonly contactKey: string
  readonly scope: Scope
  readonly saidAt: number | null
  readonly source: string
}

export type PersonToImport = {
  /** Absent when the line has no external id: then there are only contact points. */
  readonly relation?: {
    readonly keyed: KeyedContactPoint
    readonly name?: string
    readonly language?: string
    readonly country?: string
    /** `YYYY-MM-DD` */
    readonly customerSince?: string
  }
  readonly contactPoints: readonly KeyedContactPoint[]
  /** Whether the contact points are a company's general ones; absent leaves what is known. */
  readonly impersonal?: boolean
  readonly consents: readonly ConsentToImport[]
}

/** What an import needs to know besides the people. */
export type ImportTools = { readonly pepper: Uint8Array; readonly random: RandomBytes }

/** `file` names what was imported in every proof; `actor` who did it. */
export type ImportOrigin = { readonly basis: Basis; readonly actor: string; readonly file: string }

export type RelationCounts = {
  relationsCreated: number
  relationsChanged: number
  contactPoints: number
  consents: number
  /** Contact points named by the file on which a no stands; it goes on standing. */
  refusedStill: number
}

/** Several lines about one relation, or about one lone contact point, are one person; a later line completes an earlier. */
export function mergePeople(people: readonly PersonToImport[]): PersonToImport[] {
  const merged = new Map<string, PersonToImport>()
  for (const person of people) {
    const key = person.relation?.keyed.key ?? `alone ${keysOfPoints(person).sort().join()}`
    const before = merged.get(key)
    merged.set(key, before === undefined ? person : mergeTwo(before, person))
  }
  return [...merged.values()]
}

function mergeTwo(before: PersonToImport, after: PersonToImport): PersonToImport {
  const relation = before.relation && { ...before.relation, ...after.relation }
  const points = new Map([...before.contactPoints, ...after.contactPoints].map((point) => [point.key, point]))
  const consents = new Map([...before.consents, ...after.consents].map((consent) => [consent.id, consent]))
  const impersonal = after.impersonal ?? before.impersonal
  return {
    ...(relation && { relation }),
    ...(impersonal !== undefined && { impersonal }),
    contactPoints: [...points.values()],
    consents: [...consents.values()],
  }
}

/** Every contact point and relation once, in key order, with the number of people it belongs to. */
export function pointsOf(people: readonly PersonToImport[]): { keyed: KeyedContactPoint; uses: number }[] {
  const found = new Map<string, { keyed: KeyedContactPoint; uses: number }>()
  for (const person of people) {
    for (const keyed of [...person.contactPoints, ...(person.relation ? [person.relation.keyed] : [])]) {
      found.set(keyed.key, { keyed, uses: (found.get(keyed.key)?.uses ?? 0) + 1 })
    }
  }
  return [...found.values()].sort((one, other) => (one.keyed.key < other.keyed.key ? -1 : 1))
}

export function keysOfPoints(person: PersonToImport): string[] {
  return person.contactPoints.map((point) => point.key)
}

export function keysOf(person: PersonToImport): string[] {
  return [...keysOfPoints(person), ...(person.relation ? [person.relation.keyed.key] : [])]
}

export function tiesOf(person: PersonToImport): { relationKey: string; contactKey: string }[] {
  const relationKey = person.relation?.keyed.key
  return relationKey === undefined ? [] : keysOfPoints(person).map((contactKey) => ({ relationKey, contactKey }))
}

export function choiceOf(consent: ConsentToImport, now: number): Choice {
  const { id, scope, saidAt } = consent
  return { kind: 'consent', id, scope, saidAt, author: 'controller', recordedAt: now }
}

export function choiceRow(consent: ConsentToImport, now: number) {
  return {
    subjectKey: consent.contactKey,
    choice: choiceOf(consent, now),
    context: { signal: 'import', source: consent.source },
  }
}

export function relationRow(relation: NonNullable<PersonToImport['relation']>, basis: Basis) {
  const { keyed, ...details } = relation
  return { ...details, key: keyed.key, externalId: keyed.contactPoint.normalised, basis }
}

export function contactPointRow({ key, contactPoint }: KeyedContactPoint) {
  return { key, type: contactPoint.type, value: contactPoint.normalised }
}
