import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { texts } from '../../../../../test/public-pages.ts'
import { hiddenFields, mainOf, StaffDesk } from '../../../../../test/staff-desk.ts'
import { listCatalogChanges } from '../../../../storage/catalog-changes.ts'
import { listEvidence } from '../../../../storage/evidence-log.ts'
import { find, findAll, readPage, textOf } from '../../pages/testing/read-page.ts'
import { languages } from '../../pages/text.ts'
import { keysOf, textGroups } from './text-groups.ts'

let desk: StaffDesk
let marketer: { cookie: string; staffId: string }
beforeAll(async () => {
  desk = await StaffDesk.open()
  marketer = await desk.member('mia@acme.example', 'marketer')
})
afterAll(() => desk[Symbol.asyncDispose]())

const get = (url: string) => desk.get(url, marketer.cookie)

/** Fills in the form of a page as a browser would and sends it. */
async function send(url: string, fields: Record<string, string>) {
  const page = await get(url)
  return desk.post(url, { ...shownFields(page.text, url), ...hiddenFields(page, url), ...fields }, marketer.cookie)
}

function shownFields(html: string, action: string): Record<string, string> {
  const form = findAll(readPage(html), 'form').find(({ attributes }) => attributes.action === action)
  if (form === undefined) throw new Error(`no form posts to ${action}`)
  const inputs = findAll(form, 'input').filter(({ attributes }) => attributes.type !== 'checkbox')
  const areas = findAll(form, 'textarea').map((area) => [area.attributes.name ?? '', textOf(area)])
  const selects = findAll(form, 'select').map((one) => {
    const options = findAll(one, 'option')
    const chosen = options.find(({ attributes }) => 'selected' in attributes) ?? options[0]
    return [one.attributes.name ?? '', chosen?.attributes.value ?? '']
  })
  const written = inputs.map(({ attributes }) => [attributes.name ?? '', attributes.value ?? ''])
  return Object.fromEntries([...written, ...areas, ...selects])
}

const stopTexts = '/content/acme/wording/nl/stop'

