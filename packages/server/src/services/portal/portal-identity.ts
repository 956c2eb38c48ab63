import type { ContactPointType } from '@verzet/core'

/** What is kept of the token a portal signed: enough to hold it against the portal's own log, and not the token. */
export type PortalProof = {
  readonly portal: string
  /** SHA-256 of the token as it was sent, in hex. */
  readonly tokenSha256: string
  /** ISO 8601; when the portal says it signed. */
  readonly issuedAt: string
}

/** Whom a portal vouches for, beside the claims of the link that is made of it. */
export type PortalIdentity = {
  readonly proof: PortalProof
  readonly subject: { readonly type: ContactPointType; readonly value: string; readonly fingerprint: bigint }
  /** The e-mail contact point that an acknowledgement goes to; undefined where the person has none. */
  readonly mailbox?: string
}
