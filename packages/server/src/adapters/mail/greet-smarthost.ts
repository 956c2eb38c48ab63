import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { readSmarthostUrl } from './smarthost.ts'

/** A mail server that takes longer to say its name is as good as none to whoever waits. */
const greetingMaxMs = 10_000

export type Greeting =
  | { readonly kind: 'ok'; readonly offersTls: boolean }
  | { readonly kind: 'failed'; readonly reason: string }

/** Connects, says EHLO (RFC 5321 §4.1.1.1) and QUIT. Neither signs in nor sends. */
export function greetSmarthost(smarthost: string, ownName: string, certificateAuthority?: string): Promise<Greeting> {
  const { host, port, secure } = readSmarthostUrl(smarthost)
  const trust = certificateAuthority === undefined ? {} : { ca: certificateAuthority }
  const name = isIP(host) === 0 ? { servername: host } : {}
  const socket = secure ? connectTls({ host, port, ...name, ...trust }) : connect({ host, port })
  return converse(socket, ownName).then((answer) =>
    answer.kind === 'ok' ? { kind: 'ok', offersTls: secure || /^250[ -]STARTTLS\b/im.test(answer.text) } : answer,
  )
}

function converse(socket: Socket, ownName: string) {
  return new Promise<{ kind: 'ok'; text: string } | { kind: 'failed'; reason: string }>((resolve) => {
    let said = ''
    let hasGreeted = false
    const fail = (reason: string) => {
      socket.destroy()
      resolve({ kind: 'failed', reason })
    }
    socket.setTimeout(greetingMaxMs, () => fail('it did not answer within ten seconds'))
    socket.on('error', (error) => fail(error.message))
    socket.on('close', () => fail('it closed the connection'))
    socket.on('data', (bytes: Buffer) => {
      said += bytes.toString('latin1')
      // A reply ends with the line that has a space behind its code (RFC 5321 §4.2.1).
      if (!/^\d{3} .*\r?\n$/m.test(said)) return
      if (!said.startsWith('2')) return fail(`it answered ${said.slice(0, 80).trim()}`)
      if (hasGreeted) {
        socket.end('QUIT\r\n')
        return resolve({ kind: 'ok', text: said })
      }
      hasGreeted = true
      said = ''
      socket.write(`EHLO ${ownName}\r\n`)
    })
  })
}
