import { generateKeyPairSync } from 'node:crypto'
import { type DkimKey, readDkimKey } from '../dkim-sign.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')

export const domain = 'acme.example'
export const rsaPem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
export const ed25519Pem = ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

/** What the DNS would hold for the two keys (RFC 6376 §3.6.1, RFC 8463 §4.2: the raw 32 bytes). */
export const dnsRecords: Readonly<Record<string, string>> = {
  [`rsa._domainkey.${domain}`]: `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  [`ed._domainkey.${domain}`]: `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
}

export function readKey(selector: string, privateKeyPem: string): DkimKey {
  const key = readDkimKey({ domain, selector, privateKeyPem })
  if (key.kind === 'refused') throw new Error(key.reason)
  return key
}

export const bothKeys: readonly DkimKey[] = [readKey('rsa', rsaPem), readKey('ed', ed25519Pem)]
