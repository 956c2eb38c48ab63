import { uuidFromHex } from '@verzet/core'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import type { ExportedStanding } from '../../services/export-standing.ts'
import { StandingParquet } from './standing-parquet.ts'

const about = { brand: 'acme', channel: 'email', topic: 'news' } as const
const summary = {
  rows: 0,
  position: 'cursor',
  others: { decision: 'deny', reason: 'no_basis', rulePack: 'BE@1' },
} as const

function uuidOf(index: number): string {
  return uuidFromHex(index.toString(16).padStart(32, '0'))
}

/** Of every kind: refused by a choice, allowed, waiting until a moment, known by the key alone. */
function rowOf(index: number): ExportedStanding {
  const fingerprint = index % 5 === 0 ? '' : (0x1000_0000_0000 + index).toString(16).padStart(16, '0')
  const [key, rulePack] = [uuidOf(index), index % 2 === 0 ? 'BE@1' : 'NL@1']
  const choiceId = uuidOf(index + 2 ** 40)
  const decisions = [
    { decision: 'deny', reason: 'objection', choiceId, rulePack },
    { decision: 'allow', reason: 'customer_relation', rulePack },
    { decision: 'defer', reason: 'pause', until: Date.UTC(2026, 11, 1) + index, choiceId, rulePack },
  ] as const
  return {
    key,
    fingerprint,
    type: index % 7 === 0 ? 'customer' : 'email',
    decision: decisions[index % 3] ?? decisions[0],
  }
}

function write(rows: readonly ExportedStanding[], pageRows = 5_000): { file: ArrayBuffer; pieces: number } {
  const sheet = new StandingParquet(about, 'verzet test')
  const pieces: Buffer[] = []
  for (let from = 0; from < rows.length; from += pageRows) pieces.push(sheet.add(rows.slice(from, from + pageRows)))
  pieces.push(sheet.finish({ ...summary, rows: rows.length }))
  const bytes = Buffer.concat(pieces)
  return { file: Uint8Array.from(bytes).buffer, pieces: pieces.filter(({ length }) => length > 0).length }
}

describe('the export as Parquet', () => {
  it('is read back row by row as it was written, with NULL for what is not known', async () => {
    const rows = Array.from({ length: 52_000 }, (_, index) => rowOf(index))
    const { file, pieces } = write(rows)
    // The mark at the head, one group, and the rest with the end.
    expect(pieces).toBe(3)
    const found = await parquetReadObjects({ file })
    const expected = rows.map(({ key, fingerprint, type, decision }) => ({
      contact_key: key,
      fingerprint: fingerprint === '' ? null : fingerprint,
      type,
      decision: decision.decision,
      reason: decision.reason,
      until: decision.until === undefined ? null : new Date(decision.until),
      choice_id: decision.choiceId ?? null,
      rule_pack: decision.rulePack,
    }))
    expect(found.length).toBe(rows.length)
    expect(found.filter((row, index) => JSON.stringify(row) !== JSON.stringify(expected[index])).slice(0, 3)).toEqual(
      [],
    )
    expect(found[2]?.until).toEqual(expected[2]?.until)
  })

  it('says what it is about, in columns with types and in groups of rows', () => {
    const { file } = write(Array.from({ length: 51_000 }, (_, index) => rowOf(index)))
    const metadata = parquetMetadata(file)
    expect(metadata.row_groups.map((group) => Number(group.num_rows))).toEqual([50_000, 1_000])
    expect(metadata.created_by).toBe('verzet test')
    expect(metadata.key_value_metadata).toEqual(
      expect.arrayContaining([
        { key: 'verzet.topic', value: 'news' },
        { key: 'verzet.position', value: 'cursor' },
        { key: 'verzet.others_decision', value: 'deny' },
      ]),
    )
    const types = metadata.schema.slice(1).map(({ name, type, repetition_type }) => [name, type, repetition_type])
    expect(types).toEqual([
      ['contact_key', 'FIXED_LEN_BYTE_ARRAY', 'REQUIRED'],
      ['fingerprint', 'BYTE_ARRAY', 'OPTIONAL'],
      ['type', 'BYTE_ARRAY', 'REQUIRED'],
      ['decision', 'BYTE_ARRAY', 'REQUIRED'],
      ['reason', 'BYTE_ARRAY', 'REQUIRED'],
      ['until', 'INT64', 'OPTIONAL'],
      ['choice_id', 'FIXED_LEN_BYTE_ARRAY', 'OPTIONAL'],
      ['rule_pack', 'BYTE_ARRAY', 'REQUIRED'],
    ])
    const decisions = metadata.row_groups[0]?.columns[3]?.meta_data?.encodings
    expect(decisions).toContain('RLE_DICTIONARY')
  })

  it('is a file also of nobody', async () => {
    const { file } = write([])
    expect(await parquetReadObjects({ file })).toEqual([])
    expect(parquetMetadata(file).schema).toHaveLength(9)
  })
})
