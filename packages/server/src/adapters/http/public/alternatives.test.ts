import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { customer, type Point, phone, say } from '../../../../test/people.ts'
import { type Answer, PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage } from '../pages/testing/read-page.ts'

const minuteMs = 60_000
const dayMs = 86_400_000
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
  number = phone(`+3247030${String(people).padStart(4, '0')}`)
  jan = await pages.customer([number])
  link = await pages.link(jan)
})

const until = async (point: Point, channel: 'email' | 'sms' = 'email', topic = 'news') =>
  (await pages.gate(point, channel, topic)).until
const kinds = async (point: Point) =>
  (
    await pages.hub.db.query<{ kind: string }>(
      `select kind from choices join contact_points on subject_key = key where value = $1 order by id`,
      [point.value],
    )
  ).map(({ kind }) => kind)
const undo = ({ text }: Answer) => {
  const form = findAll(readPage(text), 'form').find(({ attributes }) => attributes.action?.endsWith('/undo'))
  return (form && find(form, 'input', { name: 'choice' }).attributes.value) ?? ''
}

describe('Snooze ends by itself, and blocks until then', () => {
  it.each([30, 90])('after %i days, on every channel of the person', async (days) => {
    const end = pages.now + days * dayMs
    const answer = await pages.post(`${link}/pause`, { days: String(days) })
    expect([answer.status, said(answer)]).toEqual([200, expect.stringContaining('Dit geldt vanaf nu.')])
    expect([await until(jan), await until(number, 'sms')]).toEqual([end, end])
    expect(await pages.decision(jan, 'email', 'orders')).toBe('allow service')
    pages.pass(days * dayMs - 1)
    expect(await pages.decision(jan)).toBe('defer pause')
    pages.pass(1)
    expect([await pages.decision(jan), await pages.decision(number, 'sms')]).toEqual([
      'allow customer_relation',
      'allow customer_relation',
    ])
  })

  it('on the day that was named, as it begins where the brand is', async () => {
    const day = new Date(pages.now + 40 * dayMs).toISOString().slice(0, 10)
    expect(said(await pages.post(`${link}/pause`, { until: day }))).toContain('Geen reclame tot')
    const inBrussels = new Intl.DateTimeFormat('sv', {
      timeZone: 'Europe/Brussels',
      dateStyle: 'short',
      timeStyle: 'short',
    })
    expect(inBrussels.format(await until(jan))).toBe(`${day} 00:00`)
  })

  it.each([
    ['a day that is over', { until: '2020-01-01' }],
    ['more than two years', { until: '2031-01-01' }],
    ['a day no calendar has', { until: '2027-02-31' }],
    ['no date', { until: 'tomorrow' }],
    ['nothing', {}],
    ['no days', { days: '0' }],
    ['days back', { days: '-30' }],
    ['half a day', { days: '0.5' }],
    ['days without end', { days: '999' }],
    ['days as a word', { days: 'Infinity' }],
  ])('but not on %s', async (_what, fields) => {
    const before = await pages.everything()
    const answer = await pages.post(`${link}/pause`, fields)
    expect([answer.status, said(answer)]).toEqual([422, expect.stringContaining('Kies een datum')])
    expect(await pages.everything()).toEqual(before)
  })

  it('or when the person ends it, from any of their own links', async () => {
    await pages.post(`${link}/pause`, { days: '30' })
    const texted = await pages.link(number, { channel: 'sms' })
    expect(said(await pages.get(texted))).toContain('Pauze beëindigen')
    expect(said(await pages.post(`${texted}/pause`, { days: 'end' }))).toContain('De pauze is voorbij.')
    expect([await pages.decision(jan), await pages.decision(number, 'sms')]).toEqual([
      'allow customer_relation',
      'allow customer_relation',
    ])
    const stranger = await pages.link(await pages.customer())
    await pages.post(`${link}/pause`, { days: '30' })
    await pages.post(`${stranger}/pause`, { days: 'end' })
    expect(await pages.decision(jan)).toBe('defer pause')
  })

  it('and not before the longer one of two', async () => {
    await pages.post(`${link}/pause`, { days: '90' })
    await pages.post(`${await pages.link(number, { channel: 'sms' })}/pause`, { days: '30' })
    const end = await until(jan)
    expect(end).toBe(pages.now + 90 * dayMs)
    expect(findAll(readPage((await pages.get(link)).text), 'p', { class: 'state' })).toHaveLength(1)
  })
})

describe('less often', () => {
  it('counts what was claimed and defers the rest', async () => {
    const answer = await pages.post(`${link}/less`, { cadence: '1/week' })
    expect(said(answer)).toContain('U krijgt hoogstens één reclamebericht per week.')
    expect(await pages.decision(jan)).toMatch(/^allow/)
    expect(said(await pages.get(link))).toContain('U krijgt hoogstens één reclamebericht per week.')
    expect(said(await pages.post(`${link}/less`, { cadence: 'end' }))).toContain('Er geldt geen grens meer')
    expect(said(await pages.get(link))).not.toContain('U krijgt hoogstens één')
  })

  it.each(['', '0/week', '1/day', '100/month', '1', 'week', '-1/week'])('does not take %j', async (cadence) => {
    const before = await pages.everything()
    expect((await pages.post(`${link}/less`, { cadence })).status).toBe(422)
    expect(await pages.everything()).toEqual(before)
  })
})

