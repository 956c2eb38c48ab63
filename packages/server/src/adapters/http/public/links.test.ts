import { sealRing } from '@verzet/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { email, type Point, phone } from '../../../../test/people.ts'
import { type Answer, PublicPages, said } from '../../../../test/public-pages.ts'
import { forgeriesPerMinuteMax } from './register.ts'

const dayMs = 86_400_000
let pages: PublicPages
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
  jan = await pages.customer()
  link = await pages.link(jan)
})
afterAll(async () => pages[Symbol.asyncDispose]())

const tokenOf = (path: string) => path.slice('/u/'.length)

/** One way of spoiling a token each. */
function spoiled(token: string): [string, string][] {
  const middle = token.length / 2
  const other = token[middle] === 'A' ? 'B' : 'A'
  return [
    ['one sign changed', `${token.slice(0, middle)}${other}${token.slice(middle + 1)}`],
    ['the key id changed', `Z${token.slice(1)}`],
    ['the end lost', token.slice(0, -1)],
    ['only the beginning left', token.slice(0, 8)],
    ['a sign more', `${token}A`],
    ['two signs swapped', `${token.slice(0, 3)}${token[4]}${token[3]}${token.slice(5)}`],
    ['other letter case', token.toLowerCase()],
    ['a sign of no alphabet', `${token.slice(0, -1)}*`],
    ['zeros', 'A'.repeat(token.length)],
    ['a key of nobody', '00000000-0000-0000-0000-000000000000'],
    ['an address', 'jan%40voorbeeld.be'],
    ['a very long one', 'A'.repeat(1_100)],
    ['a path out of it', '..%2f..%2fv1'],
  ]
}

describe('Unsigned or guessable link cannot opt out a stranger', () => {
  it('whatever was done to it: 404, the same words, and nothing recorded', async () => {
    const before = await pages.everything()
    const expected = await pages.get('/u/nothing')
    expect([expected.status, said(expected)]).toEqual([404, expect.stringContaining('Deze link werkt niet')])
    for (const [what, token] of spoiled(tokenOf(link))) {
      for (const answer of [
        await pages.get(`/u/${token}`),
        await pages.oneClick(`/u/${token}`),
        await pages.post(`/u/${token}/stop`, { scope: 'all' }),
      ]) {
        expect([what, answer.status, answer.text]).toEqual([
          what,
          answer.status === 429 ? 429 : 404,
          answer.status === 429 ? answer.text : expected.text,
        ])
      }
    }
    expect(await pages.everything()).toEqual(before)
  })

  it('nor can one sealed under another secret, or for another purpose', async () => {
    await using other = await PublicPages.open()
    const secret = Buffer.alloc(32, 'somebody else')
    const forged = await other.link(jan, { ring: sealRing([{ id: 1, secret }], 'link') })
    const confirming = await other.link(jan, { ring: other.hub.confirmationRing })
    for (const path of [forged, confirming]) expect((await other.oneClick(path)).status).toBe(404)
    expect(await other.count('choices')).toBe(0)
  })

  it('takes no look into the database, so that neither words nor time tell who exists', async () => {
    await using other = await PublicPages.open()
    const token = tokenOf(await other.link(jan))
    await other.loseDatabase()
    for (const [what, spoilt] of spoiled(token))
      expect([what, (await other.get(`/u/${spoilt}`)).status]).toEqual([what, 404])
    expect((await other.get(`/u/${token}`)).status).toBe(503)
  })
})

