import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import {
  type PageAsked,
  type PageFailure,
  pageAnsweredSchema,
  type ThreadData,
} from '../adapters/http/staff/insight/insight-messages.ts'
import type { StaffAnswer } from '../adapters/http/staff/staff-page.ts'
import type { ReadInsightPage } from '../adapters/http/staff/staff-reading.ts'
import { packageDirectory } from './package-directory.ts'

/** Longer than any statement may run; a thread that says nothing for so long hangs. */
const pageMsMax = 60_000
/** More than the staff of one hub look at in the same moment. */
const pagesAtOnceMax = 100
const stopMsMax = 2_000

type Waiting = { resolve(answer: StaffAnswer): void; reject(error: Error): void; readonly until: NodeJS.Timeout }

/** The thread's error as the log shows one: its name, its code, where it came from. */
function errorOf({ error, code, stack }: PageFailure): Error {
  const frames = (stack ?? []).map((frame) => `    ${frame}`)
  return Object.assign(new Error('a page of insight failed'), {
    name: error,
    stack: [error, ...frames].join('\n'),
    ...(code !== undefined && { code }),
  })
}

export type InsightPages = AsyncDisposable & { readonly read: ReadInsightPage }

/**
 * Pages of insight, put together in a thread of their own: one takes as long as dozens of opt-outs, which would wait for
 * it. The thread starts with the first page, and anew after one that failed.
 */
export function startInsightPages(data: ThreadData): InsightPages {
  let thread: Worker | undefined
  let lastId = 0
  const waiting = new Map<number, Waiting>()

  function start(): Worker {
    const started = new Worker(join(packageDirectory(), 'dist/insight-thread.mjs'), { workerData: data })
    // It keeps no process alive that has ended its work.
    started.unref()
    started.on('message', settle)
    const isGone = (cause?: unknown) => {
      if (thread === started) thread = undefined
      failAll(new Error('the thread of insight ended', { cause }))
    }
    started.on('error', isGone)
    started.on('exit', () => isGone())
    return started
  }

  function settle(message: unknown): void {
    const answered = pageAnsweredSchema.parse(message)
    const one = waiting.get(answered.id)
    if (one === undefined) return
    waiting.delete(answered.id)
    clearTimeout(one.until)
    if ('answer' in answered) one.resolve(answered.answer)
    else one.reject(errorOf(answered.failed))
  }

  function failAll(error: Error): void {
    const all = [...waiting.values()]
    waiting.clear()
    for (const { until, reject } of all) {
      clearTimeout(until)
      reject(error)
    }
  }

  return {
    read: (path, request) =>
      new Promise((resolve, reject) => {
        if (waiting.size >= pagesAtOnceMax) throw new Error(`${pagesAtOnceMax} pages of insight wait already`)
        thread ??= start()
        const asked: PageAsked = { id: ++lastId, path, request }
        const hanging = thread
        const until = setTimeout(() => void hanging.terminate(), pageMsMax)
        waiting.set(asked.id, { resolve, reject, until })
        thread.postMessage(asked)
      }),
    async [Symbol.asyncDispose]() {
      if (thread === undefined) return
      const stopping = thread
      const ended = once(stopping, 'exit')
      stopping.postMessage('stop')
      await Promise.race([ended, delay(stopMsMax, undefined, { ref: false })])
      await stopping.terminate()
    },
  }
}