describe('the room of brands and texts', () => {
  it('lists the brands, and is closed to who answers the phone', async () => {
    expect(mainOf(await get('/content'))).toContain('Acme')
    const { cookie } = await desk.member('ann@acme.example', 'agent')
    expect((await desk.get('/content', cookie)).status).toBe(403)
  })

  it('changes what a brand decides, and leaves what the form does not show', async () => {
    const brand = desk.hub.catalog.brand('acme')
    const before = brand?.settings
    const answer = await send('/content/acme', {
      accent: '#0b5fff',
      reviewWithinHours: '12',
      policy: 'confirm_on_page',
    })
    expect([answer.status, mainOf(answer)]).toEqual([200, expect.stringContaining('Bewaard')])
    expect(desk.hub.catalog.brand('acme')?.settings).toMatchObject({
      ...before,
      accent: '#0b5fff',
      reviewWithinHours: 12,
      leaving: { policy: 'confirm_on_page' },
    })
  })

  it('holds a brand to an outside list that no law asks for, and lets it go again', async () => {
    const settings = () => desk.hub.catalog.brand('acme')?.settings ?? {}
    const held = await send('/content/acme', { 'pledged-robinson': 'yes' })
    expect([held.status, settings().pledgedRegisters]).toEqual([200, ['robinson']])
    const box = find(readPage(held.text), 'input', { name: 'pledged-robinson' })
    expect('checked' in box.attributes).toBe(true)
    // A box that is not ticked is not sent.
    await send('/content/acme', {})
    expect(settings()).not.toHaveProperty('pledgedRegisters')
  })

  it('changes what is offered in place of a no: order, details, words, reasons, one more and one less', async () => {
    const path = '/content/acme/alternatives'
    const alternatives = () => Object(desk.hub.catalog.brand('acme')?.settings.leaving).alternatives
    const changed = await send(path, {
      'a0.order': '4',
      'a0.days': '45',
      'a0.label.nl': 'Even anderhalve maand rust',
      'a1.remove': 'yes',
      'a2.per': 'week',
      'a2.reason.too_many': 'yes',
      add: 'other_channel:sms',
    })
    expect([changed.status, mainOf(changed)]).toEqual([200, expect.stringContaining('Bewaard')])
    const expected = [
      { kind: 'less', max: 1, per: 'week', reasons: ['too_many'] },
      { kind: 'pause', days: 45, labels: { nl: 'Even anderhalve maand rust' } },
      { kind: 'fewer_topics' },
      { kind: 'other_channel', channel: 'sms' },
    ]
    expect(alternatives()).toEqual(expected)
    expect(mainOf(await get('/content/acme'))).toContain('Pauze van 45 dagen')
    const unusable: readonly [Record<string, string>, string][] = [
      [{ 'a1.days': '0' }, 'van 1 tot 730'],
      [{ 'a1.days': '5000' }, 'van 1 tot 730'],
      [{ 'a0.max': 'veel' }, 'van 1 tot 100'],
      [{ 'a1.label.nl': 'x'.repeat(101) }, 'hoogstens 100 tekens'],
    ]
    for (const [fields, reason] of unusable) {
      const refused = await send(path, fields)
      expect([refused.status, mainOf(refused)]).toEqual([422, expect.stringContaining(reason)])
    }
    // A form made from an older list would change another alternative than it shows.
    const late = await desk.post(path, { ...hiddenFields(changed, path), version: 'old' }, marketer.cookie)
    expect(late.status).toBe(422)
    expect(mainOf(await send(path, { add: 'pause:30', 'a1.days': '30' }))).toContain('twee keer in de lijst')
    expect(alternatives()).toEqual(expected)
    expect((await send(path, { usual: 'yes' })).status).toBe(200)
    expect(alternatives()).toBeUndefined()
    expect(desk.hub.catalog.brand('acme')?.settings.leaving).toMatchObject({ policy: 'confirm_on_page' })
  })

  it('names the field that cannot be read and stores nothing', async () => {
    const before = desk.hub.catalog.brand('acme')
    const answer = await send('/content/acme', { accent: 'blauw', name: 'Acme 2' })
    const page = readPage(answer.text)
    expect([answer.status, textOf(find(page, 'p', { id: 'accent-error' }))]).toEqual([422, 'Een kleur als #0f4c5c.'])
    expect(find(page, 'input', { id: 'accent' }).attributes).toMatchObject({ value: 'blauw', 'aria-invalid': 'true' })
    expect(desk.hub.catalog.brand('acme')).toEqual(before)
  })

  it('adds a brand and a topic', async () => {
    const added = await send('/content', { id: 'nova', name: 'Nova', controller: 'Nova NV', country: 'BE' })
    expect([added.status, added.headers.location]).toEqual([303, '/content/nova'])
    const topic = await send('/content/nova/topics', { id: 'news', 'name.nl': 'Nieuws', purpose: 'marketing' })
    expect(topic.status).toBe(303)
    expect(desk.hub.catalog.topic('nova', 'news')).toMatchObject({ purpose: 'marketing', names: { nl: 'Nieuws' } })
    const again = await send('/content', { id: 'nova', name: 'Nova', controller: 'Nova NV', country: 'BE' })
    expect(again.status).toBe(422)
  })

  it('asks twice before advertising is called a service message', async () => {
    const path = '/content/acme/topics/news'
    const first = await send(path, { purpose: 'service' })
    expect([first.status, first.text]).toEqual([422, expect.stringContaining('name="sure"')])
    expect(desk.hub.catalog.topic('acme', 'news')?.purpose).toBe('marketing')
    expect((await send(path, { purpose: 'service', sure: 'yes' })).status).toBe(200)
    expect(desk.hub.catalog.topic('acme', 'news')?.purpose).toBe('service')
    expect((await send(path, { purpose: 'marketing' })).status).toBe(200)
  })

  it('says at the field what is wrong in the language of the reader', async () => {
    const wrong = { id: 'Nieuw merk!', name: '', controller: 'x'.repeat(201), country: 'belgië' }
    for (const language of languages) {
      const { form = '' } = hiddenFields(await get('/content'), '/content')
      const answer = await desk.post(`/content?lang=${language}`, { ...wrong, form }, marketer.cookie)
      const page = readPage(answer.text)
      const text = texts.for(language)
      for (const kind of Object.keys(wrong)) {
        const error = find(page, 'p', { id: `${kind}-error` })
        const expected = text('content.fault', { kind }).replaceAll(/\s+/g, ' ')
        expect([textOf(error), error.attributes.lang]).toEqual([expected, undefined])
      }
    }
    const topic = readPage((await send('/content/acme/topics', { id: 'news', purpose: 'marketing' })).text)
    expect(textOf(find(topic, 'p', { id: 'id-error' }))).toBe('Die naam bestaat al.')
    expect(textOf(find(topic, 'p', { id: 'names-error' }))).toContain('minstens één taal')
  })

  it.each(['/content/acme', '/content/acme/topics/news', stopTexts])(
    'saves nothing over what a colleague changed meanwhile: %s',
    async (url) => {
      const page = await get(url)
      const opened = { ...shownFields(page.text, url), ...hiddenFields(page, url) }
      const change = { name: 'Acme & Co', 'name.en': 'Letters', 'text stopAll': 'Stop alle reclame vandaag' }
      expect((await send(url, { ...change, act: 'publish' })).status).toBe(200)
      const late = await desk.post(url, { ...opened, act: 'publish' }, marketer.cookie)
      expect([late.status, mainOf(late)]).toEqual([422, expect.stringContaining('iemand anders')])
      expect(late.text).toMatch(/Acme &amp; Co|Letters|Stop alle reclame vandaag/)
      // What the page shows now can be saved from it.
      const fields = { ...shownFields(late.text, url), ...hiddenFields(late, url), act: 'publish' }
      expect((await desk.post(url, fields, marketer.cookie)).status).toBe(200)
      const { version = '' } = hiddenFields(await get(url), url)
      // As it was, for the tests that follow.
      expect((await send(url, { ...opened, version, act: 'publish' })).status).toBe(200)
    },
  )
})

