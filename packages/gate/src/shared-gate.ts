import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import type { Decision } from '@verzet/core'
import { inParts } from './decide-many.ts'
import { Fingerprinter } from './fingerprinter.ts'
import { control, controlUntil, processClock, type SharedGateHandle, type SharedMemory } from './gate-share.ts'
import { type About, denied, type GivenContactPoint, Questions } from './questions.ts'
import { StandingIndex } from './standing-index.ts'

/** A change is written in a microsecond; a thread that was put aside in the middle of one comes back well within this. */
const attemptsMax = 2_000
const waitMs = 1
/** Some fifty microseconds of a list: a change in between asks for all of it again. */
const readAtOnce = 256
/** After these its questions are asked one by one, each of which takes less than a change does. */
const partAttemptsMax = 8

/** Opens in a worker what `gate.share()` of another thread gave. */
export function openSharedGate(handle: SharedGateHandle): SharedGate {
  return new SharedGate(handle)
}

/**
 * The gate of another thread, answering from the same memory: at once, and by every change that the gate itself has taken
 * in. Claims, links and metrics are the gate's own.
 */
export class SharedGate implements Disposable {
  readonly #words: Int32Array
  readonly #moments: Float64Array
  readonly #port: MessagePort
  #generation = -1
  #questions: Questions | undefined

  constructor(handle: SharedGateHandle) {
    this.#words = new Int32Array(handle.control)
    this.#moments = new Float64Array(handle.control)
    this.#port = handle.port
    // What is sent while nobody asks is taken as well, or it would pile up with the memory it is about.
    this.#port.on('message', (shared: SharedMemory) => this.#take(shared))
    this.#port.unref()
  }

  /** As that of the gate: never throws, and `deny: stale` when the gate is not up to date, closed or gone. */
  decide(contactPoint: GivenContactPoint, about: About): Decision {
    return this.#read((questions) => questions.answer(contactPoint, about, Date.now()), attemptsMax) ?? denied('stale')
  }

  /** What `decide` says about each of a list, several times as fast for e-mail addresses. */
  decideMany(contactPoints: readonly GivenContactPoint[], about: About): Decision[] {
    return inParts(contactPoints, readAtOnce, (part) => {
      const decisions = this.#read((questions) => questions.answerMany(part, about, Date.now()), partAttemptsMax)
      return decisions ?? part.map((contactPoint) => this.decide(contactPoint, about))
    })
  }

  /** What is read while nothing changed; undefined when the gate does not answer, or changes all the time. */
  #read<Answer>(answer: (questions: Questions) => Answer, attempts: number): Answer | undefined {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const version = Atomics.load(this.#words, control.version)
      if (version % 2 !== 0) {
        Atomics.wait(this.#words, control.version, version, waitMs)
        continue
      }
      const questions = this.#current()
      if (questions === undefined || !this.#answers()) return undefined
      const read = readOrNothing(() => answer(questions))
      // Memory that makes no sense although nobody wrote to it will not make any the next time.
      if (Atomics.load(this.#words, control.version) === version) return read
    }
    return undefined
  }

  [Symbol.dispose](): void {
    this.#port.close()
    this.#questions = undefined
  }

  /** By the memory of the newest generation; undefined when it has not come. */
  #current(): Questions | undefined {
    const generation = Atomics.load(this.#words, control.generation)
    while (this.#generation < generation) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) return undefined
      this.#take(received.message)
    }
    return this.#questions
  }

  #take({ generation, memory, fingerprintKey, catalog }: SharedMemory): void {
    if (generation <= this.#generation) return
    this.#generation = generation
    this.#questions = new Questions(StandingIndex.over(memory), new Fingerprinter(fingerprintKey), catalog)
  }

  #answers(): boolean {
    const isInTime =
      processClock() <= (this.#moments[controlUntil.monotonic] ?? 0) &&
      Date.now() <= (this.#moments[controlUntil.wall] ?? 0)
    return isInTime && Atomics.load(this.#words, control.answers) === 1
  }
}

/** Undefined when a record was read while it changed. */
function readOrNothing<Answer>(read: () => Answer): Answer | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
