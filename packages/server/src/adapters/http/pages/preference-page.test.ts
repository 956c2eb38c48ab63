import { describe, expect, it } from 'vitest'
import { type PreferenceModel, renderPreferencePage } from './preference-page.tsx'
import { fieldsOf, find, findAll, type PageElement, readPage, textOf } from './testing/read-page.ts'
import { samplePreferences } from './testing/sample-models.ts'
import { texts } from './testing/texts.ts'
import { languages } from './text.ts'

const render = (changes: Partial<PreferenceModel> = {}) =>
  readPage(renderPreferencePage(samplePreferences('nl', changes), texts.for('nl')))

const formsTo = (page: PageElement, act: string) => findAll(page, 'form', { action: `/u/sampletoken/${act}` })
const inMain = (page: PageElement, act: string) => formsTo(find(page, 'main'), act)

describe('the way out', () => {
  it.each(languages)('comes in the order of the law and of the hand, in %s', (language) => {
    const page = readPage(renderPreferencePage(samplePreferences(language), texts.for(language)))
    const acts = findAll(find(page, 'main'), 'form').map(({ attributes }) => attributes.action?.split('/').at(-1))
    expect(acts).toEqual([
      'stop',
      'stop',
      'stop',
      'less',
      'pause',
      'pause',
      'preferences',
      'details',
      'remove-contact',
      'remove-contact',
      'remove-contact',
      'add-contact',
      'erase',
    ])
  })
  it('names the address, masked, and explains a forwarded mail before anything can be pressed', () => {
    const first = find(render(), 'section', { 'aria-labelledby': 'title' })
    const order = findAll(first, '*').flatMap(({ tag }) => (['h1', 'details', 'button'].includes(tag) ? [tag] : []))
    expect(order).toEqual(['h1', 'details', 'button'])
    expect(textOf(first)).toContain('Het gaat om j•••@v•••.be.')
    expect(textOf(find(first, 'summary'))).toBe('Bent u dit niet?')
  })
  it('stops everything by one button that asks for nothing and says what it covers and what still comes', () => {
    const [form] = inMain(render(), 'stop')
    if (form === undefined) throw new Error('there is no form')
    expect(form.attributes.method).toBe('post')
    expect(fieldsOf(form)).toEqual(['scope=all'])
    expect(textOf(find(form, 'button'))).toBe('Stop alle reclame')
    expect(textOf(form)).toContain('E-mail, sms, telefoon en post, van alle merken van Korenaar Groep nv.')
    expect(textOf(form)).toContain('Berichten over uw bestellingen en facturen blijft u krijgen.')
  })
  it('has no button that looks stronger than the one that stops everything', () => {
    const strong = findAll(render(), 'button').filter(({ attributes }) => attributes.class?.includes('first'))
    expect(strong.map(textOf)).toEqual(['Stop alle reclame'])
  })
  it('stops only the topic or only the channel, and offers neither when neither is known', () => {
    const [, topic, channel] = inMain(render(), 'stop')
    expect([topic, channel].map((form) => form && fieldsOf(form))).toEqual([['scope=topic'], ['scope=channel']])
    expect([topic, channel].map((form) => form && textOf(form))).toEqual([
      'Stop alleen Weekaanbiedingen',
      'Stop alle reclame per e-mail',
    ])
    expect(inMain(render({ stopOnly: {} }), 'stop')).toHaveLength(1)
  })
  it('says that all is stopped, and since when, in the place of the button', () => {
    const page = render({ stopped: { since: new Date('2026-05-03T10:00:00Z') }, stopOnly: {} })
    expect(inMain(page, 'stop')).toEqual([])
    expect(textOf(find(page, 'div', { class: 'state stack' }))).toContain('Dit geldt sinds 3 mei 2026.')
    expect(textOf(find(page, 'main'))).toContain('U hoeft niets te doen om niets te krijgen.')
  })
})

describe('less often, and a pause', () => {
  it('are one press each, and none is chosen beforehand', () => {
    const page = render()
    const pressed = ['less', 'pause'].flatMap((act) => inMain(page, act).flatMap((form) => findAll(form, 'button')))
    expect(pressed.map(({ attributes }) => `${attributes.name}=${attributes.value}`)).toEqual([
      'cadence=1/week',
      'cadence=1/month',
      'days=30',
      'days=90',
      'undefined=undefined',
    ])
  })
  it('let a date be chosen within the days that are allowed', () => {
    expect(find(render(), 'input', { type: 'date' }).attributes).toMatchObject({
      name: 'until',
      min: '2026-11-04',
      max: '2027-11-03',
      required: '',
      'aria-describedby': 'until-hint',
    })
  })
  it('show what holds now and how to end it', () => {
    const sample = samplePreferences('nl')
    const page = render({
      less: { options: [], current: { max: 2, per: 'month' } },
      pause: sample.pause && { ...sample.pause, current: { until: new Date('2026-12-24T12:00:00Z') } },
    })
    expect(findAll(page, 'p', { class: 'state' }).map(textOf)).toEqual([
      'U krijgt hoogstens 2 reclameberichten per maand.',
      'Geen reclame tot 24 december 2026',
    ])
    expect(findAll(page, 'button', { value: 'end' }).map(textOf)).toEqual(['Deze grens opheffen', 'Pauze beëindigen'])
  })
  it('are left out where they make no sense', () => {
    const page = render({ less: undefined, pause: undefined })
    expect([...inMain(page, 'less'), ...inMain(page, 'pause')]).toEqual([])
  })
})