describe('a link that is old', () => {
  it.each([
    ['60 days', 60],
    ['5 years', 5 * 365],
    ['20 years', 20 * 365],
  ])('of %s still shows the page and still opts out', async (_age, days) => {
    await using other = await PublicPages.open()
    const anna = await other.customer()
    const path = await other.link(anna)
    other.pass(days * dayMs)
    expect((await other.get(path)).status).toBe(200)
    expect((await other.oneClick(path)).status).toBe(200)
    expect(await other.decision(anna)).toBe('deny objection')
  })

  it('works after the key was rotated, and new links are made with the new key', async () => {
    const first = { id: 1, secret: Buffer.alloc(32, 'first') }
    const second = { id: 2, secret: Buffer.alloc(32, 'second') }
    await using other = await PublicPages.open({ linkRing: sealRing([first, second], 'link') })
    const [anna, bert] = [await other.customer(), await other.customer()]
    const old = await other.link(anna, { ring: sealRing([first], 'link') })
    const fresh = await other.link(bert)
    expect([Buffer.from(tokenOf(old), 'base64url')[0], Buffer.from(tokenOf(fresh), 'base64url')[0]]).toEqual([1, 2])
    for (const path of [old, fresh]) expect((await other.oneClick(path)).status).toBe(200)
    expect([await other.decision(anna), await other.decision(bert)]).toEqual(['deny objection', 'deny objection'])
  })

  it('works when its topic is gone and its campaign has no name', async () => {
    await using other = await PublicPages.open()
    await other.saveTopic({ brand: 'acme', id: 'old', purpose: 'marketing', names: { nl: 'Oud' } })
    const anna = await other.customer()
    const path = await other.link(anna, { topic: 'old' })
    await other.hub.db.execute(`delete from topics where id = 'old'`)
    await other.hub.catalog.reload()
    const page = said(await other.get(path))
    expect(page).not.toContain('Oud')
    expect(page).toContain('Stop alle reclame per e-mail')
    expect((await other.oneClick(path)).status).toBe(200)
    expect(await other.decision(anna)).toBe('deny objection')
  })
})

describe('rate limits', () => {
  it('never stop a valid opt-out: 1,000 from one address, while forged ones are told to wait', async () => {
    await using other = await PublicPages.open()
    const anna = await other.customer()
    const path = await other.link(anna)
    const forged: number[] = []
    for (let attempt = 0; attempt <= forgeriesPerMinuteMax; attempt += 1)
      forged.push((await other.oneClick(`/u/${'A'.repeat(52)}`)).status)
    expect([...new Set(forged)]).toEqual([404, 429])
    expect(forged.indexOf(429)).toBe(forgeriesPerMinuteMax)
    const valid = new Map<number, number>()
    for (let at = 0; at < 1_000; at += 100) {
      for (const { status } of await Promise.all(Array.from({ length: 100 }, () => other.oneClick(path)))) {
        valid.set(status, (valid.get(status) ?? 0) + 1)
      }
    }
    expect([...valid]).toEqual([[200, 1_000]])
    const refused = await other.get('/u/nothing')
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60'])
    // An API key that is typed wrong has a count of its own.
    expect((await other.get('/v1/brands')).status).toBe(401)
  })
})

