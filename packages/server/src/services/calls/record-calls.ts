import { everything, evidenceEntry, type Offer, type Scope, uuidV7 } from '@verzet/core'
import { type CallAnswer, type CallOutcome, type CallRow, insertCalls } from '../../storage/calls.ts'
import { type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import { findKnownChoices } from '../../storage/import-batch.ts'
import { brandSettings } from '../brand-settings.ts'
import type { Catalog } from '../catalog.ts'
import type { Hub } from '../hub.ts'
import { noteDeliveryFacts } from '../note-delivery-facts.ts'
import type { KeyedContactPoint, RandomBytes } from '../ports.ts'
import type { ChoiceToRecord } from '../record-choices.ts'

/** One call as a dialler, an IVR or an outcome file tells of it. */
export type CallToRecord = {
  /** UUIDv7; the same id recorded twice is the same call. */
  readonly id: string
  readonly number: KeyedContactPoint
  readonly brand?: string
  readonly topic?: string
  readonly campaign?: string
  readonly outcome: CallOutcome
  /** Telecommunicatiewet art. 11.7: in every call the right to object is offered, and the caller has to prove it. */
  readonly rightOffered?: boolean
  readonly answer?: Extract<CallAnswer, 'objection' | 'no_objection'>
  /** What the script offered to refuse. */
  readonly offered: readonly Offer[]
  /** What the person said no to; left out where a key was pressed and nothing was said. */
  readonly asked?: Offer
  readonly calledAt: number
  readonly comment?: string
  readonly source?: string
}

export type RecordedCall = { readonly id: string; readonly choiceId?: string }

/**
 * How far a no in a call reaches (rule 3): the narrow one only where the script offered the wide one as well. A pressed
 * key says nothing by itself: it means everything, unless the brand narrows it.
 */
export function scopeOfCall(
  catalog: Pick<Catalog, 'brand' | 'topic'>,
  call: Pick<CallToRecord, 'brand' | 'topic' | 'offered' | 'asked'>,
): Scope {
  const brand = call.brand === undefined ? undefined : catalog.brand(call.brand)
  const asked = call.asked ?? (brand === undefined ? 'all' : brandSettings(brand).oneClick)
  if (asked === 'all' || !call.offered.includes('all') || !call.offered.includes(asked)) return everything
  if (asked === 'channel') return { channel: 'phone' }
  if (brand === undefined || call.topic === undefined) return everything
  return catalog.topic(brand.id, call.topic)?.purpose === 'marketing'
    ? { brand: brand.id, topic: call.topic }
    : everything
}

type Parts = Pick<Hub, 'db' | 'catalog' | 'committer' | 'random'>

/**
 * Records calls: the noes first, durable before anything else (rule 4), then the calls with their evidence and what they
 * tell of numbers nobody has. `close` runs in the transaction of the calls.
 */
export async function recordCalls(
  hub: Parts,
  calls: readonly CallToRecord[],
  by: { readonly actor: string; readonly now: number; readonly random: RandomBytes },
  close: (tx: Transaction) => Promise<void> = async () => {},
): Promise<RecordedCall[]> {
  const known = await findKnownChoices(
    hub.db,
    calls.map(({ id, number }) => ({ subjectKey: number.key, id })),
  )
  const noes = [...new Map(calls.filter(isNo).map((call) => [call.id, call])).values()]
  const fresh = noes.filter(({ id }) => !known.has(id))
  const outcomes = fresh.length === 0 ? [] : await hub.committer.record(fresh.map((call) => objection(hub, call, by)))
  const choiceIds = new Map(noes.map(({ id }) => [id, id]))
  for (const [index, { id }] of fresh.entries()) choiceIds.set(id, outcomes[index]?.id ?? id)
  const rows = calls.map((call) => rowOf(hub.catalog, call, choiceIds.get(call.id), by))
  await transact(hub.db, async (tx) => {
    await writeCalls(tx, rows)
    const dead = calls.filter(({ outcome }) => outcome === 'dead_number').map(deadNumber)
    await noteDeliveryFacts(tx, by.random, dead, by.now, { actor: by.actor })
    await close(tx)
  })
  return rows.map(({ id, choiceId }) => ({ id, ...(choiceId !== null && { choiceId }) }))
}

/** Calls with the evidence of each, which has the id of the call: brought in twice it is one call and one entry. */
export async function writeCalls(tx: Transaction, rows: readonly CallRow[]): Promise<void> {
  await insertCalls(tx, rows)
  await appendEvidence(
    tx,
    rows.map((row) =>
      evidenceEntry({
        id: row.id,
        subjectKey: row.contactKey,
        kind: 'call',
        recordedAt: row.recordedAt.getTime(),
        details: {
          call: row.id,
          calledAt: row.calledAt.toISOString(),
          outcome: row.outcome,
          rightOffered: row.rightOffered ?? undefined,
          answer: row.answer ?? undefined,
          choice: row.choiceId ?? undefined,
          brand: row.brand ?? undefined,
          topic: row.topic ?? undefined,
          campaign: row.campaign ?? undefined,
          // The version of the list a call was held against, for whoever asks later (WER/CDE VI.112).
          registers: { ...row.registers },
          source: row.source ?? undefined,
          actor: row.actor,
        },
      }),
    ),
  )
}

function isNo({ answer }: CallToRecord): boolean {
  return answer === 'objection'
}

/** Which snapshots the gate consults now. */
export function registersNow(catalog: Pick<Catalog, 'registers'>): Record<string, string> {
  return Object.fromEntries(Object.entries(catalog.registers()).map(([id, at]) => [id, new Date(at).toISOString()]))
}

function objection(
  { catalog }: Pick<Hub, 'catalog'>,
  call: CallToRecord,
  { actor, now, random }: { actor: string; now: number; random: RandomBytes },
): ChoiceToRecord {
  const { number, brand, topic, campaign, comment, source } = call
  return {
    // Made from the call, so that the same call brought in twice is the same no.
    id: call.id,
    evidenceId: uuidV7(now, random(10)),
    subjectKey: number.key,
    subject: {
      type: number.contactPoint.type,
      value: number.contactPoint.normalised,
      fingerprint: number.fingerprint,
    },
    words: { kind: 'objection', scope: scopeOfCall(catalog, call), author: 'person', saidAt: call.calledAt },
    context: {
      signal: 'call',
      ...(comment !== undefined && { comment }),
      ...(source !== undefined && { source }),
      origin: { ...(brand && { brand }), ...(topic && { topic }), ...(campaign && { campaign }), channel: 'phone' },
    },
    recordedAt: now,
    actor,
    isRepeatable: true,
  }
}

function rowOf(
  catalog: Pick<Catalog, 'registers'>,
  call: CallToRecord,
  choiceId: string | undefined,
  { actor, now }: { actor: string; now: number },
): CallRow {
  return {
    contactKey: call.number.key,
    id: call.id,
    brand: call.brand ?? null,
    topic: call.topic ?? null,
    campaign: call.campaign ?? null,
    outcome: call.outcome,
    rightOffered: call.rightOffered ?? null,
    answer: call.answer ?? null,
    choiceId: choiceId ?? null,
    registers: registersNow(catalog),
    calledAt: new Date(Math.min(call.calledAt, now)),
    recordedAt: new Date(now),
    actor,
    source: call.source ?? null,
  }
}

function deadNumber({ number, calledAt }: CallToRecord) {
  const { type, normalised: value } = number.contactPoint
  const subject = { key: number.key, type, value, fingerprint: number.fingerprint }
  return { subject, channel: 'phone' as const, outcome: 'dead' as const, at: calledAt, isVerified: true }
}
