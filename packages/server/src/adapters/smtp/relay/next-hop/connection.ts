import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { nextHopConnectMsMax, nextHopDataReplyMsMax, nextHopReplyMsMax } from '../relay-limits.ts'
import { type NextHopAddress, trustOf } from './address.ts'
import { stuffDots } from './dot-stuffing.ts'
import { ReplyReader, type SmtpReply } from './reply-reader.ts'

/** What the server says it can (RFC 5321 §4.1.1.1). */
export type Capabilities = {
  readonly pipelining: boolean
  readonly eightBit: boolean
  readonly smtpUtf8: boolean
  readonly size: boolean
}

export type NextHopMail = {
  readonly from: string
  readonly to: string
  readonly message: Buffer
  readonly isEightBit: boolean
  readonly isSmtpUtf8: boolean
}

/**
 * What became of a mail at the next hop. `lost` before its end was sent means that it was not taken; `unanswered` that
 * nobody knows (RFC 1047).
 */
export type HandOver =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'answered'; readonly reply: SmtpReply }
  | { readonly kind: 'cannot_carry'; readonly lacks: 'smtputf8' | '8bitmime' }
  | { readonly kind: 'lost' | 'unanswered' }

/** The next hop cannot be used now, whatever the mail; the reason names no recipient. */
export class NextHopUnavailable extends Error {
  override readonly name = 'NextHopUnavailable'
}

type Waiting = { resolve(reply: SmtpReply): void; reject(error: Error): void; timer: NodeJS.Timeout }

/** Only here is nobody in between; elsewhere STARTTLS is used wherever it is offered, and the certificate has to be right. */
const loopbackHosts = new Set(['localhost', '127.0.0.1', '::1'])

