import { chmod, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { readSqlState, sleep, sqlState } from '../retry.ts'
import { isRoot } from './account.ts'
import { installBinaries } from './binaries.ts'
import { databaseName, ensureCluster, roleName, writeSettings } from './cluster.ts'
import { withDirectoryLock } from './directory-lock.ts'
import { findPlace, type Place } from './place.ts'
import { clearStalePidFile, findPostmaster, readLogTail, spawnPostmaster, stopPostmaster } from './postmaster.ts'
import { countOtherPresences, isProvisioned, keepAlive, openPresence, provision } from './session.ts'
import { EmbeddedPostgresUnavailable, explainDiskError } from './unavailable.ts'

export type EmbeddedPostgres = {
  /** For the role `verzet`, which owns its database and is no superuser. Holds no password. */
  connectionString: string
  socketDir: string
  /** True when the server was already running: another process uses it, or one was killed and left it. */
  adopted: boolean
  /** Leaves the server. The last process to leave stops it; close your own pool first. */
  [Symbol.asyncDispose](): Promise<void>
}

type Options = { dataDir: string; log?: (line: string) => void; testing?: boolean }
type Running = { presence: pg.Client; socketDir: string; adopted: boolean }

/** Recovery after a power failure replays at most 15 minutes of writing. */
const startLimitMs = 120_000
/** After a postmaster was killed, its children hold its shared memory for a moment, and a new one refuses to start. */
const spawnsMax = 20
const spawnDelayMs = 250
const pollMs = 15
const restartDelayMs = 1_000
const restartDelayMaxMs = 30_000

/**
 * Starts the embedded PostgreSQL of `dataDir`, or adopts the one that already runs there, and keeps it running: a server
 * that dies is started again.
 *
 *   lock → binaries → cluster → [running? adopt : spawn] → session as `verzet` → (first time: role, database) → unlock
 *
 * `testing` lets the role create databases.
 * @throws {EmbeddedPostgresUnavailable} when this machine cannot run it, with a sentence that says why.
 */
export async function startEmbeddedPostgres(options: Options): Promise<EmbeddedPostgres> {
  try {
    return await startAndWatch(options)
  } catch (error) {
    throw explainDiskError(error, options.dataDir)
  }
}

async function startAndWatch(options: Options): Promise<EmbeddedPostgres> {
  // As root the server runs under another account, which must be able to pass through; what is secret has its own mode.
  const created = await mkdir(options.dataDir, { recursive: true, mode: 0o700 })
  if (created !== undefined && isRoot()) await chmod(options.dataDir, 0o711)
  const dataDir = await realpath(options.dataDir)
  const lock = join(dataDir, 'postgres.lock')
  const log = options.log ?? (() => {})
  const start = () => withDirectoryLock(lock, () => run(dataDir, log, options.testing ?? false))

  const first = await start()
  let { running } = first
  let restart: Promise<void> | undefined
  const disposal = new AbortController()
  const watch = () => {
    running.presence.once('end', () => {
      if (disposal.signal.aborted) return
      log('the embedded database ended unexpectedly; starting it again')
      restart = keepStarting(start, log, disposal.signal).then((again) => {
        if (!again) return
        running = again.running
        watch()
      })
    })
  }
  watch()
  return {
    connectionString: connectionString(running.socketDir),
    socketDir: running.socketDir,
    adopted: running.adopted,
    async [Symbol.asyncDispose]() {
      if (disposal.signal.aborted) return
      disposal.abort()
      await restart
      await withDirectoryLock(lock, () => leave(first.place, running.presence, log))
    },
  }
}

async function run(dataDir: string, log: (line: string) => void, testing: boolean) {
  const place = await findPlace(dataDir)
  const binaries = await installBinaries(place.home)
  await writeSettings(place, { testing })
  await ensureCluster(place, binaries, { testing })
  const running = await reach(place, () => spawnPostmaster(place, binaries))
  if (!(await isProvisioned(running.presence, { testing }))) await provision(running.socketDir, { testing })
  keepAlive(running.presence, false)
  if (running.adopted) log('adopted the embedded database that was already running')
  return { place, running }
}

/** Looks and spawns until a session is open; a server that is still starting, recovering or stopping is waited for. */
async function reach(place: Place, spawnServer: () => Promise<() => boolean>): Promise<Running> {
  const giveUpAt = Date.now() + startLimitMs
  let hasEnded: (() => boolean) | undefined
  let spawns = 0
  for (;;) {
    const postmaster = await findPostmaster(place.clusterDir)
    if (postmaster) {
      const socketDir = postmaster.socketDir || place.socketDir
      const presence = await tryPresence(socketDir)
      if (presence) return { presence, socketDir, adopted: spawns === 0 }
    } else if (!hasEnded || hasEnded()) {
      if (spawns >= spawnsMax || Date.now() > giveUpAt) break
      if (spawns > 0) await sleep(spawnDelayMs)
      await clearStalePidFile(place.clusterDir)
      hasEnded = await spawnServer()
      spawns++
    }
    if (Date.now() > giveUpAt) break
    await sleep(pollMs)
  }
  throw new EmbeddedPostgresUnavailable(
    `The embedded database in ${place.clusterDir} did not start; ${place.logFile} ends with: ${await readLogTail(place)}`,
  )
}

/** Undefined while the server does not accept sessions yet. A server without our role gets it: its first start. */
async function tryPresence(socketDir: string): Promise<pg.Client | undefined> {
  try {
    return await openPresence(socketDir)
  } catch (error) {
    if (readSqlState(error) !== sqlState.invalidAuthorization) return undefined
  }
  try {
    await provision(socketDir, { testing: false })
    return await openPresence(socketDir)
  } catch (cause) {
    if (readSqlState(cause) !== sqlState.invalidAuthorization) return undefined
    throw new EmbeddedPostgresUnavailable(
      'The embedded database is running for another user of this machine. Start Verzet as that user.',
      { cause },
    )
  }
}

/** Undefined when the database was disposed of before it could be started again. */
async function keepStarting<T>(
  start: () => Promise<T>,
  log: (line: string) => void,
  disposal: AbortSignal,
): Promise<T | undefined> {
  for (let delayMs = restartDelayMs; !disposal.aborted; delayMs = Math.min(2 * delayMs, restartDelayMaxMs)) {
    try {
      return await start()
    } catch (error) {
      log(`the embedded database did not start again: ${error instanceof Error ? error.message : 'unknown error'}`)
    }
    await setTimeout(delayMs, undefined, { signal: disposal }).catch(() => {})
  }
  return undefined
}

async function leave(place: Place, presence: pg.Client, log: (line: string) => void): Promise<void> {
  keepAlive(presence, true)
  const others = await countOtherPresences(presence).catch(() => countFromOutside(place))
  await presence.end().catch(() => {})
  if (others > 0) return
  const outcome = await stopPostmaster(place.clusterDir)
  if (outcome !== 'stopped')
    log(`the embedded database did not stop in time (${outcome}); it recovers at its next start`)
}

/** For when our own session broke: another process may have started the server again and use it. */
async function countFromOutside(place: Place): Promise<number> {
  const postmaster = await findPostmaster(place.clusterDir)
  const presence = postmaster && (await openPresence(postmaster.socketDir || place.socketDir).catch(() => undefined))
  if (!presence) return 0
  try {
    return await countOtherPresences(presence)
  } finally {
    await presence.end()
  }
}

/** Understood by this driver and by libpq alike. */
function connectionString(socketDir: string): string {
  return `postgresql://${roleName}@localhost:5432/${databaseName}?host=${encodeURIComponent(socketDir)}&sslmode=disable`
}
