import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { email, type Point, phone } from '../../../../test/people.ts'
import { PublicPages, said } from '../../../../test/public-pages.ts'
import { find, findAll, readPage, textOf } from '../pages/testing/read-page.ts'

const minuteMs = 60_000
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
  await pages.sendMails()
  pages.pass(60 * minuteMs)
  people += 1
  number = phone(`+3247050${String(people).padStart(4, '0')}`)
  jan = await pages.customer([number])
  link = await pages.link(jan)
})

const relation = async () =>
  (
    await pages.hub.db.query<{ name: string; language: string }>(
      'select name, language from relations where external_id = $1',
      [pages.externalId],
    )
  )[0]

/** What the page lists as the person's own, with the reference that removes it. */
async function contactPoints(path: string) {
  const forms = findAll(readPage((await pages.get(path)).text), 'form', { action: `${path}/remove-contact` })
  return forms.map((form) => ({
    masked: textOf(form).replace('Verwijderen', '').trim(),
    reference: find(form, 'input', { name: 'contact' }).attributes.value ?? '',
  }))
}

describe('name and language', () => {
  it('are corrected by the person and kept, with evidence that names no words', async () => {
    expect(said(await pages.post(`${link}/details`, { name: ' Johanna  Peeters ', language: 'fr' }))).toContain(
      'Vos données sont modifiées',
    )
    expect(await relation()).toEqual({ name: 'Johanna  Peeters', language: 'fr' })
    expect((await pages.get(link)).text).toContain('<html lang="fr">')
    const bodies = await pages.hub.db.query<{ body: string }>(`select body from evidence where kind = 'relation_saved'`)
    expect(bodies.length).toBeGreaterThan(0)
    expect(JSON.stringify(bodies)).not.toContain('Johanna')
  })

  it('stay as they are when left empty', async () => {
    await pages.post(`${link}/details`, { name: '', language: 'nl' })
    expect(await relation()).toEqual({ name: 'Jan Peeters', language: 'nl' })
    expect((await pages.post(`${link}/details`, { name: '', language: 'xx' })).status).toBe(422)
  })

  it.each([
    ['is too long', 'x'.repeat(121)],
    ['has control characters', 'Jan\u0007Peeters'],
    ['has a line break', 'Jan\nPeeters'],
  ])('are refused when the name %s', async (_what, name) => {
    const answer = await pages.post(`${link}/details`, { name, language: 'fr' })
    expect([answer.status, find(readPage(answer.text), 'input', { id: 'name' }).attributes['aria-invalid']]).toEqual([
      422,
      'true',
    ])
    expect(await relation()).toEqual({ name: 'Jan Peeters', language: 'nl' })
  })

  it('are kept for who was only an address until now, once however often it is pressed', async () => {
    const stranger = email(`nieuw${people}@voorbeeld.be`)
    const path = await pages.link(stranger)
    const before = await pages.count('relations')
    await Promise.all([
      pages.post(`${path}/details`, { name: 'Nina', language: 'de' }),
      pages.post(`${path}/details`, { name: 'Nina', language: 'de' }),
    ])
    expect(await pages.count('relations')).toBe(before + 1)
    expect((await pages.get(path)).text).toContain('<html lang="de">')
  })
})

describe('the language of the page', () => {
  it('is that of the relation, then ?lang=, then Accept-Language, then Dutch', async () => {
    const lang = async (path: string, accept?: string) =>
      /<html lang="(..)">/.exec((await pages.get(path, accept ? { 'accept-language': accept } : {})).text)?.[1]
    expect(await lang(`${link}?lang=fr`, 'de')).toBe('nl')
    const path = await pages.link(email(`taal${people}@voorbeeld.be`))
    expect([await lang(`${path}?lang=fr`, 'de'), await lang(path, 'xx, de-LU;q=0.5'), await lang(path)]).toEqual([
      'fr',
      'de',
      'nl',
    ])
    expect(await lang(`${path}?lang=zz`, 'en')).toBe('en')
  })

  it('is switched by a press where one is on record, and by a link elsewhere', async () => {
    const form = find(readPage((await pages.get(link)).text), 'form', { class: 'languages' })
    const switched = await pages.post(form.attributes.action ?? '', { from: 'switch', language: 'de' })
    expect([switched.status, switched.text.includes('<html lang="de">')]).toEqual([200, true])
    expect(await relation()).toEqual({ name: 'Jan Peeters', language: 'de' })
    const path = await pages.link(email(`taal${people}@voorbeeld.be`))
    expect(findAll(readPage((await pages.get(path)).text), 'a', { hreflang: 'fr' })[0]?.attributes.href).toBe(
      `${path}?lang=fr`,
    )
    const stopped = await pages.post(`${path}/stop?lang=fr`, { scope: 'all' })
    expect(stopped.text).toContain('<html lang="fr">')
    expect(stopped.text).toContain(`href="${path}?lang=fr#preferences"`)
  })
})

