import { fileURLToPath } from 'node:url'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSmarthostUrl } from '../../src/adapters/mail/smarthost.ts'
import { loadWayOutLabels } from '../../src/adapters/mail/way-out-labels.ts'
import { waysOutHtml, waysOutText } from '../../src/adapters/smtp/message/ways-out.ts'
import { type RunningRelay, startRelay } from '../../src/adapters/smtp/relay/relay-server.ts'
import { makeDkimKeys, type SignIn, signInFor } from '../../src/adapters/smtp/relay/testing/relay.ts'
import { verifyWithMailauth } from '../../src/adapters/smtp/relay/testing/verify.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { email, type Point, saveTestRelation, say } from '../people.ts'
import { comparePairs } from './fuzz/mime-oracle.ts'
import { type Delivered, type Inbox, startInbox, withoutTrace } from './inbox.ts'
import { messages } from './messages.ts'
import { isMissing } from './missing.ts'
import type { Postfix } from './postfix.ts'
import { eventually, swaks, trySwaks } from './programs.ts'
import { makeCertificate, startSender } from './relay-stage.ts'

const domain = 'lezers.example'
const labels = loadWayOutLabels(fileURLToPath(new URL('../../locales', import.meta.url)))
const keys = makeDkimKeys('acme.example')

let hub: TestHub
let inbox: Inbox
let relay: RunningRelay
let news: SignIn
let newsServer: Postfix
let ordersServer: Postfix
let number = 0

async function newReader(): Promise<Point> {
  number += 1
  const reader = email(`lezer${number}@${domain}`)
  await saveTestRelation(hub, `P-${number}`, [reader], { customerSince: '2024-01-01', language: 'nl' })
  return reader
}

/** Hands these very bytes to a mail server. */
async function sendRaw(server: Postfix, raw: Buffer, reader: Point): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true })
  await transport.sendMail({ envelope: { from: 'nieuws@acme.example', to: reader.value, use8BitMime: true }, raw })
}

async function arrivedFor(reader: Point): Promise<Delivered> {
  const [mail] = await eventually(
    () => inbox.deliveredTo(reader.value),
    (mails) => mails.length > 0,
  )
  if (mail === undefined) throw new Error('nothing arrived')
  return mail
}

