import { uuidToBytes } from '@verzet/core'
import { ByteWriter, type ColumnSource, ParquetWriter, type SchemaElement } from 'hyparquet-writer'
import type { ExportedAbout, ExportedStanding, ExportSummary } from '../../services/export-standing.ts'

/** Rows held before they are written as one group: some 20 MB, and few enough groups that a reader skips what it need not read. */
const groupRowsMax = 50_000

type Column = {
  readonly element: SchemaElement
  readonly valueIn: (row: ExportedStanding) => unknown
  /** Hashes and ids: nothing in them repeats, and looking for it would be most of the work. */
  readonly isDistinct?: true
}

const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } } as const
const uuid = { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } } as const
const moment = {
  type: 'INT64',
  converted_type: 'TIMESTAMP_MILLIS',
  logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' },
} as const
const required = { repetition_type: 'REQUIRED' } as const
const optional = { repetition_type: 'OPTIONAL' } as const

/** The columns of the list in CSV, under the same names; what is empty there is NULL here. */
const columns: readonly Column[] = [
  { element: { name: 'contact_key', ...uuid, ...required }, valueIn: ({ key }) => uuidToBytes(key), isDistinct: true },
  {
    element: { name: 'fingerprint', ...text, ...optional },
    valueIn: (row) => row.fingerprint || undefined,
    isDistinct: true,
  },
  { element: { name: 'type', ...text, ...required }, valueIn: ({ type }) => type },
  { element: { name: 'decision', ...text, ...required }, valueIn: ({ decision }) => decision.decision },
  { element: { name: 'reason', ...text, ...required }, valueIn: ({ decision }) => decision.reason },
  { element: { name: 'until', ...moment, ...optional }, valueIn: ({ decision: { until } }) => dateOf(until) },
  {
    element: { name: 'choice_id', ...uuid, ...optional },
    valueIn: ({ decision: { choiceId } }) => choiceId && uuidToBytes(choiceId),
    isDistinct: true,
  },
  { element: { name: 'rule_pack', ...text, ...required }, valueIn: ({ decision }) => decision.rulePack },
]
const schema: SchemaElement[] = [
  { name: 'standing', num_children: columns.length },
  ...columns.map(({ element }) => element),
]

/**
 * The export of standings as Apache Parquet: dictionaries and Snappy where values repeat, one row group after the other, so
 * that memory does not grow with the list. What is to be written comes back from each call. What the file is about, the
 * position in the feed and the answer about who is not in it are its key-value metadata.
 */
export class StandingParquet {
  readonly #about: ExportedAbout
  readonly #bytes = new ByteWriter()
  readonly #writer: ParquetWriter
  #waiting: ExportedStanding[] = []

  constructor(about: ExportedAbout, createdBy: string) {
    this.#about = about
    this.#writer = new ParquetWriter({ writer: this.#bytes, schema, createdBy })
  }

  add(rows: readonly ExportedStanding[]): Buffer {
    for (const row of rows) this.#waiting.push(row)
    if (this.#waiting.length >= groupRowsMax) this.#writeGroup()
    return this.#taken()
  }

  /** The end of the file, without which none of it can be read. */
  finish({ position, others }: ExportSummary): Buffer {
    if (this.#waiting.length > 0) this.#writeGroup()
    const { brand, channel, topic } = this.#about
    const facts = { brand, channel, topic, position, others_decision: others.decision, others_reason: others.reason }
    this.#writer.kvMetadata = Object.entries(facts).map(([name, value]) => ({ key: `verzet.${name}`, value }))
    this.#writer.finish()
    return this.#taken()
  }

  #writeGroup(): void {
    const rows = this.#waiting
    this.#waiting = []
    const columnData: ColumnSource[] = columns.map(({ element, valueIn, isDistinct }) => ({
      name: element.name,
      data: rows.map(valueIn),
      ...(isDistinct && { encoding: 'PLAIN', codec: 'UNCOMPRESSED' }),
    }))
    this.#writer.write({ columnData, rowGroupSize: rows.length })
  }

  /** The writer counts on from `offset`; `index` is where its buffer is filled to. */
  #taken(): Buffer {
    const taken = Buffer.from(this.#bytes.getBytes())
    this.#bytes.index = 0
    return taken
  }
}

function dateOf(moment: number | undefined): Date | undefined {
  return moment === undefined ? undefined : new Date(moment)
}
