import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Leaver } from '../../../../test/leaving.ts'
import type { Point } from '../../../../test/people.ts'
import { email, say } from '../../../../test/people.ts'
import { type Answer, PublicPages, said } from '../../../../test/public-pages.ts'
import { closeUnansweredLeaves } from '../../../services/leaving/close-leaves.ts'
import { saveConsentTexts } from '../../../services/sign-up/consent-texts.ts'
import { find, findAll, readPage } from '../pages/testing/read-page.ts'

const hourMs = 3_600_000
let pages: PublicPages
let newcomer: Point
let people = 0

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(() => {
  // A day apart, so that no test meets another's daily limits.
  pages.pass(25 * hourMs)
  people += 1
  newcomer = email(`nieuw${people}@voorbeeld.be`)
})

const form = '/sign-up/acme?lang=nl'

function signUp(fields: Record<string, string | readonly string[]> = {}, url = form): Promise<Answer> {
  return pages.post(url, { email: newcomer.value, topic: 'news', version: '0', website: '', ...fields })
}

/** The path of the confirmation in the mails that are sent now. */
async function links(): Promise<string[]> {
  return (await pages.sendMails()).flatMap(({ text }) => /https:\/\/verzet\.example(\/s\/[\w-]+)/.exec(text)?.[1] ?? [])
}

async function link(): Promise<string> {
  const [first] = await links()
  if (first === undefined) throw new Error('no mail asked for a confirmation')
  return first
}

describe('the sign-up form', () => {
  it('ticks nothing beforehand and shows what is agreed to', async () => {
    const answer = await pages.get(form)
    expect(answer.status).toBe(200)
    const boxes = findAll(readPage(answer.text), 'input', { type: 'checkbox' })
    expect(boxes.map(({ attributes }) => attributes.value)).toEqual(['news', 'offers'])
    expect(boxes.filter(({ attributes }) => 'checked' in attributes)).toEqual([])
    expect(said(answer)).toContain('Ik kan dit op elk moment stoppen.')
  })

  it('opens nothing before the button on the page behind the mail is pressed', async () => {
    expect(said(await signUp())).toContain('Kijk in uw mailbox')
    expect(await pages.decision(newcomer)).toBe('deny no_basis')
    const path = await link()
    const before = await pages.everything()
    for (const method of ['GET', 'HEAD'] as const) expect((await pages.send(method, path)).status).toBe(200)
    expect(await pages.everything()).toEqual(before)
    expect(await pages.decision(newcomer)).toBe('deny no_basis')
    const done = await pages.post(path)
    expect(said(done)).toContain('Uw aanmelding is bevestigd')
    expect(await pages.decision(newcomer)).toBe('allow consent')
    // Only what was asked for.
    expect(await pages.decision(newcomer, 'email', 'offers')).toBe('deny no_basis')
    expect(said(await pages.post(path))).toContain('Dit was al bevestigd.')
  })

  it('answers the same for an address it knows, one it does not, and one that refused everything', async () => {
    const known = await pages.customer()
    const gone = await pages.customer()
    await say(pages.hub, gone, { kind: 'objection' })
    const answers = []
    for (const point of [newcomer, known, gone]) answers.push(await signUp({ email: point.value }))
    const shapes = answers.map((answer) => said(answer).replace(/\S+@\S+/g, 'x'))
    expect(new Set(shapes).size).toBe(1)
    expect((await links()).length).toBe(3)
  })

  it('asks again for what is missing and keeps what was typed', async () => {
    const none = await signUp({ topic: [], email: 'geen adres' })
    expect(none.status).toBe(422)
    const page = readPage(none.text)
    expect(findAll(page, 'p', { role: 'alert' }).length).toBe(2)
    expect(find(page, 'input', { id: 'email' }).attributes.value).toBe('geen adres')
    expect((await signUp({ topic: 'orders' })).status).toBe(422)
    expect((await signUp({ version: '7' })).status).toBe(422)
    expect(await links()).toEqual([])
  })

  it('sends nothing for a program that fills in every field, and tells it nothing', async () => {
    const person = said(await signUp())
    await pages.sendMails()
    const program = said(await signUp({ email: `robot${people}@voorbeeld.be`, website: 'https://spam.example' }))
    expect(program.replace(/\S+@\S+/g, 'x')).toBe(person.replace(/\S+@\S+/g, 'x'))
    expect(await links()).toEqual([])
  })

  it('is unknown for a brand that is', async () => {
    expect((await pages.get('/sign-up/nobody')).status).toBe(404)
    expect((await pages.post('/sign-up/nobody', { email: 'a@b.be' })).status).toBe(404)
  })

  it('stops an address that asks for one mail after another', async () => {
    pages.pass(hourMs)
    const answers = []
    for (let count = 0; count < 22; count += 1) answers.push((await signUp({ email: 'x' })).status)
    expect(answers.slice(0, 3)).toEqual([422, 422, 422])
    expect(answers.at(-1)).toBe(429)
  })
})

