import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { readOwnName } from './account.ts'
import type { Binaries } from './binaries.ts'
import { linkCluster, type Place } from './place.ts'
import { EmbeddedPostgresUnavailable } from './unavailable.ts'

export const superuserName = 'postgres'
/** Owns the database and is nothing else, so that what is revoked from it stays revoked. */
export const roleName = 'verzet'
export const databaseName = 'verzet'

/** The environment of the server: without PGDATA, PGOPTIONS or a locale of whoever started it. */
export const serverEnvironment = { PATH: '/usr/bin:/bin', LANG: 'C', LC_ALL: 'C' }

/** initdb takes about a second; a slow disk may take a hundred times that. */
const initdbTimeoutMs = 120_000

/** Between the name of the cluster and that of the attempt to make it. */
const unfinishedMark = '.new'

/** Makes the cluster when there is none. It takes its name only when complete, so a killed start leaves none. */
export async function ensureCluster(place: Place, binaries: Binaries, options: { testing: boolean }): Promise<void> {
  if (!existsSync(place.clusterDir)) await createCluster(place, binaries, options)
  await linkCluster(place)
  const version = Number.parseInt(await readFile(join(place.clusterDir, 'PG_VERSION'), 'utf8'), 10)
  if (version === binaries.majorVersion) return
  throw new EmbeddedPostgresUnavailable(
    `The database in ${place.clusterDir} was made by PostgreSQL ${version}, and this Verzet brings ${binaries.majorVersion}. Export it with the Verzet that made it, and restore it here.`,
  )
}

async function createCluster(place: Place, binaries: Binaries, options: { testing: boolean }): Promise<void> {
  await clearUnfinished(place)
  // A name of its own: of a start that was killed initdb may still write, and empties its directory when it fails.
  const unfinished = `${place.clusterDir}${unfinishedMark}-${process.pid}-${Date.now().toString(36)}`
  await mkdir(unfinished, { mode: 0o700 })
  if (place.account) await chown(unfinished, place.account.uid, place.account.gid)
  const flags = [
    `--pgdata=${unfinished}`,
    `--username=${superuserName}`,
    '--auth=peer',
    '--encoding=UTF8',
    '--locale=C',
    // The same order of text on every machine and after every upgrade of the system's libraries.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--data-checksums',
    '--no-instructions',
    // A cluster that lives as long as a test run need not reach the disk before it begins.
    ...(options.testing ? ['--no-sync'] : []),
  ]
  try {
    await promisify(execFile)(binaries.initdb, flags, {
      ...place.account,
      cwd: '/',
      env: serverEnvironment,
      timeout: initdbTimeoutMs,
    })
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(explainInitdb(place, cause), { cause })
  }
  await rename(unfinished, place.clusterDir)
}

/** Removes what killed starts left. What an initdb of theirs goes on filling for a moment is tried again. */
async function clearUnfinished({ clusterDir }: Place): Promise<void> {
  const parent = dirname(clusterDir)
  const entries = await readdir(parent)
  const left = entries.filter((entry) => entry.startsWith(`${basename(clusterDir)}${unfinishedMark}`))
  for (const entry of left)
    await rm(join(parent, entry), { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
}

function explainInitdb(place: Place, error: unknown): string {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'EACCES')) {
    return `The PostgreSQL binaries in ${place.home} do not run on this system (${error.code}; on Linux they need glibc and a disk without noexec).`
  }
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)
  const full = said.includes('No space left') ? 'the disk is full: ' : ''
  return `The embedded database could not be made in ${place.home}: ${full}${said.trim().split('\n').slice(-3).join(' ')}`
}

/**
 * Writes the server's settings, its door list and its list of names, anew at every start.
 *
 * Nobody needs a password, because the kernel tells the server which user is at the other end of the socket (`peer`), and
 * only our own user and root are on the list; the account the server runs under is not, when it is another. So a process
 * that shares that account (many run as `nobody`) still cannot open a session.
 */
export async function writeSettings(place: Place, options: { testing: boolean }): Promise<void> {
  const { settingsDir, account } = place
  await mkdir(settingsDir, { recursive: true })
  await chmod(settingsDir, account ? 0o755 : 0o700)
  const names = [...new Set(['root', readOwnName()])]
  await Promise.all([
    writeWhole(join(settingsDir, 'postgresql.conf'), settings(place, options)),
    writeWhole(join(settingsDir, 'pg_hba.conf'), 'local all all peer map=hub\n'),
    writeWhole(
      join(settingsDir, 'pg_ident.conf'),
      names.flatMap((name) => [`hub "${name}" ${superuserName}\n`, `hub "${name}" ${roleName}\n`]).join(''),
    ),
  ])
  const ownSettings = join(settingsDir, 'local.conf')
  if (!existsSync(ownSettings)) await writeFile(ownSettings, '# Settings of your own, read last at every start.\n')
  // As root with a strict umask the server's account could not read them; they hold no secret.
  for (const file of ['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf', 'local.conf']) {
    await chmod(join(settingsDir, file), 0o644)
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text)
  await rename(`${path}.new`, path)
}

function settings(place: Place, options: { testing: boolean }): string {
  // A container's limit where there is one, else the machine's memory.
  const memoryMegabytes = (process.constrainedMemory?.() || totalmem()) / 1024 / 1024
  const wanted = options.testing ? 64 : Math.min(256, memoryMegabytes / 8)
  const quote = (path: string) => `'${path.replaceAll("'", "''")}'`
  return `# Written by Verzet at every start. Your own settings go into local.conf beside this file; they come last and win.
hba_file = ${quote(join(place.settingsDir, 'pg_hba.conf'))}
ident_file = ${quote(join(place.settingsDir, 'pg_ident.conf'))}
listen_addresses = ''
port = 5432
unix_socket_directories = ${quote(place.socketDir)}
unix_socket_permissions = 0700
max_connections = 120
shared_buffers = ${Math.max(32, Math.floor(wanted))}MB

# A no that was answered must survive the power going out in the next moment.
fsync = on
synchronous_commit = on
full_page_writes = on
wal_compression = on
checkpoint_timeout = 15min
# An import of a million people writes gigabytes; each checkpoint in between would write every page again in full.
max_wal_size = 4GB

# Statements are short, and parallel workers want shared memory that a container may not have.
max_parallel_workers_per_gather = 0
max_parallel_maintenance_workers = 0
jit = off

# The log is about the server. An error of a statement may quote what a person wrote, so it goes to the client alone:
# "log" is the level above "error" in this list.
log_min_messages = log
log_min_error_statement = panic
log_error_verbosity = terse
log_statement = none
log_min_duration_statement = -1
log_autovacuum_min_duration = -1
log_lock_waits = off
log_checkpoints = off
log_temp_files = -1
logging_collector = off
log_destination = stderr
log_line_prefix = '%m [%p] '
log_timezone = UTC
timezone = UTC

include = 'local.conf'
`
}
