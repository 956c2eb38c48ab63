import { type EvidenceEntry, foldStanding, type Standing, type StandingFacts } from '@verzet/core'
import { moveCounters, takeSequence } from '../storage/changes.ts'
import {
  copyFirstStandings,
  copyPeople,
  type FirstStanding,
  type RenderedPeople,
  renderPeople,
  renderStanding,
} from '../storage/copy-people.ts'
import { type Database, type Transaction, transact } from '../storage/database.ts'
import { findKnownKeys } from '../storage/import-batch.ts'
import { readSqlState, sqlState } from '../storage/retry.ts'
import { evidenceOfConsents, evidenceOfSave, type Templates } from './import-evidence.ts'
import { completeKnownPeople } from './import-known-people.ts'
import {
  choiceOf,
  choiceRow,
  contactPointRow,
  type ImportOrigin,
  type ImportTools,
  keysOf,
  keysOfPoints,
  mergePeople,
  type PersonToImport,
  pointsOf,
  type RelationCounts,
  relationRow,
  tiesOf,
} from './person-to-import.ts'

/** What ends a batch in the transaction that ends it: how far the file is done. */
type Closing = (tx: Transaction, counts: RelationCounts) => Promise<void>

/** A batch as it will be written: everything that can be worked out before is. */
export type PreparedImport = {
  readonly people: readonly PersonToImport[]
  /** The moment that stands in what was worked out. */
  readonly now: number
  /** Something of them is known: a relation, an address, a no. */
  readonly known: readonly PersonToImport[]
  readonly unknownCounts: RelationCounts
  readonly rows: RenderedPeople
  readonly standings: readonly FirstStanding[]
}

/** So many people are worked out before the event loop may do something else, such as writing the batch before. */
const slicePeople = 32

/**
 * Works out a batch outside of any transaction. `elsewhere` tells which contact points are being written at this moment
 * by the batch before. Whoever becomes known between this and the writing is found out then.
 */
export async function prepareImport(
  db: Database,
  tools: ImportTools,
  people: readonly PersonToImport[],
  origin: ImportOrigin,
  now: number,
  elsewhere: (key: string) => boolean = () => false,
): Promise<PreparedImport> {
  const merged = mergePeople(people)
  const points = pointsOf(merged)
  const uses = new Map(points.map((point) => [point.keyed.key, point.uses]))
  const heardOf = await findKnownKeys(db, [...uses.keys()])
  const isNew = (person: PersonToImport) =>
    keysOf(person).every((key) => !heardOf.has(key) && uses.get(key) === 1 && !elsewhere(key))
  const [unknown, known] = split(merged, isNew)
  const keys = new Set(unknown.flatMap(keysOf))
  const consents = unknown.flatMap((person) => person.consents)
  const rows = {
    // In key order: whoever else adds one of these waits here, before holding anything else.
    contactPoints: points.filter(({ keyed }) => keys.has(keyed.key)).map(({ keyed }) => contactPointRow(keyed)),
    relations: unknown.flatMap((person) => (person.relation ? [relationRow(person.relation, origin.basis)] : [])),
    ties: unknown.flatMap(tiesOf),
    choices: consents.map((consent) => choiceRow(consent, now)),
    evidence: [] as EvidenceEntry[],
  }
  const standings: FirstStanding[] = []
  const templates: Templates = new Map()
  for (const [index, person] of unknown.entries()) {
    standings.push(...firstStandings(person, now))
    rows.evidence.push(...evidenceOfConsents(tools, person.consents, origin, now, templates))
    rows.evidence.push(...evidenceOfSave(tools, person, keysOfPoints(person), origin, now))
    if (index % slicePeople === slicePeople - 1) await new Promise(setImmediate)
  }
  return { people: merged, now, known, unknownCounts: countUnknown(unknown), rows: renderPeople(rows, now), standings }
}

/**
 * Brings in people, many in one transaction. Whom the hub has never heard of is written at once with their first standing;
 * who is known in any part is completed in a second transaction the careful way, from all that was ever said, so that an
 * import never revives anyone (rule 2). Contact points are never taken away. The same people twice change nothing, so a
 * batch that was cut off between the two is simply brought in again.
 */
