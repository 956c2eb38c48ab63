import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email, keyed, saveTestRelation, say } from '../../../../../test/people.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { sayAfter } from '../../../../../test/staff-rooms.ts'
import { askGate } from '../../../../services/ask-gate.ts'
import { complaintLevel } from '../../../../services/campaigns/read-campaigns.ts'
import { reportSends } from '../../../../services/campaigns/report-sends.ts'
import { claimSend } from '../../../../services/claim-send.ts'
import { noteDeliveryFacts } from '../../../../services/note-delivery-facts.ts'
import { transact } from '../../../../storage/database.ts'
import { findAll, readPage } from '../../pages/testing/read-page.ts'

let desk: StaffDesk
let cookie: string

beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('marketer@acme.example', 'marketer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

const report = (campaign: string, sends: number, source = 'mailer') =>
  reportSends(desk.hub, { brand: 'acme', campaign, channel: 'email', sentOn: '2026-11-21', source, sends })
const gate = async (campaign: string) => {
  const question = {
    contactPoint: email('klant@voorbeeld.be'),
    brand: 'acme',
    channel: 'email',
    topic: 'news',
    campaign,
  } as const
  return (await askGate(desk.hub.db, desk.hub.catalog, desk.hub.secrets, [question], desk.now))[0]?.reason
}

describe('the list of campaigns', () => {
  it('shows what came of each: people once, and rates per thousand of what is known to have left', async () => {
    const { hub } = desk
    expect(mainOf(await desk.get('/campaigns', cookie))).toContain('nog geen campagne gezien')
    await report('lente', 1_999)
    await say(hub, email('een@voorbeeld.be'), { kind: 'consent' })
    const question = {
      contactPoint: email('een@voorbeeld.be'),
      brand: 'acme',
      channel: 'email',
      topic: 'news',
    } as const
    await claimSend(hub.db, hub.catalog, hub.secrets, hub.random, { ...question, campaign: 'lente' }, desk.now)
    for (const name of ['een', 'een', 'twee']) await sayAfter(hub, email(`${name}@voorbeeld.be`), { campaign: 'lente' })
    await sayAfter(hub, email('drie@voorbeeld.be'), { campaign: 'lente', signal: 'complaint' })
    await sayAfter(hub, email('vier@voorbeeld.be'), { campaign: 'lente', kind: 'pause' })
    const { key, fingerprint } = keyed(hub, email('weg@voorbeeld.be'))
    const bounce = {
      subject: { key, type: 'email' as const, fingerprint },
      channel: 'email' as const,
      outcome: 'hard' as const,
      at: desk.now,
      isVerified: true,
      message: { brand: 'acme', campaign: 'lente' },
    }
    await transact(hub.db, (tx) => noteDeliveryFacts(tx, hub.random, [bounce], desk.now, {}))
    const page = mainOf(await desk.get('/campaigns', cookie))
    expect(page).toMatch(/lente Acme 2\.000 2 1,0 per duizend 1 0,5 per duizend 1 0,5 per duizend ✓ In orde 1 0,5 per/)
    expect(page).not.toContain('voorbeeld.be')
  })

  it('opens the people behind each number for who may see people, masked, and for nobody else', async () => {
    const officer = (await desk.member('officer@acme.example', 'privacy_officer')).cookie
    expect((await desk.get('/campaigns/acme/lente', cookie)).text).not.toContain('/people')
    expect((await desk.get('/campaigns/acme/lente/people?number=left', cookie)).status).toBe(403)
    const page = await desk.get('/campaigns/acme/lente', officer)
    expect(mainOf(page)).toContain('is niet bekend wie ze kreeg')
    const links = findAll(readPage(page.text), 'a').map(({ attributes }) => attributes.href ?? '')
    const behind = async (number: string) => {
      const href = links.find((one) => one.includes(`/people?number=${number}`)) ?? ''
      const { text } = await desk.get(href, officer)
      expect(text).not.toContain('@voorbeeld.be')
      return findAll(readPage(text), 'tr').length - 1
    }
    const numbers = ['sends', 'left', 'paused', 'complained', 'bounced', 'signal', 'left&amp;day', 'complained&day']
    const found = []
    for (const number of numbers) found.push(await behind(number.replace('&amp;', '&')))
    expect(found).toEqual([1, 2, 1, 1, 1, 2, 2, 1])
  })

  it('finds by a part of the name and by brand', async () => {
    await report('zomer actie', 10)
    const found = async (search: string) => mainOf(await desk.get(`/campaigns?${search}`, cookie))
    expect(await found('name=ZOMER')).toMatch(/zomer actie Acme 10(?!.*lente Acme)/)
    expect(await found('brand=globex')).toContain('Geen campagne gevonden.')
    expect(await found('name=%25')).toContain('Geen campagne gevonden.')
  })

  it('replaces the number of a day and system that report again, and adds those of others', async () => {
    await report('herfst', 100)
    await report('herfst', 120)
    await report('herfst', 30, 'other-mailer')
    expect(mainOf(await desk.get('/campaigns/acme/herfst', cookie))).toContain('Verstuurd 150')
    const future = {
      brand: 'acme',
      campaign: 'herfst',
      channel: 'email',
      sentOn: '2026-11-23',
      source: 'x',
      sends: 1,
    } as const
    expect(await reportSends(desk.hub, future)).toEqual({ kind: 'in_the_future' })
  })
})

describe('complaints', () => {
  it.each([
    [0, 999, 'too_few_sends'],
    [5, 0, 'too_few_sends'],
    [0, 1_000, 'good'],
    [1, 1_001, 'good'],
    [1, 1_000, 'too_many'],
    [29, 10_000, 'too_many'],
    [30, 10_000, 'refused'],
  ])('of %i in %i mails are %s', (complained, mails, level) => {
    expect(complaintLevel({ complained, mails })).toBe(level)
  })
})

describe('holding', () => {
  it('is one button on the campaign’s page, and releasing too; both are written down with who did it', async () => {
    await saveTestRelation(desk.hub, 'K-1', [email('klant@voorbeeld.be')], {
      country: 'BE',
      customerSince: '2024-01-01',
    })
    await report('winter', 5)
    const path = '/campaigns/acme/winter'
    const held = await desk.post(
      '/campaigns/hold',
      hiddenFields(await desk.get(path, cookie), '/campaigns/hold'),
      cookie,
    )
    expect([held.status, held.headers.location]).toEqual([303, path])
    expect(await gate('winter')).toBe('campaign_held')
    const page = await desk.get(path, cookie)
    expect(mainOf(page)).toMatch(/Staat stil sinds 21 november 2026.* door marketer@acme\.example/)
    expect(mainOf(await desk.get('/campaigns', cookie))).toMatch(/winter Staat stil.*(lente|herfst)/)
    await desk.post('/campaigns/release', hiddenFields(page, '/campaigns/release'), cookie)
    expect(await gate('winter')).toBe('customer_relation')
    expect(mainOf(await desk.get(path, cookie))).toMatch(
      /Stilgezet op .* Vrijgegeven op .* door marketer@acme\.example/,
    )
  })

  it('takes a name that nothing has carried yet, with whatever is in it', async () => {
    const form = hiddenFields(await desk.get('/campaigns', cookie), '/campaigns/hold')
    const name = 'Actie 50% / <b>weekend</b>?'
    const held = await desk.post('/campaigns/hold', { ...form, brand: 'acme', campaign: ` ${name} ` }, cookie)
    expect(await gate(name)).toBe('campaign_held')
    const page = await desk.get(held.headers.location ?? '', cookie)
    expect([page.status, page.text.includes('<b>weekend')]).toEqual([200, false])
    expect(mainOf(page)).toContain(name)
  })

  it('says what is wrong with a name that is none', async () => {
    const form = hiddenFields(await desk.get('/campaigns', cookie), '/campaigns/hold')
    const empty = await desk.post('/campaigns/hold', { ...form, brand: 'acme', campaign: ' ' }, cookie)
    expect([empty.status, mainOf(empty)]).toEqual([422, expect.stringContaining('Geef een naam van 1 tot 100 tekens.')])
    expect((await desk.post('/campaigns/hold', { ...form, brand: 'nobody', campaign: 'x' }, cookie)).status).toBe(422)
    expect((await desk.get('/campaigns/acme/nooit-gezien', cookie)).status).toBe(404)
    expect((await desk.get('/campaigns/acme/%00', cookie)).status).toBe(404)
  })
})
