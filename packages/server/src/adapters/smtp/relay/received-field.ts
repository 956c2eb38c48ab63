import { foldField } from '../message/header-fields.ts'
import { mailDate } from './submission-fields.ts'

export type Hop = {
  /** What the client called itself. */
  readonly helo: string
  readonly address: string
  readonly ownName: string
  /** `ESMTPSA` and the like (RFC 3848). */
  readonly protocol: string
  readonly id: string
  readonly receivedAt: number
}

/**
 * The trace of this hop (RFC 5321 §4.4). It names no recipient: a copy forwarded later must not tell who got it first.
 */
export function receivedField(hop: Hop): string {
  const date = mailDate(hop.receivedAt)
  const helo = hop.helo.replace(/[^a-z0-9.:[\]_-]/gi, '').slice(0, 255) || 'unknown'
  const address = hop.address.includes(':') ? `[IPv6:${hop.address}]` : `[${hop.address}]`
  const words = `from ${helo} (${address}) by ${hop.ownName} with ${hop.protocol} id ${hop.id}; ${date}`.split(' ')
  return foldField('Received', words) ?? ''
}