export async function writeImport(
  db: Database,
  tools: ImportTools,
  prepared: PreparedImport,
  origin: ImportOrigin,
  now: number,
  close: Closing,
): Promise<RelationCounts> {
  const first = await addUnheardOf(db, prepared, close).catch((error: unknown) => {
    // Somebody else added one of them in the same moment: then all of them are looked at with care.
    if (readSqlState(error) !== sqlState.uniqueViolation) throw error
    return { known: prepared.people, counts: countUnknown([]) }
  })
  if (first.known.length === 0) return first.counts
  return transact(db, async (tx) => {
    const counts = addCounts(first.counts, await completeKnownPeople(tx, tools, first.known, origin, now))
    await close(tx, counts)
    return counts
  })
}

/** Both steps in one. */
export async function importRelations(
  db: Database,
  tools: ImportTools,
  people: readonly PersonToImport[],
  origin: ImportOrigin,
  now: number,
  close: Closing = async () => {},
): Promise<RelationCounts> {
  return writeImport(db, tools, await prepareImport(db, tools, people, origin, now), origin, now, close)
}

async function addUnheardOf(db: Database, prepared: PreparedImport, close: Closing) {
  const { now, known, unknownCounts, rows, standings } = prepared
  if (standings.length === 0 && known.length > 0) return { known, counts: unknownCounts }
  return transact(db, async (tx) => {
    await copyPeople(tx, rows)
    // The counters last of all locks, and for as short as can be: every opt-out of the hub needs them too.
    const keys = standings.map(({ contactKey }) => contactKey)
    const taken = await takeSequence(tx, keys)
    await moveCounters(tx, keys, taken)
    await copyFirstStandings(tx, standings, taken.numbers, now)
    if (known.length === 0) await close(tx, unknownCounts)
    return { known, counts: unknownCounts }
  })
}

function split<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))]
}

function countUnknown(people: readonly PersonToImport[]): RelationCounts {
  return {
    relationsCreated: people.filter((person) => person.relation !== undefined).length,
    relationsChanged: 0,
    contactPoints: people.reduce((sum, person) => sum + person.contactPoints.length, 0),
    consents: people.reduce((sum, person) => sum + person.consents.length, 0),
    refusedStill: 0,
  }
}

function addCounts(one: RelationCounts, other: RelationCounts): RelationCounts {
  return {
    relationsCreated: one.relationsCreated + other.relationsCreated,
    relationsChanged: one.relationsChanged + other.relationsChanged,
    contactPoints: one.contactPoints + other.contactPoints,
    consents: one.consents + other.consents,
    refusedStill: one.refusedStill + other.refusedStill,
  }
}

/** What holds for somebody of whom only this file speaks. */
function firstStandings(person: PersonToImport, now: number): FirstStanding[] {
  const { relation, contactPoints, impersonal } = person
  const facts: StandingFacts = {
    ...(relation?.country !== undefined && { country: relation.country }),
    ...(relation?.customerSince !== undefined && { customer: true as const }),
  }
  const ofPoints = contactPoints.map(({ key, fingerprint, contactPoint }) => {
    const own = person.consents.filter((consent) => consent.contactKey === key).map((consent) => choiceOf(consent, now))
    const relations = relation === undefined ? [] : [lineage(relation.keyed.key, now)]
    const record: Standing = foldStanding(
      { own, relations },
      { ...facts, ...(impersonal && { impersonal: true as const }) },
    )
    return { contactKey: key, fingerprint, type: contactPoint.type, record: renderStanding(record) }
  })
  if (relation === undefined) return ofPoints
  const { key, fingerprint, contactPoint } = relation.keyed
  const record = foldStanding({ own: [], relations: [lineage(key, 0)] }, facts)
  return [...ofPoints, { contactKey: key, fingerprint, type: contactPoint.type, record: renderStanding(record) }]
}

function lineage(key: string, linkedAt: number) {
  return { key, linkedAt, choices: [], siblingChoices: [] }
}
