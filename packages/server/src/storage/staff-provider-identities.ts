import type { Queryable, Transaction } from './database.ts'
import type { StaffRow } from './staff.ts'

/** The account that somebody at an OpenID provider signed in to before. */
export async function findStaffByIdentity(
  db: Queryable,
  identity: { readonly issuer: string; readonly subject: string },
): Promise<Pick<StaffRow, 'id' | 'email' | 'roles' | 'disabledAt'> | undefined> {
  const text = `select staff.id, staff.email, staff.roles, staff.disabled_at as "disabledAt"
    from staff_provider_identities known join staff_accounts staff on staff.id = known.staff_id
    where known.issuer = $1 and known.subject = $2`
  const [row] = await db.query<Pick<StaffRow, 'id' | 'email' | 'roles' | 'disabledAt'>>(text, [
    identity.issuer,
    identity.subject,
  ])
  return row
}

/** False when the account belongs to somebody else at this provider already. */
export async function insertIdentity(
  tx: Transaction,
  identity: { readonly issuer: string; readonly subject: string; readonly staffId: string },
  now: number,
): Promise<boolean> {
  const text = `insert into staff_provider_identities (issuer, subject, staff_id, created_at) values ($1, $2, $3, $4)
    on conflict do nothing`
  return (await tx.execute(text, [identity.issuer, identity.subject, identity.staffId, new Date(now)])) === 1
}
