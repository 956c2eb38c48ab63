import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createTestHub, type TestHub } from '../../test/hub.ts'
import { createApiKey, readApiKeys, revokeApiKey, verifyApiKey } from '../services/api-keys.ts'
import { firstApiKey, firstApiKeyPath } from './first-api-key.ts'

const root = mkdtempSync(join(tmpdir(), 'verzet-first-key-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('the first API key', () => {
  let hub: TestHub
  let dataDir: string
  beforeEach(async () => {
    hub = await createTestHub()
    dataDir = mkdtempSync(join(root, 'case-'))
    return () => hub[Symbol.asyncDispose]()
  })

  const first = (always = false) => firstApiKey(hub, dataDir, { always })

  it('works, is kept in a file for its owner alone, and is the same at every start', async () => {
    const key = (await first()) ?? ''
    expect((await verifyApiKey(hub.db, key))?.scopes).toEqual(['*'])
    expect(readFileSync(firstApiKeyPath(dataDir), 'utf8')).toBe(`${key}\n`)
    expect(statSync(firstApiKeyPath(dataDir)).mode & 0o777).toBe(0o600)
    expect(await first()).toBe(key)
    expect(await readApiKeys(hub.db)).toHaveLength(1)
  })

  it('does not come back once it was revoked', async () => {
    await first()
    for (const { id } of await readApiKeys(hub.db)) await revokeApiKey(hub.db, id, hub.clock())
    expect(await first()).toBeUndefined()
    expect((await readApiKeys(hub.db)).filter(({ revokedAt }) => revokedAt === undefined)).toEqual([])
  })

  it('is not made for a process that joins a deployment with keys of its own', async () => {
    await createApiKey(hub.db, { name: 'mail platform', scopes: ['gate:read'] }, hub.clock(), hub.random)
    expect(await first()).toBeUndefined()
  })

  it('is always there in the demo', async () => {
    const revoked = await first()
    for (const { id } of await readApiKeys(hub.db)) await revokeApiKey(hub.db, id, hub.clock())
    const made = (await first(true)) ?? ''
    expect(made).not.toBe(revoked)
    expect(await verifyApiKey(hub.db, made)).toBeDefined()
    expect(await first(true)).toBe(made)
  })

  it('is one key when several processes start at the same moment', async () => {
    const keys = await Promise.all([first(), first(), first(), first()])
    expect(new Set(keys).size).toBe(1)
    expect(await verifyApiKey(hub.db, keys[0] ?? '')).toBeDefined()
    expect((await readApiKeys(hub.db)).filter(({ revokedAt }) => revokedAt === undefined)).toHaveLength(1)
  })
})
