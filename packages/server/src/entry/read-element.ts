import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageDirectory } from './package-directory.ts'

/** The element's script, built beside the hub's own bundle; undefined where only the sources are. */
export function readElement(): string | undefined {
  const path = join(packageDirectory(), 'dist', 'verzet-preferences.js')
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}
