import { createPublicKey } from 'node:crypto'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import type { DkimKey } from '../../message/dkim-sign.ts'

/** What another implementation says of each signature, in their order: `rsa pass`, by selector. */
export async function verifyWithMailauth(data: string, keys: readonly DkimKey[]): Promise<string[]> {
  const records = new Map(keys.map((key) => [`${key.selector}._domainkey.${key.domain}`, recordOf(key)]))
  const { results } = await dkimVerify(Buffer.from(data, 'latin1'), {
    resolver: async (name: string) => [[records.get(name) ?? '']],
  })
  return results.map(({ selector, status }) => `${selector} ${status.result}`)
}

function recordOf({ algorithm, key }: DkimKey): string {
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  const isEd = algorithm === 'ed25519-sha256'
  return `v=DKIM1; k=${isEd ? 'ed25519' : 'rsa'}; p=${(isEd ? spki.subarray(-32) : spki).toString('base64')}`
}
