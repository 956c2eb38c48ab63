/** A process that did nothing for this long was suspended, or its clock was set. */
const stalledMsMax = 5_000
const tickEveryMs = 1_000

type Clocks = { readonly monotonic: () => number; readonly wall: () => number }
const machineClocks: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() }

/**
 * How long nothing was heard, by the clock that never jumps and by the other one too, since the first stands still while the
 * machine sleeps. What lay in the buffers of a process that slept may be as old as its sleep: it is not heard.
 */
export class Hearing implements Disposable {
  readonly #clocks: Clocks
  readonly #timer: NodeJS.Timeout
  #heard = { monotonic: 0, wall: 0 }
  #awake: { monotonic: number; wall: number }

  constructor(clocks: Clocks = machineClocks) {
    this.#clocks = clocks
    this.#awake = this.#now()
    this.#timer = setInterval(() => this.tick(), tickEveryMs)
    this.#timer.unref()
  }

  get silentMs(): number {
    return this.#since(this.#heard)
  }

  /** False when the process has only just come back: whoever spoke may have done so long ago, and must be asked again. */
  hear(): boolean {
    if (this.#since(this.#awake) > stalledMsMax) {
      this.tick()
      return false
    }
    this.#heard = this.#now()
    return true
  }

  /** The process is running. */
  tick(): void {
    this.#awake = this.#now()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  /** A clock that was set back shows a time that is negative; both together never show less than what passed. */
  #since(moment: { monotonic: number; wall: number }): number {
    return Math.max(this.#clocks.monotonic() - moment.monotonic, this.#clocks.wall() - moment.wall)
  }

  #now(): { monotonic: number; wall: number } {
    return { monotonic: this.#clocks.monotonic(), wall: this.#clocks.wall() }
  }
}
