import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { englishIn } from '../../../../../test/english-findings.ts'
import { StaffDesk } from '../../../../../test/staff-desk.ts'
import { find, findAll, readPage, textOf } from '../../pages/testing/read-page.ts'
import { formToken, formTokenField } from '../form-token.ts'

let desk: StaffDesk
let cookie: string
beforeAll(async () => {
  desk = await StaffDesk.open()
  cookie = (await desk.member('mia@acme.example', 'marketer')).cookie
})
afterAll(() => desk[Symbol.asyncDispose]())

const boundary = 'b0und'

/** As a browser posts the form: fields, and a file where one was chosen. */
function post(fields: Record<string, string>, file?: Buffer, language = 'nl') {
  const token = formToken(/=([^;]+)/.exec(cookie)?.[1] ?? '', '/check')
  const parts: Buffer[] = Object.entries({ [formTokenField]: token, brand: 'acme', ...fields }).map(([name, value]) =>
    Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`),
  )
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="m.eml"\r\nContent-Type: application/octet-stream\r\n\r\n`
  if (file !== undefined) parts.push(Buffer.from(head), file, Buffer.from('\r\n'))
  return desk.app.inject({
    method: 'POST',
    url: `/check?lang=${language}`,
    headers: {
      cookie,
      origin: 'https://verzet.example',
      'content-type': `multipart/form-data; boundary=${boundary}`,
    },
    payload: Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)]),
  })
}

const bare = 'From: Acme <news@acme.example>\r\nTo: jan@voorbeeld.be\r\nSubject: Brood\r\n\r\nKoop brood!\r\n'

const wrongInManyWays = [
  'From: news@acme.example',
  'To: jan@voorbeeld.be',
  'List-Unsubscribe: <http://acme.example/a>, <http://acme.example/b c>',
  'List-Unsubscribe: <http://acme.example/a>',
  'List-Unsubscribe-Post: yes',
  'List-Id: news',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  `<p>${'Koop brood! '.repeat(50)}{{unsubscribe}}</p>`,
  '<p><a href="https://acme.example/login?x">Afmelden</a>',
  '<a href="http://acme.example/stop" style="color:#888;font-size:8px">Afmelden</a>',
  '<a href="https://verzet.example/u/nothing" style="display:none">Mijn voorkeuren</a></p>',
  `<p>${'Koop brood! '.repeat(150)}</p>`,
].join('\r\n')

describe('the room where a message is checked', () => {
  it('asks for a message, in the language of who reads it', async () => {
    const answer = await desk.app.inject({ method: 'GET', url: '/check?lang=nl', headers: { cookie } })
    expect(answer.statusCode).toBe(200)
    const page = readPage(answer.payload)
    expect(textOf(find(page, 'h1'))).toBe('Mag dit bericht weg?')
    expect(findAll(page, 'option').map(({ attributes }) => attributes.value)).toEqual(
      expect.arrayContaining(['email', 'sms', 'phone', 'print', 'acme', 'globex']),
    )
  })

  it('says what forbids a message to leave, with the rule and its source', async () => {
    const answer = await post({ kind: 'email', message: bare })
    const page = readPage(answer.payload)
    expect([answer.statusCode, textOf(find(page, 'h1'))]).toEqual([200, 'Dit bericht mag niet weg'])
    expect(answer.payload).toContain('way-out-present')
    expect(answer.payload).toContain('GDPR art. 21(4)')
  })

  it('is told what the message does not say: topic, language and the sender of a text', async () => {
    const text = 'Acme: 20% korting. Stoppen? Antwoord STOP.'
    expect((await post({ kind: 'sms', message: text })).payload).toContain('sms-sender-unknown')
    const told = (await post({ kind: 'sms', message: text, sender: 'Acme', language: 'nl' })).payload
    expect(told).toContain('sms-sender-receives')
    expect(told).not.toContain('sms-sender-unknown')
    const page = readPage(told)
    expect(find(page, 'input', { id: 'sender' }).attributes.value).toBe('Acme')
    expect(find(find(page, 'select', { id: 'language' }), 'option', { value: 'nl' }).attributes).toHaveProperty(
      'selected',
    )
    const script = 'Hallo, Acme hier, over ons aanbod. U mag altijd zeggen dat u geen reclame meer wilt.'
    expect((await post({ kind: 'phone', message: script, language: 'fr' })).payload).toContain('phone-right')
    const service = (await post({ kind: 'email', message: bare, brand: 'acme orders' })).payload
    expect(service).not.toContain('way-out-present')
    expect(find(readPage(service), 'option', { value: 'acme orders' }).attributes).toHaveProperty('selected')
  })

  it.each([
    ['nl', 'Een afmeldlink is niet te zien (display: none).', 'in het HTML-deel'],
    ['fr', 'Un lien de désinscription est caché (display: none).', 'dans la partie HTML'],
    ['de', 'Ein Abmeldelink ist versteckt (display: none).', 'im HTML-Teil'],
  ])('says it in the language of who reads it: %s', async (language, hidden, place) => {
    const html = (await post({ kind: 'email', message: wrongInManyWays }, undefined, language)).payload
    const findings = findAll(readPage(html), 'li').map(textOf)
    expect(findings).toContainEqual(expect.stringContaining(hidden))
    expect(findings).toContainEqual(expect.stringContaining(place))
    expect(findings.length).toBeGreaterThan(12)
    const others = [
      await post(
        { kind: 'sms', message: `Brood! ${'lekker '.repeat(80)} bit.ly/abcdefghijklmnopqrst ’` },
        undefined,
        language,
      ),
      await post({ kind: 'phone', message: 'Goedendag.' }, undefined, language),
      await post({ kind: 'print', message: 'geen pdf' }, undefined, language),
    ].map(({ payload }) => payload)
    for (const page of [html, ...others]) {
      expect(findAll(readPage(page), 'li').length).toBeGreaterThan(0)
      expect(englishIn(page)).toEqual([])
    }
  })

  it('says it in English to who reads English', async () => {
    expect(englishIn((await post({ kind: 'email', message: bare }, undefined, 'en')).payload).length).toBeGreaterThan(3)
  })

  it('reads a file the same', async () => {
    const [pasted, chosen] = [
      await post({ kind: 'email', message: bare }),
      await post({ kind: 'email', message: '' }, Buffer.from(bare)),
    ]
    const findings = (html: string) => findAll(readPage(html), 'li').map(textOf)
    expect(findings(chosen.payload)).toEqual(findings(pasted.payload))
  })

  it('says that nothing was given, or too much', async () => {
    const nothing = await post({ kind: 'sms', message: '' })
    expect([nothing.statusCode, nothing.payload]).toEqual([422, expect.stringContaining('Plak een bericht')])
    const flood = await post({ kind: 'sms', message: 'a'.repeat(50_000) })
    expect([flood.statusCode, flood.payload]).toEqual([422, expect.stringContaining('groter dan')])
  })
})
