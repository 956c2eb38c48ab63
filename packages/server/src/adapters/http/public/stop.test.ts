import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { customer, type Point, phone, say } from '../../../../test/people.ts'
import { type Answer, PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

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
  number = phone(`+3247020${String(people).padStart(4, '0')}`)
  jan = await pages.customer([number])
  link = await pages.link(jan)
})

/** The choice that the page's undo button names; undefined without one. */
function undoOf({ text }: Answer): string | undefined {
  const form = findAll(readPage(text), 'form').find(({ attributes }) => attributes.action?.endsWith('/undo'))
  return form && find(form, 'input', { name: 'choice' }).attributes.value
}

describe('a stop on the page', () => {
  it('of everything holds at once, on every channel of the person and for every brand', async () => {
    const answer = await pages.post(`${link}/stop`, { scope: 'all' })
    expect(answer.status).toBe(200)
    for (const channel of ['sms', 'whatsapp', 'phone'] as const)
      expect(await pages.decision(number, channel)).toBe('deny objection')
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'magazine', 'globex')).toBe('deny objection')
    expect(await pages.decision(jan, 'email', 'orders')).toBe('allow service')
    const words = said(answer)
    expect(words).toContain('U krijgt geen reclame meer van Acme NV. Dit geldt vanaf nu.')
    expect(words).toContain('Geen reclame, op geen enkel kanaal.')
    expect(words).toContain('Berichten over uw bestellingen en facturen blijft u krijgen.')
    // The order of the page: what changed, what still comes, undo, and only then the reason.
    const places = ['Dit geldt vanaf nu', 'blijft u krijgen', 'Ongedaan maken', 'Waarom stopt u?'].map((part) =>
      words.indexOf(part),
    )
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places[0]).toBeGreaterThan(-1)
  })

  it('of the channel leaves the others, and of the topic leaves the other topics', async () => {
    expect(said(await pages.post(`${link}/stop`, { scope: 'channel' }))).toContain(
      'U krijgt geen reclame per e-mail meer van Acme NV.',
    )
    expect([await pages.decision(jan, 'email', 'offers'), await pages.decision(number, 'sms')]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
    const anna = await pages.customer()
    const hers = await pages.link(anna)
    expect(said(await pages.post(`${hers}/stop`, { scope: 'topic' }))).toContain('U krijgt Nieuws niet meer.')
    expect([await pages.decision(anna), await pages.decision(anna, 'email', 'offers')]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
  })

  it.each([
    ['a lost', {}],
    ['an unknown', { scope: 'nothing' }],
  ])('with %s scope means everything', async (_what, fields) => {
    expect(said(await pages.post(`${link}/stop`, fields))).toContain('U krijgt geen reclame meer van Acme NV.')
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
  })

  it('works without relation, for an address that only a link was made for', async () => {
    const stranger = { type: 'email', value: `vreemd${people}@voorbeeld.be` } as const
    expect((await pages.post(`${await pages.link(stranger)}/stop`, { scope: 'all' })).status).toBe(200)
    expect(await pages.decision(stranger)).toBe('deny objection')
  })

  it('pressed twice is one no, and the second page still has the undo', async () => {
    const first = await pages.post(`${link}/stop`, { scope: 'all' })
    const before = await pages.everything()
    const second = await pages.post(`${link}/stop`, { scope: 'all' })
    expect(await pages.everything()).toEqual(before)
    expect(undoOf(second)).toBe(undoOf(first))
    expect(said(second)).toContain('Dit stond al vast sinds')
  })

  it('of something narrower than what was just said does not offer to undo the wider no', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    expect(undoOf(await pages.post(`${link}/stop`, { scope: 'topic' }))).toBeUndefined()
  })
})

describe('what the page offers to stop', () => {
  const offers = async (path: string) => {
    const page = readPage((await pages.get(path)).text)
    return findAll(page, 'form', { action: `${path}/stop` }).map((form) => textOf(find(form, 'button')))
  }

  it('is everything first, then the topic and the channel that brought the person', async () => {
    expect(await offers(link)).toEqual(['Stop alle reclame', 'Stop alleen Nieuws', 'Stop alle reclame per e-mail'])
  })

  it('is never a service topic, whose link stops everything all the same', async () => {
    const service = await pages.link(jan, { topic: 'orders' })
    expect(await offers(service)).toEqual(['Stop alle reclame', 'Stop alle reclame per e-mail'])
    expect(said(await pages.post(`${service}/stop`, { scope: 'topic' }))).toContain(
      'U krijgt geen reclame meer van Acme NV.',
    )
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
  })

  it('is not what is refused already', async () => {
    await pages.post(`${link}/stop`, { scope: 'topic' })
    expect(await offers(link)).toEqual(['Stop alle reclame', 'Stop alle reclame per e-mail'])
    await pages.post(`${link}/stop`, { scope: 'channel' })
    expect(await offers(link)).toEqual(['Stop alle reclame'])
    await pages.post(`${link}/stop`, { scope: 'all' })
    expect(await offers(link)).toEqual([])
    expect(said(await pages.get(link))).toMatch(
      /U krijgt geen reclame van Acme NV\. Dit geldt sinds \d+ november 2026\./,
    )
  })

  it('follows a topic that got another name', async () => {
    await pages.saveTopic({ brand: 'acme', id: 'tips', purpose: 'marketing', names: { nl: 'Tips' } })
    const path = await pages.link(jan, { topic: 'tips' })
    await pages.saveTopic({ brand: 'acme', id: 'tips', purpose: 'marketing', names: { nl: 'Raad & daad <b>' } })
    expect((await pages.get(path)).text).toContain('Stop alleen Raad &amp; daad &lt;b')
    await pages.hub.db.execute(`delete from topics where id = 'tips'`)
    await pages.hub.catalog.reload()
  })

  it('needs no topic at all', async () => {
    await using bare = await PublicPages.open()
    const anna = await bare.customer()
    const path = await bare.link(anna)
    await bare.hub.db.execute('delete from topics')
    await bare.hub.catalog.reload()
    const page = await bare.get(path)
    expect(page.status).toBe(200)
    expect(findAll(readPage(page.text), 'table')).toEqual([])
    expect((await bare.post(`${path}/stop`, { scope: 'topic' })).status).toBe(200)
    const [row] = await bare.hub.db.query('select brand, channel, topic from choices')
    expect(row).toEqual({ brand: null, channel: null, topic: null })
  })
})

