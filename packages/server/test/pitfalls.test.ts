import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { seal, sealRing, unseal } from '@verzet/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { at } from './api.ts'
import { Company } from './company.ts'
import { email, keyed, type Point } from './people.ts'
import { PublicPages, said } from './public-pages.ts'

/**
 * Each test is named after a defect that was seen in other products of this kind. Here: links, tokens and the page; what
 * happens afterwards is in pitfalls-afterwards.test.ts, and the headless browser in browser/looking.test.ts.
 */
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

it('GET and HEAD never change state', async () => {
  const minted = await pages.mint(jan)
  await pages.post(`${link}/add-contact`, { email: 'nieuw@elders.example' })
  const confirmation = await pages.confirmation()
  const before = await pages.everything()
  const paths = [
    link,
    `${link}/stop?scope=all`,
    `${link}/undo`,
    `${link}/erase`,
    `${link}?List-Unsubscribe=One-Click`,
    confirmation,
    '/c',
    `/c?code=${minted.code}`,
    new URL(minted.shortUrl).pathname,
    '/u/forged',
  ]
  for (const path of paths) for (const method of ['GET', 'HEAD'] as const) await pages.send(method, path)
  for (const path of ['/v1/brands', `/v1/relations/${pages.externalId}`, `/v1/relations/${pages.externalId}/timeline`])
    expect((await company.call('GET', path)).status).toBe(200)
  expect(await pages.everything()).toEqual(before)
})

it('POST `List-Unsubscribe=One-Click`, urlencoded **and** multipart, no cookies, no CSRF, no redirect → 2xx and effective', async () => {
  const multipart = '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n'
  const bodies = [
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: 'List-Unsubscribe=One-Click' },
    { headers: { 'content-type': 'multipart/form-data; boundary=b' }, payload: multipart },
  ]
  for (const body of bodies) {
    const anna = await pages.customer()
    const { status, headers } = await pages.send('POST', await pages.link(anna), body)
    expect([status, headers.location, headers['set-cookie']]).toEqual([200, undefined, undefined])
    expect(await company.ask(anna)).toBe('deny')
  }
})

it('The URL in every outgoing header resolves to a real route', async () => {
  const minted = await company.call('POST', '/v1/links', {
    ...company.question(jan),
    campaign: 'spring',
    offered: ['all'],
  })
  const header = String(at(minted.body, 'headers', 'List-Unsubscribe'))
  const urls = [...header.matchAll(/<(https:[^>]+)>/g)].map(([, url]) => new URL(url ?? ''))
  expect(urls).toHaveLength(1)
  expect((await pages.get(urls[0]?.pathname ?? '')).status).toBe(200)
  expect((await pages.oneClick(urls[0]?.pathname ?? '')).status).toBe(200)
  expect(await company.ask(jan)).toBe('deny')
})

it('One-click POST with empty body, odd or missing User-Agent still works', async () => {
  const requests: Parameters<PublicPages['send']>[2][] = [
    {},
    { headers: { 'user-agent': '' } },
    {
      headers: { 'user-agent': 'curl/8 Barracuda Sentinel (EE)', 'content-type': 'application/x-www-form-urlencoded' },
      payload: '',
    },
  ]
  for (const request of requests) {
    const anna = await pages.customer()
    expect((await pages.send('POST', await pages.link(anna), request)).status).toBe(200)
    expect(await company.ask(anna)).toBe('deny')
  }
})

it('Bot-suspected request never answers success unless effective', async () => {
  const agents = [
    'Mozilla/5.0 (compatible; Googlebot/2.1)',
    'Mimecast-URL-Protect',
    'Microsoft Office/16.0 (Outlook SafeLinks)',
    'HeadlessChrome',
  ]
  for (const agent of agents) {
    const anna = await pages.customer()
    const path = await pages.link(anna)
    const headers = { 'user-agent': agent, 'x-forwarded-for': '203.0.113.9', purpose: 'prefetch' }
    expect((await pages.post(path, { 'List-Unsubscribe': 'One-Click' }, headers)).status).toBe(200)
    expect(await company.ask(anna)).toBe('deny')
  }
  const unclear = await pages.post(link, { something: 'else' }, { 'user-agent': agents[0] ?? '' })
  expect([unclear.status, await company.ask(jan)]).toEqual([422, 'allow'])
})

