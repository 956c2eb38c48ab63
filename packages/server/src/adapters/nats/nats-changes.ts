import { type NatsLink, type NatsNames, openPublished } from '@verzet/gate-nats'
import { type PublishedChanges, readPublishedChange } from '../../services/published-changes.ts'
import type { Change } from '../../storage/changes.ts'

const retryMs = 2_000
/** A position is published every five seconds: two of them may be lost. */
const silentMsMax = 16_000

/** What the broker brings, for the followers of this process; it comes back by itself when the broker does. */
export class NatsChanges implements PublishedChanges, AsyncDisposable {
  readonly #link: NatsLink
  readonly #names: NatsNames
  readonly #listeners = new Set<(changes: readonly Change[]) => void>()
  readonly #stop = new AbortController()
  readonly #running: Promise<void>
  #heardAtMs = Number.NEGATIVE_INFINITY
  #wake = () => {}

  constructor(link: NatsLink, names: NatsNames) {
    this.#link = link
    this.#names = names
    this.#running = this.#run()
  }

  get isLive(): boolean {
    return performance.now() - this.#heardAtMs < silentMsMax
  }

  listen(listener: (changes: readonly Change[]) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await this.#read().catch(() => {})
      this.#heardAtMs = Number.NEGATIVE_INFINITY
      if (!this.#stop.signal.aborted) await this.#wait()
    }
  }

  async #read(): Promise<void> {
    const published = await openPublished(await this.#link.connection(), this.#names, this.#stop.signal)
    for await (const lines of published) {
      // Changes alone may be old ones: that something is published now is what a position says.
      const changes = lines.flatMap((line) => readPublishedChange(line) ?? [])
      if (changes.length < lines.length) this.#heardAtMs = performance.now()
      if (changes.length > 0) for (const listener of this.#listeners) listener(changes)
    }
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, retryMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}
