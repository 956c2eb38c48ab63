import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Point, phone } from '../../../../test/people.ts'
import { type Answer, PublicPages, said } from '../../../../test/public-pages.ts'

let pages: PublicPages
let jan: Point
let link: string

beforeAll(async () => {
  pages = await PublicPages.open()
})
afterAll(async () => pages[Symbol.asyncDispose]())
beforeEach(async () => {
  jan = await pages.customer()
  link = await pages.link(jan)
})

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded' }
const pair = 'List-Unsubscribe=One-Click'

function multipart(boundary: string, lines: readonly string[], lineEnd = '\r\n') {
  return {
    headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
    payload: lines.join(lineEnd),
  }
}

/** How it was answered, and what came of it for Jan. */
async function outcome({ status, headers }: Answer) {
  return { status, location: headers.location, cookie: headers['set-cookie'], gate: await pages.decision(jan) }
}

/** Answered as done, without a detour, and done. */
const left = { status: 200, location: undefined, cookie: undefined, gate: 'deny objection' }

describe('RULE 8058-5: the address alone says who and what', () => {
  it('keeps person, brand, topic, campaign and channel with the no', async () => {
    expect(await outcome(await pages.oneClick(link))).toEqual(left)
    const [choice] = await pages.hub.db.query(
      'select signal, origin, kind, author from choices order by recorded_at desc, id desc limit 1',
    )
    expect(choice).toEqual({
      signal: 'one_click',
      origin: { brand: 'acme', channel: 'email', topic: 'news', campaign: 'spring' },
      kind: 'objection',
      author: 'person',
    })
  })

  it('holds for every other contact point of the person', async () => {
    const number = phone('+32470000001')
    const anna = await pages.customer([number])
    expect(await pages.decision(number, 'sms')).toBe('allow customer_relation')
    await pages.oneClick(await pages.link(anna))
    expect(await pages.decision(number, 'sms')).toBe('deny objection')
    expect(await pages.decision(number, 'phone')).toBe('deny objection')
  })
})

describe('RULE 8058-6: both form encodings', () => {
  it('takes what Gmail sends: urlencoded, 26 bytes', async () => {
    expect(Buffer.byteLength(pair)).toBe(26)
    expect(
      await outcome(
        await pages.send('POST', link, { headers: { ...urlencoded, 'content-length': '26' }, payload: pair }),
      ),
    ).toEqual(left)
  })

  it('takes multipart with the boundary of the RFC example', async () => {
    const lines = [
      '-----FormBoundaryjWmhtjORrn',
      'Content-Disposition: form-data; name="List-Unsubscribe"',
      '',
      'One-Click',
      '-----FormBoundaryjWmhtjORrn--',
      '',
    ]
    expect(await outcome(await pages.send('POST', link, multipart('---FormBoundaryjWmhtjORrn', lines)))).toEqual(left)
  })

  it('takes multipart as FormData writes it', async () => {
    const form = new FormData()
    form.set('List-Unsubscribe', 'One-Click')
    const body = new Response(form)
    const payload = Buffer.from(await body.arrayBuffer())
    expect(
      await outcome(
        await pages.send('POST', link, {
          headers: { 'content-type': body.headers.get('content-type') ?? '' },
          payload,
        }),
      ),
    ).toEqual(left)
  })

  it.each([
    ['a charset', 'application/x-www-form-urlencoded; charset=UTF-8', pair],
    ['another letter case', 'Application/X-WWW-Form-Urlencoded', 'list-unsubscribe=one-click'],
    ['a line end after the pair', 'application/x-www-form-urlencoded', `${pair}\r\n`],
    ['another field before the pair', 'application/x-www-form-urlencoded', `a=1&${pair}`],
    ['text/plain', 'text/plain', `${pair}\r\n`],
    ['a broken content type', 'form', pair],
  ])('forgives %s', async (_what, type, payload) => {
    expect(await outcome(await pages.send('POST', link, { headers: { 'content-type': type }, payload }))).toEqual(left)
  })

  it('forgives bare line feeds, an unquoted name and a missing end in multipart', async () => {
    const lines = [
      '--b',
      'Content-Disposition: form-data; name=List-Unsubscribe',
      'Content-Type: text/plain',
      '',
      'One-Click',
      '',
    ]
    expect(await outcome(await pages.send('POST', link, multipart('b', lines, '\n')))).toEqual(left)
  })
})

describe('One-click POST with empty body, odd or missing User-Agent still works', () => {
  it.each([
    ['no body and no content type', {}, undefined],
    ['an empty urlencoded body', urlencoded, ''],
    ['an empty body of no length', { 'content-length': '0' }, undefined],
    ['a body without a content type', {}, pair],
    ['an empty User-Agent', { ...urlencoded, 'user-agent': '' }, pair],
    ['the User-Agent of a scanner', { ...urlencoded, 'user-agent': 'python-requests/2.31 (bot; +http://x)' }, pair],
  ])('with %s', async (_what, headers, payload) => {
    expect(
      await outcome(await pages.send('POST', link, { headers, ...(payload !== undefined && { payload }) })),
    ).toEqual(left)
  })
})

describe('RULE 8058-7: no cookie, no login, no token of a form', () => {
  it('is not changed by any that come along', async () => {
    const headers = {
      cookie: 'session=1; csrf=2',
      authorization: 'Bearer nonsense',
      origin: 'https://evil.example',
      referer: 'https://x.example/',
    }
    expect(await outcome(await pages.post(link, { 'List-Unsubscribe': 'One-Click' }, headers))).toEqual(left)
  })
})

