import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '../retry.ts'
import type { Binaries } from './binaries.ts'
import { serverEnvironment } from './cluster.ts'
import type { Place } from './place.ts'
import { isAlive, readCommandLine } from './process-table.ts'

/** The server's first process, as its own pid file describes it. */
export type Postmaster = { pid: number; socketDir: string }

/** Checked at a start: a year of ordinary lines is a few hundred kilobytes. */
const logBytesMax = 5 * 1024 * 1024
const logTailBytes = 2_000
/** A fast shutdown writes what is in memory: 256 MB in this time is a slow disk. After it, recovery does that work. */
export const fastShutdownLimitMs = 10_000
const immediateShutdownLimitMs = 5_000
const pollMs = 15

/**
 * The running postmaster of this cluster. A pid file may outlive its server; its number then belongs to nobody or to some
 * other process, which the command line tells (ours is `postgres -D <clusterDir>`).
 */
export async function findPostmaster(clusterDir: string): Promise<Postmaster | undefined> {
  const pidFile = join(clusterDir, 'postmaster.pid')
  // Lines: pid, data directory, start, port, socket directory, listen address, shared memory key, status.
  const lines = (await readFile(pidFile, 'utf8').catch(() => '')).split('\n')
  const pid = Number(lines[0])
  if (!Number.isInteger(pid) || pid <= 1) return undefined
  if (isAlive(pid) && (await readCommandLine(pid)).includes(clusterDir)) return { pid, socketDir: lines[4] ?? '' }
  return undefined
}

/**
 * PostgreSQL itself clears a stale pid file, except when its number now belongs to another living process, which in a
 * container happens at every restart; so we clear it. Should an orphan of the old server still live, PostgreSQL finds its
 * shared memory in use and refuses to start, pid file or not.
 */
export async function clearStalePidFile(clusterDir: string): Promise<void> {
  if ((await findPostmaster(clusterDir)) === undefined) await unlink(join(clusterDir, 'postmaster.pid')).catch(() => {})
}

/**
 * Starts the server in a session of its own, so that Ctrl-C in our terminal reaches only us, and the server is there
 * until we have drained. The returned function says whether it has ended already.
 */
export async function spawnPostmaster(place: Place, binaries: Binaries): Promise<() => boolean> {
  await rotateLog(place.logFile)
  const log = await open(place.logFile, 'a', 0o600)
  try {
    const child = spawn(
      binaries.postgres,
      ['-D', place.clusterDir, '-c', `config_file=${join(place.settingsDir, 'postgresql.conf')}`],
      { ...place.account, cwd: '/', env: serverEnvironment, detached: true, stdio: ['ignore', log.fd, log.fd] },
    )
    let ended = false
    child.on('error', () => {
      ended = true
    })
    child.on('exit', () => {
      ended = true
    })
    child.unref()
    return () => ended
  } finally {
    await log.close()
  }
}

async function rotateLog(logFile: string): Promise<void> {
  if (!existsSync(logFile) || (await stat(logFile)).size < logBytesMax) return
  await rename(logFile, `${logFile}.1`)
}

/** The end of the server's log, for an error that says why it did not start. */
export async function readLogTail(place: Place): Promise<string> {
  const text = await readFile(place.logFile, 'utf8').catch(() => '')
  return text.slice(-logTailBytes).trim().split('\n').slice(-3).join(' ')
}

/** Fast shutdown (PostgreSQL manual, 18.5: SIGINT), and when that takes too long, immediate shutdown (SIGQUIT). */
export async function stopPostmaster(clusterDir: string): Promise<'stopped' | 'killed' | 'running'> {
  if (await signalAndWait(clusterDir, 'SIGINT', fastShutdownLimitMs)) return 'stopped'
  return (await signalAndWait(clusterDir, 'SIGQUIT', immediateShutdownLimitMs)) ? 'killed' : 'running'
}

async function signalAndWait(clusterDir: string, signal: 'SIGINT' | 'SIGQUIT', limitMs: number): Promise<boolean> {
  const postmaster = await findPostmaster(clusterDir)
  if (!postmaster) return true
  process.kill(postmaster.pid, signal)
  const giveUpAt = Date.now() + limitMs
  while (Date.now() < giveUpAt) {
    if ((await findPostmaster(clusterDir))?.pid !== postmaster.pid) return true
    await sleep(pollMs)
  }
  return false
}