describe('an alternative beside a narrower no', () => {
  it('leaves that no alone, however fresh it is', async () => {
    await pages.post(`${link}/stop`, { scope: 'topic' })
    await pages.post(`${link}/pause`, { days: '30' })
    expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
      'deny objection',
      'defer pause',
    ])
    expect((await kinds(jan)).toSorted()).toEqual(['objection', 'pause'])
    pages.pass(31 * dayMs)
    expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
  })
})

describe('an alternative instead of a no to everything said a moment ago (rule 1)', () => {
  it('records the consent that reopens and the restriction, and holds at once', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    pages.pass(minuteMs)
    const answer = await pages.post(`${link}/pause`, { days: '30' })
    expect([answer.status, said(answer)]).toEqual([200, expect.stringContaining('Geen reclame tot')])
    expect([...new Set(await kinds(jan))].toSorted()).toEqual(['consent', 'objection', 'pause'])
    expect([await pages.decision(jan), await until(jan)]).toEqual(['defer pause', pages.now + 30 * dayMs])
    pages.pass(31 * dayMs)
    expect(await pages.decision(jan)).toBe('allow consent')
  })

  it('within the same millisecond just the same', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    await pages.post(`${link}/less`, { cadence: '1/month' })
    expect((await pages.gate(jan)).decision).toBe('allow')
    expect(said(await pages.get(link))).toContain('hoogstens één reclamebericht per maand')
  })

  it('reopens what came through before, and no other no', async () => {
    await say(pages.hub, jan, { kind: 'objection', scope: { brand: 'acme', topic: 'offers' } })
    pages.pass(60 * minuteMs)
    await pages.post(`${link}/stop`, { scope: 'all' })
    await pages.post(`${link}/pause`, { days: '30' })
    expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
      'defer pause',
      'deny objection',
    ])
  })

  it('makes no subscriber of who never was one', async () => {
    const stranger = { type: 'email', value: `vreemd${people}@voorbeeld.be` } as const
    const path = await pages.link(stranger)
    expect(await pages.decision(stranger)).toBe('deny no_basis')
    await pages.post(`${path}/stop`, { scope: 'all' })
    expect(said(await pages.post(`${path}/pause`, { days: '1' }))).toContain('Bevestig uw keuze in uw mailbox.')
    pages.pass(2 * dayMs)
    expect((await pages.gate(stranger)).decision).toBe('deny')
    await pages.sendMails()
  })

  it('can be undone: then the no holds again', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    const paused = await pages.post(`${link}/pause`, { days: '30' })
    expect(said(await pages.post(`${link}/undo`, { choice: undo(paused) }))).toContain('Uw keuze is ongedaan gemaakt.')
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('asks why less, and not why the person is leaving', async () => {
    expect(said(await pages.post(`${link}/pause`, { days: '30' }))).toContain(
      'Waarom wilt u minder ontvangen? (niet verplicht)',
    )
  })
})

describe('an alternative after an older no', () => {
  const olderNo = async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    await pages.sendMails()
    pages.pass(31 * minuteMs)
  }

  it('waits for the link in a mail, changes nothing before, and holds after it', async () => {
    await olderNo()
    const answer = await pages.post(`${link}/pause`, { days: '30' })
    expect(said(answer)).toContain('Bevestig uw keuze in uw mailbox.')
    expect(await kinds(jan)).toEqual(['objection'])
    const confirmation = await pages.confirmation()
    expect(said(await pages.get(confirmation))).toContain('Geen reclame tot')
    expect(await pages.decision(jan)).toBe('deny objection')
    expect((await pages.post(confirmation)).status).toBe(200)
    expect((await kinds(jan)).toSorted()).toEqual(['consent', 'objection', 'pause'])
    expect(await pages.decision(jan)).toBe('defer pause')
    pages.pass(31 * dayMs)
    expect(await pages.decision(jan)).toBe('allow consent')
  })

  it('that came by another channel or from a colleague, too', async () => {
    await say(pages.hub, customer(pages.externalId), { kind: 'objection', scope: {}, author: 'agent' })
    expect(said(await pages.post(`${link}/less`, { cadence: '1/week' }))).toContain('Bevestig uw keuze in uw mailbox.')
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('or after an import of noes a minute ago: only the page’s own are the holder’s to take back', async () => {
    await say(pages.hub, jan, { kind: 'objection', scope: {}, author: 'controller', saidAt: null })
    expect(said(await pages.post(`${link}/pause`, { days: '30' }))).toContain('Bevestig uw keuze in uw mailbox.')
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('is overtaken by a newer no', async () => {
    await olderNo()
    await pages.post(`${link}/pause`, { days: '30' })
    const confirmation = await pages.confirmation()
    pages.pass(11 * minuteMs)
    await pages.oneClick(link)
    expect((await pages.post(confirmation)).status).toBe(410)
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('cannot be confirmed for a number yet, and the page says so', async () => {
    await olderNo()
    const answer = await pages.post(`${await pages.link(number, { channel: 'sms' })}/pause`, { days: '30' })
    expect([answer.status, said(answer)]).toEqual([422, expect.stringContaining('Via deze link kan dat niet.')])
    expect(await kinds(number)).toEqual([])
  })

  it('sends at most a few mails a day, and says so', async () => {
    await olderNo()
    for (let attempt = 0; attempt < 5; attempt += 1)
      expect((await pages.post(`${link}/pause`, { days: '30' })).status).toBe(200)
    const refused = await pages.post(`${link}/pause`, { days: '30' })
    expect([refused.status, said(refused)]).toEqual([
      422,
      expect.stringContaining('We hebben u vandaag al enkele e-mails gestuurd.'),
    ])
    expect(await pages.decision(jan)).toBe('deny objection')
  })
})
