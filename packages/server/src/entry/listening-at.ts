import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from './config.ts'

const fileName = 'listening.json'

const listeningSchema = z.object({ port: z.int().min(1).max(65_535), url: z.url().optional() })

/** Where people reach a hub: `url` as it was told, else this machine at this port. */
export type ListeningAt = z.infer<typeof listeningSchema>

/**
 * Keeps in the data directory where the hub listens, for as long as it does: a command in another terminal makes links
 * too, and does not see the `--port` and `--url` of this one. A directory that cannot be written is no reason not to
 * listen.
 */
export function keepListeningAt(dataDir: string, { port, url }: ListeningAt): Disposable {
  const path = join(dataDir, fileName)
  try {
    writeFileSync(path, `${JSON.stringify({ port, url })}\n`)
  } catch {
    return { [Symbol.dispose]: () => {} }
  }
  return {
    // Another hub of this directory may have come up meanwhile, with a port of its own.
    [Symbol.dispose]: () => {
      if (listeningAt(dataDir)?.port === port) rmSync(path, { force: true })
    },
  }
}

/** Where a hub of this data directory listens; undefined where none does, or none that this machine knows of. */
export function listeningAt(dataDir: string): ListeningAt | undefined {
  try {
    return listeningSchema.safeParse(JSON.parse(readFileSync(join(dataDir, fileName), 'utf8'))).data
  } catch {
    return undefined
  }
}

/** The settings of a command whose links have to lead to the hub that listens; an address it was given itself stays. */
export function asListening(config: Config): Config {
  const found = config.url === undefined ? listeningAt(config.dataDir) : undefined
  return found === undefined ? config : { ...config, port: found.port, ...(found.url && { url: found.url }) }
}
