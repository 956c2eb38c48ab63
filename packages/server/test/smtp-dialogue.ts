import { connect } from 'node:net'

export type SmtpDialogue = AsyncDisposable & {
  /** Sends a line and waits for the whole reply to it, as it came. */
  say(line: string): Promise<string>
  /** Sends bytes as they are, and waits for nothing. */
  write(text: string): void
  /** The next reply, of one line or more; empty when the server hung up. */
  reply(): Promise<string>
}

/** A mail client that says what it is told, word by word, to see what a server really answers. */
export async function openDialogue(port: number): Promise<SmtpDialogue & { readonly greeting: string }> {
  const socket = connect(port, '127.0.0.1')
  let heard = ''
  let isOver = false
  let look = () => {}
  socket.setEncoding('utf8').on('data', (text: string) => {
    heard += text
    look()
  })
  socket
    .on('error', () => {})
    .on('close', () => {
      isOver = true
      look()
    })
  const reply = () =>
    new Promise<string>((resolve) => {
      look = () => {
        const whole = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(heard)?.[0]
        if (whole === undefined && !isOver) return
        heard = heard.slice(whole?.length ?? 0)
        look = () => {}
        resolve(whole?.trimEnd() ?? '')
      }
      look()
    })
  const write = (text: string) => void socket.write(text)
  const greeting = await reply()
  return {
    greeting,
    reply,
    write,
    say(line) {
      write(`${line}\r\n`)
      return reply()
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}