describe('every answer of the public pages', () => {
  it('is nobody’s to store, frame, index or refer to, and sets no cookie', async () => {
    const answers: Answer[] = [
      await pages.get(link),
      await pages.send('HEAD', link),
      await pages.send('OPTIONS', link),
      await pages.post(`${link}/pause`, { days: '30' }),
      await pages.post(`${link}/pause`, { days: 'x' }),
      await pages.oneClick(link),
      await pages.post(link, { nonsense: '1' }),
      await pages.get('/u/nothing'),
      await pages.get('/u'),
      await pages.get(`${link}/nothing`),
      await pages.get('/k/nothing'),
      await pages.get('/c'),
      await pages.get('/c?code=1'),
      await pages.get(`/c/${new URL((await pages.mint(jan)).shortUrl).pathname.slice(3)}`),
      await pages.get('/'),
    ]
    for (const { status, headers } of answers) {
      expect({ status, ...headers }).toMatchObject({
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'x-robots-tag': 'noindex, nofollow',
        'x-content-type-options': 'nosniff',
        'x-frame-options': expect.stringMatching(/^deny$/i),
        'strict-transport-security': 'max-age=31536000',
        'content-security-policy': expect.stringContaining(`default-src 'none'`),
      })
      expect(headers['content-security-policy']).not.toMatch(/script-src|unsafe/)
      expect(headers['set-cookie']).toBeUndefined()
    }
  })

  it('has the one style sheet that its policy names, and no script', async () => {
    const { text, headers } = await pages.get(link)
    expect(headers['content-security-policy']).toMatch(
      /style-src 'sha256-[\w+/]+=*'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'/,
    )
    expect(text).not.toMatch(/<script|javascript:|\son\w+=|http-equiv/i)
    expect(text).not.toMatch(/\ssrc=|<link|@import|url\(/)
  })
})

describe('the log', () => {
  it('has neither token nor person in it, whatever went wrong', async () => {
    await using other = await PublicPages.open()
    const anna = await other.customer([phone('+32470123456')], { name: 'Anna Schneider' })
    const path = await other.link(anna)
    await other.get(`${path}?utm=x`)
    await other.oneClick(path)
    await other.post(`${path}/details`, { name: 'Anna Smid', language: 'fr' })
    await other.post(`${path}/add-contact`, { email: 'nieuw@elders.example' })
    await other.post(`${path}/reason`, { comment: 'niet meer', choice: 'x' })
    await other.get('/u/forged-token')
    const confirmation = await other.confirmation()
    await other.get(confirmation)
    await other.post(confirmation)
    await other.loseDatabase()
    await other.oneClick(path)
    await other.get(path)
    const lines = other.log
    expect(lines).toContain('"route":"/u/:token/details"')
    expect(lines).toContain('a public page failed')
    for (const secret of [
      tokenOf(path),
      confirmation.slice(3),
      'forged-token',
      anna.value,
      'voorbeeld',
      '470123456',
      'Anna',
      'Smid',
      'elders',
      'niet meer',
      '127.0.0.1',
      'utm',
    ]) {
      expect(lines, secret).not.toContain(secret)
    }
  })
})

describe('when the database cannot be reached', () => {
  it('nothing sounds like success: 503, when to try again, and the way back to the page', async () => {
    await using other = await PublicPages.open()
    const anna = await other.customer()
    const path = await other.link(anna)
    await other.loseDatabase()
    const answers = [
      await other.oneClick(path),
      await other.get(path),
      await other.post(`${path}/stop`, { scope: 'all' }),
      await other.post(`${path}/undo`, { choice: '01930f0e-0000-7000-8000-000000000001' }),
      await other.get('/c?code=0000000000'),
    ]
    for (const { status, headers, text } of answers) {
      expect([status, headers['retry-after']]).toEqual([503, '30'])
      expect(text).toContain('Uw keuze kon nu niet worden opgeslagen')
    }
    expect(answers[2]?.text).toContain(`href="${path}"`)
  })
})

describe('The URL in every outgoing header resolves to a real route', () => {
  it('and so does every other address a message carries', async () => {
    const minted = await pages.mint(email('klaas@voorbeeld.nl'))
    const header = minted.headers['List-Unsubscribe'] ?? ''
    const [, https] = /^<(https:[^>]+)>, <mailto:[a-z0-9]+@[^>]+>$/.exec(header) ?? []
    expect(https).toBe(minted.page)
    expect(new URL(minted.page).pathname.length).toBeLessThanOrEqual(90)
    for (const url of [minted.page, minted.stopAll, minted.preferences]) {
      const answer = await pages.get(new URL(url).pathname)
      expect(answer.status).toBe(200)
      const anchor = new URL(url).hash.slice(1)
      if (anchor !== '') expect(answer.text).toContain(`id="${anchor}"`)
    }
    expect((await pages.get(new URL(minted.shortUrl).pathname)).headers.location).toBe(new URL(minted.page).pathname)
    expect((await pages.get(`/c?code=${minted.code}`)).headers.location).toBe(new URL(minted.page).pathname)
    expect((await pages.oneClick(new URL(https ?? '').pathname)).status).toBe(200)
  })
})