describe('a sign-up', () => {
  // The form stops one address at twenty; these speak of what comes after it.
  beforeEach(async () => {
    await pages[Symbol.asyncDispose]()
    pages = await PublicPages.open()
  })

  it('asked twice is one, with one link; asked too often sends no more mail', async () => {
    await Promise.all([signUp(), signUp()])
    const [path, ...others] = await links()
    expect(others).toEqual([])
    pages.pass(hourMs)
    await signUp()
    expect((await pages.get(path ?? '')).status).toBe(200)
    expect((await links()).length).toBe(1)
    expect(await pages.count(`sign_ups`)).toBe(1)
    for (const topic of ['offers', ['news', 'offers']]) {
      await signUp({ topic })
      pages.pass(hourMs)
    }
    expect((await links()).length).toBe(1)
    await pages.post(path ?? '')
    expect(await pages.decision(newcomer)).toBe('allow consent')
  })

  it('expires after 72 hours', async () => {
    await signUp()
    const path = await link()
    pages.pass(72 * hourMs)
    for (const answer of [await pages.get(path), await pages.post(path)]) {
      expect(answer.status).toBe(410)
      expect(said(answer)).toContain('Deze bevestiging is verlopen.')
    }
    expect(await pages.decision(newcomer)).toBe('deny no_basis')
  })

  it('says what was refused before, lifts what it covers once confirmed, and nothing more', async () => {
    const jan = await pages.customer()
    await pages.post(`${await pages.link(jan)}/stop`, { scope: 'all' })
    pages.pass(hourMs)
    await signUp({ email: jan.value })
    expect(await pages.decision(jan)).toBe('deny objection')
    const path = await link()
    const asked = await pages.get(path)
    expect(said(asked)).toContain('Dit had u eerder gevraagd Op 21 november 2026: geen enkele reclame van Acme NV.')
    expect(asked.text).not.toContain(jan.value)
    expect(await pages.decision(jan)).toBe('deny objection')
    await pages.post(path)
    expect(await pages.decision(jan)).toBe('allow consent')
    expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'magazine', 'globex')).toBe('deny objection')
  })

  it('is coming back for who had left through a link, also when that was never answered', async () => {
    await pages.configure({ leaving: { policy: 'confirm_on_page' } })
    const jan = await Leaver.arrive(pages)
    await jan.stop()
    pages.pass(400 * 24 * hourMs)
    await closeUnansweredLeaves(pages.hub.db, pages.hub.random, pages.now)
    await signUp({ email: jan.email.value })
    expect(await jan.state()).toBe('unanswered')
    await pages.post(await link())
    expect(await jan.state()).toBe('returned')
    const proofs = await pages.hub.db.query<{ body: string }>(
      `select body from evidence where kind = 'leaving' order by recorded_at`,
    )
    const last: unknown = JSON.parse(proofs.at(-1)?.body ?? '{}')
    expect(last).toMatchObject({ details: { choice: (await jan.leave())?.id, state: 'returned' } })
  })

  it('is no coming back from a no to something else', async () => {
    const jan = await Leaver.arrive(pages)
    await jan.stop('topic')
    pages.pass(hourMs)
    await signUp({ email: jan.email.value, topic: 'offers' })
    await pages.post(await link())
    expect([await pages.decision(jan.email), await jan.state()]).toEqual(['deny objection', 'first_act'])
  })

  it('is overtaken by a no that was said after it', async () => {
    await signUp()
    const path = await link()
    pages.pass(hourMs)
    await say(pages.hub, newcomer, { kind: 'objection' })
    expect((await pages.post(path)).status).toBe(410)
    expect(await pages.decision(newcomer)).toBe('deny objection')
    // Asked anew it is the person's latest word, and says so.
    pages.pass(hourMs)
    await signUp()
    expect(said(await pages.get(await link()))).toContain('Dit had u eerder gevraagd')
    expect(said(await pages.post(path))).toContain('Uw aanmelding is bevestigd')
    expect(await pages.decision(newcomer)).toBe('allow consent')
  })

  it('keeps the words that were on the form, also when they changed while it was open', async () => {
    const { hub } = pages
    const words = (nl: string) => saveConsentTexts(hub.db, { brand: 'acme', texts: { nl } }, pages.now)
    await words('Ja, stuur mij reclame.')
    const shown = find(readPage((await pages.get(form)).text), 'input', { name: 'version' }).attributes.value
    await words('Ja, stuur mij elke dag reclame.')
    await signUp({ version: shown ?? '' })
    const path = await link()
    expect(said(await pages.get(path))).toContain('Ja, stuur mij reclame.')
    await pages.post(path)
    const [row] = await hub.db.query<{ proof: unknown }>(`select proof from choices where kind = 'consent'`)
    expect(row?.proof).toMatchObject({ textShown: 'Ja, stuur mij reclame.', textVersion: 1, language: 'nl' })
  })

  it('leaves no address behind that nobody confirmed, and none in the log', async () => {
    await signUp()
    await pages.post(await link())
    const [row] = await pages.hub.db.query<{ value: string | null }>('select contact_value as value from sign_ups')
    expect(row?.value).toBeNull()
    expect(pages.log).not.toContain(newcomer.value)
  })

  it('is not confirmed by a link of another kind, nor confirms one', async () => {
    await signUp()
    const token = (await link()).slice('/s/'.length)
    for (const kind of ['k', 'o', 'u']) expect((await pages.post(`/${kind}/${token}`)).status).toBe(404)
    expect(await pages.decision(newcomer)).toBe('deny no_basis')
  })
})
