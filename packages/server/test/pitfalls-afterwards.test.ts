import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { importObjections } from '../src/services/import-objections.ts'
import { at } from './api.ts'
import { Company } from './company.ts'
import { keyed, type Point, phone } from './people.ts'
import { PublicPages } from './public-pages.ts'

/** Defects that were seen in other products of this kind, after somebody said no: imports, erasure, races and time. */
const dayMs = 86_400_000
let pages: PublicPages
let company: Company
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
  company = await Company.of(pages)
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  pages.pass(3_600_000)
  jan = await pages.customer()
  link = await pages.link(jan)
})

describe('Re-import, API upsert, merge never revive', () => {
  beforeEach(async () => {
    await pages.oneClick(link)
    pages.pass(dayMs)
  })

  it('by an import with a newer consent', async () => {
    await company.bringIn(pages.externalId, [jan])
    await company.bringIn('another-number', [jan])
    expect(await company.ask(jan)).toBe('deny')
  })

  it('by PUT of the relation, with or without the address, and by what the organisation says it holds', async () => {
    const relation = { name: 'Jan', language: 'nl', country: 'BE', contactPoints: [jan] }
    expect((await company.call('PUT', `/v1/relations/${pages.externalId}`, relation)).status).toBe(200)
    await company.call('PUT', `/v1/relations/${pages.externalId}`, { ...relation, contactPoints: [] })
    await company.call('PUT', `/v1/relations/${pages.externalId}`, relation)
    const consent = {
      contactPoint: jan,
      kind: 'consent',
      scope: { brand: 'acme' },
      author: 'controller',
      saidAt: new Date(pages.now).toISOString(),
    }
    expect((await company.call('POST', '/v1/choices', consent)).status).toBe(201)
    expect(await company.ask(jan)).toBe('deny')
  })

  it('by being put together with somebody who said yes', async () => {
    const anna = await pages.customer()
    const consent = {
      contactPoint: anna,
      kind: 'consent',
      scope: {},
      author: 'person',
      saidAt: new Date(pages.now).toISOString(),
    }
    await company.call('POST', '/v1/choices', consent)
    expect(await company.ask(anna)).toBe('allow')
    await company.bringIn('household', [jan, anna])
    // Her own later yes, through her own address, is hers; it opens nothing of his.
    expect([await company.ask(jan), await company.ask(anna)]).toEqual(['deny', 'allow'])
  })

  it('and an objection without a date that is brought in stands', async () => {
    const bert = await pages.customer()
    const { db, secrets, random } = pages.hub
    const objection = {
      id: '01930f0e-0000-7000-8000-0000000000aa',
      keyed: keyed(pages.hub, bert),
      scope: {},
      saidAt: null,
    }
    await importObjections(db, { pepper: secrets.pepper, random }, [objection], 'test', pages.now, async () => {})
    pages.pass(dayMs)
    await company.bringIn('bert', [bert])
    expect(await company.ask(bert)).toBe('deny')
  })
})

describe('Erase person, re-import, still suppressed', () => {
  it('through the API', async () => {
    const number = phone('+32470999001')
    const anna = await pages.customer([number])
    const id = pages.externalId
    await pages.oneClick(await pages.link(anna))
    expect((await company.call('DELETE', `/v1/relations/${id}`)).status).toBe(200)
    pages.pass(40 * dayMs)
    await company.bringIn(id, [anna, number])
    await company.bringIn('new-number', [anna, number])
    expect(await company.ask(anna)).toBe('deny')
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
  })

  it('and when the person asked for it on their page', async () => {
    await pages.sendMails()
    await pages.post(`${link}/erase`)
    await pages.post(await pages.confirmation())
    pages.pass(40 * dayMs)
    await company.bringIn(pages.externalId, [jan])
    expect(await company.ask(jan)).toBe('deny')
    expect((await pages.oneClick(link)).status).toBe(200)
  })
})

it('Successful delivery or time never lifts an opt-out', async () => {
  for (let send = 0; send < 3; send += 1) expect(await company.claim(jan)).toBe('allow')
  await pages.oneClick(link)
  expect(await company.claim(jan, 'orders')).toBe('allow')
  for (const days of [30, 365, 10 * 365]) {
    pages.pass(days * dayMs)
    expect([days, await company.ask(jan)]).toEqual([days, 'deny'])
  }
})

describe('Opt-out during a running batch stops the rest', () => {
  const batch = async (points: readonly Point[]) => {
    const answer = await company.call('POST', '/v1/gate/batch', {
      questions: points.map((point) => company.question(point)),
    })
    const decisions = at(answer.body, 'decisions')
    return Array.isArray(decisions) ? decisions.map((decision) => at(decision, 'decision')) : []
  }

  it('from the next question on', async () => {
    const anna = await pages.customer()
    expect(await batch([jan, anna])).toEqual(['allow', 'allow'])
    await pages.oneClick(link)
    expect(await batch([jan, anna])).toEqual(['deny', 'allow'])
  })

  it('also when it arrives among two hundred claims: none that was asked after the answer passes', async () => {
    let isAnswered = false
    const late: unknown[] = []
    const sender = async () => {
      for (let send = 0; send < 25; send += 1) {
        const isLate = isAnswered
        const decision = await company.claim(jan)
        if (isLate) late.push(decision)
      }
    }
    const leaver = async () => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      expect((await pages.oneClick(link)).status).toBe(200)
      isAnswered = true
    }
    await Promise.all([...Array.from({ length: 8 }, sender), leaver()])
    expect(late.length).toBeGreaterThan(0)
    expect(new Set(late)).toEqual(new Set(['deny']))
  })
})

it('Snooze ends by itself, and blocks until then', async () => {
  await pages.post(`${link}/pause`, { days: '30' })
  pages.pass(30 * dayMs - 1)
  expect(await company.ask(jan)).toBe('defer')
  pages.pass(1)
  expect(await company.ask(jan)).toBe('allow')
})

it('Transactional allowed, marketing blocked, both logged', async () => {
  const decisions = async (reason: string) => {
    const { text } = await company.call('GET', '/metrics')
    return Number(
      new RegExp(`verzet_gate_decisions_total\\{decision="\\w+",reason="${reason}"\\} (\\d+)`).exec(text)?.[1] ?? 0,
    )
  }
  await pages.oneClick(link)
  const before = [await decisions('service'), await decisions('objection')]
  expect([await company.ask(jan, 'orders'), await company.ask(jan)]).toEqual(['allow', 'deny'])
  expect([await decisions('service'), await decisions('objection')]).toEqual(before.map((count) => count + 1))
})
