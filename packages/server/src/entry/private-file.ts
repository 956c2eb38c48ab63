import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { ConfigInvalid } from './config.ts'

/** A file with a secret in it: for its owner alone (mode 0600). Undefined when there is none. */
export function readPrivateFile(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    // Taking an unreadable file for a missing one would make new secrets where there are some.
    if (codeOf(error) === 'ENOENT') return undefined
    throw new ConfigInvalid(`${path} cannot be read (${codeOf(error)}). Start Verzet as the user it belongs to.`)
  }
  try {
    const found = fstatSync(file)
    if (!found.isFile()) throw new ConfigInvalid(`${path} is not a file.`)
    if ((found.mode & 0o077) !== 0) {
      throw new ConfigInvalid(
        `${path} can be read by others: run "chmod 600 ${path}" and think about who could have read it.`,
      )
    }
    return readFileSync(file, 'utf8')
  } finally {
    closeSync(file)
  }
}

/**
 * Writes it whole and durably, or not at all: a kill or a power failure leaves the old file or the new one. Without
 * `replace` a file that is there stays, and the answer is false: of two processes that start at once one wins.
 */
export function writePrivateFile(path: string, text: string, options: { replace: boolean }): boolean {
  makeDataDirectory(dirname(path))
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx', flush: true })
    if (options.replace) renameSync(draft, path)
    else linkSync(draft, path)
    flushDirectory(dirname(path))
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST' && !options.replace) return false
    throw new ConfigInvalid(
      `${path} cannot be written (${codeOf(error)}): is its directory writable, on a disk with room and hard links?`,
    )
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Closed to others; as root only passable, for the account that the embedded database then runs under. */
function makeDataDirectory(directory: string): void {
  try {
    mkdirSync(dirname(directory), { recursive: true })
    if (mkdirSync(directory, { recursive: true, mode: 0o700 }) === undefined) return
    if (process.geteuid?.() === 0) chmodSync(directory, 0o711)
    flushDirectory(dirname(directory))
  } catch (error) {
    throw new ConfigInvalid(
      `The data directory ${directory} cannot be made (${codeOf(error)}). Choose another with --data.`,
    )
  }
}

/** A new name is on disk only once its directory is (fsync(2)). */
function flushDirectory(directory: string): void {
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
}