/** One connection to the next hop, for one mail after the other. */
export class NextHopConnection {
  #socket: Socket
  #reader = new ReplyReader()
  #waiting: Waiting[] = []
  #isOpen = true
  #capabilities: Capabilities = { pipelining: false, eightBit: false, smtpUtf8: false, size: false }
  #onEnd: () => void = () => {}
  /** How many mails it was used for. */
  mailCount = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    this.#listen(socket)
  }

  /**
   * Connects, greets, encrypts and signs in.
   * @throws {NextHopUnavailable} when any of it fails.
   */
  static async open(address: NextHopAddress, ownName: string): Promise<NextHopConnection> {
    const { host, port } = address
    const socket = address.secure ? connectTls({ port, ...trustOf(address) }) : connect({ host, port })
    socket.setNoDelay(true)
    const connection = new NextHopConnection(socket)
    try {
      await connection.#begin(address, ownName)
      return connection
    } catch (error) {
      connection.close()
      throw error instanceof NextHopUnavailable ? error : new NextHopUnavailable(describe(error))
    }
  }

  get capabilities(): Capabilities {
    return this.#capabilities
  }

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Called once when the connection ends, for whatever reason. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener
  }

  /** Ends it at once; a mail under way is `lost` or `unanswered`. */
  close(): void {
    this.#fail('closed')
  }

  /** Says goodbye and ends it. */
  quit(): void {
    if (this.#isOpen) this.#socket.end('QUIT\r\n')
    this.#fail('closed')
  }

  /** Hands one mail over; whatever happens is an outcome. */
  async deliver(mail: NextHopMail): Promise<HandOver> {
    const lacks = missing(mail, this.#capabilities)
    if (lacks !== undefined) return { kind: 'cannot_carry', lacks }
    this.mailCount += 1
    const begun = await this.#beginMail(mail).catch(() => ({ kind: 'lost' as const }))
    if (begun.kind !== 'ready') return begun
    try {
      // Heard from the first byte on: a server may refuse before it has read all of it.
      const end = this.#reply(nextHopDataReplyMsMax)
      this.#socket.cork()
      for (const piece of stuffDots(mail.message)) this.#socket.write(piece)
      this.#socket.write('.\r\n')
      this.#socket.uncork()
      const reply = await end
      if (reply.code === 421) this.close()
      return reply.code < 300 ? { kind: 'accepted' } : { kind: 'answered', reply }
    } catch {
      return { kind: 'unanswered' }
    }
  }

  async #begin(address: NextHopAddress, ownName: string): Promise<void> {
    expectPositive('greeting', await this.#reply(nextHopConnectMsMax))
    let offers = await this.#hello(ownName)
    if (!address.secure && offers.has('STARTTLS') && !loopbackHosts.has(address.host)) {
      expectPositive('STARTTLS', await this.#say('STARTTLS'))
      await this.#encrypt(address)
      offers = await this.#hello(ownName)
    } else if (address.requireTLS) {
      throw new NextHopUnavailable('it offers no STARTTLS, and a password may not travel in the open')
    }
    if (address.auth !== undefined) await this.#signIn(address.auth, offers.get('AUTH') ?? '')
    this.#capabilities = {
      pipelining: offers.has('PIPELINING'),
      eightBit: offers.has('8BITMIME'),
      smtpUtf8: offers.has('SMTPUTF8'),
      size: offers.has('SIZE'),
    }
  }

  async #hello(ownName: string): Promise<ReadonlyMap<string, string>> {
    const hello = await this.#say(`EHLO ${ownName}`)
    expectPositive('EHLO', hello)
    return new Map(
      hello.lines.slice(1).map((line) => {
        const [keyword = '', ...rest] = line.toUpperCase().split(' ')
        return [keyword, rest.join(' ')]
      }),
    )
  }

  /** RFC 3207 §4.2: what was said before is forgotten; a reply already read would be one somebody slipped in. */
  async #encrypt(address: NextHopAddress): Promise<void> {
    const plain = this.#socket
    plain.removeAllListeners('data').removeAllListeners('close').removeAllListeners('timeout')
    const secured = connectTls({ socket: plain, ...trustOf(address) })
    this.#reader = new ReplyReader()
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new NextHopUnavailable('TLS took too long')), nextHopConnectMsMax)
      secured.once('secureConnect', () => resolve(clearTimeout(timer)))
      secured.once('error', (error) => reject(error))
      secured.once('close', () => reject(new NextHopUnavailable('it closed the connection during TLS')))
    })
    this.#socket = secured
    this.#listen(secured)
  }

  async #signIn({ user, pass }: { user: string; pass: string }, mechanisms: string): Promise<void> {
    const encode = (text: string) => Buffer.from(text).toString('base64')
    if (/\bPLAIN\b/.test(mechanisms) || !/\bLOGIN\b/.test(mechanisms)) {
      expectPositive('AUTH', await this.#say(`AUTH PLAIN ${encode(`\0${user}\0${pass}`)}`))
      return
    }
    await this.#say('AUTH LOGIN')
    await this.#say(encode(user))
    expectPositive('AUTH', await this.#say(encode(pass)))
  }

  /** MAIL, RCPT and DATA, in one write where the server allows it (RFC 2920). */
  async #beginMail(mail: NextHopMail): Promise<{ kind: 'ready' } | HandOver> {
    const commands = [mailCommand(mail, this.#capabilities), `RCPT TO:<${mail.to}>`, 'DATA']
    if (this.#capabilities.pipelining) {
      const replies = commands.map(() => this.#reply(nextHopReplyMsMax))
      for (const one of replies) one.catch(() => {})
      this.#socket.write(`${commands.join('\r\n')}\r\n`, 'utf8')
      const [from, to, data] = await Promise.all(replies)
      return this.#judgeBegin([from, to, data], data?.code === 354)
    }
    const heard: SmtpReply[] = []
    for (const command of commands) {
      const reply = await this.#say(command)
      heard.push(reply)
      if (!isPositive(reply)) break
    }
    return this.#judgeBegin(heard, heard.at(-1)?.code === 354)
  }

  #judgeBegin(replies: readonly (SmtpReply | undefined)[], awaitsData: boolean): { kind: 'ready' } | HandOver {
    const refused = replies.find((reply) => reply !== undefined && !isPositive(reply))
    if (refused === undefined && awaitsData) return { kind: 'ready' }
    if (refused === undefined) {
      this.close()
      return { kind: 'lost' }
    }
    // The server wants the message of a transaction it refused half of (RFC 2920 §3.1): leaving says no the surest.
    if (awaitsData || refused.code === 421) this.close()
    else void this.#say('RSET').catch(() => {})
    // RFC 5321 §3.8: 421 is about the connection, which had been idle; the mail was not looked at.
    return refused.code === 421 ? { kind: 'lost' } : { kind: 'answered', reply: refused }
  }

  #say(command: string): Promise<SmtpReply> {
    const answer = this.#reply(nextHopReplyMsMax)
    if (this.#isOpen) this.#socket.write(`${command}\r\n`, 'utf8')
    return answer
  }

  #reply(waitMsMax: number): Promise<SmtpReply> {
    if (!this.#isOpen) return Promise.reject(new NextHopUnavailable('the connection is closed'))
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail('it did not answer in time'), waitMsMax)
      this.#waiting.push({ resolve, reject, timer })
    })
  }

  #listen(socket: Socket): void {
    socket.on('error', (error) => this.#fail(describe(error)))
    socket.on('close', () => this.#fail('it closed the connection'))
    socket.on('data', (bytes: Buffer) => this.#hear(bytes))
  }

  #hear(bytes: Buffer): void {
    const replies = this.#reader.read(bytes)
    if (replies === undefined) this.#fail('it does not speak SMTP')
    for (const reply of replies ?? []) {
      const waiting = this.#waiting.shift()
      // A word nobody waited for is the server's goodbye (421).
      if (waiting === undefined) this.#fail('it closed the connection')
      else {
        clearTimeout(waiting.timer)
        waiting.resolve(reply)
      }
    }
  }

  #fail(reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    for (const { timer, reject } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(new NextHopUnavailable(reason))
    }
    if (!this.#socket.writableEnded) this.#socket.destroy()
    else setTimeout(() => this.#socket.destroy(), 1_000).unref()
    this.#onEnd()
  }
}

function missing(mail: NextHopMail, { smtpUtf8, eightBit }: Capabilities): 'smtputf8' | '8bitmime' | undefined {
  if (mail.isSmtpUtf8 && !smtpUtf8) return 'smtputf8'
  return mail.isEightBit && !eightBit ? '8bitmime' : undefined
}

function mailCommand(mail: NextHopMail, capabilities: Capabilities): string {
  const parameters = [
    ...(capabilities.size ? [`SIZE=${mail.message.length}`] : []),
    ...(mail.isEightBit ? ['BODY=8BITMIME'] : []),
    ...(mail.isSmtpUtf8 ? ['SMTPUTF8'] : []),
  ]
  return [`MAIL FROM:<${mail.from}>`, ...parameters].join(' ')
}

function isPositive({ code }: SmtpReply): boolean {
  return code < 400
}

function expectPositive(step: string, reply: SmtpReply): void {
  if (!isPositive(reply)) throw new NextHopUnavailable(`it answered ${reply.code} to ${step}`)
}

/** A code where there is one: the message of a TLS error may be long, that of DNS repeats the name. */
function describe(error: unknown): string {
  if (error instanceof NextHopUnavailable) return error.message
  if (!(error instanceof Error)) return 'unknown error'
  return 'code' in error ? String(error.code) : error.name
}
