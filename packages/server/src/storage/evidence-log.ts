import type { EvidenceEntry, EvidenceKind } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

const insertMany = {
  name: 'evidence-insert',
  text: `insert into evidence (subject_key, id, kind, recorded_at, body, hash)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::bytea[])
    on conflict (subject_key, id) do nothing`,
}

/** Appends; nothing else exists for this table, and the database refuses the rest. */
export async function appendEvidence(tx: Transaction, entries: readonly EvidenceEntry[]): Promise<void> {
  if (entries.length === 0) return
  await tx.execute(insertMany, [
    entries.map((entry) => entry.subjectKey),
    entries.map((entry) => entry.id),
    entries.map((entry) => entry.kind),
    entries.map((entry) => new Date(entry.recordedAt)),
    entries.map((entry) => entry.body),
    entries.map((entry) => Buffer.from(entry.hash, 'hex')),
  ])
}

type EvidenceRow = { subjectKey: string; id: string; kind: EvidenceKind; recordedAt: Date; body: string; hash: Buffer }

/** Every entry about these subjects, oldest first. */
export async function listEvidence(db: Queryable, subjectKeys: readonly string[]): Promise<EvidenceEntry[]> {
  const text = `select subject_key as "subjectKey", id, kind, recorded_at as "recordedAt", body, hash from evidence
    where subject_key = any($1::uuid[]) order by id`
  const rows = await db.query<EvidenceRow>({ name: 'evidence-list', text }, [subjectKeys])
  return rows.map((row) => ({ ...row, recordedAt: row.recordedAt.getTime(), hash: row.hash.toString('hex') }))
}
