import type { Database, Queryable } from './database.ts'

/** Up to where the feed lies in a broker: a cursor of it, and the number the broker gave its last message. */
export type PublishedPlace = { readonly position: string; readonly sequence: number }

/** Takes the stream for `holder`; false while another process has it. Renews a lease of its own. */
export async function leaseStream(
  db: Database,
  stream: string,
  holder: string,
  now: number,
  leaseUntil: number,
): Promise<boolean> {
  const text = `insert into feed_publications (stream, holder, lease_until) values ($1, $2, $3)
    on conflict (stream) do update set holder = excluded.holder, lease_until = excluded.lease_until
    where feed_publications.holder = excluded.holder or feed_publications.lease_until <= $4`
  return (await db.execute(text, [stream, holder, new Date(leaseUntil), new Date(now)])) === 1
}

/** Lets another process have it at once. */
export async function releaseStream(db: Database, stream: string, holder: string, now: number): Promise<void> {
  const text = 'update feed_publications set lease_until = $3 where stream = $1 and holder = $2'
  await db.execute(text, [stream, holder, new Date(now)])
}

/** Undefined where nothing was ever published. */
export async function findPublishedPlace(db: Queryable, stream: string): Promise<PublishedPlace | undefined> {
  const text = 'select position, sequence from feed_publications where stream = $1 and position is not null'
  const [row] = await db.query<{ position: string; sequence: bigint }>(text, [stream])
  return row && { position: row.position, sequence: Number(row.sequence) }
}

/** Remembers how far `holder` came; nothing once another process has taken over. */
export async function movePublishedPlace(
  db: Database,
  stream: string,
  holder: string,
  { position, sequence }: PublishedPlace,
  announcedAt: number | undefined,
): Promise<void> {
  const text = `update feed_publications set position = $3, sequence = $4, announced_at = coalesce($5, announced_at)
    where stream = $1 and holder = $2`
  await db.execute(text, [stream, holder, position, sequence, announcedAt === undefined ? null : new Date(announcedAt)])
}

export async function addLostMessages(db: Database, stream: string, count: number): Promise<void> {
  await db.execute('update feed_publications set lost_messages = lost_messages + $2 where stream = $1', [stream, count])
}

/** For the operator. */
export type PublicationState = { readonly announcedAt: Date | null; readonly lostMessages: number }

/** Of the stream that was held last; undefined where none ever was. */
export async function readPublicationState(db: Queryable): Promise<PublicationState | undefined> {
  const text = `select announced_at as "announcedAt", lost_messages as "lostMessages"
    from feed_publications order by lease_until desc limit 1`
  const [row] = await db.query<{ announcedAt: Date | null; lostMessages: bigint }>(text)
  return row && { announcedAt: row.announcedAt, lostMessages: Number(row.lostMessages) }
}
