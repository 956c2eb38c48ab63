import { createHmac, randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type HashSecrets, hashSecrets, type SealRing, sealRing } from '@verzet/core'
import { z } from 'zod'
import { type Config, ConfigInvalid } from './config.ts'

const secretBytes = 32

const secretsSchema = z.strictObject({
  pepper: z.base64(),
  linkKeys: z.array(z.strictObject({ id: z.number().int().min(0).max(255), secret: z.base64() })).min(1),
})

/** As kept in `secrets.json`. */
export type SecretsFile = z.infer<typeof secretsSchema>

export type Secrets = {
  readonly hash: HashSecrets
  readonly linkRing: SealRing
  readonly confirmationRing: SealRing
  /** Says whether two peppers are the same without saying what they are. */
  readonly pepperCheck: Buffer
  readonly source: 'environment' | 'file'
}

export function secretsPath(dataDir: string): string {
  return join(dataDir, 'secrets.json')
}

/** From the environment, else from the data directory, where they are made at first start (mode 0600). */
export function loadSecrets(config: Config): Secrets {
  const fromEnvironment = secretsOfEnvironment(config)
  return { ...openSecrets(fromEnvironment ?? readOrMake(config.dataDir)), source: fromEnvironment ? 'environment' : 'file' }
}

export function openSecrets(file: SecretsFile): Omit<Secrets, 'source'> {
  const hash = hashSecrets(Buffer.from(file.pepper, 'base64'))
  const keys = file.linkKeys.map(({ id, secret }) => ({ id, secret: Buffer.from(secret, 'base64') }))
  return {
    hash,
    linkRing: sealRing(keys, 'link'),
    confirmationRing: sealRing(keys, 'confirmation'),
    pepperCheck: createHmac('sha256', hash.pepper).update('verzet pepper check').digest(),
  }
}

/** Undefined when there is no file; refuses one that others can read. */
export function readSecretsFile(dataDir: string): SecretsFile | undefined {
  const path = secretsPath(dataDir)
  let text: string
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new ConfigInvalid(`${path} can be read by others: run "chmod 600 ${path}" and think about who could have read it.`)
    }
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof ConfigInvalid) throw error
    return undefined
  }
  return parseSecrets(text, path)
}

export function parseSecrets(text: string, place: string): SecretsFile {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    throw new ConfigInvalid(`${place} is damaged. Restore it from your backup ("verzet keys backup" made one): without it no earlier no is recognised.`)
  }
}

/** Written beside and linked into place: of two processes that start at once, one wins and both read the same file. */
export function writeSecretsFile(dataDir: string, secrets: SecretsFile, options: { replace: boolean }): void {
  // Not 0700: the embedded server runs as another user when the hub is root, and its files lie below.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  const path = secretsPath(dataDir)
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600, flag: 'wx', flush: true })
  try {
    if (options.replace) rmSync(path, { force: true })
    linkSync(draft, path)
  } catch (error) {
    if (!isAlreadyThere(error)) throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

export function newSecret(): string {
  return randomBytes(secretBytes).toString('base64')
}

function readOrMake(dataDir: string): SecretsFile {
  const known = readSecretsFile(dataDir)
  if (known !== undefined) return known
  writeSecretsFile(dataDir, { pepper: newSecret(), linkKeys: [{ id: 1, secret: newSecret() }] }, { replace: false })
  const made = readSecretsFile(dataDir)
  if (made === undefined) throw new ConfigInvalid(`The secrets could not be stored in ${dataDir}: is it writable?`)
  return made
}

function secretsOfEnvironment(config: Config): SecretsFile | undefined {
  if (config.pepper === undefined && config.link_keys === undefined) return undefined
  if (config.pepper === undefined || config.link_keys === undefined) {
    throw new ConfigInvalid('VERZET_PEPPER and VERZET_LINK_KEYS belong together: set both or neither.')
  }
  const linkKeys = config.link_keys.split(',').map((pair) => {
    const [id, secret] = pair.split(':')
    return { id: Number(id), secret: secret ?? '' }
  })
  return parseSecrets(JSON.stringify({ pepper: config.pepper, linkKeys }), 'VERZET_PEPPER or VERZET_LINK_KEYS')
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST'
}
