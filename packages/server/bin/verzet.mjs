#!/usr/bin/env node
/**
 * The `verzet` command. In the workspace it builds the bundle first when that is missing or older than the sources;
 * installed as a package it finds the bundle beside it.
 */
import { existsSync, readFileSync } from 'node:fs'

const bundle = new URL('../dist/verzet.mjs', import.meta.url)
const workspace = new URL('../../../', import.meta.url)

/** By name: installed under somebody's node_modules, three directories up is their project, not ours. */
function standsInWorkspace() {
  try {
    const { name } = JSON.parse(readFileSync(new URL('package.json', workspace), 'utf8'))
    return name === 'verzet-workspace' && existsSync(new URL('scripts/build.mjs', workspace))
  } catch {
    return false
  }
}

async function prepare() {
  if (standsInWorkspace()) {
    const { ensureBuilt } = await import(new URL('scripts/build.mjs', workspace).href)
    await ensureBuilt()
  } else if (!existsSync(bundle)) {
    throw new Error('The verzet package is incomplete: dist/verzet.mjs is missing. Install it again.')
  }
}

try {
  await prepare()
} catch (error) {
  // esbuild has already printed what it found, with the place.
  process.stderr.write(Array.isArray(error.errors) ? 'The build failed; see above.\n' : `${error.message}\n`)
  process.exit(1)
}
await import(bundle.href)