describe('RULE 8058-8: never a redirect', () => {
  it.each([
    ['a slash at the end', (path: string) => `${path}/`],
    ['parameters of trackers', (path: string) => `${path}?utm_source=mail&utm_campaign=x&_se=abc%3D%3D&mc_cid=1`],
    ['a language', (path: string) => `${path}?lang=fr`],
    ['a slash and parameters', (path: string) => `${path}/?fbclid=1`],
    ['an empty query', (path: string) => `${path}?`],
  ])('for %s', async (_what, change) => {
    expect(await outcome(await pages.oneClick(change(link)))).toEqual(left)
  })

  it('neither for the page', async () => {
    for (const path of [`${link}/`, `${link}?utm_source=x&_se=y`, `${link}/stop/`]) {
      const { status, headers } = await pages.get(path)
      expect([path, status, headers.location]).toEqual([path, 200, undefined])
    }
  })
})

describe('RULE 8058-9 and 8058-15: done in the one request', () => {
  it('asks for nothing and waits for nothing', async () => {
    const answer = await pages.oneClick(link)
    expect(await outcome(answer)).toEqual(left)
    expect(answer.text).toBe('Done.\n')
    expect(answer.headers['access-control-allow-origin']).toBe('*')
  })
})

describe('RULE 8058-10: saying it again', () => {
  it('is the same no: 200, one choice, one acknowledgement', async () => {
    await pages.sendMails()
    expect(await outcome(await pages.oneClick(link))).toEqual(left)
    const before = await pages.everything()
    for (let again = 0; again < 3; again += 1) expect(await outcome(await pages.oneClick(link))).toEqual(left)
    expect(await pages.everything()).toEqual(before)
    expect(await pages.sendMails()).toHaveLength(1)
  })

  it('is fine for who left another way', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    expect(await outcome(await pages.oneClick(link))).toEqual(left)
  })

  it('answers a forged address with 404 and nothing else', async () => {
    const forged = `${link.slice(0, -2)}${link.endsWith('AA') ? 'BB' : 'AA'}`
    const before = await pages.everything()
    const answer = await pages.oneClick(forged)
    expect(answer.status).toBe(404)
    expect(answer.text).not.toMatch(/jan|voorbeeld|Nieuws/i)
    expect(await pages.everything()).toEqual(before)
  })
})

describe('RULE 8058-11: looking changes nothing', () => {
  it('neither by GET, HEAD nor OPTIONS, at the page or at any of its acts', async () => {
    const before = await pages.everything()
    for (const act of [
      '',
      '/stop',
      '/less',
      '/pause',
      '/preferences',
      '/details',
      '/add-contact',
      '/remove-contact',
      '/erase',
      '/undo',
      '/reason',
    ]) {
      for (const query of ['', '?List-Unsubscribe=One-Click', '?scope=all', '?days=30']) {
        expect((await pages.get(`${link}${act}${query}`)).status).toBe(200)
        expect((await pages.send('HEAD', `${link}${act}${query}`)).status).toBe(200)
      }
    }
    const options = await pages.send('OPTIONS', link, {
      headers: { origin: 'https://mail.example', 'access-control-request-method': 'POST' },
    })
    expect([options.status, options.headers['access-control-allow-origin'], options.headers.allow]).toEqual([
      204,
      '*',
      'GET, HEAD, POST, OPTIONS',
    ])
    expect(await pages.everything()).toEqual(before)
  })
})

describe('RULE 8058-12: a POST without the pair', () => {
  it.each([
    ['another field', urlencoded, 'foo=bar'],
    ['another value', urlencoded, 'List-Unsubscribe=Two-Clicks'],
    ['the pair as one name', urlencoded, 'List-Unsubscribe%3DOne-Click'],
    ['JSON', { 'content-type': 'application/json' }, '{"List-Unsubscribe":"One-Click"}'],
    [
      'multipart without it',
      { 'content-type': 'multipart/form-data; boundary=b' },
      '--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--\r\n',
    ],
    ['multipart that is none', { 'content-type': 'multipart/form-data' }, 'garbage'],
    ['bytes', { 'content-type': 'application/octet-stream' }, Buffer.from([0, 255, 1, 254])],
  ])('with %s shows the page, as no success, and changes nothing', async (_what, headers, payload) => {
    const before = await pages.everything()
    const answer = await pages.send('POST', link, { headers, payload })
    expect([answer.status, answer.headers['content-type']]).toEqual([422, 'text/html; charset=utf-8'])
    expect(said(answer)).toContain('Er is nog niets gewijzigd')
    expect(said(answer)).toContain('Stop alle reclame')
    expect(await pages.everything()).toEqual(before)
  })

  it('that is larger than any form is refused without reading it', async () => {
    const answer = await pages.send('POST', link, { headers: urlencoded, payload: `${pair}&x=${'y'.repeat(70_000)}` })
    expect(answer.status).toBe(400)
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  })
})

describe('RULE BE-1: the acknowledgement', () => {
  it('is one mail to the person, without marketing, and leads to the page and not to an act', async () => {
    await pages.sendMails()
    await pages.oneClick(link)
    const [mail, ...others] = await pages.sendMails()
    expect(others).toEqual([])
    expect([mail?.to, mail?.language]).toEqual([jan.value, 'nl'])
    const before = await pages.everything()
    for (const [url] of (mail?.text ?? '').matchAll(/https:\/\/verzet\.example\S+/g)) {
      expect((await pages.get(new URL(url).pathname)).status).toBe(200)
    }
    expect(await pages.everything()).toEqual(before)
  })
})