it('Unsigned or guessable link cannot opt out a stranger', async () => {
  const token = Buffer.from(link.slice(3), 'base64url')
  const before = await pages.everything()
  for (let bit = 0; bit < token.length * 8; bit += 7) {
    const spoilt = Buffer.from(token)
    spoilt[bit >> 3] = (spoilt[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect((await pages.oneClick(`/u/${spoilt.toString('base64url')}`)).status).not.toBe(200)
  }
  const { key: contactKey } = keyed(pages.hub, jan)
  for (const guess of [contactKey, jan.value, Buffer.from(jan.value).toString('base64url'), '1', pages.externalId]) {
    expect((await pages.oneClick(`/u/${encodeURIComponent(guess)}`)).status).not.toBe(200)
  }
  expect(await pages.everything()).toEqual(before)
})

it('A 60-day-old link still opts out (CAN-SPAM asks for at least 30 days)', async () => {
  pages.pass(60 * dayMs)
  expect((await pages.oneClick(link)).status).toBe(200)
  expect(await company.ask(jan)).toBe('deny')
})

it('Extra `utm_*`/`_se` parameters keep the link valid', async () => {
  const tracked = `${link}?utm_source=nieuwsbrief&utm_medium=email&utm_campaign=lente%202026&_se=amFuQHZvb3JiZWVsZC5iZQ%3D%3D&token=x&lang=`
  expect((await pages.get(tracked)).status).toBe(200)
  expect((await pages.oneClick(tracked)).status).toBe(200)
  expect(await company.ask(jan)).toBe('deny')
})

describe('Constant-time compare, secret ≥ 32 bytes', () => {
  it('refuses a shorter secret', () => {
    expect(() => sealRing([{ id: 1, secret: Buffer.alloc(31, 1) }], 'link')).toThrow(/32 bytes/)
  })

  it('compares the whole tag by the platform’s constant-time function', () => {
    const path = fileURLToPath(new URL('../../core/src/seal.ts', import.meta.url))
    const source = readFileSync(path, 'utf8')
    expect(source).toContain('return timingSafeEqual(tag, tagOf(key, plaintext))')
    const ring = sealRing([{ id: 1, secret: Buffer.alloc(32, 1) }], 'link')
    const sealed = seal(ring, Buffer.from('claims'))
    for (let byte = 1; byte < sealed.length; byte += 1) {
      const spoilt = Buffer.from(sealed)
      spoilt[byte] = (spoilt[byte] ?? 0) ^ 1
      expect(unseal(ring, spoilt)).toBeUndefined()
    }
  })
})

it('Unticking all topics ≠ global, and UI says which', async () => {
  const shown = ['email:news', 'email:offers']
  const answer = await pages.post(`${link}/preferences`, { shown, was: shown })
  expect(said(answer)).toContain('Andere reclame, ook nieuwe, kan nog komen.')
  expect([await company.ask(jan), await company.ask(jan, 'offers')]).toEqual(['deny', 'deny'])
  const scopes = await pages.hub.db.query(
    'select brand, channel, topic from choices where subject_key = $1 order by topic',
    [keyed(pages.hub, jan).key],
  )
  expect(scopes).toEqual([
    { brand: 'acme', channel: 'email', topic: 'news' },
    { brand: 'acme', channel: 'email', topic: 'offers' },
  ])
})

it('Undoing an opt-out keeps the earlier evidence', async () => {
  const answer = await pages.post(`${link}/stop`, { scope: 'all' })
  const choice = /name="choice" value="([^"]+)"/.exec(answer.text)?.[1] ?? ''
  const evidence = async () =>
    pages.hub.db.query<{ kind: string; hash: Buffer }>(
      'select kind, hash from evidence where subject_key = $1 order by recorded_at, id',
      [keyed(pages.hub, jan).key],
    )
  const before = await evidence()
  pages.pass(1_000)
  await pages.post(`${link}/undo`, { choice })
  const after = await evidence()
  expect(await company.ask(jan)).toBe('allow')
  expect(after.slice(0, before.length)).toEqual(before)
  expect(after.at(-1)?.kind).toBe('withdrawal')
  await expect(
    pages.hub.db.execute('delete from evidence where subject_key = $1', [keyed(pages.hub, jan).key]),
  ).rejects.toThrow()
  const timeline = await company.call('GET', `/v1/relations/${pages.externalId}/timeline`)
  expect(timeline.text).toContain(choice)
})

it('an address that is known under two spellings is one', async () => {
  await pages.oneClick(link)
  expect(await company.ask(email(` ${jan.value.toUpperCase()} `))).toBe('deny')
})
