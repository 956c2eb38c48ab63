import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Point } from '../../../../test/people.ts'
import { email, phone, say } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage } from '../pages/testing/read-page.ts'
import { heldBackMs, optOutsPerAddressMax } from './opt-out-routes.ts'

const hourMs = 3_600_000
let pages: PublicPages
let jan: Point
let number: Point
let people = 0

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(25 * hourMs)
  people += 1
  number = phone(`+3247030${String(people).padStart(4, '0')}`)
  jan = await pages.customer([number])
  await pages.sendMails()
})

const form = '/opt-out?lang=nl'
const optOut = (contact: string, more: Record<string, string> = {}) =>
  pages.post(form, { contact, post: '', brand: '', country: '', ...more })

/** The notices that are sent now, with their way to undo. */
async function notices() {
  return (await pages.sendMails()).flatMap((mail) => {
    const undo = /https:\/\/verzet\.example(\/o\/[\w-]+)/.exec(mail.text)?.[1]
    return undo === undefined ? [] : [{ ...mail, undo }]
  })
}

async function notice() {
  const [first] = await notices()
  if (first === undefined) throw new Error('no notice was sent')
  return first
}

describe('the public opt-out form', () => {
  it('holds at once for the address that was typed, of every brand, and leaves the other channels', async () => {
    const answer = await optOut(jan.value.toUpperCase())
    expect(answer.status).toBe(200)
    expect(said(answer)).toContain('Geen reclame meer per e-mail naar')
    expect(answer.text).not.toContain(jan.value)
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'magazine', 'globex')).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'orders')).toBe('allow service')
    expect(await pages.decision(number, 'sms')).toBe('allow customer_relation')
  })

  it('takes a number with all that it serves, and a postal address, and both together', async () => {
    const home = { type: 'post', value: `Kerkstraat ${people}, 9000 Gent, België` } as const
    const answer = await optOut(number.value, { post: home.value })
    expect(said(answer)).toContain('De reclame is gestopt.')
    for (const channel of ['sms', 'whatsapp', 'phone'] as const)
      expect(await pages.decision(number, channel)).toBe('deny objection')
    expect(await pages.decision(home, 'post')).toBe('deny objection')
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  })

  it('narrows to one brand when one is chosen, and means all when the choice got lost', async () => {
    await optOut(jan.value, { brand: 'acme' })
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'magazine', 'globex')).not.toBe('deny objection')
    const anna = await pages.customer()
    await optOut(anna.value, { brand: 'no-such-brand' })
    expect(await pages.decision(anna, 'email', 'magazine', 'globex')).toBe('deny objection')
    const piet = await pages.customer()
    await pages.post('/opt-out/globex', { contact: piet.value })
    expect(await pages.decision(piet, 'email', 'magazine', 'globex')).toBe('deny objection')
    expect(await pages.decision(piet)).toBe('allow customer_relation')
  })

  it('answers the same for an address it knows and one it does not, and keeps the no of both', async () => {
    const stranger = email(`onbekend${people}@voorbeeld.be`)
    const [known, unknown] = [await optOut(jan.value), await optOut(stranger.value)]
    const shape = (answer: { text: string }) => answer.text.replace(/\S+•••\S+/g, 'x')
    expect(shape(known)).toBe(shape(unknown))
    expect(await pages.decision(stranger)).toBe('deny objection')
  })

  it('asks again when it cannot read what was typed, and never guesses where a number lies', async () => {
    for (const typed of ['', 'jan', '0470 12 34 56']) {
      const answer = await optOut(typed)
      expect(answer.status).toBe(422)
      expect(find(readPage(answer.text), 'p', { role: 'alert' })).toBeDefined()
    }
    expect((await optOut(number.value.replace('+32', '0'), { country: 'BE' })).status).toBe(200)
    expect(await pages.decision(number, 'phone')).toBe('deny objection')
  })

  it('changes nothing by being looked at', async () => {
    const before = await pages.everything()
    for (const url of [form, '/opt-out/acme', `/opt-out?contact=${jan.value}`])
      expect((await pages.get(url)).status).toBe(200)
    expect(await pages.everything()).toEqual(before)
    expect((await pages.get('/opt-out/nobody')).status).toBe(404)
  })

  it('is reached from the page for codes, which is where the bare address of the hub leads', async () => {
    expect((await pages.get('/')).headers.location).toBe('/c')
    const links = findAll(readPage((await pages.get('/c?lang=fr')).text), 'a').map(({ attributes }) => attributes.href)
    expect(links).toContain('/opt-out?lang=fr')
    expect((await pages.get('/u/forged?lang=fr')).text).toContain('/opt-out?lang=fr')
  })

  it('writes no address into the log', () => {
    expect(pages.log).not.toContain('voorbeeld.be')
  })
})

