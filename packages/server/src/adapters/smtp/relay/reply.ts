/** What the relay answers a client: the reply code, the enhanced status (RFC 3463) and a sentence. */
export type RelayReply = { readonly code: number; readonly status: string; readonly text: string }

export function reply(code: number, status: string, text: string): RelayReply {
  return { code, status, text }
}

export const tryAgain = reply(451, '4.3.0', 'Not sent, please try again')
export const misconfigured = reply(451, '4.3.5', 'The relay is not set up for this; its log says why')

/** An operator has to look at it; the client keeps the mail meanwhile. */
export function isAccepted({ code }: RelayReply): boolean {
  return code < 300
}

/**
 * As smtp-server takes it. The library adds an enhanced status by its own table, which says 5.1.1 (no such mailbox) for
 * every 550: a bounce handler would take a living address for a dead one. It adds none to a code it does not know, so
 * code and status travel as one.
 */
export function asError({ code, status, text }: RelayReply): Error {
  // 421 ends the connection, which the library does only for the number.
  return Object.assign(new Error(text), { responseCode: code === 421 ? code : `${code} ${status}` })
}