describe('the grid', () => {
  it('ticks what holds, and nothing else', () => {
    const boxes = findAll(render(), 'input', { type: 'checkbox' })
    expect(boxes.filter(({ attributes }) => 'checked' in attributes).map(({ attributes }) => attributes.value)).toEqual(
      ['email:weekly', 'post:weekly', 'sms:partners'],
    )
    expect(boxes).toHaveLength(8)
  })
  it('tells the server what was shown and what was ticked, so that only a change of the person counts', () => {
    const form = find(render(), 'form', { action: '/u/sampletoken/preferences' })
    const values = (name: string) => findAll(form, 'input', { name }).map(({ attributes }) => attributes.value)
    expect(values('shown')).toEqual(values('receive'))
    expect(values('was')).toEqual(['email:weekly', 'post:weekly', 'sms:partners'])
  })
  it('is a table whose boxes are named by row and column', () => {
    const table = find(render(), 'table')
    expect(findAll(table, 'th', { scope: 'col' }).map(textOf)).toEqual([
      'Onderwerp',
      'E-mail',
      'Sms',
      'Telefoon',
      'Post',
    ])
    expect(findAll(table, 'th', { scope: 'row' })).toHaveLength(3)
    expect(findAll(table, 'label').map(textOf)).toEqual([
      'Weekaanbiedingen: E-mail',
      'Weekaanbiedingen: Sms',
      'Weekaanbiedingen: Post',
      'Workshops en proeverijen: E-mail',
      'Workshops en proeverijen: Telefoon',
      'Van onze molens: E-mailwacht op uw bevestiging',
      'Van onze molens: Sms',
      'Van onze molens: Post',
    ])
  })
  it('says what is not available in words, and that clearing ticks is not the same as stopping all', () => {
    const page = render()
    expect(findAll(find(page, 'table'), 'td', { class: 'none' }).map(textOf)).toEqual(
      Array(4).fill('–Niet beschikbaar'),
    )
    expect(textOf(find(page, 'main'))).toContain('Een vinkje weghalen stopt alleen dat vakje.')
  })
})

describe('one’s own data', () => {
  it('is shown masked, and no field holds what is known', () => {
    const page = render()
    expect(textOf(find(page, 'p', { id: 'name-hint' }))).toContain('J•••• P••••••')
    expect(find(page, 'input', { id: 'name' }).attributes).not.toHaveProperty('value')
    expect(find(page, 'input', { id: 'email' }).attributes).not.toHaveProperty('value')
    expect(
      findAll(page, 'option').flatMap((option) => ('selected' in option.attributes ? [textOf(option)] : [])),
    ).toEqual(['Nederlands'])
  })
  it('removes one contact point by its reference, with a button that says which', () => {
    const forms = formsTo(render(), 'remove-contact')
    expect(forms.map(fieldsOf)).toEqual([['contact=a1'], ['contact=b2'], ['contact=c3']])
    expect(forms.map(textOf)[1]).toBe('Verwijderen +32 ••• •• •• 17')
  })
  it('marks a contact point that is not confirmed yet', () => {
    expect(findAll(render(), 'span', { class: 'tag' }).map(textOf)).toEqual(['wacht op bevestiging'])
  })
  it('says what an erasure keeps before the button', () => {
    const text = textOf(find(render(), 'main'))
    expect(text.indexOf('versleuteld kenmerk')).toBeGreaterThan(0)
    expect(text.indexOf('versleuteld kenmerk')).toBeLessThan(text.indexOf('Wissen aanvragen'))
  })
})

describe('a page shown again', () => {
  it('says what to do, in the title too, and ties the sentence to its field', () => {
    const page = render({ notice: 'date_refused' })
    expect(textOf(find(page, 'title'))).toMatch(/^Kijk dit na/)
    expect(find(find(page, 'div', { role: 'alert' }), 'a').attributes.href).toBe('#until')
    expect(find(page, 'input', { id: 'until' }).attributes).toMatchObject({
      'aria-invalid': 'true',
      'aria-describedby': 'until-error until-hint',
    })
    expect(find(page, 'input', { id: 'email' }).attributes).not.toHaveProperty('aria-invalid')
  })
  it.each(['email', 'name'] as const)('points at the %s', (field) => {
    const page = render({ notice: `${field}_refused` })
    expect(find(page, 'input', { id: field }).attributes['aria-invalid']).toBe('true')
    expect(textOf(find(page, 'p', { id: `${field}-error` }))).not.toBe('')
  })
  it('says that nothing has changed when a one-click body was not understood', () => {
    expect(textOf(find(render({ notice: 'nothing_changed' }), 'div', { role: 'alert' }))).toBe(
      'Er is nog niets gewijzigd. Maak hieronder uw keuze.',
    )
  })
})

describe('a language asked for by ?lang=', () => {
  it('travels along with every act', () => {
    const page = render({ link: { base: '/u/t', lang: 'nl' } })
    const actions = findAll(find(page, 'main'), 'form').map(({ attributes }) => attributes.action ?? '')
    expect(actions.every((action) => /^\/u\/t\/[a-z-]+\?lang=nl$/.test(action))).toBe(true)
  })
})
