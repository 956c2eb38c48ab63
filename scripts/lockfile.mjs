/**
 * `npm ci` refuses a lock in which an optional package of another platform has no entry, and npm leaves such entries
 * out when it cannot see the package while it writes the lock. This finds them and, as a command, fills them in.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isCommand, root } from './install.mjs'

const systems = new Set(['android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'])
const processors = new Set(['arm', 'arm64', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64'])

/** The packages that an entry of the lock may install and that have no entry themselves, by path. */
export function absentOptionals(lock) {
  const absent = new Map()
  for (const [path, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (isPresent(lock.packages, path, name)) continue
      absent.set(`node_modules/${name}`, { name, version, dev: entry.dev, askedBy: path })
    }
  }
  return absent
}

/** npm looks beside the asking package and then upwards. */
function isPresent(packages, path, name) {
  const parts = path === '' ? [] : path.split('/node_modules/')
  for (let depth = parts.length; depth >= 0; depth -= 1) {
    const base = parts.slice(0, depth).join('/node_modules/')
    if (packages[base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`] !== undefined) return true
  }
  return false
}

/** Returns the lock with an entry for each; throws when a name does not tell its platform. */
export function completeLock(lock) {
  const added = [...absentOptionals(lock)].map(([path, absent]) => [path, entryFor(absent)])
  const packages = Object.entries(lock.packages).concat(added)
  return { ...lock, packages: Object.fromEntries(packages.sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function entryFor({ name, version, dev }) {
  const words = name.split(/[/-]/)
  const system = words.find((word) => systems.has(word))
  const processor = words.find((word) => processors.has(word))
  if (system === undefined || processor === undefined || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`${name}@${version}: its name and version do not say what to write into the lock`)
  }
  const flags = dev === true ? { dev: true } : {}
  const libc = words.some((word) => word.startsWith('musl')) ? { libc: ['musl'] } : {}
  return { version, cpu: [processor], ...flags, ...libc, optional: true, os: [system] }
}

export function checkLockfile(from = root) {
  const lock = JSON.parse(readFileSync(join(from, 'package-lock.json'), 'utf8'))
  return [...absentOptionals(lock).values()].map(
    ({ name, askedBy }) => `${name} of ${askedBy} has no entry: npm ci fails (node scripts/lockfile.mjs adds it)`,
  )
}

if (isCommand(import.meta.url)) {
  const path = join(process.argv[2] ?? root, 'package-lock.json')
  const lock = JSON.parse(readFileSync(path, 'utf8'))
  writeFileSync(path, `${JSON.stringify(completeLock(lock), undefined, 2)}\n`)
}
