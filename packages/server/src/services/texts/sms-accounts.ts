import { type HashSecrets, type SealRing, seal, sealRing, unseal } from '@verzet/core'
import { z } from 'zod'
import type { Database, Queryable } from '../../storage/database.ts'
import { transact } from '../../storage/database.ts'
import {
  findSmsAccount,
  insertSmsAccount,
  listSmsAccounts,
  markSmsAccountRemoved,
  type SmsAccountRow,
  type SmsVendor,
} from '../../storage/sms-accounts.ts'
import type { Hub } from '../hub.ts'

export { type SmsVendor, smsVendors } from '../../storage/sms-accounts.ts'

const settingsSchema = z.object({
  /** Twilio's account SID, Vonage's API key, the system id of SMPP. */
  user: z.string().optional(),
  /** Addresses and networks that webhooks may come from; anywhere without them. */
  addresses: z.array(z.string()).optional(),
  /** `host:port` of an operator's SMSC. */
  host: z.string().optional(),
  tls: z.boolean().optional(),
  bind: z.enum(['transceiver', 'receiver']).optional(),
  systemType: z.string().optional(),
  /** What data coding 0 means to this SMSC. */
  defaultCoding: z.enum(['gsm', 'latin1']).optional(),
  /** Where the vendor's interface lies, for another region or a test. */
  api: z.string().optional(),
})
export type SmsAccountSettings = z.infer<typeof settingsSchema>

const secretsSchema = z.object({ webhook: z.string().optional(), sending: z.string().optional() })
/** `webhook` proves who calls, `sending` signs in to send or to bind. */
export type SmsAccountSecrets = z.infer<typeof secretsSchema>

export type SmsAccount = {
  readonly id: string
  readonly brand: string
  readonly vendor: SmsVendor
  readonly numbers: readonly string[]
  readonly settings: SmsAccountSettings
  readonly secrets: SmsAccountSecrets
}

/** An account without its secrets, as operators see it. */
export type ListedSmsAccount = Omit<SmsAccount, 'secrets'> & {
  readonly canSend: boolean
  readonly createdAt: number
  readonly removedAt?: number
}

type Parts = Pick<Hub, 'db' | 'secrets' | 'clock'>

/** False when the name is taken, or was before. */
export async function addSmsAccount({ db, secrets, clock }: Parts, account: SmsAccount): Promise<boolean> {
  const sealed = seal(ringOf(secrets), Buffer.from(JSON.stringify(account.secrets)))
  const { id, brand, vendor, numbers, settings } = account
  return transact(db, (tx) =>
    insertSmsAccount(tx, { id, brand, vendor, numbers, settings, secrets: sealed, createdAt: new Date(clock()) }),
  )
}

export async function readSmsAccount(db: Queryable, secrets: HashSecrets, id: string): Promise<SmsAccount | undefined> {
  const row = await findSmsAccount(db, id)
  return row && openAccount(row, secrets)
}

/** Those in use, with their secrets. */
export async function readSmsAccounts(db: Queryable, secrets: HashSecrets): Promise<SmsAccount[]> {
  const rows = (await listSmsAccounts(db)).filter(({ removedAt }) => removedAt === null)
  return rows.flatMap((row) => openAccount(row, secrets) ?? [])
}

/** Whether a STOP in reply to a brand's texts comes home. */
export async function hearsTexts(db: Queryable, brand: string): Promise<boolean> {
  return (await listSmsAccounts(db)).some((account) => account.brand === brand && account.removedAt === null)
}

export async function listAccounts(db: Queryable, secrets: HashSecrets): Promise<ListedSmsAccount[]> {
  return (await listSmsAccounts(db)).map((row) => ({
    id: row.id,
    brand: row.brand,
    vendor: row.vendor,
    numbers: row.numbers,
    settings: settingsSchema.parse(row.settings),
    canSend: openAccount(row, secrets)?.secrets.sending !== undefined,
    createdAt: row.createdAt.getTime(),
    ...(row.removedAt !== null && { removedAt: row.removedAt.getTime() }),
  }))
}

/** False when there is no such account in use. */
export function removeSmsAccount(db: Database, id: string, now: number): Promise<boolean> {
  return transact(db, (tx) => markSmsAccountRemoved(tx, id, now))
}

/** Undefined where the secrets were sealed with another pepper: nothing is believed of such an account. */
function openAccount(row: SmsAccountRow, secrets: HashSecrets): SmsAccount | undefined {
  const opened = unseal(ringOf(secrets), row.secrets)
  if (opened === undefined) return undefined
  const { id, brand, vendor, numbers } = row
  return {
    id,
    brand,
    vendor,
    numbers,
    settings: settingsSchema.parse(row.settings),
    secrets: secretsSchema.parse(JSON.parse(opened.toString('utf8'))),
  }
}

/** Made from the pepper, the one secret that a deployment never changes. */
function ringOf({ pepper }: HashSecrets): SealRing {
  return sealRing([{ id: 1, secret: pepper }], 'vendor account')
}
