import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, chown, lstat, mkdir, realpath, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Account, canReach, findUnprivilegedAccount, isRoot } from './account.ts'
import { EmbeddedPostgresUnavailable } from './unavailable.ts'

/**
 * Where everything of one embedded database lies.
 *
 *   <dataDir>/postgres.log, postgres.lock/   written and held by our own user
 *   <home>/postgres/                         the cluster, of the server's account
 *   <home>/postgres-bin/<version>/           the binaries
 *   <home>/postgres-conf/                    the settings: ours, so that the server's account cannot widen them
 *   <home>/postgres-socket/                  the socket, of the server's account, closed to everyone else
 *
 * `home` is `dataDir`, unless we are root and the server's account cannot get there (a data directory below /root); then
 * it is a new directory below /var/lib/verzet, and `<dataDir>/postgres` is a link to its cluster.
 */
export type Place = {
  dataDir: string
  home: string
  clusterDir: string
  settingsDir: string
  socketDir: string
  logFile: string
  /** Undefined when the server runs under our own account. */
  account: Account | undefined
}

const sharedHome = '/var/lib/verzet'
/** sockaddr_un holds 108 bytes on Linux and 104 on macOS, the closing zero included (unix(7)). */
const socketPathBytesMax = 103
const socketFile = '.s.PGSQL.5432.lock'

export async function findPlace(dataDir: string): Promise<Place> {
  const cluster = join(dataDir, 'postgres')
  const existing = existsSync(cluster) ? await realpath(cluster) : undefined
  const account = await findAccount(existing)
  const home = existing ? dirname(existing) : await findHome(dataDir, account)
  const place = {
    dataDir,
    home,
    clusterDir: join(home, 'postgres'),
    settingsDir: join(home, 'postgres-conf'),
    logFile: join(dataDir, 'postgres.log'),
    account,
  }
  return { ...place, socketDir: await makeSocketDir(home, account) }
}

/** Called once the cluster is complete: from then on `<dataDir>/postgres` is it. */
export async function linkCluster(place: Place): Promise<void> {
  const cluster = join(place.dataDir, 'postgres')
  if (!existsSync(cluster)) await symlink(place.clusterDir, cluster)
}

async function findAccount(existingCluster: string | undefined): Promise<Account | undefined> {
  const owner = existingCluster ? await stat(existingCluster) : undefined
  if (!isRoot()) {
    if (!owner || owner.uid === process.geteuid?.()) return undefined
    throw new EmbeddedPostgresUnavailable(
      `The database in ${existingCluster} belongs to another user (id ${owner.uid}). Start Verzet as the user who started it before.`,
    )
  }
  if (!owner || !existingCluster) return await findUnprivilegedAccount()
  // What an ordinary user began, root continues as that user.
  const account = { uid: owner.uid, gid: owner.gid }
  if (await canReach(account, existingCluster)) return account
  throw new EmbeddedPostgresUnavailable(
    `The database in ${existingCluster} runs under user id ${owner.uid}, who may not pass through the directories above it. Allow that (chmod o+x).`,
  )
}

async function findHome(dataDir: string, account: Account | undefined): Promise<string> {
  if (!account || (await canReach(account, dataDir))) return dataDir
  // A random name: a data directory that was deleted and made anew must not meet the database of the old one.
  const home = join(sharedHome, randomBytes(8).toString('hex'))
  await mkdir(home, { recursive: true, mode: 0o711 })
  await Promise.all([chmod(sharedHome, 0o711), chmod(home, 0o711)])
  if (await canReach(account, home)) return home
  throw new EmbeddedPostgresUnavailable(
    `PostgreSQL does not run as root, and user id ${account.uid} can reach neither ${dataDir} nor ${home}. Choose another --data directory.`,
  )
}

async function makeSocketDir(home: string, account: Account | undefined): Promise<string> {
  const inside = join(home, 'postgres-socket')
  const short = Buffer.byteLength(join(inside, socketFile)) <= socketPathBytesMax
  const name = createHash('sha256').update(home).digest('hex').slice(0, 16)
  const socketDir = short ? inside : join(tmpdir(), `verzet-${name}`)
  await mkdir(socketDir, { mode: 0o700 }).catch((error: unknown) => {
    if (!existsSync(socketDir)) throw error
  })
  await own(socketDir, account)
  return socketDir
}

/** In a directory that everyone can write to, another may have made this name first: then it is not used. */
async function own(socketDir: string, account: Account | undefined): Promise<void> {
  const found = await lstat(socketDir)
  const ours = [process.geteuid?.(), account?.uid].includes(found.uid)
  if (!found.isDirectory() || !ours) {
    throw new EmbeddedPostgresUnavailable(`${socketDir} exists and belongs to another user. Remove it.`)
  }
  if (account && found.uid !== account.uid) await chown(socketDir, account.uid, account.gid)
  await chmod(socketDir, 0o700)
}
