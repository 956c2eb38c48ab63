import type { Socket } from 'node:net'
import { domainToASCII } from 'node:url'
import { SMTPServer, type SMTPServerDataStream, type SMTPServerEnvelope } from 'smtp-server'
import type { Hub } from '../../services/hub.ts'
import type { KeyLookup } from '../intake/mail/dkim-signatures.ts'
import { handleIncomingMail } from '../intake/mail/handle-incoming-mail.ts'
import { mailBytesMax } from '../intake/mail/mail-limits.ts'

export type MailListenerOptions = {
  readonly host: string
  /** 0 takes any free one. */
  readonly port: number
  /** LMTP (RFC 2033) is for a mail server of one's own that hands mail over. */
  readonly protocol: 'smtp' | 'lmtp'
  /** STARTTLS is offered with it, and not without. */
  readonly tls?: { readonly key: string; readonly cert: string }
  /** Feedback loops the operator enrolled with, by signing domain. */
  readonly enrolledProviders?: readonly string[]
  /** Finds the keys of those who sign complaints; without it their signatures are not believed. */
  readonly lookup?: KeyLookup
  /** Called after a mail was recorded: it may owe an acknowledgement. */
  readonly wakeMail?: () => void
  readonly log: (line: string) => void
}

/** Each may hold a mail of `mailBytesMax` in memory. Who finds no place is answered 421 and tries again. */
const connectionsMax = 32
/** What RFC 5321 §4.5.3.1.8 asks at least. An opt-out has one; a recipient beyond these is sent in a mail of its own. */
const recipientsMax = 100
/** RFC 5321 §4.5.3.1.4 has 512 octets; extensions add to it. */
const commandCharactersMax = 4_096
/** Shorter than the five minutes of RFC 5321 §4.5.3.2.7: a silent client holds one of few places, and tries again. */
const silenceMsMax = 60_000
/** A client that sends a byte now and then is not silent, and yet holds its place. */
const connectionMsMax = 10 * 60_000
/** As long as requests under way get when the hub stops. */
const drainMsMax = 10_000
const tryAgainCode = 451
const nobodyHereCode = 550
const tooLargeCode = 552

/**
 * Takes the mail that comes to the opt-out domain, from anybody (SMTP) or from a mail server of one's own (LMTP). A mail is
 * answered 250 only when what it said is durable, and 451 when that failed, so that its sender tries again; nothing is
 * relayed, bounced or answered by mail. Disposing it takes no new mail and finishes those under way.
 * @throws the error of `listen` where the port or the address cannot be taken.
 */
export async function startMailListener(
  hub: Hub,
  options: MailListenerOptions,
): Promise<AsyncDisposable & { readonly port: number }> {
  const underWay = new Set<string>()
  let isDraining = false
  const server = new SMTPServer({
    ...protocolOptions(hub, options),
    onRcptTo({ address }, _session, callback) {
      callback(ownRecipient(hub, address) === undefined ? refusal(nobodyHereCode, 'No such address here') : null)
    },
    async onData(stream, session, callback) {
      underWay.add(session.id)
      const answers = await takeMail(hub, stream, session.envelope, options)
      const failed = answers.find((answer) => answer instanceof Error)
      // LMTP answers for each recipient (RFC 2033 §4.2), SMTP once for all.
      if (options.protocol === 'lmtp') callback(null, answers)
      else callback(failed instanceof Error ? failed : null, recorded)
      underWay.delete(session.id)
      if (isDraining) endIdle(server, underWay)
    },
  })
  const sockets = watchSockets(server)
  const port = await listen(server, options)
  return {
    port,
    async [Symbol.asyncDispose]() {
      isDraining = true
      const overdue = setTimeout(() => {
        for (const socket of sockets) socket.destroy()
      }, drainMsMax)
      await new Promise<void>((resolve) => {
        server.close(resolve)
        endIdle(server, underWay)
      })
      clearTimeout(overdue)
    },
  }
}

const recorded = 'OK'

