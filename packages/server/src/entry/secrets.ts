import { createHmac, randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { type HashSecrets, hashSecrets, type SealRing, sealRing } from '@verzet/core'
import { z } from 'zod'
import { areLinkKeys, type Config, ConfigInvalid, isSecret, parseLinkKeys, secretBytesMin } from './config.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const secretsSchema = z.strictObject({
  pepper: z.string().refine(isSecret),
  linkKeys: z.array(z.strictObject({ id: z.int(), secret: z.string() })).refine(areLinkKeys),
})

/** As kept in `secrets.json`. */
export type SecretsFile = z.infer<typeof secretsSchema>

export type Secrets = {
  readonly hash: HashSecrets
  readonly linkRing: SealRing
  readonly confirmationRing: SealRing
  /** Says whether two peppers are the same without saying what they are. */
  readonly pepperCheck: Buffer
  /** `made`: by this very call, at a first start. */
  readonly source: 'environment' | 'file' | 'made'
}

export function secretsPath(dataDir: string): string {
  return join(dataDir, 'secrets.json')
}

/** From the environment, else from the data directory, where they are made at first start (mode 0600). */
export function loadSecrets(config: Config): Secrets {
  const fromEnvironment = secretsOfEnvironment(config)
  if (fromEnvironment !== undefined) return { ...openSecrets(fromEnvironment), source: 'environment' }
  const kept = readSecretsFile(config.dataDir)
  if (kept !== undefined) return { ...openSecrets(kept), source: 'file' }
  return { ...openSecrets(make(config.dataDir)), source: 'made' }
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
  const text = readPrivateFile(path)
  return text === undefined ? undefined : parseSecrets(text, path)
}

export function parseSecrets(text: string, place: string): SecretsFile {
  try {
    return secretsSchema.parse(JSON.parse(text))
  } catch {
    throw new ConfigInvalid(
      `${place} is damaged. Restore it from your backup ("verzet keys backup" made one): without it no earlier no is recognised.`,
    )
  }
}

/** Of two processes that start at once one wins, and both then read the same file. */
export function writeSecretsFile(dataDir: string, secrets: SecretsFile, options: { replace: boolean }): void {
  writePrivateFile(secretsPath(dataDir), `${JSON.stringify(secrets, null, 2)}\n`, options)
}

/** Takes back secrets that were made a moment ago and turned out to belong to nothing. */
export function dropMadeSecrets(dataDir: string): void {
  rmSync(secretsPath(dataDir), { force: true })
}

export function newSecret(): string {
  return randomBytes(secretBytesMin).toString('base64')
}

function make(dataDir: string): SecretsFile {
  writeSecretsFile(dataDir, { pepper: newSecret(), linkKeys: [{ id: 1, secret: newSecret() }] }, { replace: false })
  const made = readSecretsFile(dataDir)
  if (made === undefined) throw new ConfigInvalid(`${secretsPath(dataDir)} vanished while it was made. Start again.`)
  return made
}

function secretsOfEnvironment(config: Config): SecretsFile | undefined {
  const linkKeys = config.link_keys === undefined ? undefined : parseLinkKeys(config.link_keys)
  // readConfig has refused one without the other, and what cannot be read.
  return config.pepper === undefined || linkKeys === undefined ? undefined : { pepper: config.pepper, linkKeys }
}
