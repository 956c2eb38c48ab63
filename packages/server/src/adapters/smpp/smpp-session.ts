import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import {
  commands,
  cString,
  type Pdu,
  PduReader,
  readShortMessage,
  responseBit,
  type ShortMessage,
  statuses,
  writeBind,
  writePdu,
} from './pdu.ts'

/** An operator that does not answer this long is not there. */
const answerWithinMs = 20_000
/** Operators end a link that is silent; most wait a minute. */
export const enquireEveryMs = 30_000
/** Messages under way at once; an operator waits with more until some are acknowledged. */
const deliveriesAtOnceMax = 10
const sequenceMax = 0x7fffffff

export type SmppAddress = {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly user: string
  readonly password: string
  readonly systemType: string
  readonly bind: 'transceiver' | 'receiver'
}

/** The link failed or the operator refused; `reason` is a code and names nobody. */
export class SmppFailure extends Error {
  readonly code = 'smpp_failure'
  override readonly name = 'SmppFailure'
  readonly reason: string

  constructor(reason: string) {
    super(`SMPP: ${reason}`)
    this.reason = reason
  }
}

type Handlers = {
  /** Resolves once the message is durable; a rejection has the operator deliver it again. */
  readonly onMessage: (message: ShortMessage) => Promise<void>
}

/**
 * One connection to an operator, from bind to its end (SMPP 3.4 §2.2):
 *
 *   open ─► bind ─► bound ⇄ {deliver_sm, submit_sm, enquire_link} ─► unbind ─► closed
 */
export class SmppSession implements AsyncDisposable {
  readonly #socket: Socket
  readonly #handlers: Handlers
  readonly #waiting = new Map<number, { resolve(pdu: Pdu): void; reject(error: SmppFailure): void }>()
  readonly #handling = new Set<Promise<void>>()
  #enquiring: NodeJS.Timeout | undefined
  #sequence = 0
  #endedWith: SmppFailure | undefined
  readonly #ended = deferred()

  private constructor(socket: Socket, handlers: Handlers) {
    this.#socket = socket
    this.#handlers = handlers
    const reader = new PduReader()
    socket.on('data', (chunk) => {
      try {
        for (const pdu of reader.push(chunk)) this.#take(pdu)
      } catch {
        this.#end('unreadable')
      }
    })
    socket.on('error', () => this.#end('connection'))
    socket.on('close', () => this.#end('closed'))
  }

  /** Connects and binds. @throws {SmppFailure} */
  static async open(address: SmppAddress, handlers: Handlers): Promise<SmppSession> {
    const socket = await connected(address)
    const session = new SmppSession(socket, handlers)
    const command = address.bind === 'receiver' ? commands.bindReceiver : commands.bindTransceiver
    try {
      const answer = await session.#request(command, writeBind(address))
      if (answer.status !== statuses.ok) throw new SmppFailure(`bind_${answer.status.toString(16)}`)
    } catch (error) {
      session.#end('bind')
      throw error
    }
    session.#enquiring = setInterval(() => session.#enquire(), enquireEveryMs)
    session.#enquiring.unref()
    return session
  }

  /** Resolves when the connection is over, with why. */
  get ended(): Promise<SmppFailure> {
    return this.#ended.promise
  }

  /** Hands one message over; its status, 0 for taken. @throws {SmppFailure} */
  async submit(body: Buffer): Promise<number> {
    return (await this.#request(commands.submitSm, body)).status
  }

  /** Unbinds after what is under way was acknowledged. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#handling)
    if (this.#endedWith === undefined) await this.#request(commands.unbind, Buffer.alloc(0)).catch(() => {})
    this.#end('disposed')
  }

  #request(command: number, body: Buffer): Promise<Pdu> {
    if (this.#endedWith !== undefined) return Promise.reject(this.#endedWith)
    this.#sequence = this.#sequence >= sequenceMax ? 1 : this.#sequence + 1
    const sequence = this.#sequence
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(sequence)
        reject(new SmppFailure('no_answer'))
        this.#end('no_answer')
      }, answerWithinMs)
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer)
          then(value)
        }
      this.#waiting.set(sequence, { resolve: settle(resolve), reject: settle(reject) })
      this.#socket.write(writePdu({ command, status: 0, sequence, body }))
    })
  }

  #enquire(): void {
    this.#request(commands.enquireLink, Buffer.alloc(0)).catch(() => this.#end('no_answer'))
  }

  #take(pdu: Pdu): void {
    if (pdu.command >= responseBit) {
      const waiting = this.#waiting.get(pdu.sequence)
      this.#waiting.delete(pdu.sequence)
      waiting?.resolve(pdu)
      return
    }
    switch (pdu.command) {
      case commands.deliverSm:
        this.#deliver(pdu)
        return
      case commands.enquireLink:
        this.#answer(pdu, statuses.ok)
        return
      case commands.unbind:
        this.#answer(pdu, statuses.ok)
        this.#end('unbound')
        return
      default:
        this.#socket.write(
          writePdu({
            command: commands.genericNack,
            status: statuses.invalidCommand,
            sequence: pdu.sequence,
            body: Buffer.alloc(0),
          }),
        )
    }
  }

  #deliver(pdu: Pdu): void {
    if (this.#handling.size >= deliveriesAtOnceMax) {
      this.#answer(pdu, statuses.throttled, cString(''))
      return
    }
    const message = readShortMessage(pdu.body)
    const work =
      message === undefined
        ? Promise.resolve(statuses.permanentError)
        : this.#handlers.onMessage(message).then(() => statuses.ok)
    const handling: Promise<void> = work
      .catch(() => statuses.temporaryError)
      .then((status) => {
        this.#answer(pdu, status, cString(''))
        this.#handling.delete(handling)
      })
    this.#handling.add(handling)
  }

  #answer({ command, sequence }: Pdu, status: number, body: Buffer = Buffer.alloc(0)): void {
    if (this.#endedWith !== undefined) return
    this.#socket.write(writePdu({ command: (command | responseBit) >>> 0, status, sequence, body }))
  }

  #end(reason: string): void {
    if (this.#endedWith !== undefined) return
    this.#endedWith = new SmppFailure(reason)
    clearInterval(this.#enquiring)
    this.#socket.end()
    this.#socket.destroySoon()
    for (const { reject } of this.#waiting.values()) reject(this.#endedWith)
    this.#waiting.clear()
    this.#ended.resolve(this.#endedWith)
  }
}

function deferred() {
  let resolve: (failure: SmppFailure) => void = () => {}
  const promise = new Promise<SmppFailure>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

function connected({ host, port, tls }: SmppAddress): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = tls ? connectTls({ host, port, servername: host }) : connectTcp({ host, port })
    const timer = setTimeout(() => fail('connect_timeout'), answerWithinMs)
    const fail = (reason: string) => {
      clearTimeout(timer)
      socket.destroy()
      reject(new SmppFailure(reason))
    }
    const onError = () => fail('connect')
    socket.once('error', onError)
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer)
      socket.off('error', onError)
      resolve(socket)
    })
  })
}
