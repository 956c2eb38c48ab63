import { connect, type Socket } from 'node:net'

const form = 'List-Unsubscribe=One-Click'

/** What happened to one opt-out: `sent` without an answer means that nobody knows. */
export type Attempt = { readonly key: string; answer: 'sent' | 'acknowledged' | 'refused' }

/**
 * One keep-alive connection that says no for one link after another, the next as soon as the last one was answered,
 * until the hub is gone or the links are. Written on the bare socket, so that an answer counts only once it was read.
 */
export function sayNoes(
  port: number,
  links: Iterator<{ key: string; path: string }>,
): { ended: Promise<Attempt[]>; ready: Promise<void>; begin(): void } {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  const attempts: Attempt[] = []
  let received = ''
  const sendNext = () => {
    const next = links.next()
    if (next.done === true) return socket.end()
    attempts.push({ key: next.value.key, answer: 'sent' })
    socket.write(requestOf(next.value.path))
  }
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    received += chunk
    const answer = readAnswer(received)
    const current = attempts.at(-1)
    if (answer === undefined || current === undefined) return
    received = received.slice(answer.length)
    current.answer = answer.status >= 200 && answer.status < 300 ? 'acknowledged' : 'refused'
    sendNext()
  })
  // The hub is killed: that the connection breaks is the point.
  socket.on('error', () => {})
  return { ready: opened(socket), ended: closed(socket).then(() => attempts), begin: sendNext }
}

function requestOf(path: string): string {
  return (
    `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
    `Content-Length: ${form.length}\r\nConnection: keep-alive\r\n\r\n${form}`
  )
}

/** Undefined until the whole answer has come. */
function readAnswer(text: string): { status: number; length: number } | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end === -1) return undefined
  const head = text.slice(0, end)
  const body = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
  const length = end + 4 + body
  return text.length < length ? undefined : { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]), length }
}

function opened(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject))
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()))
}
