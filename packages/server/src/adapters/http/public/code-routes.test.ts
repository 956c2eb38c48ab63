import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { phone } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import type { MintedLinks } from '../../../services/mint-links.ts'
import { forgeriesPerMinuteMax } from './register.ts'

let pages: PublicPages
let minted: MintedLinks
let page: string
const number = phone('+32470500001')

beforeAll(async () => {
  pages = await PublicPages.open()
  await pages.customer([number])
  minted = await pages.mint(number, { channel: 'sms' })
  page = new URL(minted.page).pathname
})
afterAll(async () => pages[Symbol.asyncDispose]())

describe('a printed code', () => {
  it('leads to the page, however it was typed', async () => {
    const { code } = minted
    const lookalikes = code.replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('5', 's').replaceAll('8', 'B')
    for (const typed of [code, code.toLowerCase(), code.replace('-', ''), ` ${[...code].join(' ')} `, lookalikes]) {
      const answer = await pages.get(`/c?code=${encodeURIComponent(typed)}`)
      expect([typed, answer.status, answer.headers.location]).toEqual([typed, 303, page])
    }
    expect((await pages.get(`/c?code=${code}&lang=fr`)).headers.location).toBe(`${page}?lang=fr`)
    expect((await pages.get(`${new URL(minted.shortUrl).pathname}/?utm_source=sms`)).headers.location).toBe(page)
  })

  it('stops what a link stops', async () => {
    await using other = await PublicPages.open()
    await other.customer([number])
    const { headers } = await other.get(`/c?code=${(await other.mint(number, { channel: 'sms' })).code}`)
    await other.post(`${headers.location}/stop`, { scope: 'all' })
    expect(await other.decision(number, 'sms')).toBe('deny objection')
  })

  it('changes nothing by being looked up, right or wrong', async () => {
    const before = await pages.everything()
    for (const path of [
      '/c',
      `/c?code=${minted.code}`,
      '/c/00000-00000',
      '/c?code=x',
      new URL(minted.shortUrl).pathname,
    ]) {
      await pages.get(path)
      await pages.send('HEAD', path)
    }
    expect(await pages.everything()).toEqual(before)
  })
})

describe('a code that is wrong', () => {
  it('in one sign is told apart from one that nobody has, and what was typed stays', async () => {
    const wrong = `${minted.code.slice(0, -1)}${minted.code.endsWith('7') ? '9' : '7'}`
    const unreadable = await pages.get(`/c?code=${wrong}`)
    expect([unreadable.status, said(unreadable)]).toEqual([422, expect.stringContaining('Kijk elk teken na.')])
    expect(unreadable.text).toContain(`value="${wrong}"`)
    const unknown = await pages.get('/c?code=00000-00000')
    expect([unknown.status, said(unknown)]).toEqual([
      404,
      expect.stringContaining('Met deze code konden we niets vinden.'),
    ])
    const hostile = await pages.get(`/c?code=${encodeURIComponent('"><script>alert(1)</script>')}`)
    expect(hostile.status).toBe(422)
    expect(hostile.text).not.toContain('<script')
    expect((await pages.get(`/c?code=${'A'.repeat(10_000)}`)).status).toBe(422)
    expect((await pages.get('/c?code=a&code=b')).status).toBe(200)
  })

  it('again and again has to wait, while right ones go through', async () => {
    await using other = await PublicPages.open()
    const { code } = await other.mint(number, { channel: 'sms' })
    for (let attempt = 0; attempt < forgeriesPerMinuteMax; attempt += 1) await other.get('/c?code=00000-00000')
    expect((await other.get('/c?code=00000-00000')).status).toBe(429)
    expect((await other.get(`/c?code=${code}`)).status).toBe(303)
  })
})

describe('the address alone', () => {
  it('shows where to type the code, in the reader’s language', async () => {
    expect((await pages.get('/')).headers.location).toBe('/c')
    expect((await pages.get('/c', { 'accept-language': 'de-AT,de;q=0.9' })).text).toContain('<html lang="de">')
    expect((await pages.get('/c?lang=fr', { 'accept-language': 'de' })).text).toContain('<html lang="fr">')
  })
})
