import { isAscii } from 'node:buffer'
import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import type {
  SMTPServerAddress,
  SMTPServerAuthentication,
  SMTPServerAuthenticationResponse,
  SMTPServerDataResult,
  SMTPServerDataStream,
  SMTPServerSession,
} from 'smtp-server'
import { keyContactPoint } from '../../../services/key-contact-point.ts'
import type { RecipientAnswer } from '../../../services/look-up-recipients.ts'
import type { KeyedContactPoint } from '../../../services/ports.ts'
import type { RelayCredential, RelayCredentialVerifier } from '../../../services/relay-credentials.ts'
import type { AuthThrottle } from './auth-throttle.ts'
import type { ByteBudget } from './byte-budget.ts'
import { readMessageWithin } from './read-message.ts'
import { receivedField } from './received-field.ts'
import { isFinalRefusal, postponementFor, refusalFor } from './refusals.ts'
import { connectionsPerCredentialMax } from './relay-limits.ts'
import { relayMail } from './relay-mail.ts'
import { relayedMails, relaySignInFailures } from './relay-metrics.ts'
import type { RelayParts } from './relay-parts.ts'
import { asError, isAccepted, type RelayReply, reply, tryAgain } from './reply.ts'

type Done = (error?: Error | null) => void
type AuthDone = (error: Error | null | undefined, response?: SMTPServerAuthenticationResponse) => void
type DataDone = (error?: Error | null, message?: string | SMTPServerDataResult[]) => void

export type SessionsOptions = {
  readonly parts: RelayParts
  readonly protocol: 'smtp' | 'lmtp'
  readonly verifier: RelayCredentialVerifier
  readonly throttle: AuthThrottle
  readonly budget: ByteBudget
  /** What no connection may say; a connection's own list takes the place of this one. */
  readonly disabledCommands: readonly string[]
  /** Called when a mail was answered. */
  readonly onIdle: () => void
}

type Recipient = { readonly keyed: KeyedContactPoint; readonly asked?: RecipientAnswer }

/** What is known of a connection: who signed in on it, and the recipients of the mail under way. */
type Session = {
  credential?: RelayCredential
  readonly recipients: Map<string, Recipient>
  isBusy: boolean
  mailCount: number
}

const signInFirst = reply(530, '5.7.0', 'Sign in first; over the network with TLS')
const wrongPassword = reply(535, '5.7.8', 'Wrong name or password')
const tooManyFailures = reply(421, '4.4.2', 'Too many wrong passwords from this address, try again later')
const tooManyConnections = reply(421, '4.4.2', 'Too many connections with this sign-in')
const unread = {
  broke_off: reply(451, '4.4.2', 'The mail broke off'),
  too_large: reply(552, '5.3.4', 'This mail is too large'),
  no_room: reply(452, '4.3.1', 'Too many large mails at once, please try again'),
} as const
const needsSmtpUtf8 = reply(553, '5.6.7', 'International addresses need SMTPUTF8')
const malformedRecipient = reply(553, '5.1.3', 'This is not a mail address')

/** The conversation with clients: who may sign in where, what each command is answered. */
export class RelaySessions {
  readonly #options: SessionsOptions
  readonly #sessions = new Map<string, Session>()
  readonly #connections = new Map<string, number>()
  isDraining = false

  constructor(options: SessionsOptions) {
    this.#options = options
  }

  isBusy(sessionId: string): boolean {
    return this.#sessions.get(sessionId)?.isBusy === true
  }

  /** What smtp-server calls. Whatever goes wrong inside is 451: the client keeps its mail. */
  handlers() {
    return {
      onConnect: (session: SMTPServerSession, done: Done) => {
        // A password in the open is taken from this machine alone (RFC 4954 §4, RFC 8314 §3.3).
        if (!session.secure && !isLoopback(session.remoteAddress)) {
          session.disabledCommands = [...this.#options.disabledCommands, 'AUTH']
        }
        done()
      },
      onSecure: (_socket: unknown, session: SMTPServerSession, done: Done) => {
        delete session.disabledCommands
        // RFC 3207 §4.2: what was said in the open is forgotten, a sign-in too.
        this.#forget(session)
        done()
      },
      onAuth: async (auth: SMTPServerAuthentication, session: SMTPServerSession, done: AuthDone) => {
        const answer = await this.#orTryAgain(this.#signIn(auth, session))
        if (typeof answer === 'string') done(null, { user: answer })
        else done(asError(answer))
      },
      onMailFrom: async (_sender: SMTPServerAddress, session: SMTPServerSession, done: Done) => {
        const refused = await this.#orTryAgain(this.#begin(session))
        done(refused && asError(refused))
      },
      onRcptTo: async ({ address }: SMTPServerAddress, session: SMTPServerSession, done: Done) => {
        const refused = await this.#orTryAgain(this.#addRecipient(address, session))
        done(refused && asError(refused))
      },
      onData: (stream: SMTPServerDataStream, session: SMTPServerSession, done: DataDone) => {
        this.#takeMail(stream, session, done)
      },
      onClose: (session: SMTPServerSession) => this.#forget(session),
    }
  }

  async #orTryAgain<Answer>(work: Promise<Answer>): Promise<Answer | RelayReply> {
    try {
      return await work
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
      this.#options.parts.log(`a client of the relay is asked to try again (${code})`)
      return tryAgain
    }
  }

