import type { FetchMessageObject, FetchQueryObject, ImapFlow } from 'imapflow'
import { headerBytesMax, mailBytesMax } from '../intake/mail/mail-limits.ts'
import { ConnectionLost, failureOf, MailboxRefused, MailRefused } from './imap-failures.ts'
import { type ImapCredential, readCredential } from './imap-sign-in.ts'
import type { AfterHeard, ImapMailbox } from './imap-url.ts'

export type MailboxOptions = {
  readonly mailbox: ImapMailbox
  readonly credential: ImapCredential
  readonly afterHeard: AfterHeard
}

export type FetchedMail = {
  readonly raw: Buffer
  /** When the provider took it in (RFC 3501 §2.3.3), where it says so. */
  readonly arrivedAt: number | undefined
  /** Over the limit: `raw` is its header, or the first part of it. */
  readonly isCut: boolean
}

/** A mailbox that is open. Every call rejects with `ConnectionLost` once the connection is gone. */
export type MailboxConnection = AsyncDisposable & {
  readonly uidValidity: bigint
  readonly messages: number
  /** The mails after this UID that were not marked as heard, oldest first. */
  list(afterUid: number): Promise<number[]>
  /** Undefined for one that is gone. Leaves its flags as they are. @throws {MailRefused} */
  fetch(uid: number): Promise<FetchedMail | undefined>
  /** Marks, moves or deletes one that was heard. @throws {MailRefused} */
  settle(uid: number): Promise<void>
  /** Until mail may have come, the time is over or `signal` says so. */
  waitForMail(milliseconds: number, signal: AbortSignal): Promise<'mail' | 'time'>
}

/** A provider that is reachable answers within a second or two. */
const connectMsMax = 20_000
const greetingMsMax = 15_000
/** The largest mail over a slow line; a command that takes longer hangs. */
const commandMsMax = 60_000
/** RFC 2177: IDLE is renewed within 29 minutes. Firewalls forget silent connections after five or so. */
const idleMsMax = 4 * 60_000
const silenceMsMax = 6 * 60_000
/** How soon after the last command the server is asked to tell of new mail. */
const idleAfterMs = 500
const goodbyeMsMax = 2_000
/** A mail, and what an answer has around it. */
const literalBytesMax = mailBytesMax + 64 * 1024
/** Marks what was heard where the mailbox takes keywords (RFC 3501 §2.3.2), so that it is known even when UIDs change. */
export const heardKeyword = '$VerzetHeard'

/**
 * Signs in and opens the folder. With `readOnly` nothing in it can be changed.
 * @throws {MailboxRefused} where signing in or opening is refused, and `ConnectionLost` where there is no connection.
 */
export async function openMailbox(
  { mailbox, credential, afterHeard }: MailboxOptions,
  { signal, readOnly = false }: { signal?: AbortSignal; readOnly?: boolean } = {},
): Promise<MailboxConnection> {
  // Loaded by who reads a mailbox; every other command starts without it.
  const { ImapFlow } = await import('imapflow')
  const client = new ImapFlow(clientOptions(mailbox, await readCredential(credential)))
  // What went wrong is told by the call that it went wrong in, and by `isClosed`.
  client.on('error', () => {})
  let hasNews = false
  let tell = () => {}
  const notice = () => {
    hasNews = true
    tell()
  }
  client.on('exists', notice)
  client.on('close', notice)
  const abort = () => client.close()
  signal?.addEventListener('abort', abort, { once: true })
  try {
    await inTime(client, connectMsMax + greetingMsMax, client.connect())
    const folder = await inTime(client, commandMsMax, client.mailboxOpen(mailbox.folder, { readOnly }))
    const takesKeywords =
      folder.permanentFlags?.has('\\*') === true || folder.permanentFlags?.has(heardKeyword) === true
    return {
      uidValidity: folder.uidValidity,
      messages: folder.exists,
      async list(afterUid) {
        hasNews = false
        const query = { uid: `${afterUid + 1}:*`, ...(takesKeywords && { unKeyword: heardKeyword }) }
        const found = await command(client, () => client.search(query, { uid: true }))
        // `n:*` names the last mail even when its number is lower (RFC 3501 §6.4.8).
        return uidsOf(found)
          .filter((uid) => uid > afterUid)
          .sort((a, b) => a - b)
      },
      fetch: (uid) => fetchMail(client, uid),
      settle: (uid) => command(client, () => settleMail(client, uid, afterHeard, takesKeywords)),
      waitForMail(milliseconds, stop) {
        return new Promise((resolve) => {
          const timer = setTimeout(end, milliseconds)
          tell = end
          stop.addEventListener('abort', end, { once: true })
          if (hasNews || client.isClosed || stop.aborted) end()
          function end() {
            clearTimeout(timer)
            stop.removeEventListener('abort', end)
            tell = () => {}
            resolve(hasNews ? 'mail' : 'time')
          }
        })
      },
      async [Symbol.asyncDispose]() {
        signal?.removeEventListener('abort', abort)
        if (!client.isClosed) await inTime(client, goodbyeMsMax, client.logout()).catch(() => {})
        client.close()
      },
    }
  } catch (error) {
    signal?.removeEventListener('abort', abort)
    client.close()
    const refusal = failureOf(error)
    throw refusal.isAnswer ? new MailboxRefused(refusal.code, refusal.isSignIn) : new ConnectionLost(refusal.code)
  }
}

