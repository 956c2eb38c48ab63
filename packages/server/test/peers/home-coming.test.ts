import { readFile } from 'node:fs/promises'
import { createTransport } from 'nodemailer'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startMailListener } from '../../src/adapters/smtp/mail-listener.ts'
import { listChoices } from '../../src/storage/choices.ts'
import { listDeliveryFacts } from '../../src/storage/delivery-facts.ts'
import { listOutboundMails } from '../../src/storage/outbound-mails.ts'
import { countMailVerdicts } from '../../src/storage/seen-mails.ts'
import { createTestHub, type TestHub } from '../hub.ts'
import { ask, keyed, type Point } from '../people.ts'
import { type Dovecot, startDovecot } from './dovecot.ts'
import { isMissing } from './missing.ts'
import { type Postfix, startPostfix } from './postfix.ts'
import { eventually, swaks, unsubscribeInMutt } from './programs.ts'
import { newReader, waysOutOf } from './readers.ts'

const optOutDomain = 'optout.verzet.example'
const readersDomain = 'lezers.example'
const guide = new URL('../../../../docs/operate/mail-intake.md', import.meta.url)

/** The users of Dovecot; whoever else is written to there does not exist. */
const users = [
  { name: 'els' },
  {
    name: 'verlof',
    sieve: `require ["vacation"];
vacation :days 1 :subject "Met verlof" "Ik ben er niet. STOP. Uitschrijven? Schrijf mij uit: later.";
`,
  },
  { name: 'weigert', sieve: 'require ["reject"];\nreject "STOP. Ik wil geen mail meer van u.";\n' },
  { name: 'vol', quotaBytes: 1 },
]

let hub: TestHub
let listener: Awaited<ReturnType<typeof startMailListener>>
let readersMail: Dovecot
let readersServer: Postfix
let ourServer: Postfix

/** The settings of the guide, with the domain and the port of the test in place of the example's. */
async function postfixOfTheGuide(port: number): Promise<string> {
  const block = /```\n# \/etc\/postfix\/main\.cf\n(.*?)```/s.exec(await readFile(guide, 'utf8'))?.[1]
  if (block === undefined) throw new Error('the guide has no Postfix example')
  const settings = block
    .replaceAll('optout.example.com', optOutDomain)
    .replaceAll('127.0.0.1:2525', `127.0.0.1:${port}`)
  expect(settings).toContain(optOutDomain)
  expect(settings).toContain(`:${port}`)
  return settings
}

