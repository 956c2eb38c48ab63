import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionIdleMs } from '../../../../services/staff/sessions.ts'
import { mayGoOn } from '../../../../services/today/may-go-on.ts'
import type { StaffParts } from '../staff-reading.ts'

/** The eye does not see more; and however many look, the day is read once. */
const lookEveryMs = 1_000
/** Proxies cut a stream that is silent for a minute. */
const heartbeatEveryMs = 15_000
/** What a slow reader gets to take what it has. */
const stalledPauseMs = 5_000
/** What was taken from somebody holds within this time. */
const sessionCheckedEveryMs = 10_000
/** A page left open for longer than a session may be idle is left: whoever comes back loads it again. */
const streamLongestMs = sessionIdleMs
/** A whole marketing department with three tabs each; beyond it the page shows the state at load. */
const streamsMax = 200

let openStreams = 0

export type LiveState = { readonly news: string; readonly html: string }

/** Server-sent events: the state now, and again whenever it changed. */
export function streamToday(
  parts: StaffParts,
  request: FastifyRequest,
  reply: FastifyReply,
  read: () => Promise<LiveState>,
): FastifyReply {
  const token = request.staff?.token
  // A browser that opens the address itself would wait for a page that never ends.
  if (!(request.headers.accept ?? '').includes('text/event-stream') || token === undefined) {
    return reply.code(406).header('content-type', 'text/plain').send('text/event-stream only')
  }
  if (openStreams >= streamsMax) return reply.code(503).header('content-type', 'text/plain').send('too many readers')
  const stop = new AbortController()
  reply.hijack()
  reply.raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
    connection: 'close',
  })
  openStreams += 1
  reply.raw.once('close', () => {
    openStreams -= 1
    stop.abort()
  })
  const { server } = request.server
  const write = (text: string) => reply.raw.write(text)
  void follow(parts, { token, stop: stop.signal, isOpen: () => server.listening, write, read }).then(
    () => reply.raw.end(),
    // Without a database the browser comes back by itself, and says meanwhile that the line is down.
    () => reply.raw.destroy(),
  )
  return reply
}

type Following = {
  readonly token: string
  readonly stop: AbortSignal
  /** False once the hub closes: it waits for its readers. */
  isOpen(): boolean
  write(text: string): boolean
  read(): Promise<LiveState>
}

async function follow({ hub }: StaffParts, { token, stop, isOpen, write, read }: Following): Promise<void> {
  const startedAtMs = performance.now()
  let told = ''
  let toldAtMs = startedAtMs
  let checkedAtMs = startedAtMs
  while (!stop.aborted) {
    const nowMs = performance.now()
    if (nowMs - startedAtMs > streamLongestMs) break
    if (nowMs - checkedAtMs > sessionCheckedEveryMs) {
      if (!(await mayGoOn(hub, token, 'today'))) break
      checkedAtMs = nowMs
    }
    const { news, html } = await read()
    const isNews = news !== told
    const isDue = nowMs - toldAtMs > heartbeatEveryMs
    // A reader that takes nothing is not written to: the next state replaces this one anyway.
    const isTaken =
      isNews || isDue ? write(isNews ? `event: state\ndata: ${html.replaceAll('\n', ' ')}\n\n` : ': here\n\n') : true
    if (isNews) told = news
    if (isNews || isDue) toldAtMs = nowMs
    if (!isOpen()) return
    await pause(isTaken ? lookEveryMs : stalledPauseMs, stop)
  }
  write('event: end\ndata: \n\n')
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      stop.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    timer.unref()
    stop.addEventListener('abort', end)
  })
}
