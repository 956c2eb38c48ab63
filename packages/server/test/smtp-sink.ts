import { createServer, type Socket } from 'node:net'

/** One mail as the sink received it: the envelope as it was said, the data as it came over the wire. */
export type ReceivedMail = { readonly from: string; readonly to: readonly string[]; readonly data: string }

/** What the sink says in place of its usual reply; `drop` ends the connection instead. */
export type SinkScript = {
  /** By the recipient's address, in order of the attempts; when used up, it is accepted. */
  readonly onRecipient?: (address: string) => string | undefined
  /** After the whole message was read. */
  readonly onData?: (mail: ReceivedMail) => string | 'drop' | undefined
  /** As soon as DATA was asked for, before the message is there. */
  readonly dropsDuringData?: () => boolean
  readonly onAuth?: () => string
}

export type SmtpSink = AsyncDisposable & {
  readonly url: string
  readonly port: number
  readonly received: readonly ReceivedMail[]
  readonly commands: readonly string[]
}

/** A mail server of the plainest kind (RFC 5321 without extensions but 8BITMIME and AUTH PLAIN), to see what is really sent. */
export async function startSmtpSink(script: SinkScript = {}): Promise<SmtpSink> {
  const received: ReceivedMail[] = []
  const commands: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    converse(socket, script, received, commands)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    received,
    commands,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function converse(socket: Socket, script: SinkScript, received: ReceivedMail[], commands: string[]): void {
  let buffer = ''
  let envelope = { from: '', to: [] as string[] }
  let isInData = false
  const reply = (line: string) => socket.write(`${line}\r\n`)
  const dataIn = (): void => {
    const end = buffer.indexOf('\r\n.\r\n')
    if (end === -1) return
    const mail = { ...envelope, data: buffer.slice(0, end).replaceAll('\r\n..', '\r\n.') }
    buffer = buffer.slice(end + 5)
    isInData = false
    const answer = script.onData?.(mail) ?? '250 2.0.0 taken'
    if (answer === 'drop') return void socket.destroy()
    if (answer.startsWith('2')) received.push(mail)
    reply(answer)
  }
  const command = (line: string): void => {
    commands.push(line)
    const address = /<(.*)>/.exec(line)?.[1] ?? ''
    if (/^EHLO/i.test(line)) reply(script.onAuth ? '250-sink.test\r\n250 AUTH PLAIN' : '250-sink.test\r\n250 8BITMIME')
    else if (/^AUTH/i.test(line)) reply(script.onAuth?.() ?? '503 5.5.1 no')
    else if (/^MAIL FROM/i.test(line)) {
      envelope = { from: address, to: [] }
      reply('250 2.1.0 ok')
    } else if (/^RCPT TO/i.test(line)) {
      const answer = script.onRecipient?.(address) ?? '250 2.1.5 ok'
      if (answer.startsWith('2')) envelope.to.push(address)
      reply(answer)
    } else if (/^DATA/i.test(line)) {
      isInData = true
      if (script.dropsDuringData?.()) setTimeout(() => socket.destroy(), 20)
      reply('354 go on')
    } else if (/^QUIT/i.test(line)) socket.end('221 bye\r\n')
    else reply('250 ok')
  }
  reply('220 sink.test ready')
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    buffer += chunk
    for (;;) {
      if (isInData) return dataIn()
      const end = buffer.indexOf('\r\n')
      if (end === -1) return
      const line = buffer.slice(0, end)
      buffer = buffer.slice(end + 2)
      command(line)
    }
  })
}
