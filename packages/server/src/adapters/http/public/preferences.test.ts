import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Point, phone, say } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage } from '../pages/testing/read-page.ts'

const minuteMs = 60_000
let pages: PublicPages
let jan: Point
let number: Point
let link: string
let people = 0

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(60 * minuteMs)
  people += 1
  number = phone(`+3247040${String(people).padStart(4, '0')}`)
  jan = await pages.customer([number])
  link = await pages.link(jan)
})

/** The grid as it is rendered now: what each box is and whether it is ticked. */
async function grid(path: string) {
  const form = find(readPage((await pages.get(path)).text), 'form', { action: `${path}/preferences` })
  const boxes = findAll(form, 'input', { type: 'checkbox' }).map(({ attributes }) => ({
    name: attributes.value ?? '',
    on: attributes.checked !== undefined,
  }))
  const hidden = (name: string) =>
    findAll(form, 'input', { type: 'hidden', name }).map(({ attributes }) => attributes.value ?? '')
  return { boxes, shown: hidden('shown'), was: hidden('was'), on: boxes.filter(({ on }) => on).map(({ name }) => name) }
}

type Grid = Awaited<ReturnType<typeof grid>>

/** Saves the grid with these boxes ticked. */
const save = (path: string, { shown, was }: Grid, receive: readonly string[]) =>
  pages.post(`${path}/preferences`, { shown, was, receive })

const everyBox = ['email:news', 'sms:news', 'whatsapp:news', 'email:offers', 'sms:offers', 'whatsapp:offers']

