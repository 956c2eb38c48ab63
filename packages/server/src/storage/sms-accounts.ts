import type { Database, Queryable, Transaction } from './database.ts'

export const smsVendors = ['twilio', 'sinch', 'messagebird', 'cm', 'vonage', 'smpp'] as const
export type SmsVendor = (typeof smsVendors)[number]

export type SmsAccountRow = {
  readonly id: string
  readonly brand: string
  readonly vendor: SmsVendor
  readonly numbers: readonly string[]
  readonly settings: Readonly<Record<string, unknown>>
  /** Sealed. */
  readonly secrets: Buffer
  readonly createdAt: Date
  readonly removedAt: Date | null
}

const columns = `id, brand, vendor, numbers, settings, secrets, created_at as "createdAt", removed_at as "removedAt"`

/** False when the name is taken, by a removed one too: what was heard through it stays told apart. */
export async function insertSmsAccount(tx: Transaction, row: Omit<SmsAccountRow, 'removedAt'>): Promise<boolean> {
  const inserted = await tx.execute(
    `insert into sms_accounts (id, brand, vendor, numbers, settings, secrets, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (id) do nothing`,
    [row.id, row.brand, row.vendor, row.numbers, JSON.stringify(row.settings), row.secrets, row.createdAt],
  )
  return inserted === 1
}

/** Undefined for one that was removed. */
export async function findSmsAccount(db: Queryable, id: string): Promise<SmsAccountRow | undefined> {
  const text = `select ${columns} from sms_accounts where id = $1 and removed_at is null`
  return (await db.query<SmsAccountRow>({ name: 'sms-accounts-find', text }, [id]))[0]
}

/** Removed ones too, by name. */
export async function listSmsAccounts(db: Queryable): Promise<SmsAccountRow[]> {
  return db.query<SmsAccountRow>(`select ${columns} from sms_accounts order by id`)
}

/** False when there is no such account in use. */
export async function markSmsAccountRemoved(tx: Transaction, id: string, now: number): Promise<boolean> {
  const text = 'update sms_accounts set removed_at = $2 where id = $1 and removed_at is null'
  return (await tx.execute(text, [id, new Date(now)])) === 1
}

/** Takes or renews the link of an account for `holder`; false while another process has it. */
export async function leaseSmppLink(
  db: Database,
  account: string,
  holder: string,
  now: number,
  leaseUntil: number,
): Promise<boolean> {
  const text = `insert into smpp_links (account, holder, lease_until) values ($1, $2, $3)
    on conflict (account) do update set holder = excluded.holder, lease_until = excluded.lease_until
    where smpp_links.holder = excluded.holder or smpp_links.lease_until <= $4`
  return (await db.execute(text, [account, holder, new Date(leaseUntil), new Date(now)])) === 1
}

export type SmppLinkRow = { readonly account: string; readonly leaseUntil: Date }

/** Which accounts a process holds a link for, and until when. */
export async function listSmppLinks(db: Queryable): Promise<SmppLinkRow[]> {
  return db.query<SmppLinkRow>('select account, lease_until as "leaseUntil" from smpp_links order by account')
}

/** Lets another process have it at once. */
export async function releaseSmppLink(db: Database, account: string, holder: string, now: number): Promise<void> {
  await db.execute('update smpp_links set lease_until = $3 where account = $1 and holder = $2', [
    account,
    holder,
    new Date(now),
  ])
}