describe.skipIf(isMissing('postfix', 'swaks'))(
  'mail that leaves through the relay between two Postfixes',
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      hub = await createTestHub()
      inbox = await startInbox(domain)
      relay = await startRelay(hub, {
        listen: [
          { host: '127.0.0.1', port: 0, implicitTls: false },
          { host: '127.0.0.1', port: 0, implicitTls: true },
        ],
        protocol: 'smtp',
        tls: await makeCertificate(),
        nextHop: readSmarthostUrl(`smtp://127.0.0.1:${inbox.postfix.port}`),
        dkimKeys: keys,
        labels,
        log: () => {},
      })
      news = await signInFor(hub, { topic: 'news', headersOnly: true })
      newsServer = await startSender(relay.ports[0] ?? 0, news, 'encrypt')
      ordersServer = await startSender(relay.ports[0] ?? 0, await signInFor(hub, { topic: 'orders' }), 'encrypt')
    }, 120_000)
    afterAll(async () => {
      for (const part of [newsServer, ordersServer, relay, inbox, hub]) await part?.[Symbol.asyncDispose]()
    }, 60_000)

    describe('service mail', () => {
      it.each(messages)('of %s arrives byte for byte, signed', async (_kind, raw) => {
        const reader = await newReader()
        await sendRaw(ordersServer, raw, reader)
        const { data } = await arrivedFor(reader)
        expect(withoutTrace(data)).toBe(withLastLineEnd(raw.toString('latin1')))
        expect(await verifyWithMailauth(asSigned(data), keys)).toEqual(['rsa pass', 'ed pass'])
      })
    })

    describe('advertising', () => {
      it.each(messages)('of %s arrives with what it had and what was added, signed', async (_kind, raw) => {
        const reader = await newReader()
        await sendRaw(newsServer, raw, reader)
        const { data } = await arrivedFor(reader)
        expect(await verifyWithMailauth(asSigned(data), keys)).toEqual(['rsa pass', 'ed pass'])
        const page = /^List-Unsubscribe: <(https:[^>]+)>,/m.exec(data)?.[1] ?? ''
        expect(page).toMatch(/^https:\/\/verzet\.example\/u\//)
        const links = { page, stopAll: `${page}#stop`, preferences: `${page}#preferences` }
        const way = { links, labels: labels.nl, language: 'nl' } as const
        const after = Buffer.from(withoutTrace(data), 'latin1')
        const pair = { number, before: raw, after, ours: [waysOutHtml(way), waysOutText(way)] }
        expect(comparePairs([pair]).problems).toEqual([])
      })
    })

    it('goes to those who may be written to, each with a link of their own, and to nobody else', async () => {
      const [one, other, refused] = [await newReader(), await newReader(), await newReader()]
      await say(hub, refused, { kind: 'objection' })
      const to = [one, refused, other].map(({ value }) => value).join(',')
      await swaks('--server', `127.0.0.1:${newsServer.port}`, '--from', 'nieuws@acme.example', '--to', to)
      const pages = await Promise.all(
        [one, other].map(async (reader) => /^List-Unsubscribe: <([^>]+)>/m.exec((await arrivedFor(reader)).data)?.[1]),
      )
      expect(new Set(pages).size).toBe(2)
      const log = await eventually(
        () => newsServer.log(),
        (text) => text.includes('status=bounced'),
      )
      expect(log).toMatch(new RegExp(`to=<${refused.value}>.* dsn=5\\.7\\.1, status=bounced`))
      expect(
        await eventually(
          () => newsServer.queued(),
          (count) => count === 0,
        ),
      ).toBe(0)
      expect(await inbox.deliveredTo(refused.value)).toEqual([])
    })

    describe('from swaks', () => {
      const signedIn = ({ user, pass }: SignIn) => ['--auth', 'PLAIN', '--auth-user', user, '--auth-password', pass]
      const server = (index: number) => ['--server', '127.0.0.1', '--port', String(relay.ports[index])]
      const letter = (reader: Point) => ['--from', 'nieuws@acme.example', '--to', reader.value]

      it.each([
        ['over STARTTLS', 0, '--tls'],
        ['over TLS from the first byte', 1, '--tls-on-connect'],
      ])('signed in %s is passed on', async (_how, port, tls) => {
        const reader = await newReader()
        const said = await swaks(...server(port), tls, ...signedIn(news), ...letter(reader))
        expect(said).toMatch(/=== TLS started/)
        expect(said).toMatch(/<~ {2}235 /)
        expect((await arrivedFor(reader)).data).toMatch(
          /^Received: from \S+ \(\[127\.0\.0\.1\]\)[\s\S]*? with ESMTPSA/m,
        )
      })

      it('with a wrong password is not', async () => {
        const reader = await newReader()
        const wrong = signedIn({ user: news.user, pass: 'geraden' })
        const { code, said } = await trySwaks(...server(0), '--tls', ...wrong, ...letter(reader))
        expect(said).toMatch(/<~\* 535 5\.7\.8/)
        expect(code).toBe(swaksExit.authFailed)
        expect(await inbox.deliveredTo(reader.value)).toEqual([])
      })

      it('without a sign-in is not', async () => {
        const reader = await newReader()
        const { code, said } = await trySwaks(...server(0), '--tls', ...letter(reader))
        expect(said).toMatch(/<~\* 530 5\.7\.0/)
        expect(code).toBe(swaksExit.mailRefused)
      })

      it('to somebody who said no is refused with the reason', async () => {
        const reader = await newReader()
        await say(hub, reader, { kind: 'objection' })
        const { code, said } = await trySwaks(...server(0), '--tls', ...signedIn(news), ...letter(reader))
        expect(said).toMatch(/<~\* 550 5\.7\.1 .*\(objection\)/)
        expect(code).toBe(swaksExit.recipientRefused)
      })
    })
  },
)

/** What it ends with, by the command that was refused (swaks(1), EXIT CODES). */
const swaksExit = { mailRefused: 23, recipientRefused: 24, authFailed: 28 } as const

/** SMTP ends the last line of every mail (RFC 5321 §4.1.1.4). */
function withLastLineEnd(raw: string): string {
  return raw.endsWith('\r\n') ? raw : `${raw}\r\n`
}

/** From the first field that the relay wrote: what stands above was written after it had signed. */
function asSigned(data: string): string {
  return data.slice(data.indexOf('DKIM-Signature:'))
}