describe('adding an address', () => {
  it('first asks the new address, and holds nothing before', async () => {
    const added = email(`tweede${people}@elders.example`)
    const answer = await pages.post(`${link}/add-contact`, { email: added.value })
    expect(said(answer)).toContain('Bevestig het nieuwe adres in uw mailbox.')
    expect(await pages.count(`contact_points where value = '${added.value}'`)).toBe(0)
    expect((await contactPoints(link)).length).toBe(3)
    const [mail] = await pages.sendMails()
    expect(mail?.to).toBe(added.value)
    expect(mail?.text).not.toContain('/u/')
    const confirmation = /(\/k\/[\w-]+)/.exec(mail?.text ?? '')?.[1] ?? ''
    expect((await pages.get(confirmation)).status).toBe(200)
    expect(await pages.decision(added)).toBe('deny no_basis')
    expect((await pages.post(confirmation)).status).toBe(200)
    expect(await pages.decision(added)).toBe('allow customer_relation')
    expect((await contactPoints(link)).length).toBe(3)
  })

  it('takes over every no', async () => {
    await pages.post(`${link}/stop`, { scope: 'all' })
    await pages.sendMails()
    const added = email(`derde${people}@elders.example`)
    await pages.post(`${link}/add-contact`, { email: added.value })
    await pages.post(await pages.confirmation())
    expect(await pages.decision(added)).toBe('deny objection')
  })

  it('can be taken back while it waits', async () => {
    await pages.post(`${link}/add-contact`, { email: `vierde${people}@elders.example` })
    const waiting = (await contactPoints(link)).at(-1)
    expect(waiting?.masked).toMatch(/^v•••/)
    expect(said(await pages.post(`${link}/remove-contact`, { contact: waiting?.reference ?? '' }))).toContain(
      'is verwijderd',
    )
    expect((await contactPoints(link)).length).toBe(2)
    expect(await pages.sendMails()).toEqual([])
    expect(await pages.count(`confirmations where details::text like '%vierde${people}%'`)).toBe(0)
  })

  it.each(['', 'jan', 'jan@', 'a@b@c', 'jan peeters@voorbeeld.be', `${'x'.repeat(300)}@voorbeeld.be`])(
    'refuses %j',
    async (value) => {
      const answer = await pages.post(`${link}/add-contact`, { email: value })
      expect([answer.status, find(readPage(answer.text), 'input', { id: 'email' }).attributes['aria-invalid']]).toEqual(
        [422, 'true'],
      )
    },
  )

  it('cannot be used to fill a mailbox', async () => {
    for (let at = 0; at < 5; at += 1)
      expect((await pages.post(`${link}/add-contact`, { email: 'slachtoffer@elders.example' })).status).toBe(200)
    const refused = await pages.post(`${link}/add-contact`, { email: 'slachtoffer@elders.example' })
    expect([refused.status, said(refused)]).toEqual([
      422,
      expect.stringContaining('We hebben u vandaag al enkele e-mails gestuurd.'),
    ])
    await pages.sendMails()
  })
})

describe('removing a contact point', () => {
  it('stops everything there, and leaves the rest', async () => {
    const [, listed] = await contactPoints(link)
    expect(listed?.masked).toMatch(/^\+32 4•• •• ••/)
    expect(said(await pages.post(`${link}/remove-contact`, { contact: listed?.reference ?? '' }))).toContain(
      'is verwijderd.',
    )
    expect([await pages.decision(number, 'sms'), await pages.decision(jan)]).toEqual([
      'deny objection',
      'allow customer_relation',
    ])
    expect(await contactPoints(link)).toHaveLength(1)
    await pages.post(`${link}/stop`, { scope: 'channel' })
    expect(await pages.decision(jan)).toBe('deny objection')
  })

  it('is refused for what is not the person’s', async () => {
    const anna = await pages.customer()
    const [hers] = await contactPoints(await pages.link(anna))
    const before = await pages.everything()
    for (const contact of [hers?.reference ?? '', '', 'x', jan.value]) {
      expect((await pages.post(`${link}/remove-contact`, { contact })).status).toBe(422)
    }
    expect(await pages.everything()).toEqual(before)
  })
})