function protocolOptions(hub: Hub, { protocol, tls }: MailListenerOptions) {
  return {
    lmtp: protocol === 'lmtp',
    name: hub.place.mailDomain,
    // The greeting of the library repeats the client's address.
    heloResponse: '%s',
    // The last three are relics the library plays along with.
    disabledCommands: ['AUTH', ...(tls ? [] : ['STARTTLS']), 'WIZ', 'SHELL', 'KILL'],
    ...tls,
    authOptional: true,
    hideENHANCEDSTATUSCODES: false,
    size: mailBytesMax,
    rejectOversized: true,
    maxClients: connectionsMax,
    maxRecipients: recipientsMax,
    maxCommandLength: commandCharactersMax,
    socketTimeout: silenceMsMax,
    closeTimeout: drainMsMax,
    disableReverseLookup: true,
    // Some providers give out addresses that RFC 5321 does not know, like `a..b@`; their readers say no as well.
    lenientAddressParsing: true,
    logger: false,
  }
}

/** One answer for each recipient, since each may be the opt-out address of another person. */
async function takeMail(
  hub: Hub,
  stream: SMTPServerDataStream,
  envelope: SMTPServerEnvelope,
  options: MailListenerOptions,
): Promise<(string | Error)[]> {
  const recipients = envelope.rcptTo.flatMap(({ address }) => ownRecipient(hub, address) ?? [])
  const raw = await readUpToLimit(stream).catch(() => 'broke_off' as const)
  if (raw === 'broke_off') return [refusal(tryAgainCode, 'The mail broke off')]
  if (raw === undefined) return recipients.map(() => refusal(tooLargeCode, 'This mail is too large'))
  const answers: (string | Error)[] = []
  for (const recipient of recipients) {
    try {
      const verdict = await handleIncomingMail(hub, {
        raw,
        envelope: { from: envelope.mailFrom === false ? '' : envelope.mailFrom.address, recipients: [recipient] },
        receivedAt: hub.clock(),
        ...(options.enrolledProviders && { enrolledProviders: options.enrolledProviders }),
        ...(options.lookup && { lookup: options.lookup }),
      })
      options.log(`a mail came in: ${verdict.kind}`)
      options.wakeMail?.()
      answers.push(recorded)
    } catch (error) {
      options.log(`a mail could not be recorded (${codeOf(error)}); its sender is asked to try again`)
      answers.push(refusal(tryAgainCode, 'Not recorded, please try again'))
    }
  }
  return answers
}

/** Undefined for a mail over the limit; the rest of it is read and dropped, since a client listens only after its end. */
async function readUpToLimit(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  let chunks: Buffer[] = []
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks = []
    else if (chunk instanceof Buffer) chunks.push(chunk)
  }
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks)
}

/** The address as the hub writes it; undefined elsewhere. RFC 5321 §4.5.1: `postmaster` needs no domain. */
function ownRecipient({ place }: Pick<Hub, 'place'>, address: string): string | undefined {
  const at = address.lastIndexOf('@')
  if (at === -1) return address.toLowerCase() === 'postmaster' ? `${address}@${place.mailDomain}` : undefined
  const isOwn = domainToASCII(address.slice(at + 1)) === domainToASCII(place.mailDomain)
  return isOwn ? `${address.slice(0, at)}@${place.mailDomain}` : undefined
}

function refusal(responseCode: number, sentence: string): Error {
  return Object.assign(new Error(sentence), { responseCode })
}

/** Never the message: that of a database may quote what a person wrote. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.name
}

function endIdle(server: SMTPServer, underWay: ReadonlySet<string>): void {
  for (const connection of server.connections) {
    if (!underWay.has(connection.session.id)) connection.send(421, 'Shutting down, please try again')
  }
}

function watchSockets(server: SMTPServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    const overdue = setTimeout(() => socket.destroy(), connectionMsMax)
    socket.once('close', () => {
      clearTimeout(overdue)
      sockets.delete(socket)
    })
  })
  return sockets
}

async function listen(server: SMTPServer, { host, port }: MailListenerOptions): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A connection that broke: what was not answered is sent again by whoever sent it.
  server.on('error', () => {})
  const address = server.server.address()
  return typeof address === 'object' && address !== null ? address.port : port
}
