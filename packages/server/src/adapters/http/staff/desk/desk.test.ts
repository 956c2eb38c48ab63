import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, keyed, type Point, phone, saveTestRelation, say } from '../../../../../test/people.ts'
import { type DeskAnswer, hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { mintLinks } from '../../../../services/mint-links.ts'
import { undoWithinMs } from '../../../../services/withdraw-choice.ts'
import { listCalls } from '../../../../storage/calls.ts'
import { listChoices } from '../../../../storage/choices.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'
import { formToken } from '../form-token.ts'

let desk: StaffDesk
let cookie: string
let staffId: string
let number: Point
let people = 0

beforeAll(async () => {
  desk = await StaffDesk.open()
  ;({ cookie, staffId } = await desk.member('agent@acme.example', 'agent'))
})
afterAll(() => desk[Symbol.asyncDispose]())
beforeEach(() => {
  people += 1
  number = phone(`+3247066${String(people).padStart(4, '0')}`)
})

async function search(contact: string): Promise<DeskAnswer> {
  const form = hiddenFields(await desk.get('/desk', cookie), '/desk/search')
  return desk.post('/desk/search', { ...form, contact }, cookie)
}

async function record(fields: Record<string, string>, contact = number.value): Promise<DeskAnswer> {
  const form = hiddenFields(await search(contact), '/desk/record')
  return desk.post('/desk/record', { ...form, ...fields }, cookie)
}

async function gate(channel: 'phone' | 'sms' | 'email' = 'sms', topic = 'news') {
  const { decision, reason } = await ask(desk.hub, number, channel, topic)
  return `${decision} ${reason}`
}

const choices = () => listChoices(desk.hub.db, [keyed(desk.hub, number).key])
const calls = () => listCalls(desk.hub.db, keyed(desk.hub, number).key, 10)

describe('a no at the desk', () => {
  it('needs nothing but the number: unknown to the hub, it holds at once', async () => {
    const page = await record({ digit: '2' })
    expect(page.status).toBe(200)
    expect(mainOf(page)).toContain('Vastgelegd. Het geldt vanaf nu.')
    expect(await gate('phone')).toBe('deny objection')
    expect(await gate('sms')).toBe('deny objection')
    const [choice] = await choices()
    expect(choice).toMatchObject({ kind: 'objection', scope: {}, author: 'agent', context: { signal: 'desk' } })
  })

  it('to calls leaves the rest as it was, and keeps the words out of the evidence', async () => {
    await saveTestRelation(desk.hub, `D-${people}`, [number], { country: 'BE', customerSince: '2024-01-01' })
    await record({ digit: '1', words: 'Bel mij nooit meer, dank u' })
    expect([await gate('phone'), await gate('sms')]).toEqual(['deny objection', 'allow customer_relation'])
    expect((await choices())[0]?.context.comment).toBe('Bel mij nooit meer, dank u')
    const bodies = (await listEvidence(desk.hub.db, [keyed(desk.hub, number).key])).map(({ body }) => body)
    expect(bodies.join()).toContain(`staff:${staffId}`)
    expect(bodies.join()).not.toMatch(/Bel mij|470/)
  })

  it('can be taken back by who recorded it, within half an hour', async () => {
    const undo = hiddenFields(await record({ digit: '2' }), '/desk/undo')
    const undoAs = (who: string) =>
      desk.post('/desk/undo', { ...undo, form: formToken(who.split('=')[1] ?? '', '/desk/undo') }, who)
    const other = await desk.member(`other${people}@acme.example`, 'agent')
    expect(mainOf(await undoAs(other.cookie))).toContain('Niet teruggenomen'.toLowerCase())
    expect(await gate('phone')).toBe('deny objection')
    expect(mainOf(await undoAs(cookie))).toContain('Teruggenomen')
    // What the law says of a number nobody said anything about.
    expect(await gate('phone')).toBe('deny register_missing')
  })

  it('is the person’s own after that', async () => {
    const undo = hiddenFields(await record({ digit: '2' }), '/desk/undo')
    for (const _ of [1, 2]) {
      desk.pass(undoWithinMs / 2 + 1)
      await desk.get('/desk', cookie)
    }
    expect(mainOf(await desk.post('/desk/undo', undo, cookie))).toContain('te lang geleden')
    expect(await gate('phone')).toBe('deny objection')
  })

  it('said twice is one no', async () => {
    await record({ digit: '2' })
    desk.pass(60_000)
    await record({ act: 'no_advertising' })
    expect(await choices()).toHaveLength(1)
  })
})

describe('the other keys', () => {
  it.each([
    ['3', 'cadence', 'allow customer_relation'],
    ['4', 'pause', 'defer pause'],
    ['5', 'pause', 'defer pause'],
  ])('%s records a %s', async (digit, kind, expected) => {
    await saveTestRelation(desk.hub, `D-${people}`, [number], { country: 'BE', customerSince: '2024-01-01' })
    await record({ digit })
    expect((await choices()).map((choice) => choice.kind)).toEqual([kind])
    expect(await gate()).toBe(expected)
    expect(await calls()).toMatchObject([{ answer: 'restriction' }])
  })

  it('6 is a wrong number: a fact about the number and no word of the person', async () => {
    await record({ digit: '6' })
    expect(await choices()).toEqual([])
    expect(await gate('sms', 'orders')).toBe('deny undeliverable')
    expect(await calls()).toMatchObject([{ outcome: 'dead_number', answer: null }])
  })

  it('0 keeps that the right was offered and nobody objected', async () => {
    await record({ digit: '0' })
    expect(await choices()).toEqual([])
    expect(await calls()).toMatchObject([
      { rightOffered: true, answer: 'no_objection', actor: expect.stringMatching(/^staff:/) },
    ])
  })

  it.each(['7', 'x', ''])('%j records nothing and says so', async (digit) => {
    const page = await record({ digit })
    expect(page.status).toBe(422)
    expect(mainOf(page)).toContain('Er is niets vastgelegd')
    expect(await calls()).toEqual([])
  })
})

it.each([
  ['yes', true],
  ['no', false],
  ['none', null],
])('asks after a no whether the right was offered: %s', async (offered, kept) => {
  const form = hiddenFields(await record({ digit: '1' }), '/desk/call')
  expect(await calls()).toMatchObject([{ rightOffered: null, answer: 'objection' }])
  expect(mainOf(await desk.post('/desk/call', { ...form, offered }, cookie))).toContain('Klaar voor de volgende oproep')
  expect(await calls()).toMatchObject([{ rightOffered: kept }])
})

describe('a consent at the desk', () => {
  const consent = async (note: string) => {
    const form = hiddenFields(await search(number.value), '/desk/consent')
    return desk.post('/desk/consent', { ...form, topic: 'acme news', channel: 'phone', note }, cookie)
  }

  it('is the person’s own request, narrow and with its proof, and lifts their own no', async () => {
    await say(desk.hub, number, { kind: 'objection', scope: { channel: 'phone' } })
    desk.pass(1)
    await consent('Vroeg zelf om gebeld te worden over nieuws')
    expect([await gate('phone'), await gate('phone', 'offers')]).toEqual(['allow consent', 'deny objection'])
    const given = (await choices()).find(({ kind }) => kind === 'consent')
    expect(given?.context.proof).toMatchObject({ note: expect.stringContaining('Vroeg zelf') })
  })

  it('without saying how it was asked for is not recorded', async () => {
    expect((await consent('ok')).status).toBe(422)
    expect(await choices()).toEqual([])
  })
})

describe('the search', () => {
  it('finds by number, address, customer number and printed code, and says what stands', async () => {
    const address = { type: 'email', value: `els${people}@voorbeeld.example` } as const
    await saveTestRelation(desk.hub, `KLANT-${people}`, [number, address], {
      country: 'BE',
      name: 'Els Maes',
      language: 'fr',
    })
    await say(desk.hub, number, { kind: 'objection', scope: { channel: 'phone' } })
    const brand = desk.hub.catalog.brand('acme')
    const topic = desk.hub.catalog.topic('acme', 'news')
    if (brand === undefined || topic === undefined) throw new Error('no brand')
    const wanted = {
      keyed: keyed(desk.hub, address),
      brand,
      topic,
      campaignNumber: 0,
      channel: 'email' as const,
      offered: [],
    }
    const { db, linkRing, random, place } = desk.hub
    const [links] = await mintLinks(db, linkRing, random, place, [wanted], desk.now)
    for (const typed of [
      number.value,
      `0${number.value.slice(3)}`.replace(/^0(\d{3})/, '+32 $1 '),
      address.value,
      `KLANT-${people}`,
      links?.code ?? '',
    ]) {
      const page = await search(typed)
      expect([typed, page.status]).toEqual([typed, 200])
      expect(mainOf(page)).toContain('Els Maes')
      expect(mainOf(page)).toContain('Nee tegen telefoon, sinds')
      // The script is in the language of the person, whatever that of the agent.
      expect(page.text).toContain('<p class="said" lang="fr">')
    }
  })

  it('shows the address of a letter as one reads it', async () => {
    const brand = desk.hub.catalog.brand('acme')
    const topic = desk.hub.catalog.topic('acme', 'news')
    if (brand === undefined || topic === undefined) throw new Error('no brand')
    const letter = keyed(desk.hub, { type: 'post', value: 'Kerkstraat 7, 9000 Gent, BE' })
    const wanted = { keyed: letter, brand, topic, campaignNumber: 0, channel: 'post' as const, offered: [] }
    const { db, linkRing, random, place } = desk.hub
    const [links] = await mintLinks(db, linkRing, random, place, [wanted], desk.now)
    expect(mainOf(await search(links?.code ?? ''))).toContain('BE, 9000, kerkstraat, 7')
  })

  it.each(['abc', '12', 'jan@', ''])('of %j finds nobody', async (typed) => {
    const page = await search(typed)
    expect(page.status).toBe(typed === '' ? 200 : 422)
    expect(page.text).not.toContain('/desk/record')
  })

  it('finds who calls by what an exchange shows, with the calling code and without +', async () => {
    await saveTestRelation(desk.hub, `C-${people}`, [number], { country: 'BE', name: 'Els Maes' })
    const digits = number.value.slice(1)
    for (const typed of [digits, `00${digits}`, digits.replace(/^32/, '32 ')]) {
      expect([typed, mainOf(await search(typed))]).toEqual([typed, expect.stringContaining('Els Maes')])
    }
    // Unknown to the hub, and of a country where a brand lies; of another one it stays a guess.
    expect(mainOf(await search('32470990009'))).toContain('+32')
    expect((await search('4915112345678')).status).toBe(422)
    const abroad = phone('+4915112345678')
    await saveTestRelation(desk.hub, `A-${people}`, [abroad], { name: 'Ute Klein' })
    expect(mainOf(await search('4915112345678'))).toContain('Ute Klein')
  })

  it('asks for the country where the brands lie in several', async () => {
    expect(mainOf(await search('0470 12 34 56'))).toContain('landcode')
  })

  it('shows what somebody wrote as text', async () => {
    await saveTestRelation(desk.hub, `X-${people}`, [number], { name: '<script>alert(1)</script>' })
    const page = await search(number.value)
    expect(page.text).toContain('&lt;script>')
    expect(page.text).not.toContain('<script>alert')
  })
})