describe('links of other channels', () => {
  it('a number’s own link stops everything or that channel', async () => {
    const path = await pages.link(number, { channel: 'sms' })
    const page = said(await pages.get(path))
    expect(page).toContain('+32 4•• •• ••')
    expect(page).toContain('U kwam hier via een sms')
    await pages.post(`${path}/stop`, { scope: 'channel' })
    expect([await pages.decision(number, 'sms'), await pages.decision(jan)]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
    await pages.post(`${path}/stop`, { scope: 'all' })
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('so does a letter’s', async () => {
    const home = { type: 'post', value: 'Kerkstraat 12, 9000 Gent, België' } as const
    const path = await pages.link(home, { channel: 'post' })
    expect(said(await pages.get(path))).not.toMatch(/kerkstraat/i)
    const stopped = said(await pages.post(`${path}/stop`, { scope: 'all' }))
    expect(await pages.decision(home, 'post')).toBe('deny objection')
    expect(stopped).toContain('Drukwerk dat al onderweg is, kan u nog bereiken tot')
    expect(said(await pages.post(`${link}/stop`, { scope: 'all' }))).not.toContain('Drukwerk')
  })
})

describe('Undoing an opt-out keeps the earlier evidence', () => {
  it('and gives back exactly what held before', async () => {
    await say(pages.hub, jan, { kind: 'objection', scope: { brand: 'acme', topic: 'offers' } })
    pages.pass(60 * minuteMs)
    const stopped = await pages.post(`${link}/stop`, { scope: 'all' })
    pages.pass(29 * minuteMs)
    const undone = await pages.post(`${link}/undo`, { choice: undoOf(stopped) ?? '' })
    expect(said(undone)).toContain('Wat daarvoor gold, geldt nu weer.')
    expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
      'allow customer_relation',
      'deny objection',
    ])
    expect([await pages.decision(number, 'sms'), await pages.decision(number, 'sms', 'offers')]).toEqual([
      'allow customer_relation',
      'deny objection',
    ])
    const [choice] = await pages.hub.db.query(
      'select withdrawn_at is not null as withdrawn from choices where id = $1',
      [undoOf(stopped)],
    )
    expect(choice).toEqual({ withdrawn: true })
    const evidence = await pages.hub.db.query<{ kind: string }>(
      `select kind from evidence where body like $1 order by recorded_at`,
      [`%${undoOf(stopped)}%`],
    )
    expect(evidence.map(({ kind }) => kind)).toEqual(['choice', 'withdrawal'])
  })

  it('ends after thirty minutes', async () => {
    const choice = undoOf(await pages.post(`${link}/stop`, { scope: 'all' })) ?? ''
    pages.pass(31 * minuteMs)
    const before = await pages.everything()
    const late = await pages.post(`${link}/undo`, { choice })
    expect([late.status, said(late)]).toEqual([422, expect.stringContaining('Ongedaan maken kan hier niet meer.')])
    expect(await pages.everything()).toEqual(before)
  })

  it('is refused for another person’s choice, and for none', async () => {
    const anna = await pages.customer()
    const hers = undoOf(await pages.post(`${await pages.link(anna)}/stop`, { scope: 'all' })) ?? ''
    const before = await pages.everything()
    for (const choice of [hers, '', 'x', `${hers}.${hers}`, '01930f0e-0000-7000-8000-000000000001', "' or true --"]) {
      expect((await pages.post(`${link}/undo`, { choice })).status).toBe(422)
    }
    expect(await pages.everything()).toEqual(before)
    expect(await pages.decision(anna)).toBe('deny objection')
  })

  it('pressed twice undoes once', async () => {
    const choice = undoOf(await pages.post(`${link}/stop`, { scope: 'all' })) ?? ''
    await pages.post(`${link}/undo`, { choice })
    const before = await pages.everything()
    expect((await pages.post(`${link}/undo`, { choice })).status).toBe(200)
    expect(await pages.everything()).toEqual(before)
  })
})

describe('a no for the person', () => {
  it('said elsewhere is what the page shows', async () => {
    await say(pages.hub, customer(pages.externalId), { kind: 'objection', scope: {} })
    expect(said(await pages.get(link))).toContain('U krijgt geen reclame van Acme NV.')
  })
})
