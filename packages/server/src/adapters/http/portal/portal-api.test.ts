import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { customer, email, type Point, phone, saveTestRelation, say } from '../../../../test/people.ts'
import { openSharedPortal, partsOf, portalAct, portalLook, portalSite, type Signer } from '../../../../test/portal.ts'
import { PublicPages } from '../../../../test/public-pages.ts'

const minuteMs = 60_000
const dayMs = 86_400_000

let pages: PublicPages
let sign: Signer
let jan: Point
let number: Point
let people = 0

beforeAll(async () => {
  pages = await PublicPages.open()
  sign = await openSharedPortal(pages.hub)
})
afterAll(() => pages?.[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(dayMs)
  people += 1
  number = phone(`+324701234${10 + people}`)
  jan = await pages.customer([number])
})

const tokenOf = () => sign({ sub: pages.externalId })

describe('looking', () => {
  it('shows what stands, masked, in the language that is asked, and writes nothing', async () => {
    const token = await tokenOf()
    const before = await pages.everything()
    const french = await portalLook(pages, token, { query: '?lang=fr-BE&topic=news' })
    expect(french.body.lang).toBe('fr')
    expect(partsOf(french, 'stop').find(({ act }) => act === 'stop')).toMatchObject({
      label: 'Arrêter toute publicité',
    })
    expect(partsOf(french, 'only').map(({ label }) => label)).toContain('Arrêter uniquement Actualités')
    expect(french.text).toContain('j•••')
    for (const secret of [jan.value, number.value, 'Peeters', pages.externalId])
      expect(french.text).not.toContain(secret)
    expect((await portalLook(pages, token)).body.lang).toBe('nl')
    expect(await pages.everything()).toEqual(before)
    expect(french.headers['cache-control']).toBe('no-store')
    expect(french.headers['set-cookie']).toBeUndefined()
  })
  it('is for who has a token that holds', async () => {
    const answers = [
      await portalLook(pages, undefined),
      await portalLook(pages, 'a.b.c'),
      await portalLook(pages, 'x'.repeat(52)),
      await portalLook(pages, await sign({ sub: 'K-1', aud: 'https://other.example' })),
    ]
    expect(answers.map(({ status, body }) => `${status} ${body.code}`)).toEqual([
      '401 token_missing',
      '401 token_refused',
      '401 token_refused',
      '401 token_refused',
    ])
    const token = await tokenOf()
    pages.pass(6 * minuteMs)
    expect((await portalLook(pages, token)).body.code).toBe('token_expired')
  })
  it('takes what a site names and the hub does not know for nothing', async () => {
    const answer = await portalLook(pages, await tokenOf(), { query: '?lang=xx&topic=weather&channel=pigeon' })
    expect([answer.status, answer.body.lang]).toEqual([200, 'nl'])
  })
  it('never shows somebody who shares an address or a number, nor speaks for them', async () => {
    const shared = email('gezin@voorbeeld.be')
    const words = { country: 'BE', customerSince: '2024-03-01', language: 'nl' }
    await saveTestRelation(pages.hub, 'A-1', [shared, email('xavier@voorbeeld.be')], { ...words, name: 'Xavier' })
    await saveTestRelation(pages.hub, 'A-2', [shared, email('zoe@voorbeeld.be')], { ...words, name: 'Zoe' })
    const answers = [
      await portalLook(pages, await sign({ sub: 'A-1' })),
      await portalLook(pages, await sign({ sub: 'A-2' })),
    ]
    expect(answers.map(({ text }) => [text.includes('X•••'), text.includes('Z•••')])).toEqual([
      [true, false],
      [false, true],
    ])
    expect(answers.map((answer) => partsOf(answer, 'person').filter(({ kind }) => kind === 'row').length)).toEqual([
      2, 2,
    ])
    await portalAct(pages, await sign({ sub: 'A-1' }), 'stop', { scope: 'all' })
    expect(await pages.decision(email('xavier@voorbeeld.be'))).toBe('deny objection')
    expect(await pages.decision(email('zoe@voorbeeld.be'))).toBe('allow customer_relation')
    // Who of the two reads it cannot be told: one no is enough.
    expect(await pages.decision(shared)).toBe('deny objection')
  })
})

