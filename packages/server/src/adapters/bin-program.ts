import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program of the package's bin directory, whether the hub runs from source or bundled. */
export function binProgram(name: string): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  for (;;) {
    const path = join(directory, 'bin', name)
    if (existsSync(path)) return path
    const parent = dirname(directory)
    if (parent === directory) throw new Error(`the verzet package is incomplete: bin/${name} is missing`)
    directory = parent
  }
}
