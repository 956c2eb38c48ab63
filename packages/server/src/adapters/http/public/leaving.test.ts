import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { everyAlternative, Leaver, pageIn } from '../../../../test/leaving.ts'
import { email, keyed } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { closeUnansweredLeaves } from '../../../services/leaving/close-leaves.ts'
import { leaveOpenMs } from '../../../services/leaving/leaving-record.ts'
import { listOutboundTexts } from '../../../storage/outbound-texts.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

const minuteMs = 60_000
const refused = ['deny objection', 'deny objection', 'deny objection', 'deny objection']
const open = [
  'allow customer_relation',
  'allow customer_relation',
  'allow customer_relation',
  'allow customer_relation',
]
let pages: PublicPages
let jan: Leaver

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(60 * minuteMs)
  await pages.configure({})
  await pages.sendMails()
  jan = await Leaver.arrive(pages)
})

const asks = (policy: 'immediate' | 'confirm_on_page' | 'confirm_by_mail') =>
  pages.configure({ leaving: { policy, alternatives: everyAlternative } })

describe('a brand that asks nothing', () => {
  it('stops, offers its alternatives after that, and writes only what the law asks for', async () => {
    const answer = await jan.stop()
    expect(said(answer)).toContain('Liever iets anders?')
    expect(said(answer)).not.toContain('Is dit wat u wilt?')
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'first_act'])
    expect((await pages.sendMails()).map(({ text }) => text.includes('Is dit wat u wilt?'))).toEqual([false])
    expect(said(await pages.get(`${jan.link}/confirm`))).toContain('U krijgt geen reclame van Acme NV.')
  })
})

describe('a brand that asks on the page', () => {
  beforeEach(() => asks('confirm_on_page'))

  it('asks after the no holds, with the exit first and the largest', async () => {
    const answer = await jan.stop()
    expect(await jan.gate()).toEqual(refused)
    expect(said(answer)).toMatch(/U krijgt geen reclame meer van Acme NV\..*Is dit wat u wilt\?.*Doet u niets/)
    const pressed = findAll(readPage(answer.text), 'button', { type: 'submit' }).filter(
      ({ attributes }) => attributes.class,
    )
    expect(pressed.map(({ attributes }) => attributes.class).filter((one) => one?.includes('first'))).toHaveLength(1)
    expect(textOf(pressed[0] ?? { tag: '', attributes: {}, children: [] })).toBe('Ja, dit wil ik')
    expect(await jan.state()).toBe('asked')
  })

  it('takes a yes, once, from any link of the person', async () => {
    await jan.stop()
    expect(said(await jan.post('confirm'))).toContain('Uw keuze is bevestigd.')
    expect(said(await jan.post('confirm', {}, await pages.link(jan.email)))).toContain('Uw keuze is bevestigd.')
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'confirmed'])
  })

  it('lets who stays go on getting everything, through the same link within half an hour', async () => {
    await jan.stop()
    pages.pass(29 * minuteMs)
    expect(said(await jan.post('stay'))).toContain('Uw keuze is ongedaan gemaakt.')
    expect([await jan.gate(), await jan.state()]).toEqual([open, 'returned'])
  })

  it.each([
    [
      'later',
      async () => {
        pages.pass(31 * minuteMs)
        return jan.link
      },
    ],
    ['through another link', async () => pages.link(jan.email)],
  ])('has who stays confirm it by mail %s', async (_when, link) => {
    await jan.stop()
    pages.pass(minuteMs)
    await pages.sendMails()
    expect(said(await jan.post('stay', {}, await link()))).toContain('Bevestig uw keuze in uw mailbox.')
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'asked'])
    const confirmation = await pages.confirmation()
    await pages.get(confirmation)
    expect(await jan.gate()).toEqual(refused)
    await pages.post(confirmation)
    expect([(await jan.gate()).slice(0, 2), await jan.state()]).toEqual([
      ['allow consent', 'allow consent'],
      'returned',
    ])
  })

  it('counts an undo as coming back, and the undo of an alternative as still open', async () => {
    await jan.stop()
    const answer = await jan.take('pause:30')
    expect(await jan.state()).toBe('narrowed')
    const choice = findAll(readPage(answer.text), 'input', { name: 'choice' })[0]?.attributes.value ?? ''
    await jan.post('undo', { choice })
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'asked'])
    await jan.post('undo', { choice: (await jan.leave())?.id ?? '' })
    expect([await jan.gate(), await jan.state()]).toEqual([open, 'returned'])
  })

  it('asks the same again of who presses twice, and not of who had stopped long before', async () => {
    await jan.stop()
    expect(said(await jan.stop())).toContain('Is dit wat u wilt?')
    pages.pass(60 * minuteMs)
    expect(said(await jan.stop())).not.toContain('Is dit wat u wilt?')
    expect(await jan.leaves()).toHaveLength(1)
  })

  it('asks nothing of a one-click opt-out, and nothing of who asks to be erased', async () => {
    await pages.oneClick(jan.link)
    expect(await jan.leaves()).toEqual([])
    const other = await Leaver.arrive(pages)
    expect(said(await other.post('erase'))).not.toContain('Is dit wat u wilt?')
    expect((await other.leave())?.policy).toBe('immediate')
  })

  it('says of who never answers that nobody did, and nothing else changes', async () => {
    await jan.stop()
    pages.pass(leaveOpenMs - 1)
    await closeUnansweredLeaves(pages.hub.db, pages.hub.random, pages.now)
    expect(await jan.state()).toBe('asked')
    pages.pass(1)
    expect(await closeUnansweredLeaves(pages.hub.db, pages.hub.random, pages.now)).toBe(1)
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'unanswered'])
  })
})