describe.skipIf(isMissing('postfix', 'dovecot', 'swaks', 'mutt'))(
  'mail that comes home through Postfix',
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      hub = await createTestHub()
      listener = await startMailListener(hub, { host: '127.0.0.1', port: 0, protocol: 'lmtp', log: () => {} })
      ourServer = await startPostfix(await postfixOfTheGuide(listener.port), 'mail.verzet.example')
      readersServer = await startPostfix('', 'mail.lezers.example')
      readersMail = await startDovecot(users, `127.0.0.1:${readersServer.port}`)
      await readersServer.reconfigure(`relay_domains = ${readersDomain}
relay_recipient_maps =
delay_warning_time = 1s
default_transport = error:5.1.2 no way there
transport_maps = inline:{
  { ${readersDomain} = lmtp:inet:127.0.0.1:${readersMail.port} },
  { traag.example = smtp:[127.0.0.1]:1 },
  { ${optOutDomain} = smtp:[127.0.0.1]:${ourServer.port} } }
`)
    }, 120_000)
    afterAll(async () => {
      for (const part of [readersMail, readersServer, ourServer, listener, hub]) await part?.[Symbol.asyncDispose]()
    }, 60_000)

    const decision = async (reader: Point) => (await ask(hub, reader, 'email')).decision
    const isRefused = (reader: Point) =>
      eventually(
        () => decision(reader),
        (found) => found === 'deny',
      )
    const choicesOf = (reader: Point) => listChoices(hub.db, [keyed(hub, reader).key])
    const owedTo = (reader: Point) => listOutboundMails(hub.db, [keyed(hub, reader).key])
    const factsOf = (reader: Point) =>
      eventually(
        () => listDeliveryFacts(hub.db, [keyed(hub, reader).key]),
        (facts) => facts.length > 0,
      )
    const heard = async (verdict: string) => {
      const counts = await countMailVerdicts(hub.db, 0)
      return counts.filter((row) => row.verdict === verdict).reduce((sum, { count }) => sum + count, 0)
    }
    /** A campaign mail to somebody, whose reports go to their token; without list fields, or no responder would answer it. */
    const sendTo = async (reader: Point) => {
      const { address } = await waysOutOf(hub, reader)
      const server = ['--server', `127.0.0.1:${readersServer.port}`]
      const header = 'Subject: Onze aanbiedingen'
      await swaks(...server, '--from', address, '--to', reader.value, '--header', header, '--body', 'Alles half geld.')
    }

    describe('an opt-out by mail', () => {
      let reader: Point
      let address: string
      beforeEach(async () => {
        reader = await newReader(hub, readersDomain)
        address = (await waysOutOf(hub, reader)).address
      })

      it.each([
        ['with the subject of its link', ['--header', 'Subject: unsubscribe', '--body', 'unsubscribe']],
        ['without a subject or a word', ['--data', 'From: %FROM_ADDRESS%\\nTo: %TO_ADDRESS%\\nSubject: \\n\\n']],
        [
          'as Apple Mail writes it',
          [
            '--header',
            'Subject: ',
            '--body',
            'Apple Mail sent this email to unsubscribe from the message "Aanbiedingen"',
          ],
        ],
        [
          'in HTML alone',
          ['--add-header', 'MIME-Version: 1.0', '--add-header', 'Content-Type: text/html', '--body', '<p>weg</p>'],
        ],
        ['from another address', ['--from', 'thuis@elders.example', '--h-From', 'thuis@elders.example']],
      ])('from swaks %s holds', async (_how, args) => {
        await swaks('--server', `127.0.0.1:${readersServer.port}`, '--from', reader.value, '--to', address, ...args)
        await isRefused(reader)
        expect(await choicesOf(reader)).toMatchObject([
          { kind: 'objection', author: 'person', context: { signal: 'mailto' } },
        ])
        expect(await owedTo(reader)).toHaveLength(1)
      })

      it('by the example of the guide, straight to the listener, holds', async () => {
        await using direct = await startMailListener(hub, {
          host: '127.0.0.1',
          port: 0,
          protocol: 'smtp',
          log: () => {},
        })
        const line = /^swaks (.*)$/m.exec(await readFile(guide, 'utf8'))?.[1] ?? ''
        const args = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([whole, quoted]) => quoted ?? whole)
        const ours = args.map((word) =>
          word.replace('127.0.0.1:2525', `127.0.0.1:${direct.port}`).replace('<token>@optout.example.com', address),
        )
        expect(ours).toContain(address)
        expect(await swaks(...ours)).toMatch(/<- {2}250 2\.6\.0/)
        expect(await decision(reader)).toBe('deny')
      })

      it('that mutt sends for its reader holds', async () => {
        const els = await newReader(hub, readersDomain, 'els')
        const { listUnsubscribe } = await waysOutOf(hub, els)
        const server = ['--server', `127.0.0.1:${readersServer.port}`]
        const list = ['--add-header', `List-Unsubscribe: ${listUnsubscribe}`]
        await swaks(...server, '--from', 'nieuws@acme.example', '--to', els.value, ...list)
        await eventually(
          () => readersMail.delivered('els'),
          (mails) => mails.length > 0,
        )
        const sendmail = `/usr/sbin/sendmail -C ${readersServer.configDirectory} -oem -oi`
        await unsubscribeInMutt(readersMail.mailDirectory('els'), els.value, sendmail)
        await isRefused(els)
        expect(await choicesOf(els)).toMatchObject([{ context: { signal: 'mailto' } }])
      })
    })

    describe('a report of a mail server', () => {
      it.each([
        ['nobody has the address', 'niemand', 'hard', '5.1.1'],
        ['the mailbox is full', 'vol', 'soft', '5.2.2'],
      ])('that %s is a fact about the address and no opt-out', async (_what, name, outcome, status) => {
        const reader = await newReader(hub, readersDomain, name)
        await sendTo(reader)
        expect(await factsOf(reader)).toMatchObject([{ outcome, status, isVerified: true }])
        expect(await choicesOf(reader)).toEqual([])
        expect(await owedTo(reader)).toEqual([])
      })

      it('that it goes on trying is a delay', async () => {
        const reader = await newReader(hub, 'traag.example')
        await sendTo(reader)
        expect(await factsOf(reader)).toMatchObject([{ outcome: 'delayed', isVerified: true }])
        expect(await choicesOf(reader)).toEqual([])
      })

      it('of an international address, in its international form (RFC 6533), is read as well', async () => {
        const reader = await newReader(hub, readersDomain, 'jörg')
        const { address } = await waysOutOf(hub, reader)
        await createTransport({ host: '127.0.0.1', port: readersServer.port, ignoreTLS: true }).sendMail({
          envelope: { from: address, to: reader.value },
          from: 'nieuws@acme.example',
          to: reader.value,
          text: 'Alles half geld.',
        })
        // Dovecot takes no such addresses over LMTP, which says nothing of the address.
        expect(await factsOf(reader)).toMatchObject([{ outcome: 'soft', status: '5.6.7', isVerified: true }])
      })
    })

    describe('an automatic answer', () => {
      it('of somebody on leave, with STOP in its text, is counted, no opt-out, and not answered', async () => {
        const reader = await newReader(hub, readersDomain, 'verlof')
        const before = await heard('automatic_reply')
        await sendTo(reader)
        await eventually(
          () => heard('automatic_reply'),
          (count) => count > before,
        )
        expect(await decision(reader)).toBe('allow')
        expect(await choicesOf(reader)).toEqual([])
        expect(await owedTo(reader)).toEqual([])
      })

      it('of a script that rejects, with STOP in its text, is no opt-out either', async () => {
        const reader = await newReader(hub, readersDomain, 'weigert')
        await sendTo(reader)
        expect(await factsOf(reader)).toMatchObject([{ outcome: 'soft' }])
        expect(await choicesOf(reader)).toEqual([])
        expect(await owedTo(reader)).toEqual([])
      })
    })

    it('waits in the queue of the mail server while the hub is away, and is heard when it is back', async () => {
      const reader = await newReader(hub, readersDomain)
      const { address } = await waysOutOf(hub, reader)
      const { port } = listener
      await listener[Symbol.asyncDispose]()
      await swaks('--server', `127.0.0.1:${ourServer.port}`, '--from', reader.value, '--to', address)
      await eventually(
        () => ourServer.log(),
        (log) => /status=deferred/.test(log),
      )
      expect(await decision(reader)).toBe('allow')
      listener = await startMailListener(hub, { host: '127.0.0.1', port, protocol: 'lmtp', log: () => {} })
      await ourServer.flush()
      await isRefused(reader)
      expect(
        await eventually(
          () => ourServer.queued(),
          (count) => count === 0,
        ),
      ).toBe(0)
    })
  },
)