function clientOptions(
  { host, port, encryption, user }: ImapMailbox,
  secret: { pass: string } | { accessToken: string },
) {
  return {
    host,
    port,
    secure: encryption === 'tls',
    ...(encryption !== 'tls' && { doSTARTTLS: encryption === 'starttls' }),
    auth: { user, ...secret },
    logger: false as const,
    clientInfo: { name: 'Verzet', version: false, vendor: false, 'support-url': false } as const,
    connectionTimeout: connectMsMax,
    greetingTimeout: greetingMsMax,
    socketTimeout: silenceMsMax,
    maxIdleTime: idleMsMax,
    autoIdleDelay: idleAfterMs,
    maxLiteralSize: literalBytesMax,
    maxLineLength: literalBytesMax,
    maxResponseSize: 2 * literalBytesMax,
    disableCompression: true,
  }
}

/** The library says `false` where the server refused: taken for "nothing there", mail would be passed over. */
function uidsOf(found: Awaited<ReturnType<ImapFlow['search']>>): readonly number[] {
  if (!Array.isArray(found)) throw new MailRefused('search_refused')
  return found
}

async function fetchMail(client: ImapFlow, uid: number): Promise<FetchedMail | undefined> {
  const known = await fetchOne(client, uid, { size: true, internalDate: true })
  if (known === undefined) {
    const found = await command(client, () => client.search({ uid: String(uid) }, { uid: true }))
    if (uidsOf(found).length > 0) throw new MailRefused('not_given')
    return undefined
  }
  const isCut = (known.size ?? 0) > mailBytesMax
  const maxLength = isCut ? headerBytesMax : mailBytesMax
  const fetched = await fetchOne(client, uid, { source: { start: 0, maxLength } })
  if (fetched?.source === undefined) throw new MailRefused('no_content')
  const arrivedAt = known.internalDate === undefined ? Number.NaN : new Date(known.internalDate).getTime()
  return { raw: fetched.source, arrivedAt: Number.isNaN(arrivedAt) ? undefined : arrivedAt, isCut }
}

async function fetchOne(
  client: ImapFlow,
  uid: number,
  query: FetchQueryObject,
): Promise<FetchMessageObject | undefined> {
  return (
    (await command(client, () => client.fetchOne(String(uid), { uid: true, ...query }, { uid: true }))) || undefined
  )
}

async function settleMail(client: ImapFlow, uid: number, after: AfterHeard, takesKeywords: boolean): Promise<void> {
  const range = String(uid)
  const flags = ['\\Seen', ...(takesKeywords ? [heardKeyword] : [])]
  // Marked first: a move or a deletion that fails half-way leaves a mail that is known as heard.
  const isMarked = await client.messageFlagsAdd(range, flags, { uid: true })
  const isDone =
    after.kind === 'keep'
      ? isMarked
      : after.kind === 'move'
        ? (await client.messageMove(range, after.folder, { uid: true })) !== false
        : await client.messageDelete(range, { uid: true })
  if (!isDone) throw new MailRefused('not_marked')
}

/** Runs one command; tells a refusal of the server, after which the connection goes on, from the end of the connection. */
async function command<T>(client: ImapFlow, run: () => Promise<T>): Promise<T> {
  try {
    if (client.isClosed || !client.usable) throw new ConnectionLost('closed')
    return await inTime(client, commandMsMax, run())
  } catch (error) {
    if (error instanceof MailRefused || error instanceof ConnectionLost) throw error
    const { code } = failureOf(error)
    throw client.isClosed || !client.usable ? new ConnectionLost(code) : new MailRefused(code)
  }
}

/** Ends the connection when the server is silent for too long: what it says later would be taken for another answer. */
async function inTime<T>(client: ImapFlow, milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ConnectionLost('command_timeout'))
      client.close()
    }, milliseconds)
  })
  try {
    return await Promise.race([work, overdue])
  } finally {
    clearTimeout(timer)
  }
}
