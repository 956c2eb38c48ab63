import { createServer, type Socket } from 'node:net'

/** One mail as the next hop got it, one character a byte. */
export type TakenMail = { readonly from: string; readonly to: readonly string[]; readonly data: string }

/** What it says in place of 250. `hang_up` ends the connection instead, `silence` leaves the client without an answer. */
type Answer = string | 'hang_up' | 'silence' | undefined

export type NextHopScript = {
  readonly capabilities?: readonly string[]
  readonly onMail?: (command: string) => Answer
  readonly onRecipient?: (address: string) => Answer
  /** Asked with the first bytes of the message, before its end is there. */
  readonly whileData?: () => Answer
  readonly onData?: (mail: TakenMail) => Answer | Promise<Answer>
  readonly onSignIn?: (line: string) => Answer
}

export type TestNextHop = AsyncDisposable & {
  readonly port: number
  /** Every mail that was answered 250. */
  readonly taken: readonly TakenMail[]
  readonly commands: readonly string[]
  readonly connections: () => number
  /** Ends every connection at once, and takes new ones. */
  cut(): void
  /** The same, and takes no more until `revive`. */
  kill(): Promise<void>
  revive(): Promise<void>
  script: NextHopScript
}

const allCapabilities = ['PIPELINING', '8BITMIME', 'SMTPUTF8', 'SIZE 50000000', 'ENHANCEDSTATUSCODES']

/** A mail server that does what a test tells it to. */
export async function startTestNextHop(script: NextHopScript = {}): Promise<TestNextHop> {
  const taken: TakenMail[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket, () => hop.script, taken, commands)
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const close = () => {
    cut()
    return new Promise<void>((resolve) => (server.listening ? server.close(() => resolve()) : resolve()))
  }
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const hop: TestNextHop = {
    port,
    taken,
    commands,
    script,
    connections: () => connections,
    cut,
    kill: close,
    revive: () => listen(port),
    [Symbol.asyncDispose]: close,
  }
  return hop
}

function converse(socket: Socket, script: () => NextHopScript, taken: TakenMail[], commands: string[]): void {
  let buffer = ''
  let envelope = { from: '', to: [] as string[] }
  let isInData = false
  let hasLooked = false
  const say = (answer: Answer, usual: string): boolean => {
    const line = answer ?? usual
    if (line === 'hang_up') socket.destroy()
    else if (line !== 'silence') socket.write(`${line}\r\n`)
    return line.startsWith('2') || line.startsWith('3')
  }
  const data = async (): Promise<void> => {
    const end = buffer.startsWith('.\r\n') ? 0 : buffer.indexOf('\r\n.\r\n') + 2
    if (buffer !== '' && !hasLooked) {
      hasLooked = true
      const answer = script().whileData?.()
      if (answer !== undefined) return void say(answer, '')
    }
    if (end === 1) return
    const mail = { ...envelope, data: buffer.slice(0, end).replace(/^\.\./gm, '.') }
    buffer = buffer.slice(end + 3)
    isInData = false
    if (say(await script().onData?.(mail), '250 2.0.0 taken')) taken.push(mail)
    envelope = { from: '', to: [] }
    if (buffer !== '') take()
  }
  const command = (line: string): void => {
    commands.push(line)
    const address = /<(.*)>/.exec(line)?.[1] ?? ''
    if (/^EHLO/i.test(line)) {
      const said = ['next-hop.test', ...(script().capabilities ?? allCapabilities)]
      socket.write(said.map((word, index) => `250${index === said.length - 1 ? ' ' : '-'}${word}\r\n`).join(''))
    } else if (/^AUTH/i.test(line)) say(script().onSignIn?.(line), '235 2.7.0 welcome')
    else if (/^MAIL/i.test(line)) {
      if (say(script().onMail?.(line), '250 2.1.0 ok')) envelope = { from: address, to: [] }
    } else if (/^RCPT/i.test(line)) {
      if (say(script().onRecipient?.(address), '250 2.1.5 ok')) envelope.to.push(address)
    } else if (/^DATA/i.test(line)) {
      isInData = envelope.to.length > 0
      hasLooked = false
      say(isInData ? '354 go on' : '554 5.5.1 no recipients', '')
    } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
    else say(undefined, '250 ok')
  }
  const take = (): void => {
    for (;;) {
      if (isInData) return void data()
      const end = buffer.indexOf('\r\n')
      if (end === -1) return
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      command(line)
    }
  }
  socket.write('220 next-hop.test\r\n')
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    buffer += chunk
    take()
  })
}
