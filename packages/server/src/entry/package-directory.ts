import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of this package: migrations and locales lie in it, whether it runs from source or bundled. */
export function packageDirectory(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!isServerPackage(directory)) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error('the verzet package directory was not found')
    directory = parent
  }
  return directory
}

function isServerPackage(directory: string): boolean {
  const path = join(directory, 'package.json')
  return existsSync(path) && JSON.parse(readFileSync(path, 'utf8')).name === 'verzet'
}
