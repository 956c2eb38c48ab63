import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rename, rm, rmdir, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sleep } from '../retry.ts'
import { isAlive, readStartTicks } from './process-table.ts'
import { EmbeddedPostgresUnavailable } from './unavailable.ts'

/**
 * A lock between processes on one machine: the directory `path`, holding one empty file named after its holder.
 *
 *   prepare a directory with our file in it → rename it to `path`
 *     renamed: ours (rename replaces an empty directory and refuses a filled one, rename(2) ENOTEMPTY)
 *     refused: the holder lives → wait; it is dead → delete its file, whose name nobody else ever has, and try again
 *
 * So the lock is never taken and unnamed, and who clears a dead holder's file cannot clear a living one's.
 */
const pollMs = 25
/** Longer than initdb, a start with crash recovery and a stop together. */
const waitMaxMs = 180_000

export async function withDirectoryLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const holder = `${process.pid}-${await readStartTicks(process.pid)}-${randomBytes(6).toString('hex')}`
  await acquire(path, holder)
  try {
    return await work()
  } finally {
    await unlink(join(path, holder)).catch(() => {})
    // Refused when another has already moved in, which is as good.
    await rmdir(path).catch(() => {})
  }
}

async function acquire(path: string, holder: string): Promise<void> {
  const prepared = `${path}.${holder}`
  await mkdir(prepared)
  await writeFile(join(prepared, holder), '')
  const giveUpAt = Date.now() + waitMaxMs
  for (;;) {
    try {
      await rename(prepared, path)
      return
    } catch (error) {
      if (!isFilled(error) || Date.now() > giveUpAt) {
        await rm(prepared, { recursive: true, force: true })
        if (!isFilled(error)) throw error
        throw new EmbeddedPostgresUnavailable(
          `Another process has been starting or stopping the embedded database for three minutes (${path}). Stop it.`,
        )
      }
    }
    if (!(await clearDeadHolder(path))) await sleep(pollMs)
  }
}

function isFilled(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOTEMPTY' || error.code === 'EEXIST')
}

async function clearDeadHolder(path: string): Promise<boolean> {
  const holders = await readdir(path).catch(() => [])
  for (const holder of holders) {
    const [pid = '', startTicks = ''] = holder.split('-')
    if (isAlive(Number(pid)) && (await readStartTicks(Number(pid))) === startTicks) return false
    await unlink(join(path, holder)).catch(() => {})
  }
  return true
}