describe('the words of the pages', () => {
  it('are each in one group, and what staff reads in none', () => {
    const grouped = textGroups.flatMap((group) => [...keysOf({ texts, mails: desk.hub.pages.mails }, group)])
    expect(new Set(grouped).size).toBe(grouped.length)
    const left = texts.keys.filter((key) => !grouped.some((one) => one === key))
    const rooms = new Set(left.map((key) => key.split('.', 1)[0] ?? ''))
    expect([...rooms]).toEqual(expect.arrayContaining(['staff', 'desk', 'check', 'content']))
  })

  it.each(textGroups.map(({ id }) => id))('can be written, group %s, in every language', async (group) => {
    for (const language of languages) {
      const answer = await get(`/content/acme/wording/${language}/${group}`)
      expect([language, answer.status]).toEqual([language, 200])
      expect(findAll(readPage(answer.text), 'textarea').length).toBeGreaterThan(1)
    }
  })

  it('are shown as they would be before they are published, and nothing is stored', async () => {
    const changed = { 'text stopAll': 'Geen reclame meer, alstublieft' }
    const before = desk.hub.catalog.brand('acme')?.wording
    const preview = await send(stopTexts, { ...changed, act: 'preview' })
    expect(preview.headers['content-security-policy']).toContain("frame-ancestors 'self'; sandbox")
    expect(mainOf(preview)).toContain('Geen reclame meer, alstublieft')
    const findings = await send(stopTexts, { 'text stopAll': 'Misschien iets anders', act: 'check' })
    expect(mainOf(findings)).toContain('exit-in-plain-words')
    expect(desk.hub.catalog.brand('acme')?.wording).toEqual(before)
  })

  it('are refused with the rule they would break, and with the brace that is wrong at its field', async () => {
    const vague = await send(stopTexts, { 'text stopAll': 'Misschien iets anders', act: 'publish' })
    expect([vague.status, mainOf(vague)]).toEqual([422, expect.stringContaining('exit-in-plain-words')])
    const broken = await send(stopTexts, { 'text stopAll': 'Stop {wie}', act: 'publish' })
    const error = find(readPage(broken.text), 'p', { id: 'text-stopAll-error' })
    expect([broken.status, textOf(error)]).toEqual([422, expect.stringContaining('{wie}')])
  })

  it('are published, with who did it, and can be taken back', async () => {
    const published = await send(stopTexts, { 'text stopAll': 'Stop alle reclame nu', act: 'publish' })
    expect([published.status, mainOf(published)]).toEqual([200, expect.stringContaining('Gepubliceerd als versie')])
    expect(desk.hub.catalog.brand('acme')?.wording?.texts.nl?.stopAll).toBe('Stop alle reclame nu')
    const [change] = await listCatalogChanges(desk.hub.db, 'acme', 1)
    expect(change).toMatchObject({ what: 'wording', actor: `staff:${marketer.staffId}` })
    const evidence = (await listEvidence(desk.hub.db, [marketer.staffId])).map(({ body }) => body)
    expect(evidence.filter((body) => body.includes('content_changed') && body.includes('acme wording'))).not.toEqual([])
    const history = await get('/content/acme/history')
    expect(mainOf(history)).toContain('mia@acme.example')
    expect(mainOf(history)).toContain('Stop alle reclame nu')
    // Each place as the form calls it.
    expect(mainOf(history)).toMatch(/Nederlands · stopAll.*Kleur van de knoppen/s)
    expect(mainOf(history)).not.toMatch(/settings|leaving/)
    const back = await send('/content/acme/history', { number: String(change?.number) })
    expect([back.status, mainOf(back)]).toEqual([200, expect.stringContaining('geldt weer')])
    expect(desk.hub.catalog.brand('acme')?.wording?.texts.nl?.stopAll).toBeUndefined()
  })
})

