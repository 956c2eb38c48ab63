import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Hub } from '../hub.ts'

/** What a note is for; one that was written for something else is not taken. */
export type NotePurpose = 'passkey_add' | 'passkey_sign_in' | 'passkey_confirm' | 'provider'

/**
 * What a browser keeps for the hub, signed, for the minutes that somebody is away at their passkey or at an OpenID
 * provider: so nothing is written for who only asks. It is the browser's own and holds nothing secret from it.
 */
export type BrowserNote = {
  readonly purpose: NotePurpose
  /** The challenge of a passkey, or the `state` of a provider. */
  readonly challenge: string
  /** Whom it was given to: an account, a session or a link; empty where nobody is known yet. */
  readonly bound: string
  readonly expiresAt: number
  /** For a provider: what the answer is held against, and where to go on to. */
  readonly nonce?: string
  readonly codeVerifier?: string
  readonly next?: string
}

const noteSchema = z.strictObject({
  purpose: z.enum(['passkey_add', 'passkey_sign_in', 'passkey_confirm', 'provider']),
  challenge: z.string(),
  bound: z.string(),
  expiresAt: z.number(),
  nonce: z.string().optional(),
  codeVerifier: z.string().optional(),
  next: z.string().optional(),
})

/** A cookie may have 4,096 bytes with its name (RFC 6265 §6.1). */
const noteCharactersMax = 3_000

export function sealNote(hub: Pick<Hub, 'secrets'>, note: BrowserNote): string {
  const body = Buffer.from(JSON.stringify(note)).toString('base64url')
  return `${body}.${signatureOf(hub, body)}`
}

/** Undefined for a note that is not ours, is for something else, or is too old. */
export function openNote(
  hub: Pick<Hub, 'secrets' | 'clock'>,
  sealed: string | undefined,
  purpose: NotePurpose,
): BrowserNote | undefined {
  const [body = '', signature = ''] = (sealed ?? '').slice(0, noteCharactersMax).split('.')
  const expected = Buffer.from(signatureOf(hub, body))
  const presented = Buffer.from(signature)
  if (expected.length !== presented.length || !timingSafeEqual(expected, presented)) return undefined
  const read = noteSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
  if (!read.success) return undefined
  const { nonce, codeVerifier, next, ...rest } = read.data
  if (rest.purpose !== purpose || rest.expiresAt <= hub.clock()) return undefined
  return { ...rest, ...(nonce && { nonce }), ...(codeVerifier && { codeVerifier }), ...(next && { next }) }
}

function signatureOf({ secrets }: Pick<Hub, 'secrets'>, body: string): string {
  return createHmac('sha256', secrets.pepper).update(`staff browser note ${body}`).digest('base64url')
}
