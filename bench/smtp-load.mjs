// A mail server that takes everything, and a client that sends as fast as it is let: for measuring what is between them.
import { connect, createServer } from 'node:net'

/** Takes mail for anybody and forgets it. `count()` says how many, `refused(address)` decides who is unknown. */
export async function startSink({ port = 0, host = '127.0.0.1' } = {}) {
  const recipients = new Map()
  let bytes = 0
  const server = createServer((socket) => {
    let rest = Buffer.alloc(0)
    let isInData = false
    let to = ''
    socket.setNoDelay(true).on('error', () => {})
    socket.write('220 sink.test ESMTP\r\n')
    socket.on('data', (chunk) => {
      rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      for (;;) {
        const end = rest.indexOf(isInData ? '\r\n.\r\n' : '\r\n')
        if (end === -1) return
        if (isInData) {
          bytes += end
          rest = rest.subarray(end + 5)
          isInData = false
          recipients.set(to, (recipients.get(to) ?? 0) + 1)
          socket.write('250 2.0.0 taken\r\n')
          continue
        }
        const line = rest.toString('latin1', 0, end)
        rest = rest.subarray(end + 2)
        const verb = line.slice(0, 4).toUpperCase()
        if (verb === 'EHLO')
          socket.write('250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250 SIZE 50000000\r\n')
        else if (verb === 'QUIT') socket.end('221 bye\r\n')
        else if (verb === 'DATA') {
          isInData = true
          socket.write('354 go on\r\n')
        } else {
          if (verb === 'RCPT') to = /<(.*?)>/.exec(line)?.[1] ?? ''
          socket.write('250 2.1.0 ok\r\n')
        }
      }
    })
  })
  await new Promise((resolve) => server.listen(port, host, resolve))
  return {
    port: server.address().port,
    recipients,
    bytes: () => bytes,
    stop: () => new Promise((resolve) => server.close(resolve)),
  }
}

/**
 * Sends `message(recipient)` to each recipient, one mail a transaction, over `connections` connections that stay open.
 * Returns what was answered how often, the seconds it took, and the milliseconds each mail took.
 */
export async function sendAll({ port, host = '127.0.0.1', auth, from, recipients, message, connections }) {
  const answers = new Map()
  const latenciesMs = []
  let next = 0
  const startedAt = performance.now()
  const work = async () => {
    const client = await openClient(port, host)
    await client.say('EHLO bench.test')
    if (auth) {
      const answer = await client.say(`AUTH PLAIN ${Buffer.from(`\0${auth.user}\0${auth.pass}`).toString('base64')}`)
      if (!answer.startsWith('235')) throw new Error(`not signed in: ${answer}`)
    }
    while (next < recipients.length) {
      const recipient = recipients[next]
      next += 1
      const begunAt = performance.now()
      const answer = await client.mail(from, recipient, message(recipient))
      latenciesMs.push(performance.now() - begunAt)
      const key = answer.slice(0, 9)
      answers.set(key, (answers.get(key) ?? 0) + 1)
    }
    client.quit()
  }
  await Promise.all(Array.from({ length: connections }, work))
  return { answers: Object.fromEntries(answers), seconds: (performance.now() - startedAt) / 1_000, latenciesMs }
}

async function openClient(port, host) {
  const socket = connect(port, host).setNoDelay(true)
  const replies = []
  const waiting = []
  let text = ''
  const give = (reply) => (waiting.length > 0 ? waiting.shift()(reply) : replies.push(reply))
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
    for (;;) {
      const whole = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(text)?.[0]
      if (whole === undefined) return
      text = text.slice(whole.length)
      give(whole.trimEnd())
    }
  })
  for (const event of ['error', 'close']) {
    socket.on(event, () => {
      for (const take of waiting.splice(0)) take('000 the connection ended')
    })
  }
  const reply = () =>
    replies.length > 0 ? Promise.resolve(replies.shift()) : new Promise((take) => waiting.push(take))
  const say = (line) => {
    socket.write(`${line}\r\n`)
    return reply()
  }
  await reply()
  return {
    say,
    quit: () => socket.end('QUIT\r\n'),
    /** RFC 2920: the envelope in one write. The answer is that to the message, or the one that refused it. */
    async mail(from, to, message) {
      socket.write(`MAIL FROM:<${from}>\r\nRCPT TO:<${to}>\r\nDATA\r\n`)
      const [sender, recipient, data] = [await reply(), await reply(), await reply()]
      const refused = [sender, recipient, data].find((answer) => !/^[23]/.test(answer))
      if (refused !== undefined) {
        await say('RSET')
        return refused
      }
      socket.write(message)
      return say('\r\n.')
    },
  }
}

export function percentile(values, share) {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
