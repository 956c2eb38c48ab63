import {
  nextHopConnectionsMax,
  nextHopIdleMsMax,
  nextHopRestMs,
  nextHopWaitingMax,
  nextHopWaitMsMax,
} from '../relay-limits.ts'
import type { NextHopAddress } from './address.ts'
import {
  type Capabilities,
  type HandOver,
  NextHopConnection,
  type NextHopMail,
  NextHopUnavailable,
} from './connection.ts'

export type PoolOptions = {
  /** What it calls itself in EHLO. */
  readonly ownName: string
  readonly connectionsMax?: number
  /** Called with what the next hop can do, whenever it says so. */
  readonly onCapabilities?: (capabilities: Capabilities) => void
}

/** A mail that waits for a connection; false when it was given up. */
type Waiting = { resolve(connection: NextHopConnection): void; reject(error: Error): void; timer: NodeJS.Timeout }

/**
 * Connections to the next hop, opened as they are needed, reused while they are fresh and closed when they are idle.
 * It holds no mail: who hands one over waits for the answer.
 */
export class NextHopPool implements AsyncDisposable {
  readonly #address: NextHopAddress
  readonly #options: PoolOptions
  readonly #all = new Set<NextHopConnection>()
  #opening = 0
  /** The one used last stands last: the others grow old and are closed. */
  #idle: { connection: NextHopConnection; timer: NodeJS.Timeout }[] = []
  #waiting: Waiting[] = []
  #downUntil = 0
  #downReason = ''
  #isClosed = false

  constructor(address: NextHopAddress, options: PoolOptions) {
    this.#address = address
    this.#options = options
  }

  /**
   * Hands one mail over. `approve` is asked when a connection is there and nothing was said on it; the mail is not
   * mentioned to the next hop unless it answers true.
   * @throws {NextHopUnavailable} before `approve` was asked, when there is no connection to be had.
   */
  async deliver(
    mail: NextHopMail,
    approve: () => Promise<boolean>,
  ): Promise<HandOver | { readonly kind: 'withdrawn' }> {
    const connection = await this.#take()
    let outcome: HandOver
    try {
      if (!(await approve())) return { kind: 'withdrawn' }
      const isReused = connection.mailCount > 0
      outcome = await connection.deliver(mail)
      // An idle connection may end the moment it is used; the mail was not taken, and a fresh one says what is the matter.
      if (outcome.kind !== 'lost' || !isReused) return outcome
    } finally {
      this.#giveBack(connection)
    }
    return this.#deliverOnFresh(mail)
  }

  /** Opens one connection ahead, to learn what the next hop can do. False when it cannot be reached now. */
  async probe(): Promise<boolean> {
    try {
      this.#giveBack(await this.#take())
      return true
    } catch {
      return false
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(new NextHopUnavailable('the relay is stopping'))
    }
    for (const { timer } of this.#idle.splice(0)) clearTimeout(timer)
    for (const connection of this.#all) connection.quit()
  }

  async #deliverOnFresh(mail: NextHopMail): Promise<HandOver> {
    let connection: NextHopConnection
    try {
      connection = await this.#open()
    } catch {
      return { kind: 'lost' }
    }
    try {
      return await connection.deliver(mail)
    } finally {
      this.#giveBack(connection)
    }
  }

  #take(): Promise<NextHopConnection> {
    if (this.#isClosed) return Promise.reject(new NextHopUnavailable('the relay is stopping'))
    const idle = this.#idle.pop()
    if (idle !== undefined) {
      clearTimeout(idle.timer)
      return Promise.resolve(idle.connection)
    }
    const connectionsMax = this.#options.connectionsMax ?? nextHopConnectionsMax
    const isResting = performance.now() < this.#downUntil
    if (isResting && this.#all.size === 0) return Promise.reject(new NextHopUnavailable(this.#downReason))
    if (isResting || this.#all.size + this.#opening >= connectionsMax) return this.#wait()
    return this.#open().catch((error: unknown) => {
      // A server that gives out fewer connections than we would take goes on serving those it gave.
      if (this.#all.size > 0) return this.#wait()
      throw error
    })
  }

  #wait(): Promise<NextHopConnection> {
    if (this.#waiting.length >= nextHopWaitingMax) return Promise.reject(new NextHopUnavailable('too many mails wait'))
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        resolve,
        reject,
        timer: setTimeout(() => {
          this.#waiting = this.#waiting.filter((one) => one !== waiting)
          reject(new NextHopUnavailable('all connections are busy'))
        }, nextHopWaitMsMax),
      }
      this.#waiting.push(waiting)
    })
  }

  async #open(): Promise<NextHopConnection> {
    this.#opening += 1
    try {
      const connection = await NextHopConnection.open(this.#address, this.#options.ownName)
      this.#all.add(connection)
      connection.onEnd(() => this.#forget(connection))
      this.#options.onCapabilities?.(connection.capabilities)
      return connection
    } catch (error) {
      this.#downUntil = performance.now() + nextHopRestMs
      this.#downReason = error instanceof Error ? error.message : 'unknown error'
      // Who waits for a connection of others would wait for nothing when none is left.
      if (this.#all.size === 0) this.#refuseWaiting(this.#downReason)
      throw error
    } finally {
      this.#opening -= 1
    }
  }

  #giveBack(connection: NextHopConnection): void {
    if (!connection.isOpen) this.#serveNext()
    else if (this.#isClosed) connection.quit()
    else {
      const next = this.#waiting.shift()
      if (next === undefined) this.#keepIdle(connection)
      else {
        clearTimeout(next.timer)
        next.resolve(connection)
      }
    }
  }

  #keepIdle(connection: NextHopConnection): void {
    const timer = setTimeout(() => connection.quit(), nextHopIdleMsMax)
    timer.unref()
    this.#idle.push({ connection, timer })
  }

  /** One ended while others wait: a new one takes its place. */
  #serveNext(): void {
    const next = this.#waiting.shift()
    if (next === undefined) return
    clearTimeout(next.timer)
    this.#take().then(next.resolve, next.reject)
  }

  #forget(connection: NextHopConnection): void {
    this.#all.delete(connection)
    const index = this.#idle.findIndex((one) => one.connection === connection)
    if (index !== -1) clearTimeout(this.#idle.splice(index, 1)[0]?.timer)
  }

  #refuseWaiting(reason: string): void {
    for (const { reject, timer } of this.#waiting.splice(0)) {
      clearTimeout(timer)
      reject(new NextHopUnavailable(reason))
    }
  }
}