describe('a brand that asks by mail', () => {
  beforeEach(() => asks('confirm_by_mail'))

  it('sends one mail, which acknowledges, asks, and offers the alternatives as plain links', async () => {
    expect(said(await jan.stop())).not.toContain('Is dit wat u wilt?')
    expect([await jan.gate(), await jan.state()]).toEqual([refused, 'first_act'])
    await jan.stop()
    const mails = await pages.sendMails()
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toMatch(
      /U hoeft niets te doen\.[\s\S]*Ja, dit wil ik:\n\S+\/confirm\n[\s\S]*Hoogstens één bericht/,
    )
    expect(mails[0]?.text).toContain('/confirm#pause-30')
    expect(await jan.state()).toBe('asked')
    expect(await pages.sendMails()).toEqual([])
  })

  it('changes nothing when a scanner opens every link of it', async () => {
    await jan.stop()
    const [mail] = await pages.sendMails()
    const before = await pages.everything()
    const links = [...(mail?.text ?? '').matchAll(/https:\/\/verzet\.example(\/\S+)/g)].map(([, path]) => path ?? '')
    expect(links.length).toBeGreaterThan(6)
    for (const path of links) expect((await pages.get(path)).status).toBe(200)
    for (const path of links) await pages.send('HEAD', path)
    expect(await pages.everything()).toEqual(before)
    expect(await jan.state()).toBe('asked')
  })

  it('takes the answer on the page behind the mail; an alternative is confirmed by a second one', async () => {
    await jan.stop()
    const page = pageIn((await pages.sendMails())[0])
    pages.pass(minuteMs)
    expect(said(await pages.get(`${page}/confirm`))).toMatch(/Is dit wat u wilt\?.*zodra u het in uw mailbox bevestigt/)
    expect(said(await jan.take('pause:30', {}, page))).toContain('Bevestig uw keuze in uw mailbox.')
    expect(await jan.gate()).toEqual(refused)
    await pages.post(await pages.confirmation())
    expect([await pages.decision(jan.email), await jan.state()]).toEqual(['defer pause', 'narrowed'])
    expect((await jan.leave())?.alternative).toBe('pause:30')
  })

  it('owes a text to who came by text, and asks on the page who came by letter', async () => {
    const texted = await pages.link(jan.number, { channel: 'sms' })
    await pages.post(`${texted}/stop`, { scope: 'all' })
    const { hub } = pages
    const texts = await listOutboundTexts(hub.db, [keyed(hub, jan.number).key])
    expect(texts).toMatchObject([{ kind: 'leaving', sentAt: null, details: { origin: { channel: 'sms' } } }])
    const other = await Leaver.arrive(pages)
    const letter = await pages.link(other.email, { channel: 'post' })
    expect(said(await other.post('stop', { scope: 'all' }, letter))).toContain('Is dit wat u wilt?')
  })

  it('keeps asking in the language that is chosen on the page behind the mail', async () => {
    await jan.stop()
    const page = pageIn((await pages.sendMails())[0])
    const nav = find(readPage((await pages.get(`${page}/confirm`)).text), 'nav')
    const hidden = findAll(nav, 'input').map(({ attributes }) => [attributes.name, attributes.value])
    expect(hidden).toEqual([
      ['from', 'switch'],
      ['page', 'confirm'],
    ])
    const inFrench = await pages.post(`${page}/details`, { ...Object.fromEntries(hidden), language: 'fr' })
    expect(find(readPage(inFrench.text), 'html').attributes.lang).toBe('fr')
    expect(findAll(readPage(inFrench.text), 'form').map(({ attributes }) => attributes.action)).toContain(
      `${page}/confirm`,
    )
    // Where no language is on record the switch is a link, to the same page.
    const stranger = email(`vreemd${pages.now}@voorbeeld.be`)
    const link = await pages.link(stranger)
    await pages.post(`${link}/stop`, { scope: 'all' })
    await pages.sendMails()
    const asked = await pages.get(`${link}/confirm?lang=en`)
    const links = findAll(find(readPage(asked.text), 'nav'), 'a').map(({ attributes }) => attributes.href)
    expect(links).toContain(`${link}/confirm?lang=de`)
  })

  it('is not sent once the no was taken back', async () => {
    await jan.stop()
    await jan.post('stay')
    expect(await pages.sendMails()).toEqual([])
  })
})

describe('a topic', () => {
  it('decides over its brand', async () => {
    await asks('immediate')
    const { id, brand, purpose, names } = pages.hub.catalog.topic('acme', 'news') ?? {
      id: '',
      brand: '',
      purpose: 'marketing',
      names: {},
    }
    await pages.saveTopic({
      id,
      brand,
      purpose,
      names,
      settings: { leaving: { policy: 'confirm_on_page', alternatives: [] } },
    })
    const answer = await jan.stop()
    expect(said(answer)).toContain('Is dit wat u wilt?')
    expect(answer.text).not.toContain('value="pause:30"')
    await pages.saveTopic({ id, brand, purpose, names })
  })
})
