import { generateKeyPairSync } from 'node:crypto'
import { readDkimKey, signMessage } from '../../../smtp/message/dkim-sign.ts'
import type { KeyLookup } from '../dkim-signatures.ts'

export type TestSigner = {
  readonly domain: string
  /** For what signs by itself. */
  readonly privateKeyPem: string
  /** The mail with a signature of this domain on top of it; its lines end in CRLF then. */
  sign(raw: Buffer, at: number): Buffer
}

export const selector = 'test'

/** A domain with a key of its own, and the DNS that holds the keys of all of them. */
export function testSigners(...domains: readonly string[]): { signers: TestSigner[]; lookup: KeyLookup } {
  const records = new Map<string, string>()
  const signers = domains.map((domain) => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
    records.set(`${selector}._domainkey.${domain}`, `v=DKIM1; k=rsa; p=${p}`)
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    const key = readDkimKey({ domain, selector, privateKeyPem })
    if (key.kind === 'refused') throw new Error(key.reason)
    return {
      domain,
      privateKeyPem,
      sign(raw: Buffer, at: number) {
        const signed = signMessage(withCrlf(raw), [key], at)
        if (signed.kind === 'refused') throw new Error(signed.reason)
        return signed.message
      },
    }
  })
  return {
    signers,
    lookup(name) {
      const record = records.get(name)
      if (record === undefined) return Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }))
      return Promise.resolve([[record]])
    },
  }
}

export function withCrlf(raw: Buffer): Buffer {
  return Buffer.from(raw.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
}

/** A DNS that does not answer. */
export const silentLookup: KeyLookup = () => Promise.reject(Object.assign(new Error('no answer'), { code: 'ETIMEOUT' }))
