import type { Scope } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

export type LiftProposalRow = {
  readonly id: string
  readonly contactKey: string
  readonly scope: Scope
  /** Null once it is decided or was forgotten. */
  readonly note: string | null
  readonly signal: string
  readonly saidAt: Date
  readonly proposedBy: string
  readonly proposedByEmail: string
  readonly proposedAt: Date
  readonly expiresAt: Date
  readonly decidedAt: Date | null
}

export type NewLiftProposal = Omit<LiftProposalRow, 'proposedByEmail' | 'decidedAt' | 'note'> & {
  readonly note: string
}

const columns = `proposal.id, proposal.contact_key as "contactKey", proposal.scope, proposal.note, proposal.signal,
  proposal.said_at as "saidAt", proposal.proposed_by as "proposedBy", staff.email as "proposedByEmail",
  proposal.proposed_at as "proposedAt", proposal.expires_at as "expiresAt", proposal.decided_at as "decidedAt"`
const joined = 'lift_proposals proposal join staff_accounts staff on staff.id = proposal.proposed_by'

export async function insertLiftProposal(tx: Transaction, row: NewLiftProposal): Promise<void> {
  await tx.execute(
    `insert into lift_proposals
       (id, contact_key, scope, note, signal, said_at, proposed_by, proposed_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      row.id,
      row.contactKey,
      JSON.stringify(row.scope),
      row.note,
      row.signal,
      row.saidAt,
      row.proposedBy,
      row.proposedAt,
      row.expiresAt,
    ],
  )
}

/** What waits for a second member of staff, soonest to end first. */
export async function listOpenLiftProposals(db: Queryable, now: number, countMax: number): Promise<LiftProposalRow[]> {
  const text = `select ${columns} from ${joined} where proposal.decided_at is null and proposal.expires_at > $1
    order by proposal.expires_at limit $2`
  return db.query<LiftProposalRow>(text, [new Date(now), countMax])
}

export async function countOpenLiftProposals(db: Queryable, now: number): Promise<number> {
  const text = `select count(*)::int as open from lift_proposals where decided_at is null and expires_at > $1`
  const [row] = await db.query<{ open: number }>(text, [new Date(now)])
  return row?.open ?? 0
}

export async function findLiftProposal(db: Queryable, id: string): Promise<LiftProposalRow | undefined> {
  const [row] = await db.query<LiftProposalRow>(`select ${columns} from ${joined} where proposal.id = $1`, [id])
  return row
}

/** False when it was decided a moment before, is too old, or was proposed by whoever would decide. */
export async function decideLiftProposal(
  tx: Transaction,
  decision: { readonly id: string; readonly decidedBy: string; readonly verdict: 'approved' | 'refused' },
  now: number,
): Promise<boolean> {
  const text = `update lift_proposals set verdict = $3, decided_by = $2, decided_at = $4, note = null
    where id = $1 and decided_at is null and expires_at > $4 and proposed_by <> $2`
  const { id, decidedBy, verdict } = decision
  return (await tx.execute(text, [id, decidedBy, verdict, new Date(now)])) === 1
}

/** What was proposed at this moment or before it, decided or not. */
export async function deleteOldLiftProposals(tx: Transaction, proposedBefore: number): Promise<number> {
  return tx.execute('delete from lift_proposals where proposed_at <= $1', [new Date(proposedBefore)])
}

/** When somebody is erased: what waited for them goes, words and all. */
export async function deleteLiftProposalsOf(tx: Transaction, contactKeys: readonly string[]): Promise<void> {
  await tx.execute('delete from lift_proposals where contact_key = any($1::uuid[])', [contactKeys])
}
