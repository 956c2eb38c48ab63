/**
 * Brings node_modules in step with package-lock.json, from nothing but Node and npm. Everything it says goes to stderr,
 * because stdout may belong to a program that prints one line for a script.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

const lockPollMs = 200
/** Longer than any npm ci; a lock this old was left behind by a process that died and whose id was given out again. */
const lockAgeMsMax = 15 * 60_000
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']

export class InstallFailed extends Error {
  constructor(message, exitCode) {
    super(message)
    this.exitCode = exitCode
  }
}

/** True when the module was started as a command (`node scripts/x.mjs`) and not imported. */
export function isCommand(moduleUrl) {
  const started = process.argv[1]
  return started !== undefined && existsSync(started) && pathToFileURL(realpathSync(started)).href === moduleUrl
}

/** Runs a program, hands signals on to it, and resolves with its exit code (128 + the number when a signal ended it). */
export function runProgram(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 2, 2], ...options })
    const forward = (signal) => {
      // A terminal has already sent Ctrl-C to the whole process group; a second one would mean "stop at once".
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
    }
    const release = () => {
      for (const signal of signals) process.off(signal, forward)
    }
    for (const signal of signals) process.on(signal, forward)
    child.once('error', (error) => {
      release()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      release()
      resolve(code ?? 128 + (constants.signals[signal] ?? 0))
    })
  })
}

/** Makes node_modules match package-lock.json; does nothing, within a few milliseconds, when it already does. */
export async function ensureInstalled(directory = root) {
  const wanted = lockHash(directory)
  if (readStamp(directory) === wanted) return
  // Two programs started together in a fresh clone would empty node_modules under each other.
  await withLock(join(directory, 'packages/server/dist/.install.lock'), async () => {
    if (readStamp(directory) === wanted) return
    if (!npmHasInstalled(directory)) await runNpmCi(directory)
    writeFileSync(stampPath(directory), wanted)
  })
}

async function runNpmCi(directory) {
  rmSync(stampPath(directory), { force: true })
  process.stderr.write('Installing npm packages …\n')
  const npmCli = process.env.npm_execpath
  // The level is named because `npm start --silent` hands its silence on, and an error must be seen.
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  // Yarn and pnpm set npm_execpath as well, to themselves; only npm reads package-lock.json.
  const useNpmCli = npmCli?.endsWith('npm-cli.js') && existsSync(npmCli)
  const started = useNpmCli
    ? runProgram(process.execPath, [npmCli, ...args], { cwd: directory })
    : runProgram('npm', args, { cwd: directory })
  const exitCode = await started.catch((error) => {
    throw new InstallFailed(`npm could not be started: ${error.message}`, 1)
  })
  if (exitCode !== 0) throw new InstallFailed(`npm ci ended with exit code ${exitCode}; its output is above`, exitCode)
}

function stampPath(directory) {
  return join(directory, 'node_modules/.verzet-install')
}

function readStamp(directory) {
  try {
    return readFileSync(stampPath(directory), 'utf8')
  } catch {
    return undefined
  }
}

/** Platform and architecture belong to it: a node_modules carried to another machine has the wrong binaries. */
function lockHash(directory) {
  const lock = readFileSync(join(directory, 'package-lock.json'))
  return createHash('sha256').update(lock).update(`${process.platform} ${process.arch}`).digest('hex')
}

/**
 * Whether a plain `npm install` already put there what the lock asks for. npm keeps its own account of what it
 * installed in node_modules/.package-lock.json, written last.
 */
export function npmHasInstalled(directory) {
  const installed = readPackages(join(directory, 'node_modules/.package-lock.json'))
  if (installed === undefined || !existsSync(join(directory, 'node_modules/.bin/verzet'))) return false
  const wanted = readPackages(join(directory, 'package-lock.json')) ?? {}
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes('node_modules/')) return true
    const present = installed[path]
    if (present === undefined) return entry.optional === true || entry.devOptional === true
    return present.version === entry.version && present.integrity === entry.integrity
  })
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages
  } catch {
    return undefined
  }
}

/** One holder at a time across processes; a lock whose holder has died is taken over. */
export async function withLock(path, work) {
  mkdirSync(dirname(path), { recursive: true })
  while (!tryLock(path)) {
    if (lockIsAbandoned(path)) rmSync(path, { force: true })
    else await sleep(lockPollMs)
  }
  try {
    return await work()
  } finally {
    rmSync(path, { force: true })
  }
}

function tryLock(path) {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code === 'EEXIST') return false
    throw error
  }
}

function lockIsAbandoned(path) {
  try {
    if (Date.now() - statSync(path).mtimeMs > lockAgeMsMax) return true
    const holder = Number(readFileSync(path, 'utf8'))
    // The file is empty for the instant between its creation and the write of the process id.
    if (!Number.isInteger(holder) || holder <= 0) return false
    process.kill(holder, 0)
    return false
  } catch (error) {
    // EPERM: the holder lives under another user. ENOENT: it has just let go.
    return error.code === 'ESRCH'
  }
}

if (isCommand(import.meta.url)) {
  try {
    await ensureInstalled()
  } catch (error) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = error.exitCode ?? 1
  }
}