describe('the words of mails and texts', () => {
  it('are written and shown as the pages are', async () => {
    const path = '/content/acme/wording/nl/mail-stop'
    const preview = await send(path, { 'text mail.stopped.nothingToDo': 'U bent klaar.', act: 'preview' })
    expect(preview.text).toContain('U bent klaar.')
    const texting = await send('/content/acme/wording/nl/texts', { act: 'preview', sample: 'text' })
    expect(mainOf(texting)).toContain('optout.example/s/')
  })

  it('keep what people need, and tempt nobody', async () => {
    const path = '/content/acme/wording/nl/texts'
    const bare = await send(path, { 'text mail.sms.stoppedAll': '{brand}: geen reclame meer.', act: 'publish' })
    expect([bare.status, mainOf(bare)]).toEqual([422, expect.stringContaining('Behoud {url}')])
    const pleading = { 'text mail.stopped.nothingToDo': 'Jammer dat u ons verlaat!', act: 'publish' }
    const refused = await send('/content/acme/wording/nl/mail-stop', pleading)
    expect([refused.status, mainOf(refused)]).toEqual([422, expect.stringContaining('no-guilt')])
  })

  it('are what people get', async () => {
    const words = { 'text mail.stopped.nothingToDo': 'U bent klaar.', act: 'publish' }
    expect((await send('/content/acme/wording/nl/mail-stop', words)).status).toBe(200)
    const brand = desk.hub.catalog.brand('acme')
    expect(brand && desk.hub.pages.mailSample(brand, 'nl').html).toContain('U bent klaar.')
    expect(brand && desk.hub.pages.mailSample(brand, 'fr').html).not.toContain('U bent klaar.')
  })
})

describe('the questions after a no', () => {
  it('are changed, and refuse a change that somebody else overtook', async () => {
    const path = '/content/acme/questions'
    const page = await get(path)
    const fields = { ...shownFields(page.text, path), ...hiddenFields(page, path) }
    const first = await desk.post(path, { ...fields, 'q0.label.nl': 'Waarom stopt u?' }, marketer.cookie)
    expect([first.status, mainOf(first)]).toEqual([200, expect.stringContaining('Waarom stopt u?')])
    const second = await desk.post(path, { ...fields, 'q0.label.nl': 'Anders' }, marketer.cookie)
    expect([second.status, mainOf(second)]).toEqual([422, expect.stringContaining('iemand anders')])
  })
})

describe('the opt-out kit', () => {
  it('can be copied per language, with what has to be filled in', async () => {
    const answer = await get('/content/acme/kit/fr')
    const pieces = findAll(readPage(answer.text), 'textarea').map(textOf)
    expect(pieces.length).toBeGreaterThanOrEqual(12)
    expect(pieces.every((piece) => piece.length > 0)).toBe(true)
  })
})
