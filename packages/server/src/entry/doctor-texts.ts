import type { HashSecrets } from '@verzet/core'
import { type Connection, readTextConnections } from '../services/channels/read-connections.ts'
import type { Database } from '../storage/database.ts'
import { type Check, fail, ok, warn } from './doctor-check.ts'

/** How each account for texts does: nothing where there is none, or where the secrets are not here to open them with. */
export async function checkTextAccounts(db: Database, secrets: HashSecrets | undefined, now: number): Promise<Check[]> {
  if (secrets === undefined) return []
  return (await readTextConnections({ db, secrets, clock: () => now })).map((account) => judgeTextAccount(account, now))
}

export function judgeTextAccount(account: Connection, now: number): Check {
  const name = `texts ${account.name} (${account.vendor})`
  const heard = account.heardAt === undefined ? 'nothing came in yet' : `last heard ${minutesAgo(account.heardAt, now)}`
  const { failure } = account
  if (failure === undefined) {
    if (account.health !== 'quiet') return ok(name, account.vendor === 'smpp' ? `the link is up; ${heard}` : heard)
    return warn(name, heard, 'Send a test text to its number, and look whether it arrives here.')
  }
  switch (failure.kind) {
    case 'secrets':
      return fail(
        name,
        'its secret is missing, or was sealed with another pepper',
        'Remove the account and add it again with "verzet sms accounts add".',
      )
    case 'not_bound':
      return fail(
        name,
        `no link to the operator is up${reasonIn(failure)}`,
        'Is a hub with the role worker running? Check host, user and password of the account.',
      )
    case 'refused_calls':
      return warn(
        name,
        `the last calls to its address were refused${reasonIn(failure)}; ${heard}`,
        'Compare the secret, the address given to the vendor and VERZET_URL; forgers look the same.',
      )
    default:
      return fail(name, `the last text could not be sent${reasonIn(failure)}`, 'Check the account at the vendor.')
  }
}

function reasonIn({ reason }: { readonly reason?: string }): string {
  return reason === undefined ? '' : ` (${reason})`
}

function minutesAgo(at: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000))
  if (minutes < 120) return `${minutes} minutes ago`
  return minutes < 2 * 24 * 60 ? `${Math.round(minutes / 60)} hours ago` : `${Math.round(minutes / 1_440)} days ago`
}
