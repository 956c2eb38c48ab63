import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { describeError } from '../adapters/http/request-log.ts'
import {
  type PageAsked,
  type PageFailure,
  pageAnsweredSchema,
  type ThreadData,
} from '../adapters/http/staff/insight/insight-messages.ts'
import type { StaffAnswer, StaffAsking } from '../adapters/http/staff/staff-page.ts'
import type { InsightElsewhere } from '../adapters/http/staff/staff-reading.ts'
import { packageDirectory } from './package-directory.ts'

/** A thread that answers nothing for so long while pages wait hangs: no statement may run half of it. */
const silentMsMax = 60_000
/** Nobody looks any more: what it holds is given back. */
const idleMsMax = 600_000
/** More than the staff of one hub look at in the same moment. */
const pagesAtOnceMax = 100
const stopMsMax = 2_000
/** A thread that cannot start is not tried at every page of staff. */
const prepareAgainMs = 60_000

type Waiting = { resolve(answer: StaffAnswer): void; reject(error: Error): void }

export type InsightPages = AsyncDisposable & InsightElsewhere

/**
 * Pages of insight, put together in a thread of their own: one takes as long as dozens of opt-outs, which would wait for
 * it. The thread starts when somebody is at work who may look at them, ends when none was asked for in a while, and starts
 * anew after it broke.
 */
export function startInsightPages(data: ThreadData): InsightPages {
  let latest: InsightThread | undefined
  /** One that ends may still be at it when the next has begun. */
  const threads = new Set<InsightThread>()
  let isClosed = false
  let preparedAt = Number.NEGATIVE_INFINITY
  const running = () => {
    if (latest === undefined || latest.isOver) {
      const begun = new InsightThread(data)
      threads.add(begun)
      void begun.ended.then(() => threads.delete(begun))
      latest = begun
    }
    return latest
  }
  return {
    async read(path, request) {
      if (isClosed) throw new Error('the hub is closing')
      return running().read(path, request)
    },
    prepare() {
      if (isClosed) return
      const isRunning = latest !== undefined && !latest.isOver
      if (!isRunning && performance.now() - preparedAt < prepareAgainMs) return
      if (!isRunning) preparedAt = performance.now()
      running().prepare()
    },
    async [Symbol.asyncDispose]() {
      isClosed = true
      await Promise.all([...threads].map((thread) => thread.stop()))
    },
  }
}

/** One thread, with the pages that wait for it: what becomes of it is theirs alone. */
class InsightThread {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly ended: Promise<void>
  #lastId = 0
  #timer: NodeJS.Timeout | undefined
  #isPrepared = false
  #isOver = false

  constructor(data: ThreadData) {
    this.#worker = new Worker(join(packageDirectory(), 'dist/insight-thread.mjs'), { workerData: data })
    // It keeps no process alive that has ended its work.
    this.#worker.unref()
    this.#worker.on('message', (message) => this.#settle(message))
    this.#worker.on('error', (error) => this.#fail(errorOf('the thread of insight broke', describeError(error))))
    this.ended = new Promise((resolve) => {
      this.#worker.on('exit', () => {
        this.#fail(new Error('the thread of insight ended'))
        resolve()
      })
    })
    this.#watch()
  }

  /** It takes no more pages. */
  get isOver(): boolean {
    return this.#isOver
  }

  read(path: string, request: StaffAsking): Promise<StaffAnswer> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.size >= pagesAtOnceMax) throw new Error(`${pagesAtOnceMax} pages of insight wait already`)
      const asked: PageAsked = { id: ++this.#lastId, path, request }
      this.#waiting.set(asked.id, { resolve, reject })
      if (this.#waiting.size === 1) this.#watch()
      this.#worker.postMessage(asked)
    })
  }

  /** Loads what pages are made with, and counts as use. */
  prepare(): void {
    if (!this.#isPrepared && this.#lastId === 0) this.#worker.postMessage('prepare')
    this.#isPrepared = true
    if (this.#waiting.size === 0) this.#watch()
  }

  /** Lets it finish and close its connections; what takes too long is cut. */
  async stop(): Promise<void> {
    this.#isOver = true
    clearTimeout(this.#timer)
    this.#worker.postMessage('stop')
    const cut = setTimeout(() => void this.#worker.terminate(), stopMsMax)
    await this.ended
    clearTimeout(cut)
  }

  #settle(message: unknown): void {
    const answered = pageAnsweredSchema.parse(message)
    const one = this.#waiting.get(answered.id)
    this.#waiting.delete(answered.id)
    this.#watch()
    if ('answer' in answered) one?.resolve(answered.answer)
    else one?.reject(errorOf('a page of insight failed', answered.failed))
  }

  /** From now on it may be silent for a while: longer where nobody waits. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#isOver) return
    this.#timer = setTimeout(
      () => {
        if (this.#waiting.size === 0) void this.stop()
        else void this.#worker.terminate()
      },
      this.#waiting.size === 0 ? idleMsMax : silentMsMax,
    )
    this.#timer.unref()
  }

  #fail(error: Error): void {
    this.#isOver = true
    clearTimeout(this.#timer)
    const all = [...this.#waiting.values()]
    this.#waiting.clear()
    for (const { reject } of all) reject(error)
  }
}

/** An error of the thread as the log shows one: its name, its code, where it came from. */
function errorOf(message: string, { error, code, stack }: Partial<PageFailure>): Error {
  const frames = (stack ?? []).map((frame) => `    ${frame}`)
  const name = error ?? 'Error'
  return Object.assign(new Error(message), {
    name,
    stack: [name, ...frames].join('\n'),
    ...(code !== undefined && { code }),
  })
}
