import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at } from '../../../../test/api.ts'
import { everyAlternative, Leaver } from '../../../../test/leaving.ts'
import type { Point } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'

const site = 'https://www.acme.example'
let pages: PublicPages
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
  await pages.configure({ siteOrigins: [site] })
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(3_600_000)
  jan = await pages.customer()
  link = await pages.link(jan)
})

const fromSite = { accept: 'application/json', origin: site }
const json = (text: string): unknown => JSON.parse(text)
const fieldsOf = (item: unknown): Record<string, string> => {
  const fields = at(item, 'fields')
  const entries = typeof fields === 'object' && fields !== null ? Object.entries(fields) : []
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]))
}

describe('a plain form on the organisation’s own site', () => {
  const stopAndReturn = (to: string, headers: Record<string, string> = { origin: site }) =>
    pages.post(`${link}/stop`, { scope: 'all', return: to }, headers)

  it('is acted on, and leads back with what came of it', async () => {
    const answer = await stopAndReturn(`${site}/bye?page=1#top`)
    expect(answer.status).toBe(303)
    const back = new URL(answer.headers.location ?? '')
    expect(`${back.origin}${back.pathname}${back.hash}`).toBe(`${site}/bye#top`)
    expect([back.searchParams.get('page'), back.searchParams.get('verzet')]).toEqual(['1', 'all_stopped'])
    expect(await pages.decision(jan)).toBe('deny objection')
    const choice = back.searchParams.get('choice') ?? ''
    const answered = await pages.post(`${link}/reason`, { choice, reason: 'too_many', return: `${site}/thanks` })
    expect(answered.headers.location).toBe(`${site}/thanks?verzet=reason_saved`)
    expect((await pages.hub.db.query('select reason from choices where id = $1', [choice]))[0]).toEqual({
      reason: 'too_many',
    })
  })

  it.each([
    'https://evil.example/',
    `${site}.evil.example/`,
    'https://www.acme.example@evil.example/',
    'http://www.acme.example/',
    'https://www.acme.example:8443/',
    'https://user:word@www.acme.example/',
    '//evil.example',
    '/relative',
    'javascript:alert(1)',
    'data:text/html,x',
    `${site}/${'x'.repeat(2_001)}`,
    '',
  ])('is acted on and leads nowhere else: %s', async (to) => {
    const answer = await stopAndReturn(to)
    expect([answer.status, answer.headers.location]).toEqual([200, undefined])
    expect(said(answer)).toContain('U krijgt geen reclame meer van Acme NV.')
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('is acted on from wherever it is posted: the link is what counts', async () => {
    expect((await stopAndReturn('', { origin: 'https://elsewhere.example' })).status).toBe(200)
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('with a link that is none is told so, and is led nowhere', async () => {
    const answer = await pages.post('/u/forged/stop', { scope: 'all', return: `${site}/bye` }, { origin: site })
    expect([answer.status, answer.headers.location]).toEqual([404, undefined])
  })
})

describe('the script on the organisation’s own site', () => {
  const token = () => link.split('/').at(-1) ?? ''

  it('is one small file that sets no cookie and may be loaded from anywhere', async () => {
    const answer = await pages.get('/embed/leave.js')
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8'])
    expect(answer.headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect(answer.headers['cache-control']).toBe('public, max-age=3600')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(Buffer.byteLength(answer.text)).toBeLessThan(8_000)
    expect(answer.text).not.toMatch(
      /innerHTML|eval\(|new Function|\.style\b|document\.cookie|localStorage|insertAdjacentHTML/,
    )
  })

  it('is shown who it is about, the exit first, and the right to object', async () => {
    const before = await pages.everything()
    const answer = await pages.get(`/embed/leave/${token()}?lang=nl`, fromSite)
    const step = json(answer.text)
    expect(answer.headers['access-control-allow-origin']).toBe(site)
    expect([at(step, 'buttons', 0, 'label'), at(step, 'buttons', 0, 'isFirst')]).toEqual(['Stop alle reclame', true])
    expect(at(step, 'buttons', 0, 'fields', 'scope')).toBe('all')
    expect(String(at(step, 'sentences', 0))).toContain('•••')
    expect(answer.text).not.toContain('jan.peeters')
    expect(String(at(step, 'right', 'text'))).toContain('recht om bezwaar')
    expect(step).not.toHaveProperty('questions')
    expect(await pages.everything()).toEqual(before)
  })

  it('acts, and is asked nothing before that', async () => {
    const answer = await pages.post(`${link}/stop`, { scope: 'all' }, fromSite)
    const step = json(answer.text)
    expect(answer.headers['access-control-allow-origin']).toBe(site)
    expect(at(step, 'title')).toBe('U krijgt geen reclame meer van Acme NV.')
    expect(at(step, 'questions', 'items', 0, 'choices', 0, 'text')).toBe('Te veel berichten')
    expect(await pages.decision(jan)).toBe('deny objection')
    const choice = String(at(step, 'questions', 'fields', 'choice'))
    const thanked = await pages.post(`${link}/reason`, { choice, form: '0', reason: 'spam' }, fromSite)
    expect(at(json(thanked.text), 'title')).toBe('Bedankt. Uw antwoord is opgeslagen.')
    expect(await pages.count('alerts')).toBe(1)
  })

  it('asks whether the no was meant and offers what the page offers, after it holds', async () => {
    const alternatives = everyAlternative ?? []
    await pages.configure({ siteOrigins: [site], leaving: { policy: 'confirm_on_page', alternatives } })
    const person = await Leaver.arrive(pages)
    const stopped = json((await pages.post(`${person.link}/stop`, { scope: 'all' }, fromSite)).text)
    expect((await person.gate()).every((decision) => decision.startsWith('deny'))).toBe(true)
    expect(at(stopped, 'buttons')).toEqual([])
    expect(at(stopped, 'sections', 0)).toMatchObject({
      title: 'Is dit wat u wilt?',
      items: [{ label: 'Ja, dit wil ik', isFirst: true }],
    })
    const alternative = (id: string) => ({ fields: { alternative: id } })
    expect(at(stopped, 'sections', 1, 'items')).toMatchObject([
      alternative('less:1/week'),
      alternative('pause:30'),
      { ...alternative('pause_until'), field: { kind: 'date', name: 'until', earliest: expect.stringMatching(/^\d/) } },
      alternative('digest'),
      { address: expect.stringMatching(/\/u\/[\w-]+#preferences$/) },
      alternative('other_channel:sms'),
      { ...alternative('other_address'), field: { kind: 'email', name: 'email' } },
      { label: 'Ik wil dit blijven ontvangen' },
    ])
    const pause = at(stopped, 'sections', 1, 'items', 1)
    await pages.post(new URL(String(at(pause, 'action'))).pathname, fieldsOf(pause), fromSite)
    expect([await pages.decision(person.email), await person.state()]).toEqual(['defer pause', 'narrowed'])
    await pages.configure({ siteOrigins: [site] })
  })

  it('offers a reminder of a pause, with nothing ticked', async () => {
    const step = json((await pages.post(`${link}/pause`, { days: '30' }, fromSite)).text)
    expect(at(step, 'sections', 0, 'items', 0, 'field')).toEqual({
      kind: 'checkbox',
      name: 'remind',
      label: expect.stringContaining('e-mail'),
    })
    const fields = fieldsOf(at(step, 'sections', 0, 'items', 0))
    const answer = await pages.post(`${link}/remind`, { ...fields, remind: '1' }, fromSite)
    expect(String(at(json(answer.text), 'title'))).toContain('herinnering')
  })

  it('shows nothing to a site that the brand does not name', async () => {
    for (const origin of ['https://evil.example', 'null', `${site}.evil.example`]) {
      const answer = await pages.get(`/embed/leave/${token()}`, { ...fromSite, origin })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    const acted = await pages.post(`${link}/stop`, { scope: 'all' }, { ...fromSite, origin: 'https://evil.example' })
    expect(acted.headers['access-control-allow-origin']).toBeUndefined()
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('is told when a link is none', async () => {
    expect((await pages.get('/embed/leave/forged', fromSite)).status).toBe(404)
  })
})
