/**
 * Bundles the hub into packages/server/dist/verzet.mjs, with the parts that are loaded when they are asked for in files
 * of their own beside it. The first line of the bundle carries the hash of the sources it was made from, so that bundle
 * and stamp can never disagree, even when two builds run at once.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { isCommand, root } from './install.mjs'

export const entryPath = join(root, 'packages/server/src/entry/cli.ts')
/** A thread starts from a file of its own; it shares the parts of the hub. */
const threads = { 'insight-thread': join(root, 'packages/server/src/entry/insight-thread.ts') }
export const bundlePath = join(root, 'packages/server/dist/verzet.mjs')
export const elementPath = join(root, 'packages/server/dist/verzet-preferences.js')

const stampPrefix = '// verzet-sources '

/** The bundle is made of these; migrations and locales are read from disk at run time and are no part of it. */
export function bundledFiles(directory = root) {
  const files = ['package-lock.json', 'scripts/build.mjs']
  for (const name of readdirSync(join(directory, 'packages')).sort()) {
    const source = join('packages', name, 'src')
    if (!existsSync(join(directory, source))) continue
    files.push(join('packages', name, 'package.json'))
    const below = readdirSync(join(directory, source), { recursive: true }).sort()
    for (const file of below) {
      if (/\.(ts|tsx|json)$/.test(file) && !/\.test\.tsx?$/.test(file)) files.push(join(source, file))
    }
  }
  return files.filter((file) => existsSync(join(directory, file)))
}

/** A hash of what the files say, not of when they were written: a checkout back and forth needs no build. */
export function sourceHash(directory = root) {
  const hash = createHash('sha256')
  for (const file of bundledFiles(directory)) {
    const content = readFileSync(join(directory, file))
    hash.update(`${file}\n${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

export function builtFrom(bundle = bundlePath) {
  const head = Buffer.alloc(stampPrefix.length + 64)
  try {
    const handle = openSync(bundle, 'r')
    try {
      readSync(handle, head)
    } finally {
      closeSync(handle)
    }
  } catch {
    return undefined
  }
  const line = head.toString('latin1')
  return line.startsWith(stampPrefix) ? line.slice(stampPrefix.length) : undefined
}

/** The custom element as one classic script, as a browser of the last three years runs it; made beside the hub's own bundle. */
export async function buildElement() {
  const esbuild = await import('esbuild')
  const result = await esbuild.build({
    entryPoints: [join(root, 'packages/element/src/index.ts')],
    write: false,
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  })
  return result.outputFiles[0].text
}

/** Builds whatever there was before; returns the files it wrote. */
export async function build({ entry = entryPath, bundle = bundlePath, hash = sourceHash() } = {}) {
  if (!existsSync(entry)) throw new Error(`Cannot build: ${relative(root, entry)} is missing.`)
  const esbuild = await import('esbuild').catch((error) => {
    throw new Error(`Cannot build: esbuild is not installed; run npm install first (${error.message}).`)
  })
  const result = await esbuild.build({
    entryPoints: { [basename(bundle, '.mjs')]: entry, ...(bundle === bundlePath && threads) },
    outdir: dirname(bundle),
    outExtension: { '.js': '.mjs' },
    chunkNames: 'part-[hash]',
    splitting: true,
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    sourcemap: true,
    packages: 'external',
    plugins: [packagesInside],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    banner: { js: `${stampPrefix}${hash}` },
    logLevel: 'warning',
    // By default the warnings' colours follow stdout; they go to stderr.
    color: process.stderr.isTTY === true,
  })
  mkdirSync(dirname(bundle), { recursive: true })
  if (bundle === bundlePath) writeWhole(elementPath, await buildElement())
  // The bundle last: with its stamp it is what says that the build is complete.
  const outputs = result.outputFiles.toSorted((a, b) => (a.path === bundle ? 1 : 0) - (b.path === bundle ? 1 : 0))
  for (const output of outputs) writeWhole(output.path, output.contents)
  const paths = outputs.map((output) => output.path)
  removeOldParts(dirname(bundle), paths)
  return paths
}

/** Builds when the bundle is missing or older than the sources; says so on stderr when it does. */
export async function ensureBuilt() {
  const hash = sourceHash()
  if (builtFrom() === hash) return
  const startedAt = performance.now()
  await build({ hash })
  process.stderr.write(`Built ${relative(root, bundlePath)} in ${Math.round(performance.now() - startedAt)} ms.\n`)
}

/** The private packages are written in TypeScript, so they cannot be imported at run time: they go inside. */
const packagesInside = {
  name: 'packages-inside',
  setup(setup) {
    setup.onResolve({ filter: /^@verzet\/(?:core|gate|gate-nats)$/ }, ({ path }) => ({
      path: join(root, 'packages', path.slice('@verzet/'.length), 'src/index.ts'),
    }))
  },
}

/** Parts are named after what they hold, so another build of the same sources writes the very same. */
function removeOldParts(directory, paths) {
  const parts = readdirSync(directory).filter((name) => /^part-\w+\.mjs(?:\.map)?$/.test(name))
  for (const name of parts) if (!paths.includes(join(directory, name))) rmSync(join(directory, name), { force: true })
}

/** A reader sees the old file or the new one, never a half. */
function writeWhole(path, contents) {
  const temporary = `${path}.${process.pid}.${Date.now()}.tmp`
  try {
    writeFileSync(temporary, contents)
    renameSync(temporary, path)
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

if (isCommand(import.meta.url)) {
  const startedAt = performance.now()
  try {
    await build()
    process.stdout.write(`Built ${relative(root, bundlePath)} in ${Math.round(performance.now() - startedAt)} ms.\n`)
  } catch (error) {
    // esbuild has already printed what it found, with the place.
    if (!Array.isArray(error.errors)) process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  }
}