describe('the grid', () => {
  it('shows what the gate would answer, channel by channel', async () => {
    // Belgium asks for the do-not-call list before any call, which nobody loaded here.
    const before = await grid(link)
    expect(before.on).toEqual(everyBox)
    expect(before.boxes.filter(({ on }) => !on).map(({ name }) => name)).toEqual(['phone:news', 'phone:offers'])
    await say(pages.hub, jan, { kind: 'objection', scope: { channel: 'sms' } })
    expect((await grid(link)).on).toEqual(everyBox.filter((box) => !box.startsWith('sms')))
  })

  it('says nothing new when saved as it is', async () => {
    const shown = await grid(link)
    const before = await pages.everything()
    expect(said(await save(link, shown, shown.on))).toContain('Er is niets veranderd: dit stond al zo.')
    expect(await pages.everything()).toEqual(before)
  })

  it('refuses what is no longer ticked, and only that, at once', async () => {
    const shown = await grid(link)
    const answer = await save(link, shown, [
      'email:offers',
      'sms:news',
      'sms:offers',
      'whatsapp:news',
      'whatsapp:offers',
    ])
    expect(said(answer)).toContain('Nieuws, e-mail: krijgt u niet meer.')
    expect([
      await pages.decision(jan),
      await pages.decision(jan, 'email', 'offers'),
      await pages.decision(number, 'sms'),
    ]).toEqual(['deny objection', 'allow customer_relation', 'allow customer_relation'])
    await save(link, await grid(link), ['email:offers', 'sms:offers', 'whatsapp:news', 'whatsapp:offers'])
    expect([await pages.decision(number, 'sms'), await pages.decision(number, 'whatsapp')]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
  })

  it('sends one acknowledgement for one press, however many boxes it cleared', async () => {
    await pages.sendMails()
    await save(link, await grid(link), [])
    expect((await pages.sendMails()).filter(({ to }) => to === jan.value)).toHaveLength(1)
  })

  it('ignores boxes that were never there', async () => {
    const before = await pages.everything()
    const boxes = ['email:nothing', 'fax:news', 'email:orders', 'news', ':', 'email:news:x', 'email:magazine']
    await pages.post(`${link}/preferences`, { shown: boxes, was: boxes, receive: [] })
    await pages.post(`${link}/preferences`, { shown: boxes, was: [], receive: boxes })
    expect(await pages.everything()).toEqual(before)
  })
})

describe('Unticking all topics ≠ global, and UI says which', () => {
  it('says that more may still come, and offers the stop of everything', async () => {
    const answer = await save(link, await grid(link), [])
    expect(said(answer)).toContain('U hebt alle vinkjes weggehaald.')
    expect(find(readPage(answer.text), 'form', { action: `${link}/stop` })).toBeDefined()
    expect((await grid(link)).on).toEqual([])
    expect(said(await pages.get(link))).toContain('Stop alle reclame')
    expect(await pages.decision(jan, 'email', 'magazine', 'globex')).not.toBe('deny objection')
    await pages.saveTopic({ brand: 'acme', id: `new-${people}`, purpose: 'marketing', names: { nl: 'Nieuw' } })
    expect(await pages.decision(jan, 'email', `new-${people}`)).toBe('allow customer_relation')
    await pages.post(`${link}/stop`, { scope: 'all' })
    expect(await pages.decision(jan, 'email', `new-${people}`)).toBe('deny objection')
    await pages.hub.db.execute(`delete from topics where id like 'new-%'`)
    await pages.hub.catalog.reload()
  })
})

describe('ticking a box', () => {
  it('after an older no waits for the mail, and the grid says that it waits', async () => {
    await save(link, await grid(link), everyBox.slice(1))
    await pages.sendMails()
    pages.pass(31 * minuteMs)
    const answer = await save(link, await grid(link), everyBox)
    expect(said(answer)).toContain('Nieuws, e-mail: krijgt u zodra u de e-mail bevestigt')
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(said(await pages.get(link))).toContain('wacht op uw bevestiging')
    expect((await grid(link)).on).not.toContain('email:news')
    const confirmation = await pages.confirmation()
    expect(said(await pages.get(confirmation))).toContain('Nieuws, e-mail')
    await pages.post(confirmation)
    expect(await pages.decision(jan)).toBe('allow consent')
    expect((await grid(link)).on).toContain('email:news')
  })

  it('right after clearing it holds at once: the person changed their mind', async () => {
    await save(link, await grid(link), everyBox.slice(1))
    pages.pass(29 * minuteMs)
    const answer = await save(link, await grid(link), everyBox)
    expect(said(answer)).toContain('Nieuws, e-mail: krijgt u vanaf nu.')
    expect(said(answer)).not.toContain('Waarom stopt u?')
    expect(await pages.decision(jan)).toBe('allow consent')
  })

  it('right after a stop of everything reopens that box and no older no beneath it', async () => {
    await say(pages.hub, jan, { kind: 'objection', scope: { brand: 'acme', topic: 'offers' } })
    pages.pass(60 * minuteMs)
    await pages.post(`${link}/stop`, { scope: 'all' })
    const answer = await save(link, await grid(link), ['email:news', 'email:offers'])
    expect(said(answer)).toContain('Nieuws, e-mail: krijgt u vanaf nu.')
    expect(said(answer)).toContain('Aanbiedingen, e-mail: krijgt u zodra')
    expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
      'allow consent',
      'deny objection',
    ])
  })

  it('is signing up where nothing came before: it waits for the mail, also right after a stop (rule 4)', async () => {
    const stranger = { type: 'email', value: `nieuw${people}@voorbeeld.be` } as const
    const path = await pages.link(stranger)
    await pages.post(`${path}/stop`, { scope: 'all' })
    expect(said(await save(path, await grid(path), ['email:news']))).toContain('zodra u de e-mail bevestigt')
    expect(await pages.decision(stranger)).toBe('deny objection')
    await pages.sendMails()
  })

  it('of another channel is confirmed by the address, and holds for the number', async () => {
    await say(pages.hub, number, { kind: 'objection', scope: { brand: 'acme', channel: 'sms', topic: 'news' } })
    await pages.sendMails()
    pages.pass(60 * minuteMs)
    await save(link, await grid(link), everyBox)
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
    await pages.post(await pages.confirmation())
    // A no said through the number itself is the number’s to lift: the relation’s later consent does.
    expect(await pages.decision(number, 'sms')).toBe('allow consent')
  })

  it('that waits is not asked for again by saving once more, and expires', async () => {
    await save(link, await grid(link), everyBox.slice(1))
    await pages.sendMails()
    pages.pass(31 * minuteMs)
    await save(link, await grid(link), everyBox)
    const confirmation = await pages.confirmation()
    pages.pass(8 * 86_400_000)
    expect((await pages.post(confirmation)).status).toBe(410)
    expect(await pages.decision(jan)).toBe('deny objection')
  })
})

describe('a page that was left open', () => {
  it('since before a no revives nothing', async () => {
    const stale = await grid(link)
    await pages.post(`${link}/stop`, { scope: 'all' })
    pages.pass(31 * minuteMs)
    const before = await pages.everything()
    await save(link, stale, stale.on)
    expect(await pages.everything()).toEqual(before)
    await save(link, stale, everyBox.slice(1))
    expect([
      await pages.decision(jan),
      await pages.decision(jan, 'email', 'offers'),
      await pages.decision(number, 'sms'),
    ]).toEqual(Array(3).fill('deny objection'))
  })

  it('offers no undo for a no that somebody else’s press had said', async () => {
    const stale = await grid(link)
    await pages.post(`${link}/stop`, { scope: 'all' })
    const answer = await save(link, stale, everyBox.slice(1))
    expect(findAll(readPage(answer.text), 'form', { action: `${link}/undo` })).toEqual([])
    expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')
  })
})
