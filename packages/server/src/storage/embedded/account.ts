import { readFile, stat } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { dirname } from 'node:path'
import { EmbeddedPostgresUnavailable } from './unavailable.ts'

/** PostgreSQL refuses to run as root; then it runs under one of these, the first that exists. */
const accountNames = ['verzet', 'postgres', 'nobody']

/** The account the server runs under when that is not our own. */
export type Account = { uid: number; gid: number }

export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/** The name by which the server knows our own processes when they connect (`peer` authentication). */
export function readOwnName(): string {
  try {
    return userInfo().username
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `The user id ${process.geteuid?.() ?? ''} this process runs under has no name on this machine, which PostgreSQL does not accept. Run it as a named user.`,
      { cause },
    )
  }
}

export async function findUnprivilegedAccount(): Promise<Account> {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n').map((line) => line.split(':'))
  for (const wanted of accountNames) {
    const [, , uid = '', gid = ''] = lines.find(([name]) => name === wanted) ?? []
    if (Number(uid) > 0 && Number(gid) > 0) return { uid: Number(uid), gid: Number(gid) }
  }
  throw new EmbeddedPostgresUnavailable(
    'PostgreSQL refuses to run as root, and this machine has no user named verzet, postgres or nobody to run it as. Start Verzet as an ordinary user.',
  )
}

/** Whether the account may pass through `path` and every directory above it, by their mode bits. */
export async function canReach(account: Account, path: string): Promise<boolean> {
  const { uid, gid, mode } = await stat(path)
  const passes = uid === account.uid ? mode & 0o100 : gid === account.gid ? mode & 0o010 : mode & 0o001
  if (passes === 0) return false
  const above = dirname(path)
  return above === path || (await canReach(account, above))
}
