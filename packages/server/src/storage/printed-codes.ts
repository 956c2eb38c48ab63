import type { Queryable, Transaction } from './database.ts'

const insertMany = {
  name: 'printed-codes-insert',
  text: `insert into printed_codes (partition, code, link, created_at)
    select *, $4::timestamptz from unnest($1::smallint[], $2::text[], $3::bytea[])
    on conflict (partition, code) do nothing returning code`,
}

/** Stores codes with the sealed link behind each; returns those that were free. */
export async function insertPrintedCodes(
  tx: Transaction,
  codes: readonly { code: string; link: Buffer }[],
  now: number,
): Promise<Set<string>> {
  const rows = await tx.query<{ code: string }>(insertMany, [
    codes.map(({ code }) => codePartition(code)),
    codes.map(({ code }) => code),
    codes.map(({ link }) => link),
    new Date(now),
  ])
  return new Set(rows.map((row) => row.code))
}

const findOne = {
  name: 'printed-codes-find',
  text: 'select link from printed_codes where partition = $1 and code = $2',
}

export async function findPrintedCode(db: Queryable, code: string): Promise<Buffer | undefined> {
  const rows = await db.query<{ link: Buffer }>(findOne, [codePartition(code), code])
  return rows[0]?.link
}

/** Spread over as many partitions as the feed has, by the code's first two signs. */
function codePartition(code: string): number {
  return ((code.charCodeAt(0) * 31 + code.charCodeAt(1)) * 31 + code.charCodeAt(2)) % 64
}