describe('the sites that may speak', () => {
  const preflight = (origin: string) =>
    pages.send('OPTIONS', '/portal/v1/acts', {
      headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
    })

  it('are exactly those of the portal', async () => {
    const token = await tokenOf()
    expect((await portalLook(pages, token, { origin: portalSite })).headers['access-control-allow-origin']).toBe(
      portalSite,
    )
    for (const origin of [
      'https://evil.example',
      'https://my.acme.example.evil.example',
      'http://my.acme.example',
      'null',
    ]) {
      const refused = await portalAct(pages, token, 'stop', { scope: 'all' }, { origin })
      expect([refused.status, refused.body.code], origin).toEqual([403, 'site_not_allowed'])
      expect(refused.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  })
  it('are asked for first, and no cookie is ever let through', async () => {
    const allowed = await preflight(portalSite)
    expect([allowed.status, allowed.headers['access-control-allow-origin']]).toEqual([204, portalSite])
    expect(allowed.headers['access-control-allow-headers']).toContain('authorization')
    expect(allowed.headers['access-control-allow-credentials']).toBeUndefined()
    expect((await preflight('https://evil.example')).headers['access-control-allow-origin']).toBeUndefined()
  })
  it('of one portal may not use a token of another', async () => {
    const site = 'https://shop.globex.example'
    const globex = await openSharedPortal(pages.hub, { name: 'globex', brand: 'globex', origins: [site] })
    pages.pass(2_000)
    expect((await portalLook(pages, await globex({ sub: 'G-1' }), { origin: site })).status).toBe(200)
    expect((await portalLook(pages, await tokenOf(), { origin: site })).status).toBe(403)
  })
  it('may read why a token is refused', async () => {
    const answer = await portalLook(pages, 'a.b.c', { origin: portalSite })
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([401, portalSite])
  })
})

describe('GET /p, the way in without script', () => {
  it('leads to the person’s own page, which has the powers of a link, and writes nothing', async () => {
    const token = await tokenOf()
    const before = await pages.everything()
    const answer = await pages.get(`/p?identity=${token}&lang=en`)
    expect(answer.status).toBe(303)
    const page = new URL(answer.headers.location ?? '')
    expect(`${page.origin}${page.search}`).toBe('https://verzet.example?lang=en')
    expect((await pages.get(page.pathname)).text).toContain('j•••')
    expect(await pages.everything()).toEqual(before)
    expect(pages.log).not.toContain(token.slice(0, 40))
    await pages.post(`${page.pathname}/stop`, { scope: 'all' })
    expect(await pages.decision(jan)).toBe('deny objection')
  })
  it('leads to a page of the person alone where the mailbox is shared', async () => {
    const shared = email('samen@voorbeeld.be')
    const words = { country: 'BE', customerSince: '2024-03-01', language: 'nl' }
    for (const [id, name] of [
      ['S-1', 'Xavier'],
      ['S-2', 'Zoe'],
    ] as const) {
      await saveTestRelation(pages.hub, id, [shared], { ...words, name })
      const { headers } = await pages.get(`/p?identity=${await sign({ sub: id })}`)
      const { text } = await pages.get(new URL(headers.location ?? '').pathname)
      expect([text.includes('X•••'), text.includes('Z•••')]).toEqual([id === 'S-1', id === 'S-2'])
    }
    const { headers } = await pages.get(`/p?identity=${await sign({ sub: 'S-2' })}`)
    const page = new URL(headers.location ?? '').pathname
    await say(pages.hub, customer('S-2'), { kind: 'objection' })
    pages.pass(40 * dayMs)
    await pages.post(`${page}/preferences`, { shown: 'email:news', receive: 'email:news' })
    expect(await pages.decision(shared)).toBe('deny objection')
    await pages.post(await pages.confirmation(), {})
    expect(await pages.decision(shared)).toBe('allow consent')
  })
  it('shows the other ways to say no to who has no token that holds', async () => {
    const late = await tokenOf()
    pages.pass(20 * minuteMs)
    for (const url of ['/p', '/p?identity=a.b.c', `/p?identity=${late}`]) {
      const answer = await pages.get(url)
      expect([answer.status, answer.text.includes('/opt-out')], url).toEqual([404, true])
    }
  })
})
