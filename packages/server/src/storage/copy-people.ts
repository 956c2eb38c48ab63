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

/** Rows in PostgreSQL's text format, ready to be sent. */
type Rendered = { readonly statement: string; readonly text: string }
export type RenderedPeople = readonly Rendered[]

/**
 * Writes the rows as text, which needs no database and can be done while the one before is being sent. Copying text is
 * several times faster than `insert … unnest`, whose arrays have to be quoted here and read again there.
 */
export function renderPeople(people: PeopleToCopy, now: number): RenderedPeople {
  const at = new Date(now).toISOString()
  return [
    {
      statement: 'copy contact_points (key, type, value, created_at) from stdin',
      text: render(people.contactPoints, (point) => `${point.key}\t${point.type}\t${cell(point.value)}\t${at}\n`),
    },
    {
      statement: `copy relations (key, external_id, name, language, country, customer_since, basis, created_at, updated_at)
        from stdin`,
      text: render(people.relations, (one) => {
        const words = `${cell(one.name)}\t${cell(one.language)}\t${cell(one.country)}\t${cell(one.customerSince)}`
        return `${one.key}\t${cell(one.externalId)}\t${words}\t${one.basis}\t${at}\t${at}\n`
      }),
    },
    {
      statement: 'copy relation_contact_points (relation_key, contact_key, linked_at) from stdin',
      text: render(people.ties, (tie) => `${tie.relationKey}\t${tie.contactKey}\t${at}\n`),
    },
    {
      statement: 'copy contact_point_relations (contact_key, relation_key, linked_at) from stdin',
      text: render(people.ties, (tie) => `${tie.contactKey}\t${tie.relationKey}\t${at}\n`),
    },
    {
      statement: `copy choices (subject_key, id, kind, brand, channel, topic, author, said_at, recorded_at, signal, source)
        from stdin`,
      text: render(people.choices, (row) => choiceLine(row, at)),
    },
    {
      statement: 'copy evidence (subject_key, id, kind, recorded_at, body, hash) from stdin',
      text: render(people.evidence, (entry) => {
        // The backslash of bytea's \\x is doubled in this format.
        return `${entry.subjectKey}\t${entry.id}\t${entry.kind}\t${at}\t${cell(entry.body)}\t\\\\x${entry.hash}\n`
      }),
    },
  ]
}

function choiceLine({ subjectKey, choice, context }: PeopleToCopy['choices'][number], at: string): string {
  const { brand, channel, topic } = choice.scope
  const scope = `${cell(brand)}\t${cell(channel)}\t${cell(topic)}`
  const saidAt = choice.saidAt === null ? '\\N' : new Date(choice.saidAt).toISOString()
  const words = `${cell(context.signal)}\t${cell(context.source)}`
  return `${subjectKey}\t${choice.id}\t${choice.kind}\t${scope}\t${choice.author}\t${saidAt}\t${at}\t${words}\n`
}

export async function copyPeople(tx: Transaction, rendered: RenderedPeople): Promise<void> {
  for (const { statement, text } of rendered) await copy(tx, statement, text)
}

/** The first standing of a contact point, but for the number it takes in the feed. */
export type FirstStanding = {
  readonly contactKey: string
  readonly type: ContactPointType
  readonly fingerprint: bigint
  /** As this format has it. */
  readonly record: string
}

export function renderStanding(standing: Standing): string {
  return cell(JSON.stringify(standing))
}

/** Standings of contact points that had none, final at once, each with its step of the feed. */
export async function copyFirstStandings(
  tx: Transaction,
  rows: readonly FirstStanding[],
  numbers: readonly bigint[],
  now: number,
): Promise<void> {
  const at = new Date(now).toISOString()
  let standings = ''
  let changes = ''
  for (const [index, { contactKey, type, fingerprint, record }] of rows.entries()) {
    const seq = numbers[index] ?? 0n
    standings += `${contactKey}\t${type}\t${fingerprint}\t${seq}\t${record}\n`
    changes += `${partitionOf(contactKey)}\t${seq}\t${contactKey}\t${fingerprint}\t${record}\t${at}\n`
  }
  await copy(tx, 'copy standings (contact_key, type, fingerprint, seq, record) from stdin', standings)
  await copy(tx, 'copy changes (partition, seq, contact_key, fingerprint, record, recorded_at) from stdin', changes)
}

async function copy(tx: Transaction, statement: string, text: string): Promise<void> {
  if (text === '') return
  const stream = tx.client.query(copyFrom(statement))
  stream.end(text)
  await finished(stream)
}

function render<T>(rows: readonly T[], lineOf: (row: T) => string): string {
  let text = ''
  for (const row of rows) text += lineOf(row)
  return text
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' }

/** A backslash before what would be read otherwise; \\N is no value (PostgreSQL manual, COPY, text format). */
function cell(value: string | undefined): string {
  if (value === undefined) return '\\N'
  return /[\\\t\n\r]/.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? '') : value
}
