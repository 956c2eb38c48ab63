import PostalMime from 'postal-mime'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createSmarthost } from '../../src/adapters/mail/smarthost.ts'
import type { MailPort } from '../../src/services/ports.ts'
import { sendDueMails } from '../../src/services/send-due-mails.ts'
import { everyAlternative, Leaver } from '../leaving.ts'
import { sendParts } from '../mail.ts'
import { PublicPages, said } from '../public-pages.ts'
import { type Dovecot, startDovecot } from './dovecot.ts'
import { isMissing } from './missing.ts'
import { type Postfix, startPostfix } from './postfix.ts'
import { eventually } from './programs.ts'

/** Where the people of the pages have their mailboxes: one of Dovecot takes them all. */
const readersDomain = 'voorbeeld.be'
const hourMs = 3_600_000

describe.skipIf(isMissing('postfix', 'dovecot'))(
  'the mails that ask to confirm, in a mailbox of Dovecot behind Postfix',
  { timeout: 60_000 },
  () => {
    let pages: PublicPages
    let mailboxes: Dovecot
    let smarthostServer: Postfix
    let smarthost: MailPort & AsyncDisposable
    let jan: Leaver
    let read = 0

    beforeAll(async () => {
      pages = await PublicPages.open()
      smarthostServer = await startPostfix('', 'mail.verzet.example')
      mailboxes = await startDovecot([{ name: 'lezer' }], `127.0.0.1:${smarthostServer.port}`)
      await smarthostServer.reconfigure(`relay_domains = ${readersDomain}
relay_recipient_maps =
default_transport = error:5.1.2 no way there
virtual_alias_domains = ${readersDomain}
virtual_alias_maps = static:lezer@dovecot.example
transport_maps = inline:{ { dovecot.example = lmtp:inet:127.0.0.1:${mailboxes.port} } }
`)
      smarthost = createSmarthost({
        url: `smtp://127.0.0.1:${smarthostServer.port}`,
        from: 'optout@verzet.example',
        mailDomain: pages.hub.place.mailDomain,
      })
    }, 120_000)
    afterAll(async () => {
      for (const part of [smarthost, mailboxes, smarthostServer, pages]) await part?.[Symbol.asyncDispose]()
    }, 60_000)
    beforeEach(async () => {
      pages.pass(25 * hourMs)
      await pages.configure({ leaving: { policy: 'confirm_by_mail', alternatives: everyAlternative } })
      jan = await Leaver.arrive(pages)
    })

    /** Hands over what is owed and takes the one mail that then lies in the mailbox, as it lies there. */
    async function receive() {
      while ((await sendDueMails(sendParts(pages.hub, smarthost))).leased > 0);
      const found = await eventually(
        () => mailboxes.delivered('lezer'),
        (mails) => mails.length > read,
      )
      const arrived = found.slice(read)
      expect(arrived).toHaveLength(1)
      read += 1
      const raw = arrived[0] ?? ''
      const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'))
      const header = (name: string) => mail.headers.find(({ key }) => key === name)?.value
      return { raw, mail, header, links: linksOf(`${mail.text ?? ''} ${mail.html ?? ''}`) }
    }

    /** As scanners do before anybody reads the mail: every address in text and HTML, by GET and by HEAD, and what those lead to. */
    async function scan(links: readonly string[]): Promise<void> {
      const queue = [...links]
      const seen = new Set<string>()
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        if (seen.has(next)) continue
        seen.add(next)
        const answer = await pages.get(next)
        expect([next, answer.status]).toEqual([next, 200])
        await pages.send('HEAD', next)
        for (const [, path] of answer.text.matchAll(/(?:href|action)="(\/[^"#]*)/g)) {
          if (path !== undefined && isPersonal(path)) queue.push(path.replaceAll('&amp;', '&'))
        }
      }
      expect(seen.size).toBeGreaterThan(links.length)
    }

    it('ask once, by the rules of automatic mail, and a scanner that follows every link changes nothing', async () => {
      await jan.stop()
      const { raw, mail, header, links } = await receive()
      expect(raw).toMatch(/^Return-Path: <>/m)
      expect(header('auto-submitted')).toBe('auto-generated')
      expect(raw).not.toMatch(/^List-/im)
      expect(mail.subject).toContain('Acme')
      expect(mail.text).toContain('Is dit wat u wilt?')
      expect(mail.html).not.toMatch(/<(?:img|script|form|link)\b/)
      expect(links.filter((link) => link.includes('/confirm')).length).toBeGreaterThan(0)
      const before = await pages.everything()
      await scan(links)
      expect([await pages.everything(), await jan.state()]).toEqual([before, 'asked'])
      expect((await jan.gate()).every((decision) => decision === 'deny objection')).toBe(true)
    })

    it('to stay or to take something else open nothing until the button behind their link is pressed', async () => {
      await jan.stop()
      const page = (await receive()).links.find((link) => link.endsWith('/confirm'))?.replace('/confirm', '') ?? ''
      expect(said(await jan.take('pause:30', {}, page))).toContain('Bevestig uw keuze in uw mailbox.')
      const { links } = await receive()
      const before = await pages.everything()
      await scan(links)
      expect([await pages.everything(), await jan.state()]).toEqual([before, 'asked'])
      expect(await pages.decision(jan.email)).toBe('deny objection')
      pages.pass(hourMs)
      await pages.post(links.find((link) => link.startsWith('/k/')) ?? '')
      expect([await pages.decision(jan.email), await jan.state()]).toEqual(['defer pause', 'narrowed'])
    })

    it('to sign up open nothing until the button behind their link is pressed', async () => {
      const newcomer = `nieuw${read}@${readersDomain}`
      await pages.post('/sign-up/acme?lang=nl', { email: newcomer, topic: 'news', version: '0', website: '' })
      const { links } = await receive()
      const before = await pages.everything()
      await scan(links)
      expect(await pages.everything()).toEqual(before)
      const point = { type: 'email' as const, value: newcomer }
      expect(await pages.decision(point)).toBe('deny no_basis')
      await pages.post(links.find((link) => link.startsWith('/s/')) ?? '')
      expect(await pages.decision(point)).toBe('allow consent')
    })
  },
)

/** The paths of the hub that a text or an HTML part names, each once. */
function linksOf(text: string): string[] {
  const found = [...text.matchAll(/https:\/\/verzet\.example(\/[^\s"'<>#]*)/g)].map(([, path]) => path ?? '')
  return [...new Set(found.map((path) => path.replaceAll('&amp;', '&')))]
}

/** What concerns one person; a page for everybody is nobody's link. */
function isPersonal(path: string): boolean {
  return /^\/[uks]\/[\w-]+/.test(path)
}
