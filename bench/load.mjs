// A load generator that costs little: raw keep-alive sockets, one request under way on each, prebuilt bytes.
import { connect } from 'node:net'

/**
 * Sends every request once over `clients` connections and waits for each answer before the next on that connection.
 * `requests` yields Buffers; `ratePerSecond` spaces them evenly (open loop) instead of as fast as answers come.
 */
export async function sendAll({ port, host = '127.0.0.1', clients, requests, ratePerSecond }) {
  const iterator = requests[Symbol.iterator]()
  const latencies = []
  const statuses = new Map()
  const startedAt = performance.now()
  let sent = 0
  const due = () => startedAt + (sent++ * 1000) / ratePerSecond
  await Promise.all(
    Array.from({ length: clients }, async () => {
      const socket = connect({ port, host, noDelay: true })
      await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
      const answers = answersOf(socket)
      for (let next = iterator.next(); !next.done; next = iterator.next()) {
        const at = ratePerSecond === undefined ? performance.now() : due()
        const waitMs = at - performance.now()
        if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs))
        socket.write(next.value)
        const status = await answers()
        // From when it was due, so that a stalled server is not forgiven (no coordinated omission).
        latencies.push(performance.now() - at)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      socket.destroy()
    }),
  )
  return summarise(latencies, performance.now() - startedAt, statuses)
}

/** One answer at a time: the head is read for status and content-length, the body is skipped. */
function answersOf(socket) {
  let buffered = Buffer.alloc(0)
  let waiting
  const settle = () => {
    const end = buffered.indexOf('\r\n\r\n')
    if (end < 0 || waiting === undefined) return
    const head = buffered.toString('latin1', 0, end)
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0)
    if (buffered.length < end + 4 + length) return
    buffered = buffered.subarray(end + 4 + length)
    const { resolve } = waiting
    waiting = undefined
    resolve(Number(head.slice(9, 12)))
  }
  socket.on('data', (chunk) => {
    buffered = buffered.length === 0 ? chunk : Buffer.concat([buffered, chunk])
    settle()
  })
  socket.on('close', () => waiting?.reject(new Error('the server closed the connection')))
  return () =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      settle()
    })
}

export function summarise(latencies, elapsedMs, statuses = new Map()) {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return {
    count: sorted.length,
    perSecond: Math.round((sorted.length / elapsedMs) * 1000),
    p50Ms: round(at(0.5)),
    p99Ms: round(at(0.99)),
    statuses: Object.fromEntries(statuses),
  }
}

export function median(values) {
  const sorted = values.toSorted((one, other) => one - other)
  return sorted[Math.floor(sorted.length / 2)] ?? 0
}

export function httpRequest(method, path, headers = {}, body = '') {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: localhost', `Content-Length: ${Buffer.byteLength(body)}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`)
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

function round(ms) {
  return Math.round(ms * 100) / 100
}