  async #signIn(auth: SMTPServerAuthentication, session: SMTPServerSession): Promise<string | RelayReply> {
    const { throttle, verifier } = this.#options
    if (throttle.isBlocked(session.remoteAddress)) return tooManyFailures
    const credential = await verifier.verify(auth.username ?? '', auth.password ?? '')
    if (credential === undefined) {
      throttle.fail(session.remoteAddress)
      relaySignInFailures.inc()
      return wrongPassword
    }
    throttle.succeed(session.remoteAddress)
    const open = this.#connections.get(credential.name) ?? 0
    if (open >= connectionsPerCredentialMax) return tooManyConnections
    this.#connections.set(credential.name, open + 1)
    this.#sessions.set(session.id, { credential, recipients: new Map(), isBusy: false, mailCount: 0 })
    return credential.name
  }

  /** A credential that was removed sends no more, on a connection it holds open either. */
  async #begin(session: SMTPServerSession): Promise<RelayReply | undefined> {
    const known = this.#sessions.get(session.id)
    if (known?.credential === undefined) return signInFirst
    const credential = await this.#options.verifier.find(known.credential.name)
    if (credential === undefined) return wrongPassword
    this.#sessions.set(session.id, { ...known, credential, recipients: new Map() })
    return undefined
  }

  /** Where the topic is known already a refused recipient is refused here, before the mail is sent at all. */
  async #addRecipient(address: string, session: SMTPServerSession): Promise<RelayReply | undefined> {
    const known = this.#sessions.get(session.id)
    if (known?.credential === undefined) return signInFirst
    const { mailFrom, smtpUtf8 } = session.envelope
    const isAsciiOnly = isAscii(Buffer.from(`${onTheWire(address)}${mailFrom ? onTheWire(mailFrom.address) : ''}`))
    if (!isAsciiOnly && smtpUtf8 !== true) return needsSmtpUtf8
    const { parts } = this.#options
    const { brand, topic, campaign, whenRefused } = known.credential
    const named = keyContactPoint(parts.hub.secrets, { type: 'email', value: address })
    if (named.kind !== 'ok') return malformedRecipient
    if (topic === undefined || parts.hub.catalog.topic(brand, topic) === undefined) {
      known.recipients.set(address.toLowerCase(), { keyed: named.keyed })
      return undefined
    }
    const asked = await parts.lookUp({ recipient: named.keyed, brand, topic, ...(campaign && { campaign }) })
    const { reason } = asked.decision
    const isRefused = isFinalRefusal(asked.decision)
    const postponement = isRefused ? postponementFor(reason) : undefined
    if (postponement !== undefined) return postponement
    if (isRefused && whenRefused === 'refuse') {
      relayedMails.inc({ outcome: 'refused', reason })
      return refusalFor(reason)
    }
    known.recipients.set(address.toLowerCase(), { keyed: named.keyed, asked })
    return undefined
  }

  async #takeMail(stream: SMTPServerDataStream, session: SMTPServerSession, done: DataDone): Promise<void> {
    const known = this.#sessions.get(session.id)
    if (known !== undefined) known.isBusy = true
    const answers = await this.#answer(stream, session, known).catch((): RelayReply[] => [tryAgain])
    const results = answers.map((answer) => (isAccepted(answer) ? answer.text : asError(answer)))
    // LMTP answers for each recipient (RFC 2033 §4.2); SMTP once, and has one recipient here.
    if (this.#options.protocol === 'lmtp') done(null, results)
    else {
      const [only] = results
      if (typeof only === 'string') done(null, only)
      else done(only ?? asError(tryAgain))
    }
    if (known !== undefined) known.isBusy = false
    this.#options.onIdle()
  }

  async #answer(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    known: Session | undefined,
  ): Promise<RelayReply[]> {
    const { parts, budget } = this.#options
    const { mailFrom, rcptTo, smtpUtf8 } = session.envelope
    const read = await readMessageWithin(stream, budget)
    const all = (answer: RelayReply) => rcptTo.map(() => answer)
    if (read.kind !== 'whole') return all(unread[read.kind])
    const credential = known?.credential
    if (known === undefined || credential === undefined) return all(signInFirst)
    known.mailCount += 1
    const id = `${session.id}.${known.mailCount}`
    try {
      const answers: RelayReply[] = []
      for (const { address } of rcptTo) {
        const recipient = known.recipients.get(address.toLowerCase())
        if (recipient === undefined) {
          answers.push(tryAgain)
          continue
        }
        const {
          reply: answer,
          outcome,
          reason,
        } = await relayMail(parts, {
          raw: read.raw,
          from: mailFrom === false ? '' : onTheWire(mailFrom.address),
          to: onTheWire(address),
          recipient: recipient.keyed,
          ...(recipient.asked && { asked: recipient.asked }),
          credential,
          isSmtpUtf8: smtpUtf8 === true,
          received: this.#trace(session, id),
        })
        parts.log(`mail ${id}: ${outcome}${outcome === reason ? '' : ` (${reason})`}`)
        answers.push(answer)
      }
      return answers
    } finally {
      read.release()
    }
  }

  #trace(session: SMTPServerSession, id: string): string {
    const { hub } = this.#options.parts
    return receivedField({
      helo: session.hostNameAppearsAs || 'unknown',
      address: session.remoteAddress,
      ownName: hub.place.mailDomain,
      protocol: session.transmissionType || 'ESMTPA',
      id,
      receivedAt: hub.clock(),
    })
  }

  #forget(session: SMTPServerSession): void {
    const name = this.#sessions.get(session.id)?.credential?.name
    this.#sessions.delete(session.id)
    if (name === undefined) return
    const open = (this.#connections.get(name) ?? 1) - 1
    if (open > 0) this.#connections.set(name, open)
    else this.#connections.delete(name)
  }
}

/** The library shows international domains in letters; the next hop may not know those (RFC 5890 §2.3.2.1). */
function onTheWire(address: string): string {
  const at = address.lastIndexOf('@')
  const domain = domainToASCII(address.slice(at + 1))
  return at === -1 || domain === '' ? address : `${address.slice(0, at)}@${domain}`
}

function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}
