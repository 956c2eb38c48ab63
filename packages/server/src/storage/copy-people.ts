import { finished } from 'node:stream/promises'
import { type Choice, type ContactPointType, type EvidenceEntry, partitionOf, type Standing } from '@verzet/core'
import { from as copyFrom } from 'pg-copy-streams'
import type { ChoiceContext } from './choices.ts'
import type { Transaction } from './database.ts'
import type { ImportedRelation } from './import-batch.ts'

/** Everything that is written about people nobody had heard of, table by table. */
export type PeopleToCopy = {
  readonly contactPoints: readonly { key: string; type: ContactPointType; value: string }[]
  readonly relations: readonly ImportedRelation[]
  readonly ties: readonly { relationKey: string; contactKey: string }[]
  readonly choices: readonly { subjectKey: string; choice: Choice; context: ChoiceContext }[]
  readonly evidence: readonly EvidenceEntry[]
}

/** Several times faster than `insert … unnest`, whose arrays have to be quoted here and read again there. */
export async function copyPeople(tx: Transaction, people: PeopleToCopy, now: number): Promise<void> {
  const at = new Date(now).toISOString()
  await copy(
    tx,
    'copy contact_points (key, type, value, created_at) from stdin',
    people.contactPoints.map((point) => [point.key, point.type, point.value, at]),
  )
  await copy(
    tx,
    'copy relations (key, external_id, name, language, country, customer_since, basis, created_at, updated_at) from stdin',
    people.relations.map((one) => [
      one.key,
      one.externalId,
      one.name,
      one.language,
      one.country,
      one.customerSince,
      one.basis,
      at,
      at,
    ]),
  )
  await copy(
    tx,
    'copy relation_contact_points (relation_key, contact_key, linked_at) from stdin',
    people.ties.map((tie) => [tie.relationKey, tie.contactKey, at]),
  )
  await copy(
    tx,
    'copy contact_point_relations (contact_key, relation_key, linked_at) from stdin',
    people.ties.map((tie) => [tie.contactKey, tie.relationKey, at]),
  )
  await copy(
    tx,
    'copy choices (subject_key, id, kind, brand, channel, topic, author, said_at, recorded_at, signal, source) from stdin',
    people.choices.map(({ subjectKey, choice, context }) => [
      subjectKey,
      choice.id,
      choice.kind,
      choice.scope.brand,
      choice.scope.channel,
      choice.scope.topic,
      choice.author,
      choice.saidAt === null ? null : new Date(choice.saidAt).toISOString(),
      at,
      context.signal,
      context.source,
    ]),
  )
  await copy(
    tx,
    'copy evidence (subject_key, id, kind, recorded_at, body, hash) from stdin',
    people.evidence.map((entry) => [entry.subjectKey, entry.id, entry.kind, at, entry.body, `\\x${entry.hash}`]),
  )
}

export type FirstStanding = {
  readonly contactKey: string
  readonly type: ContactPointType
  readonly fingerprint: bigint
  readonly seq: bigint
  readonly record: Standing
}

/** Standings of contact points that had none, final at once, each with its step of the feed. */
export async function copyFirstStandings(tx: Transaction, rows: readonly FirstStanding[], now: number): Promise<void> {
  const at = new Date(now).toISOString()
  const records = rows.map((row) => JSON.stringify(row.record))
  await copy(
    tx,
    'copy standings (contact_key, type, fingerprint, links, seq, record) from stdin',
    rows.map((row, index) => [row.contactKey, row.type, `${row.fingerprint}`, '1', `${row.seq}`, records[index]]),
  )
  await copy(
    tx,
    'copy changes (partition, seq, contact_key, fingerprint, record, recorded_at) from stdin',
    rows.map((row, index) => [
      `${partitionOf(row.contactKey)}`,
      `${row.seq}`,
      row.contactKey,
      `${row.fingerprint}`,
      records[index],
      at,
    ]),
  )
}

type Cell = string | null | undefined

async function copy(tx: Transaction, statement: string, rows: readonly (readonly Cell[])[]): Promise<void> {
  if (rows.length === 0) return
  const stream = tx.client.query(copyFrom(statement))
  stream.end(rows.map(writeRow).join(''))
  await finished(stream)
}

/** PostgreSQL's text format: tabs between, a backslash before what would be read otherwise (manual, COPY). */
function writeRow(cells: readonly Cell[]): string {
  let line = ''
  for (const [index, cell] of cells.entries()) line += (index === 0 ? '' : '\t') + writeCell(cell)
  return `${line}\n`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

function writeCell(cell: Cell): string {
  if (cell === null || cell === undefined) return '\\N'
  return /[\\\t\n\r]/.test(cell) ? cell.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? '') : cell
}
