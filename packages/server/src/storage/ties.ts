import { type Queryable, type Transaction, together } from './database.ts'
import { TransactionConflict } from './retry.ts'
import type { StandingRow } from './standings.ts'

/** A contact point of a relation, from when until when. */
export type Tie = {
  readonly relationKey: string
  readonly contactKey: string
  readonly linkedAt: Date
  readonly endedAt: Date | null
}

const columns =
  'relation_key as "relationKey", contact_key as "contactKey", linked_at as "linkedAt", ended_at as "endedAt"'

const ofContactPoints = {
  name: 'ties-of-contact-points',
  text: `select ${columns} from contact_point_relations where contact_key = any($1::uuid[])`,
}

/** The relations these contact points belong or belonged to. */
export async function tiesOfContactPoints(db: Queryable, contactKeys: readonly string[]): Promise<Tie[]> {
  return db.query<Tie>(ofContactPoints, [contactKeys])
}

const ofRelations = {
  name: 'ties-of-relations',
  text: `select ${columns} from relation_contact_points where relation_key = any($1::uuid[])`,
}

/** The contact points of these relations, ended ties too. */
export async function tiesOfRelations(db: Queryable, relationKeys: readonly string[]): Promise<Tie[]> {
  return db.query<Tie>(ofRelations, [relationKeys])
}

/** Ties, or ties again; the first date of a tie that still holds stays. */
export async function insertTies(
  tx: Transaction,
  ties: readonly { relationKey: string; contactKey: string }[],
  now: number,
): Promise<void> {
  const values = [ties.map((tie) => tie.relationKey), ties.map((tie) => tie.contactKey), new Date(now)]
  for (const table of ['relation_contact_points', 'contact_point_relations']) {
    const text = `insert into ${table} (relation_key, contact_key, linked_at)
      select *, $3::timestamptz from unnest($1::uuid[], $2::uuid[])
      on conflict (relation_key, contact_key) do update set linked_at = excluded.linked_at, ended_at = null
        where ${table}.ended_at is not null`
    await tx.execute({ name: `ties-insert-${table}`, text }, values)
  }
}

export async function endTies(
  tx: Transaction,
  relationKey: string,
  contactKeys: readonly string[],
  now: number,
): Promise<void> {
  for (const table of ['relation_contact_points', 'contact_point_relations']) {
    await tx.execute(
      `update ${table} set ended_at = $3 where relation_key = $1 and contact_key = any($2::uuid[]) and ended_at is null`,
      [relationKey, contactKeys, new Date(now)],
    )
  }
}

/** Only an erasure removes a tie; the refusals that came through it are copied first. */
export async function deleteTies(tx: Transaction, relationKey: string, contactKeys: readonly string[]): Promise<void> {
  for (const table of ['relation_contact_points', 'contact_point_relations']) {
    await tx.execute(`delete from ${table} where relation_key = $1 and contact_key = any($2::uuid[])`, [
      relationKey,
      contactKeys,
    ])
  }
}

/** From a subject to one contact point its choices reach, through one relation; nulls where there is none. */
export type Reach = {
  readonly subjectKey: string
  readonly relationKey: string | null
  readonly memberKey: string | null
  readonly tieEndedAt: Date | null
  readonly memberEndedAt: Date | null
}

const reachText = `select subject.contact_key as "subjectKey", relation.contact_key as "relationKey",
      member.contact_key as "memberKey", tie.ended_at as "tieEndedAt", member.ended_at as "memberEndedAt"
    from standings subject
    left join contact_point_relations tie on tie.contact_key = subject.contact_key
      and (tie.ended_at is null or tie.ended_at >= $2)
    left join standings relation on relation.contact_key =
      case when subject.type = 'customer' then subject.contact_key else tie.relation_key end
    left join relation_contact_points member on member.relation_key = relation.contact_key
      and (member.ended_at is null or member.ended_at >= $2)
    where subject.contact_key = any($1::uuid[])`

const lockReached = {
  name: 'ties-lock-reached',
  text: `with reach as materialized (${reachText})
    select standings.contact_key as "contactKey", standings.type, standings.fingerprint, standings.seq, standings.record
    from standings
    where standings.contact_key in (
      select "subjectKey" from reach union select "relationKey" from reach union select "memberKey" from reach
    )
    order by standings.contact_key for no key update of standings`,
}

export type LockedReach = { readonly reach: readonly Reach[]; readonly rows: ReadonlyMap<string, StandingRow> }

/**
 * Locks everything a choice of these subjects, heard at `heardAt` or later, can bear on, in key order, and reads whom it
 * reaches under those locks: the relations they belonged to then, and those relations' contact points. Who changes ties
 * holds the same locks, so what was read stays true; what was tied in between is missing from the locks and starts the
 * transaction again.
 */
export async function lockReach(
  tx: Transaction,
  subjectKeys: readonly string[],
  heardAt: number,
): Promise<LockedReach> {
  const values = [subjectKeys, new Date(heardAt)]
  let locked: StandingRow[] = []
  let reach: Reach[] = []
  await together(tx, [
    async () => {
      locked = await tx.query<StandingRow>(lockReached, values)
    },
    async () => {
      reach = await tx.query<Reach>({ name: 'ties-reach', text: reachText }, values)
    },
  ])
  const rows = new Map(locked.map((row) => [row.contactKey, row]))
  const reached = reach.flatMap((row) => [row.subjectKey, row.relationKey, row.memberKey])
  if (reached.some((key) => key !== null && !rows.has(key))) {
    throw new TransactionConflict('a contact point was tied while it was being locked')
  }
  return { reach, rows }
}
