import { type Database, transact } from './database.ts'

/** Stores the check of the first pepper ever used here; later ones are compared with it. True when it is the same. */
export async function matchPepperCheck(db: Database, check: Buffer, now: number): Promise<boolean> {
  return transact(db, async (tx) => {
    await tx.execute(
      'insert into deployments (id, pepper_check, created_at) values (1, $1, $2) on conflict (id) do nothing',
      [check, new Date(now)],
    )
    const rows = await tx.query<{ pepperCheck: Buffer }>('select pepper_check as "pepperCheck" from deployments')
    return rows[0]?.pepperCheck.equals(check) === true
  })
}
