import { isIP } from 'node:net'
import type { readSmarthostUrl } from '../../../mail/smarthost.ts'

export type NextHopAddress = ReturnType<typeof readSmarthostUrl> & {
  /** In PEM, for a server whose certificate no public authority signed; trusted for its connections alone. */
  readonly certificateAuthority?: string
}

/** The name its certificate has to carry. An IP address is no server name (RFC 6066 §3), and is held against it all the same. */
export function trustOf({ host, certificateAuthority }: NextHopAddress) {
  return {
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ...(certificateAuthority !== undefined && { ca: certificateAuthority }),
  }
}
