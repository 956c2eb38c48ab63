import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { createEmptyDatabase } from '../../test/database.ts'
import { composeHub } from './compose.ts'
import { readConfig } from './config.ts'
import { loadSecrets, newSecret, readSecretsFile, secretsPath, writeSecretsFile } from './secrets.ts'

const root = mkdtempSync(join(tmpdir(), 'verzet-secrets-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

let dataDir: string
beforeEach(() => {
  dataDir = join(mkdtempSync(join(root, 'case-')), 'new', 'data')
})

const load = (env: NodeJS.ProcessEnv = {}) => loadSecrets(readConfig({ data: dataDir }, env))
const someSecrets = () => ({ pepper: newSecret(), linkKeys: [{ id: 1, secret: newSecret() }] })

describe('the secrets', () => {
  it('are made once, readable by their owner alone, and stay the same', () => {
    const made = load()
    expect(made.source).toBe('made')
    expect(statSync(secretsPath(dataDir)).mode & 0o777).toBe(0o600)
    const again = load()
    expect(again.source).toBe('file')
    expect(again.pepperCheck).toEqual(made.pepperCheck)
    expect(again.hash.pepper).toEqual(made.hash.pepper)
    expect(readdirSync(dataDir)).toEqual(['secrets.json'])
  })

  it('come whole from the environment, and then leave the disk alone', () => {
    const { pepper, linkKeys } = someSecrets()
    const secrets = load({ VERZET_PEPPER: pepper, VERZET_LINK_KEYS: `1:${newSecret()},2:${linkKeys[0]?.secret}` })
    expect(secrets.source).toBe('environment')
    expect(secrets.linkRing.current.id).toBe(2)
    expect(Buffer.from(secrets.hash.pepper).toString('base64')).toBe(pepper)
    expect(existsSync(dataDir)).toBe(false)
  })

  it.each([0o640, 0o604, 0o644])('are refused when others can read them (mode %o)', (mode) => {
    load()
    chmodSync(secretsPath(dataDir), mode)
    expect(load).toThrow(/can be read by others: run "chmod 600/)
  })

  it.each([
    ['cut', (text: string) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['with a short pepper', () => JSON.stringify({ ...someSecrets(), pepper: 'c2hvcnQ=' })],
    ['without link keys', () => JSON.stringify({ ...someSecrets(), linkKeys: [] })],
    [
      'with one number for two keys',
      () => JSON.stringify({ pepper: newSecret(), linkKeys: [1, 1].map((id) => ({ id, secret: newSecret() })) }),
    ],
  ])('are not made anew over a damaged file: %s', (_, damage) => {
    load()
    const path = secretsPath(dataDir)
    const damaged = damage(readFileSync(path, 'utf8'))
    writeFileSync(path, damaged)
    expect(load).toThrow(/is damaged\. Restore it from your backup/)
    expect(readFileSync(path, 'utf8')).toBe(damaged)
  })

  it('are not taken for missing when they cannot be read', () => {
    load()
    rmSync(secretsPath(dataDir))
    mkdirSync(secretsPath(dataDir), { mode: 0o700 })
    expect(load).toThrow(/secrets\.json is not a file/)
  })

  it('stay when they are there, unless they are to be replaced', () => {
    const [first, second] = [someSecrets(), someSecrets()]
    writeSecretsFile(dataDir, first, { replace: false })
    writeSecretsFile(dataDir, second, { replace: false })
    expect(readSecretsFile(dataDir)).toEqual(first)
    writeSecretsFile(dataDir, second, { replace: true })
    expect(readSecretsFile(dataDir)).toEqual(second)
    expect(readdirSync(dataDir)).toEqual(['secrets.json'])
  })
})

describe('a database and its secrets', () => {
  it('refuses another pepper, which would forget every no', async () => {
    await using database = await createEmptyDatabase()
    const env = (pepper: string) => ({
      VERZET_PEPPER: pepper,
      VERZET_LINK_KEYS: `1:${newSecret()}`,
      DATABASE_URL: database.connectionString,
    })
    const pepper = newSecret()
    await (await composeHub(readConfig({ data: dataDir }, env(pepper))))[Symbol.asyncDispose]()
    await expect(composeHub(readConfig({ data: dataDir }, env(newSecret())))).rejects.toThrow(
      /filled with another pepper/,
    )
    await (await composeHub(readConfig({ data: dataDir }, env(pepper))))[Symbol.asyncDispose]()
  })

  it('says that the secrets are missing, and leaves no new ones in their place', async () => {
    await using database = await createEmptyDatabase()
    const config = (data: string) => readConfig({ data }, { DATABASE_URL: database.connectionString })
    await (await composeHub(config(dataDir)))[Symbol.asyncDispose]()
    const elsewhere = join(dataDir, 'elsewhere')
    await expect(composeHub(config(elsewhere))).rejects.toThrow(`secrets that are not in ${elsewhere}. Put them back`)
    expect(readSecretsFile(elsewhere)).toBeUndefined()
    expect(readSecretsFile(dataDir)).toBeDefined()
  })
})