describe('the notice about a no on the form', () => {
  it('goes to the address once a day, in the language on record, and is the acknowledgement as well', async () => {
    await optOut(jan.value)
    const mails = await pages.sendMails()
    expect(mails.length).toBe(1)
    expect(mails[0]?.subject).toBe('Bevestiging: uw afmelding bij Acme is geregistreerd')
    await optOut(jan.value)
    pages.pass(hourMs)
    await optOut(jan.value)
    expect(await pages.sendMails()).toEqual([])
    const number2 = await optOut(number.value)
    expect(number2.status).toBe(200)
    expect(await pages.sendMails()).toEqual([])
  })

  it('lets its reader undo exactly that: what held before holds again', async () => {
    await say(pages.hub, jan, { kind: 'objection', scope: { brand: 'acme', topic: 'offers' } })
    pages.pass(hourMs)
    await optOut(jan.value)
    const { undo } = await notice()
    const before = await pages.everything()
    expect(said(await pages.get(undo))).toContain('Hebt u dit niet gevraagd?')
    expect(await pages.everything()).toEqual(before)
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(said(await pages.post(undo))).toContain('Wat daarvoor gold, geldt nu weer.')
    expect(await pages.decision(jan)).toBe('allow customer_relation')
    expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')
    expect(said(await pages.post(undo))).toContain('Hier is niets meer ongedaan te maken.')
    const kinds = await pages.hub.db.query<{ body: string }>(`select body from evidence where kind = 'withdrawal'`)
    expect(kinds.some(({ body }) => body.includes('"actor":"person"') && body.includes('"notice"'))).toBe(true)
  })

  it('undoes a stranger who does it again, though no second notice is sent that day', async () => {
    await optOut(jan.value)
    const { undo } = await notice()
    await pages.post(undo)
    pages.pass(hourMs)
    await optOut(jan.value)
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await notices()).toEqual([])
    await pages.post(undo)
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  })

  it('never takes back what the person refused in another way since', async () => {
    await optOut(jan.value)
    const { undo } = await notice()
    await pages.post(`${await pages.link(jan)}/stop`, { scope: 'all' })
    await pages.post(undo)
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('expires after a week, and then leads to the own page', async () => {
    await optOut(jan.value)
    const { undo } = await notice()
    pages.pass(7 * 24 * hourMs)
    const answer = await pages.post(undo)
    expect(answer.status).toBe(410)
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(answer.text).toMatch(/href="https:\/\/verzet\.example\/u\//)
  })

  it('carries a link to the own page, which widens the no to everything', async () => {
    await optOut(jan.value)
    const page = /https:\/\/verzet\.example(\/u\/[\w-]+)/.exec((await notice()).text)?.[1] ?? ''
    await pages.post(`${page}/stop`, { scope: 'all' })
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
  })
})

describe('an undo on the page', () => {
  it.each([
    [29, 'allow customer_relation'],
    [31, 'deny objection'],
  ])('after %i minutes leaves %s', async (minutes, decision) => {
    const link = await pages.link(jan)
    const stopped = await pages.post(`${link}/stop`, { scope: 'all' })
    const undo = findAll(readPage(stopped.text), 'form').find(({ attributes }) => attributes.action?.endsWith('/undo'))
    const choice = undo && find(undo, 'input', { name: 'choice' }).attributes.value
    const withdrawals = await pages.count(`evidence where kind = 'withdrawal'`)
    pages.pass(minutes * 60_000)
    await pages.post(`${link}/undo`, { choice: choice ?? '' })
    expect(await pages.decision(jan)).toBe(decision)
    // The undo is itself on record, and the no it took back still is.
    const isUndone = decision.startsWith('allow') ? 1 : 0
    expect((await pages.count(`evidence where kind = 'withdrawal'`)) - withdrawals).toBe(isUndone)
    expect(await pages.count(`choices where id = '${choice}'`)).toBe(1)
  })
})

describe('a program that fills in the form', () => {
  it('has to wait, and every no is recorded', async () => {
    const strangers = Array.from({ length: optOutsPerAddressMax + 1 }, (_, at) =>
      email(`velen${people}.${at}@voorbeeld.be`),
    )
    const begunAt = performance.now()
    const answers = await Promise.all(strangers.map(({ value }) => optOut(value)))
    expect(performance.now() - begunAt).toBeGreaterThanOrEqual(heldBackMs - 50)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    const decisions = await Promise.all(strangers.map((one) => pages.decision(one)))
    expect(new Set(decisions)).toEqual(new Set(['deny objection']))
  })
})
