import {
  type Channel,
  type ContactPointType,
  chooseRulePack,
  countryOfContactPoint,
  type Decision,
  decide,
  encodePosition,
  type HashSecrets,
  type Question,
  type Send,
  type Standing,
  sendsKeptMs,
} from '@verzet/core'
import { lastSequence } from '../storage/changes.ts'
import type { Queryable } from '../storage/database.ts'
import { listSends } from '../storage/sends.ts'
import { findStandings } from '../storage/standings.ts'
import type { Catalog } from './catalog.ts'
import { keyContactPoint } from './key-contact-point.ts'
import type { KeyedContactPoint } from './ports.ts'

/** A question as it is asked from outside. */
export type GateQuestion = {
  readonly contactPoint: { readonly type: ContactPointType; readonly value: string }
  readonly brand?: string
  readonly channel: Channel
  readonly topic: string
}

/** The decision with the place in the feed it was made at: an opaque cursor. */
export type GateAnswer = Decision & { readonly position: string }

/** A question that could be judged, or the answer that no judging is needed for. */
export type PreparedQuestion =
  | { readonly kind: 'ready'; readonly question: Question; readonly keyed: KeyedContactPoint; readonly brandCountry: string }
  | { readonly kind: 'answered'; readonly decision: Decision }

/**
 * Answers questions in order, at most as many as the caller allows, from one read of the standings.
 * Throws when the database cannot be read: the caller must then not send (rule 6).
 */
export async function askGate(
  db: Queryable,
  catalog: Catalog,
  secrets: HashSecrets,
  questions: readonly GateQuestion[],
  now: number,
): Promise<GateAnswer[]> {
  const prepared = questions.map((question) => prepareQuestion(catalog, secrets, question))
  // Read before the standings: the cursor may promise too little, never too much.
  const position = encodePosition({ last: await lastSequence(db) })
  const keys = [...new Set(prepared.flatMap((one) => (one.kind === 'ready' ? [one.keyed.key] : [])))]
  const rows = await findStandings(db, keys)
  const answers: GateAnswer[] = []
  for (const one of prepared) {
    if (one.kind === 'answered') {
      answers.push({ ...one.decision, position })
      continue
    }
    const standing = await withSends(db, one.keyed.key, rows.get(one.keyed.key)?.record, now)
    answers.push({ ...decidePrepared(one, standing, now), position })
  }
  return answers
}

/** Resolves names to what `decide` takes; what cannot be resolved is already the answer. */
export function prepareQuestion(catalog: Catalog, secrets: HashSecrets, question: GateQuestion): PreparedQuestion {
  const fallback = chooseRulePack(undefined).version
  const denied = (reason: Decision['reason']): PreparedQuestion => ({
    kind: 'answered',
    decision: { decision: 'deny', reason, rulePack: fallback },
  })
  const brand = findBrand(catalog, question)
  if (brand.kind !== 'found') return denied(brand.kind)
  const named = keyContactPoint(secrets, question.contactPoint, brand.brand.country)
  if (named.kind !== 'ok') return denied('invalid_contact_point')
  const topic = catalog.topic(brand.brand.id, question.topic)
  return {
    kind: 'ready',
    keyed: named.keyed,
    brandCountry: brand.brand.country,
    question: {
      contactPointType: question.contactPoint.type,
      brand: brand.brand.id,
      channel: question.channel,
      topic: question.topic,
      ...(topic && { purpose: topic.purpose }),
    },
  }
}

export function decidePrepared(
  prepared: Extract<PreparedQuestion, { kind: 'ready' }>,
  standing: Standing | undefined,
  now: number,
): Decision {
  const country = standing?.country ?? countryOfContactPoint(prepared.keyed.contactPoint) ?? prepared.brandCountry
  return decide(prepared.question, standing, chooseRulePack(country), now)
}

/** Adds what a cadence needs to be judged; a standing without one is left as it is. */
export async function withSends(
  db: Queryable,
  contactKey: string,
  standing: Standing | undefined,
  now: number,
): Promise<Standing | undefined> {
  if (standing === undefined || !hasCadence(standing)) return standing
  const sends: Send[] = await listSends(db, sendSubjects(contactKey, standing), now - sendsKeptMs)
  return { ...standing, sends }
}

export function hasCadence(standing: Standing): boolean {
  return standing.groups.some((group) => group.items.some((item) => item.kind === 'cadence'))
}

/** Messages are counted per person; without a relation, per contact point. */
export function sendSubjects(contactKey: string, standing: Standing): string[] {
  const relations = standing.groups.flatMap((group) => group.relation ?? [])
  return [...new Set([contactKey, ...relations])]
}

/** Without a brand the topic decides, when only one brand has it. */
function findBrand(catalog: Catalog, question: Pick<GateQuestion, 'brand' | 'topic'>) {
  if (question.brand !== undefined) {
    const brand = catalog.brand(question.brand)
    return brand ? { kind: 'found' as const, brand } : { kind: 'unknown_brand' as const }
  }
  const candidates = catalog.brands().filter((brand) => catalog.topic(brand.id, question.topic) !== undefined)
  const [only, another] = candidates
  if (only !== undefined && another === undefined) return { kind: 'found' as const, brand: only }
  return another === undefined ? { kind: 'unknown_topic' as const } : { kind: 'brand_required' as const }
}
