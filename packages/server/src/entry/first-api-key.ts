import { join } from 'node:path'
import { type ApiKey, createApiKey, readApiKeys, revokeApiKey, verifyApiKey } from '../services/api-keys.ts'
import type { Hub } from '../services/hub.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const firstKeyName = 'first'
/** Another process that starts at the same moment has made its key by then, or has been killed. */
const startingMsMax = 60_000

type Parts = Pick<Hub, 'db' | 'clock' | 'random'>

export function firstApiKeyPath(dataDir: string): string {
  return join(dataDir, 'api-key')
}

/**
 * A key to begin with, kept in `api-key` in the data directory (mode 0600). It is made once, for a database without
 * keys: whoever revokes it does not get another one at the next start, unless `always` asks for that.
 */
export async function firstApiKey(
  hub: Parts,
  dataDir: string,
  options: { always: boolean },
): Promise<string | undefined> {
  const path = firstApiKeyPath(dataDir)
  const kept = readPrivateFile(path)?.trim()
  if (kept !== undefined && (await verifyApiKey(hub.db, kept)) !== undefined) return kept
  if (!options.always && !isFirstStart(await readApiKeys(hub.db), hub.clock())) return undefined
  const made = await createApiKey(hub.db, { name: firstKeyName, scopes: ['*'] }, hub.clock(), hub.random)
  if (writePrivateFile(path, `${made.key}\n`, { replace: kept !== undefined })) return made.key
  // Another process that started at the same moment was first: its key serves both.
  await revokeApiKey(hub.db, made.id, hub.clock())
  return readPrivateFile(path)?.trim()
}

function isFirstStart(keys: readonly ApiKey[], now: number): boolean {
  return keys.every(
    (key) => key.name === firstKeyName && key.revokedAt === undefined && now - key.createdAt < startingMsMax,
  )
}
