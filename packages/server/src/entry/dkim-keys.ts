import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { readDkimKey } from '../adapters/smtp/message/dkim-sign.ts'
import type { OwnedDkimKey } from '../adapters/smtp/relay/choose-dkim-keys.ts'
import { ConfigInvalid } from './config.ts'
import { readPrivateFile, writePrivateFile } from './private-file.ts'

const keySchema = z.strictObject({
  domain: z.string(),
  selector: z.string(),
  /** Signs for this brand alone. */
  brand: z.string().optional(),
  privateKey: z.string(),
  createdAt: z.string(),
})
const fileSchema = z.strictObject({ keys: z.array(keySchema) })

/** As kept in `dkim-keys.json`. */
export type KeptDkimKey = z.infer<typeof keySchema>

/** What has to stand in the DNS for the signatures to count. */
export type DkimRecord = { readonly name: string; readonly value: string }

/** RFC 8301 §3.2. */
const rsaBits = 2_048
/** RFC 1035 §3.3: a string of a TXT record. */
const stringCharactersMax = 255

export function dkimKeysPath(dataDir: string): string {
  return join(dataDir, 'dkim-keys.json')
}

/** The keys of the data directory, in the order they were made; none without the file. */
export function readDkimKeysFile(dataDir: string): KeptDkimKey[] {
  const path = dkimKeysPath(dataDir)
  const text = readPrivateFile(path)
  if (text === undefined) return []
  try {
    return fileSchema.parse(JSON.parse(text)).keys
  } catch {
    throw new ConfigInvalid(`${path} is damaged. Restore it from a backup, or remove it and make new keys.`)
  }
}

/** Ready to sign with. */
export function loadDkimKeys(dataDir: string): OwnedDkimKey[] {
  return readDkimKeysFile(dataDir).map(({ domain, selector, brand, privateKey }) => {
    const read = readDkimKey({ domain, selector, privateKeyPem: privateKey })
    if (read.kind === 'refused') {
      throw new ConfigInvalid(
        `The key ${selector} of ${domain} in ${dkimKeysPath(dataDir)} cannot be used (${read.reason}).`,
      )
    }
    return { ...read, ...(brand !== undefined && { brand }) }
  })
}

/** Two keys for a domain, RSA under the selector itself and Ed25519 beside it: several receivers know only the first. */
export function makeDkimKeys(wanted: { domain: string; selector: string; brand?: string }, now: number): KeptDkimKey[] {
  const { domain, selector, brand } = wanted
  const pairs = [
    { selector, pair: generateKeyPairSync('rsa', { modulusLength: rsaBits }) },
    { selector: `${selector}-ed`, pair: generateKeyPairSync('ed25519') },
  ]
  return pairs.map(({ selector: name, pair }) => ({
    domain,
    selector: name,
    ...(brand !== undefined && { brand }),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    createdAt: new Date(now).toISOString(),
  }))
}

export function writeDkimKeysFile(dataDir: string, keys: readonly KeptDkimKey[]): void {
  writePrivateFile(dkimKeysPath(dataDir), `${JSON.stringify({ keys }, null, 2)}\n`, { replace: true })
}

/** RFC 6376 §3.6.1; RFC 8463 §4.2 has the Ed25519 key bare. */
export function dkimRecordOf({ domain, selector, privateKey }: KeptDkimKey): DkimRecord {
  const key = createPublicKey(privateKey)
  const isEd = key.asymmetricKeyType === 'ed25519'
  const value = `v=DKIM1; k=${isEd ? 'ed25519' : 'rsa'}; p=${(isEd ? rawEd25519(key) : spki(key)).toString('base64')}`
  return { name: `${selector}._domainkey.${domain}`, value }
}

/** As a zone file has it: in strings a resolver puts together again. */
export function asZoneLine({ name, value }: DkimRecord): string {
  const strings = value.match(new RegExp(`.{1,${stringCharactersMax}}`, 'g')) ?? []
  return `${name}. IN TXT ( ${strings.map((text) => `"${text}"`).join(' ')} )`
}

function spki(key: KeyObject): Buffer {
  return key.export({ type: 'spki', format: 'der' })
}

/** The last 32 bytes of its SubjectPublicKeyInfo (RFC 8410 §4). */
function rawEd25519(key: KeyObject): Buffer {
  return spki(key).subarray(-32)
}
