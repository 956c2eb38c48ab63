/** A mailbox at an outside provider. */
export type ImapMailbox = {
  readonly host: string
  readonly port: number
  /** TLS from the first byte, TLS after STARTTLS or not at all, or none: only to this machine itself. */
  readonly encryption: 'tls' | 'starttls' | 'none'
  readonly user: string
  readonly folder: string
}

/** What becomes of a mail in the mailbox once what it said is recorded. */
export type AfterHeard =
  | { readonly kind: 'keep' }
  | { readonly kind: 'move'; readonly folder: string }
  | { readonly kind: 'delete' }

const tlsPort = 993
const plainPort = 143
const folderCharactersMax = 255

/**
 * Reads `imaps://user@host/Folder` (RFC 5092 without its options); the folder is INBOX where none is named. Undefined for
 * anything else, and for one that holds a password: an address is shown and logged where a password must not be.
 */
export function parseImapUrl(text: string): ImapMailbox | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, username, password, pathname, search, hash } = new URL(text)
  const isTls = protocol === 'imaps:'
  if (!isTls && protocol !== 'imap:') return undefined
  const user = decoded(username)
  const folder = decoded(pathname.replace(/^\//, ''))
  if (hostname === '' || user === undefined || user === '' || password !== '' || search !== '' || hash !== '') {
    return undefined
  }
  if (folder === undefined || !isFolder(folder === '' ? 'INBOX' : folder)) return undefined
  return {
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (isTls ? tlsPort : plainPort) : Number(port),
    encryption: isTls ? 'tls' : isLoopback(hostname) ? 'none' : 'starttls',
    user,
    folder: folder === '' ? 'INBOX' : folder,
  }
}

/** `keep`, `delete` or `move:Folder`. */
export function parseAfterHeard(text: string): AfterHeard | undefined {
  if (text === 'keep' || text === 'delete') return { kind: text }
  const folder = /^move:(.+)$/.exec(text)?.[1]?.trim()
  return folder !== undefined && isFolder(folder) ? { kind: 'move', folder } : undefined
}

function isFolder(name: string): boolean {
  return name !== '' && name.length <= folderCharactersMax && !/\p{Cc}/u.test(name)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

function isLoopback(hostname: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i.test(hostname)
}
