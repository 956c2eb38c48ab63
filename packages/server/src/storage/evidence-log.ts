import type { EvidenceEntry, EvidenceKind } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

const insertMany = {
  name: 'evidence-insert',
  text: `insert into evidence (subject_key, id, kind, recorded_at, body, hash)
    select subject_key, id, kind, recorded_at, body, decode(hash, 'hex')
    from jsonb_to_recordset($1::jsonb) as new (
      subject_key uuid, id uuid, kind text, recorded_at timestamptz, body text, hash text
    )
    on conflict (subject_key, id) do nothing`,
}

/** Appends; nothing else exists for this table, and the database refuses the rest. */
export async function appendEvidence(tx: Transaction, entries: readonly EvidenceEntry[]): Promise<void> {
  if (entries.length === 0) return
  const rows = entries.map((entry) => ({
    subject_key: entry.subjectKey,
    id: entry.id,
    kind: entry.kind,
    recorded_at: new Date(entry.recordedAt).toISOString(),
    body: entry.body,
    hash: entry.hash,
  }))
  await tx.execute(insertMany, [JSON.stringify(rows)])
}

type EvidenceRow = { subjectKey: string; id: string; kind: EvidenceKind; recordedAt: Date; body: string; hash: Buffer }

/** Every entry about these subjects, oldest first. */
export async function listEvidence(db: Queryable, subjectKeys: readonly string[]): Promise<EvidenceEntry[]> {
  const text = `select subject_key as "subjectKey", id, kind, recorded_at as "recordedAt", body, hash from evidence
    where subject_key = any($1::uuid[]) order by id`
  const rows = await db.query<EvidenceRow>({ name: 'evidence-list', text }, [subjectKeys])
  return rows.map((row) => ({ ...row, recordedAt: row.recordedAt.getTime(), hash: row.hash.toString('hex') }))
}
