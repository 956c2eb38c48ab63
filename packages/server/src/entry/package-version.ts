import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { packageDirectory } from './package-directory.ts'

export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageDirectory(), 'package.json'), 'utf8'))
  return String(version)
}
