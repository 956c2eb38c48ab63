import { MessageChannel, type MessagePort } from 'node:worker_threads'
import type { ReplicaTerms } from './hub-client.ts'
import type { IndexMemory } from './index-memory.ts'
import type { GateCatalog } from './questions.ts'
import type { StandingIndex } from './standing-index.ts'

/*
 *  owner                                             worker, for each question
 *  a change:   version odd ─> memory ─> version even   version even? ─> generation mine? ─> in time? ─> read ─> version same?
 *  larger memory: message ─> generation + 1             no: wait       no: take the message  no: stale          no: again
 *
 *  The message is sent before the generation moves, so whoever sees the new one finds it. The worker never waits for the
 *  owner's turn: it takes the message itself (receiveMessageOnPort). What was not told in time denies, also when the thread
 *  of the owner has ended.
 */

/** Places in the control words. */
export const control = { version: 0, generation: 1, answers: 2 } as const
/** Places in the control moments, behind the words: until when it answers, by the two clocks. */
export const controlUntil = { monotonic: 2, wall: 3 } as const
const controlBytes = 32

/** What a worker gets: pass it with `transferList: [handle.port]`, one for each worker. */
export type SharedGateHandle = { readonly control: SharedArrayBuffer; readonly port: MessagePort }

export type SharedMemory = {
  readonly generation: number
  readonly memory: IndexMemory
  readonly fingerprintKey: Uint8Array
  readonly catalog: GateCatalog
}

/** The same clock in all threads of a process, in ms; it never jumps, and stands still while the machine sleeps. */
export function processClock(): number {
  const [seconds, nanoseconds] = process.hrtime()
  return seconds * 1000 + nanoseconds / 1e6
}

/** Lets other threads answer from the memory of a gate. */
export class GateShare {
  readonly #buffer = new SharedArrayBuffer(controlBytes)
  readonly #words = new Int32Array(this.#buffer)
  readonly #moments = new Float64Array(this.#buffer)
  readonly #ports = new Set<MessagePort>()
  #index: StandingIndex | undefined
  #terms: ReplicaTerms | undefined

  open(): SharedGateHandle {
    const { port1, port2 } = new MessageChannel()
    this.#ports.add(port1)
    port1.on('close', () => this.#ports.delete(port1))
    // Nobody's process goes on for a worker that could still ask.
    port1.unref()
    this.#send([port1])
    return { control: this.#buffer, port: port2 }
  }

  /** From now on this index is shared, and judged by these terms. */
  publish(index: StandingIndex, terms: ReplicaTerms): void {
    if (this.#index !== index) this.#index?.share(undefined)
    this.#index = index
    this.#terms = terms
    index.share({ words: this.#words, onMoved: () => this.#move() })
    this.#move()
  }

  /** Whether it answers, and for how long when nothing more is heard. */
  tell(answers: boolean, forMs: number): void {
    this.#moments[controlUntil.monotonic] = processClock() + forMs
    this.#moments[controlUntil.wall] = Date.now() + forMs
    Atomics.store(this.#words, control.answers, answers ? 1 : 0)
  }

  close(): void {
    this.tell(false, 0)
    this.#index?.share(undefined)
    for (const port of this.#ports) port.close()
  }

  #move(): void {
    const generation = (this.#words[control.generation] ?? 0) + 1
    this.#send([...this.#ports], generation)
    Atomics.store(this.#words, control.generation, generation)
  }

  #send(ports: readonly MessagePort[], generation = this.#words[control.generation] ?? 0): void {
    if (this.#index === undefined || this.#terms === undefined) return
    const { fingerprintKey, catalog } = this.#terms
    const message: SharedMemory = { generation, memory: this.#index.memory(), fingerprintKey, catalog }
    for (const port of ports) port.postMessage(message)
  }
}