describe('asking for erasure', () => {
  it('stops at once, erases once confirmed, and leaves a page of dots that still stops', async () => {
    const answer = await pages.post(`${link}/erase`)
    expect(said(answer)).toContain('Alle reclame is vanaf nu gestopt.')
    expect([await pages.decision(jan), await pages.decision(number, 'sms')]).toEqual([
      'deny objection',
      'deny objection',
    ])
    expect(await relation()).toEqual({ name: 'Jan Peeters', language: 'nl' })
    const confirmation = await pages.confirmation()
    await pages.get(confirmation)
    expect(await relation()).toBeDefined()
    expect(said(await pages.post(confirmation))).toContain('Uw gegevens zijn gewist.')
    expect(await relation()).toBeUndefined()
    expect(await pages.count(`contact_points where value in ('${jan.value}', '${number.value}')`)).toBe(0)

    const page = await pages.get(link)
    expect([page.status, said(page)]).toEqual([200, expect.stringContaining('Het gaat om •••@•••')])
    for (const act of ['details', 'add-contact', 'remove-contact', 'erase', 'pause', 'less', 'preferences'])
      expect(page.text).not.toContain(`${link}/${act}`)
    expect((await pages.oneClick(link)).status).toBe(200)
    expect((await pages.post(`${link}/stop`, { scope: 'all' })).status).toBe(200)
    expect([await pages.decision(jan), await pages.decision(number, 'sms')]).toEqual([
      'deny objection',
      'deny objection',
    ])
  })

  it('keeps nothing more about who was erased', async () => {
    await pages.post(`${link}/erase`)
    await pages.post(await pages.confirmation())
    const relations = await pages.count('relations')
    expect((await pages.post(`${link}/details`, { name: 'Jan', language: 'nl' })).status).toBe(422)
    expect(await pages.count('relations')).toBe(relations)
    expect((await pages.post(`${link}/erase`)).status).toBe(200)
    expect((await pages.post(`${link}/pause`, { days: '30' })).status).toBe(422)
    expect(await pages.decision(jan)).toBe('deny objection')
  })
})

describe('what the pages show of a person', () => {
  it('is masked everywhere: no address, number or name in full', async () => {
    const home = { type: 'post', value: 'Kerkstraat 12, 9000 Gent, België' } as const
    const anna = await pages.customer([phone('+32470987654'), home], { name: 'Anna Verstraeten' })
    const path = await pages.link(anna)
    const shown = [await pages.get(path), await pages.get(`${path}?lang=en`)]
    const acts: [string, Record<string, string>][] = [
      ['pause', { days: '30' }],
      ['less', { cadence: '1/week' }],
      ['details', { name: 'Anna Vandenbroucke', language: 'nl' }],
      ['add-contact', { email: 'geheim.adres@elders.example' }],
      ['stop', { scope: 'all' }],
      ['preferences', { shown: 'email:news', receive: 'email:news' }],
      ['reason', { choice: 'x', comment: 'mijn nummer is 0470987654' }],
      ['erase', {}],
    ]
    for (const [act, fields] of acts) shown.push(await pages.post(`${path}/${act}`, fields))
    for (const mail of await pages.sendMails()) {
      for (const [url] of mail.text.matchAll(/https:\/\/verzet\.example\S+/g))
        shown.push(await pages.get(new URL(url).pathname))
    }
    shown.push(await pages.get(path))
    const secrets = [
      anna.value,
      'jan.peeters',
      'voorbeeld.be',
      '470987654',
      '70 98 76',
      'Anna',
      'Verstraeten',
      'Vandenbroucke',
      'Kerkstraat',
      'kerkstraat',
      'geheim.adres',
      'elders.example',
      pages.externalId,
    ]
    expect(shown.length).toBeGreaterThan(12)
    // The hint of the form names an address of nobody.
    for (const { text } of shown)
      for (const secret of secrets) expect(text.replaceAll('naam@voorbeeld.be', ''), secret).not.toContain(secret)
  })
})
