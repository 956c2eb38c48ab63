import { readFile } from 'node:fs/promises'

/** How the hub proves who it is; files are read anew for each connection, since what they hold is changed meanwhile. */
export type ImapCredential =
  | { readonly kind: 'password'; readonly password: string }
  | { readonly kind: 'password_file'; readonly path: string }
  /** An OAuth 2.0 access token, renewed by another program (SASL OAUTHBEARER, RFC 7628, or XOAUTH2). */
  | { readonly kind: 'token_file'; readonly path: string }

/** Tokens of Microsoft are about 2 KB. */
const secretCharactersMax = 16_384

/** The file with the secret cannot be used. */
export class CredentialUnreadable extends Error {
  readonly code = 'credential_unreadable'
  override readonly name = 'CredentialUnreadable'
}

/** @throws {CredentialUnreadable} where the file is missing, empty or no secret. */
export async function readCredential(credential: ImapCredential): Promise<{ pass: string } | { accessToken: string }> {
  if (credential.kind === 'password') return { pass: credential.password }
  const secret = (await readFile(credential.path, 'utf8').catch(() => '')).trim()
  if (secret === '' || secret.length > secretCharactersMax || /[\r\n]/.test(secret)) {
    throw new CredentialUnreadable('the file with the password or token of the mailbox holds none')
  }
  return credential.kind === 'token_file' ? { accessToken: secret } : { pass: secret }
}
