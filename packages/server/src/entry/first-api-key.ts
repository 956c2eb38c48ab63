import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createApiKey, verifyApiKey } from '../services/api-keys.ts'
import type { Hub } from '../services/hub.ts'

/**
 * A key to begin with, kept in `api-key` in the data directory (mode 0600) and shown at every start.
 * A deployment that made its own revokes it; a new one is made only where the file is gone or its key no longer works.
 */
export async function firstApiKey(hub: Hub, dataDir: string): Promise<string> {
  const path = join(dataDir, 'api-key')
  const kept = read(path)
  if (kept !== undefined && (await verifyApiKey(hub.db, kept)) !== undefined) return kept
  const made = await createApiKey(hub.db, { name: 'first', scopes: ['*'] }, hub.clock(), hub.random)
  rmSync(path, { force: true })
  writeFileSync(path, `${made.key}\n`, { mode: 0o600 })
  return made.key
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
