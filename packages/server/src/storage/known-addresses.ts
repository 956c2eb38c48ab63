import type { ContactPointType, Standing } from '@verzet/core'
import type { Queryable } from './database.ts'

/** An address that was not erased, with its standing where it has one. */
export type KnownAddressRow = {
  readonly key: string
  readonly type: ContactPointType
  readonly value: string
  readonly fingerprint: bigint | null
  readonly record: Standing | null
}

const page = {
  name: 'known-addresses-page',
  text: `select key, contact_points.type, value, fingerprint, record
    from contact_points left join standings on standings.contact_key = contact_points.key
    where key > $1 and value is not null and contact_points.type in ('email', 'phone')
    order by key limit $2`,
}

/** One page of every e-mail address and number that is known by its value, in key order. */
export async function pageKnownAddresses(db: Queryable, afterKey: string, limit: number): Promise<KnownAddressRow[]> {
  return db.query<KnownAddressRow>(page, [afterKey, limit])
}
