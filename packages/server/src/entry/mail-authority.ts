import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Config, ConfigInvalid } from './config.ts'

/**
 * Who signed the certificates of the smarthost and of the next hop, in PEM; undefined where the public authorities did.
 * @throws {ConfigInvalid} where the file cannot be read or holds no certificate: mail would wait for ever.
 */
export function readMailAuthority({ mail_ca: path }: Pick<Config, 'mail_ca'>): string | undefined {
  if (path === undefined) return undefined
  try {
    const text = readFileSync(path, 'utf8')
    // The first is looked at; a file may hold several.
    new X509Certificate(text)
    return text
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new ConfigInvalid(`VERZET_MAIL_CA: the file ${path} cannot be read as a certificate in PEM (${code}).`)
  }
}
