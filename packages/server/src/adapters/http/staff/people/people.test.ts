import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ask, customer, email, keyed, type Point, phone, saveTestRelation, say } from '../../../../../test/people.ts'
import { type DeskAnswer, hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'

let desk: StaffDesk
let officer: string
let people = 0
let els: Point
let number: Point

beforeAll(async () => {
  desk = await StaffDesk.open()
  officer = (await desk.member('officer@acme.example', 'privacy_officer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())
beforeEach(async () => {
  people += 1
  els = email(`els${people}@voorbeeld.example`)
  number = phone(`+3247055${String(people).padStart(4, '0')}`)
  await saveTestRelation(desk.hub, id(), [els, number], {
    country: 'BE',
    name: `Els Van den Berg${people}`,
    language: 'fr',
    customerSince: '2024-01-01',
  })
})

const id = (of = people) => `P-${of}`
/** What harms is only for who signed in a moment ago. */
const signInAgain = async () => {
  officer = (await desk.member(`officer${people}@acme.example`, 'privacy_officer')).cookie
}
const keyOf = (point: Point) => keyed(desk.hub, point).key

async function search(who: string, cookie = officer): Promise<DeskAnswer> {
  return desk.post(
    '/people/search',
    { ...hiddenFields(await desk.get('/people', cookie), '/people/search'), who },
    cookie,
  )
}

const act = async (page: DeskAnswer, path: string, fields: Record<string, string> = {}) =>
  desk.post(path, { ...hiddenFields(page, path), ...fields }, officer)

const record = async (fields: Record<string, string>) =>
  act(await search(els.value), '/people/record', {
    subject: keyOf(customer(id())),
    about: '',
    channel: '',
    said: '',
    note: 'Brief van 3 november, scan 812',
    ...fields,
  })

const gate = async (point: Point, channel: 'email' | 'sms' = 'email') => {
  const { decision, reason } = await ask(desk.hub, point, channel)
  return `${decision} ${reason}`
}

const looks = async () =>
  (await listEvidence(desk.hub.db, [keyOf(customer(id()))])).filter(({ body }) =>
    body.includes('"act":"person_viewed"'),
  )

describe('looking somebody up', () => {
  it.each([
    ['an e-mail address', () => els.value],
    ['a number written with spaces', () => number.value.replace('+32470', '+32 470 ')],
    ['a number as an exchange shows it', () => number.value.slice(1)],
    ['a customer number', () => id()],
    ['the beginning of the name', () => `els van den berg${people}`],
    ['a name as it was pasted', () => `  els \u00a0 van  den\tberg${people} `],
    ['the beginning of the family name', () => `Van den Berg${people}`],
  ])('finds them by %s', async (_, who) => {
    const page = await search(who())
    // A name leads to a list, since several may have it.
    const shown = mainOf(page).includes('Gevonden') ? await act(page, '/people/show') : page
    expect(shown.status).toBe(200)
    expect(mainOf(shown)).toContain(`Els Van den Berg${people}`)
    expect(mainOf(shown)).toContain(els.value)
    expect(mainOf(shown)).toContain(number.value)
  })

  it('says of whom nobody knows that nobody does, and of what nobody can read that it cannot be read', async () => {
    expect(mainOf(await search('nobody@voorbeeld.example'))).toContain('We kennen niemand')
    expect(mainOf(await search('Zz Nobody'))).toContain('We kennen niemand')
    expect((await search('12')).status).toBe(422)
  })

  it('finds who lives at an address, however it is written, and says of another that nobody does', async () => {
    const home: Point = { type: 'post', value: 'Kerkstraat 12 bus 3, 9000 Gent, België' }
    await saveTestRelation(desk.hub, id(), [els, number, home], { country: 'BE', name: 'Els', keepOthers: true })
    for (const typed of ['Kerkstraat 12 bus 3, 9000 Gent, Belgium', 'KERKSTRAAT 12/3\nB-9000 GENT']) {
      expect(mainOf(await search(typed)), typed).toContain(els.value)
    }
    const other = await search('Kerkstraat 14, 9000 Gent, Belgium')
    expect([other.status, mainOf(other).includes(els.value)]).toEqual([422, false])
  })

  it('leads by name to each of several who share a number', async () => {
    await saveTestRelation(desk.hub, `Q-${people}`, [number], { name: 'Piet Maes', country: 'BE' })
    const page = mainOf(await search(number.value))
    expect(page).toContain('Piet Maes')
    expect(page).toContain(`Els Van den Berg${people}`)
    expect(page).not.toContain(els.value)
  })

  it('shows what stands, per topic and channel, and the history with its evidence', async () => {
    await say(desk.hub, els, { kind: 'objection', scope: { channel: 'email' } })
    const page = await search(els.value)
    expect(mainOf(page)).toContain('Nee tegen e-mail, sinds')
    expect(mainOf(page)).toMatch(/Nieuws nee geweigerd ja klant/)
    const [entry] = (await listEvidence(desk.hub.db, [keyOf(els)])).slice(-1)
    expect(page.text).toContain(entry?.hash)
  })

  it('keeps who looked, once for the while they work on it, and before they see anything', async () => {
    await search(els.value)
    await search(els.value)
    expect(await looks()).toHaveLength(1)
    desk.pass(11 * 60_000)
    expect(mainOf(await search(els.value))).toContain('Gegevens bekeken')
    expect(await looks()).toHaveLength(2)
  })

  it('by its address writes nothing, and so shows nobody', async () => {
    const page = await desk.get(`/people/${keyOf(customer(id()))}`, officer)
    expect(page.status).toBe(200)
    expect(page.text).not.toMatch(new RegExp(`${els.value}|Van den Berg|${number.value.slice(1)}|"${id()}"`))
    expect(mainOf(page)).toContain('@')
    expect(await looks()).toHaveLength(0)
    expect(mainOf(await act(page, '/people/show'))).toContain(els.value)
    expect((await desk.get('/people/nonsense', officer)).status).toBe(422)
  })

  it('is not for who works at the desk or in marketing', async () => {
    for (const role of ['agent', 'marketer'] as const) {
      const { cookie } = await desk.member(`${role}${people}@acme.example`, role)
      expect((await desk.get('/people', cookie)).status).toBe(403)
      expect((await desk.get(`/people/${keyOf(els)}`, cookie)).status).toBe(403)
    }
  })
})

describe('recording for somebody', () => {
  it('a no by letter holds everywhere, with how it came as its proof and not in the evidence', async () => {
    const page = await record({ kind: 'objection' })
    expect(mainOf(page)).toContain('Vastgelegd')
    expect([await gate(els), await gate(number, 'sms')]).toEqual(['deny objection', 'deny objection'])
    expect(mainOf(page)).toContain('scan 812')
    const bodies = (await listEvidence(desk.hub.db, [keyOf(customer(id()))])).map(({ body }) => body)
    expect(bodies.join()).toMatch(/"signal":"people"/)
    expect(bodies.join()).not.toContain('scan 812')
    const undone = mainOf(await act(page, '/people/undo'))
    expect(undone).toContain('Teruggenomen. Wat')
    expect(undone).toContain(`Els Van den Berg${people}`)
    expect(await gate(els)).toBe('allow customer_relation')
  })

  it.each([
    ['pause', 'defer pause'],
    ['cadence', 'allow customer_relation'],
  ])('a %s holds as such', async (kind, expected) => {
    expect(mainOf(await record({ kind, channel: 'email' }))).toContain('Vastgelegd')
    expect(await gate(els)).toBe(expected)
  })

  it('a yes lifts a no only when it is narrow, was said after it and says how it came', async () => {
    await say(desk.hub, els, { kind: 'objection' })
    desk.pass(60_000)
    const subject = keyOf(els)
    const refused = await record({ kind: 'consent', subject, note: 'ja', said: '2999-01-01' })
    expect(refused.status).toBe(422)
    for (const problem of ['Een ja gaat over één onderwerp', 'hoe het binnenkwam', 'een dag die er is geweest']) {
      expect(mainOf(refused)).toContain(problem)
    }
    const early = await record({ kind: 'consent', subject, about: 'acme news', channel: 'email', said: '2026-11-01' })
    expect(await gate(els)).toBe('deny objection')
    // What now holds names no yes of which the no refuses all.
    expect(mainOf(early)).not.toContain('Toestemming voor')
    const late = await record({ kind: 'consent', subject, about: 'acme news', channel: 'email' })
    expect(await gate(els)).toBe('allow consent')
    expect(mainOf(late)).toContain('Toestemming voor')
    expect(mainOf(late)).toContain('“Brief van 3 november, scan 812”')
  })

  it('is about nobody else: a key that is not theirs is refused', async () => {
    const stranger = email(`stranger${people}@voorbeeld.example`)
    await say(desk.hub, stranger, { kind: 'pause', until: desk.now + 86_400_000 })
    expect((await record({ kind: 'objection', subject: keyOf(stranger) })).status).toBe(422)
  })
})

describe('one person under two numbers', () => {
  beforeEach(signInAgain)

  it('are shown beside each other, merged, and taken apart again', async () => {
    const work = email(`els${people}@werk.example`)
    await saveTestRelation(desk.hub, `W-${people}`, [work], {
      country: 'BE',
      name: 'E. Van den Berg',
      customerSince: '2024-01-01',
    })
    await say(desk.hub, work, { kind: 'objection' })
    const both = await act(await search(els.value), '/people/merge/compare', { other: work.value })
    expect(mainOf(both)).toContain('Samenvoegen?')
    expect(mainOf(both)).toContain(els.value)
    expect(mainOf(both)).toContain(work.value)
    expect(await gate(els)).toBe('allow customer_relation')
    desk.pass(1_000)
    const merged = await act(both, '/people/merge')
    expect(mainOf(merged)).toContain('Samengevoegd.')
    expect(await gate(els)).toBe('deny objection')
    desk.pass(1_000)
    expect(mainOf(await act(merged, '/people/unmerge'))).toContain('Losgemaakt.')
    expect(await gate(els)).toBe('allow customer_relation')
  })

  it.each([
    ['nobody', 'nobody@voorbeeld.example', 'geen andere klant'],
    ['themselves', '', 'dezelfde klant'],
  ])('are not merged with %s', async (_, other, problem) => {
    const page = await act(await search(els.value), '/people/merge/compare', { other: other || number.value })
    expect(page.status).toBe(422)
    expect(mainOf(page)).toContain(problem)
  })
})

describe('the data for the person', () => {
  beforeEach(signInAgain)

  it('are a document in their own language, with nothing of the staff in it', async () => {
    await say(desk.hub, els, { kind: 'objection' })
    const file = await act(await search(els.value), '/people/export/read')
    expect(file.headers['content-type']).toContain('text/html')
    expect(file.headers['cache-control']).toBe('no-store')
    expect(file.headers['content-disposition']).toMatch(/^attachment; filename="person-[0-9a-f-]+\.html"$/)
    expect(file.text).toContain('<html lang="fr">')
    expect(mainOf(file)).toContain('Non à : toute publicité')
    expect(mainOf(file)).toContain(els.value)
    expect(file.text).not.toMatch(/officer@|sign-out|<form/)
  })

  it('are a file for a program, the consents as records', async () => {
    await say(desk.hub, els, { kind: 'consent', scope: { brand: 'acme', channel: 'email', topic: 'news' } })
    const file = await act(await search(els.value), '/people/export/file')
    expect(file.headers['content-type']).toContain('application/json')
    expect(JSON.parse(file.text)).toMatchObject({
      format: 'verzet-person',
      numbers: [{ customerNumber: id(), language: 'fr' }],
      contactPoints: expect.arrayContaining([expect.objectContaining({ type: 'email', value: els.value })]),
      history: expect.arrayContaining([expect.objectContaining({ kind: 'choice' })]),
      consents: { '@graph': [expect.objectContaining({ '@type': 'dpv:ConsentRecord' })] },
    })
    expect(file.text).not.toContain('staff:')
    // What staff did with them and when, not who did it.
    const acts = JSON.parse(file.text).history.filter(({ kind }: { kind: string }) => kind === 'staff_act')
    expect(acts.map(({ act }: { act: string }) => act)).toEqual(['person_viewed'])
    expect(acts[0]).toMatchObject({ at: new Date(desk.now).toISOString() })
    expect(Object.keys(acts[0]).sort()).toEqual(['act', 'at', 'evidence', 'kind', 'subject'])
    expect(mainOf(await search(els.value))).toContain('Gegevens uitgevoerd')
  })
})

describe('erasing', () => {
  beforeEach(signInAgain)

  it('asks for a box to be ticked, forgets the person and keeps the no', async () => {
    await say(desk.hub, els, { kind: 'objection' })
    const asked = await act(await search(els.value), '/people/erase/ask')
    const unsure = await act(asked, '/people/erase')
    expect([unsure.status, mainOf(unsure).includes('Er is niets gewist')]).toEqual([422, true])
    expect(mainOf(await search(els.value))).toContain(els.value)
    expect(mainOf(await act(asked, '/people/erase', { sure: 'yes' }))).toContain('Gewist. Eén weigering blijft gelden.')
    const page = await search(els.value)
    expect(mainOf(page)).not.toContain('Van den Berg')
    expect(mainOf(page)).toContain('Deze persoon is gewist')
    expect(await gate(els)).toBe('deny objection')
  })
})

it('what harms is asked again who is at the keyboard', async () => {
  const { cookie } = await desk.member(`late${people}@acme.example`, 'privacy_officer')
  const page = await search(els.value, cookie)
  desk.pass(11 * 60_000)
  const answer = await desk.post('/people/erase', { ...hiddenFields(page, '/people/erase/ask'), sure: 'yes' }, cookie)
  expect(answer.status).not.toBe(200)
  expect(await gate(els)).toBe('allow customer_relation')
  expect(mainOf(await search(els.value))).toContain(els.value)
})
