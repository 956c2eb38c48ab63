import { describe, expect, it } from 'vitest'
import { type DoneModel, renderDonePage } from './done-page.tsx'
import type { Outcome } from './outcome.ts'
import { fieldsOf, find, findAll, readPage, textOf } from './testing/read-page.ts'
import { sampleDone, sampleOutcomes } from './testing/sample-models.ts'
import { texts } from './testing/texts.ts'

const text = texts.for('nl')
const render = (outcome: Outcome, changes: Partial<DoneModel> = {}) =>
  readPage(renderDonePage(sampleDone(outcome, 'nl', text, changes), text))
const stopped: Outcome = { kind: 'all_stopped' }

describe('the page after an act', () => {
  it('says what changed and from when, what stands, undo, something narrower, and the reason last', () => {
    const page = render(stopped)
    const status = find(page, 'div', { role: 'status' })
    expect(textOf(find(status, 'h1'))).toBe('U krijgt geen reclame meer van Korenaar Groep nv.')
    expect(textOf(status)).toContain('Dit geldt vanaf nu.')
    expect(textOf(status)).toContain('Vastgelegd op 3 november 2026 om 14:05.')
    const whole = textOf(find(page, 'main'))
    const order = ['Dit geldt vanaf nu', 'Wat nu geldt', 'Ongedaan maken', 'Wilt u toch iets', 'Waarom stopt u?']
    const places = order.map((words) => whole.indexOf(words))
    expect(places).toEqual([...places].sort((one, other) => one - other))
    expect(places[0]).toBeGreaterThan(0)
  })
  it('says that service messages still come', () => {
    expect(textOf(find(render(stopped), 'main'))).toContain(
      'Berichten over uw bestellingen en facturen blijft u krijgen.',
    )
  })
  it('speaks of print on its way only when there is some', () => {
    expect(textOf(render(stopped))).toContain('kan u nog bereiken tot 20 november 2026.')
    expect(textOf(render(stopped, { printedUntil: undefined }))).not.toContain('Drukwerk')
  })
  it('says the same of a repeat, and since when it holds', () => {
    const status = find(render(stopped, { alreadySince: new Date('2026-05-03T10:00:00Z') }), 'div', { role: 'status' })
    expect(textOf(status)).toContain('U krijgt geen reclame meer')
    expect(textOf(status)).toContain('Dit stond al vast sinds 3 mei 2026 en blijft zo.')
    expect(textOf(status)).not.toContain('vanaf nu')
  })
  it('takes the choice back by one button', () => {
    const form = find(render(stopped), 'form', { action: '/u/sampletoken/undo' })
    expect(form.attributes.method).toBe('post')
    expect(fieldsOf(form)).toEqual(['choice=01930f0e-0000-7000-8000-000000000001'])
    expect(findAll(render(stopped, { undo: undefined }), 'form', { action: '/u/sampletoken/undo' })).toEqual([])
  })
  it('leads back to the page, and says that doing nothing keeps nothing only where that is so', () => {
    expect(find(render(stopped), 'a', { class: 'button' }).attributes.href).toBe('/u/sampletoken')
    expect(textOf(render({ kind: 'topic_stopped', topic: 'Nieuws' }))).not.toContain('om niets te krijgen')
  })
  it('has words of its own for every outcome', () => {
    const titles = sampleOutcomes.map((outcome) => textOf(find(render(outcome), 'h1')))
    expect(new Set(titles).size).toBe(sampleOutcomes.length)
    expect(titles).toContain('U wordt niet meer gebeld voor reclame van Korenaar Groep nv.')
    expect(titles).toContain('U krijgt Weekaanbiedingen niet meer.')
    expect(titles).toContain('Geen reclame tot 3 december 2026')
    expect(titles).toContain('Vanaf nu krijgt u hoogstens één reclamebericht per week.')
  })
})

describe('saved preferences', () => {
  const saved = (changes: Partial<Extract<Outcome, { kind: 'preferences_saved' }>>): Outcome => ({
    kind: 'preferences_saved',
    nothingLeft: false,
    changes: [{ topic: 'Nieuws', channel: 'email', to: 'off' }],
    ...changes,
  })

  it('lists each change in words', () => {
    const page = render(
      saved({
        changes: [
          { topic: 'Nieuws', channel: 'email', to: 'off' },
          { topic: 'Acties', channel: 'sms', to: 'on' },
        ],
      }),
    )
    expect(findAll(find(page, 'div', { role: 'status' }), 'li').map(textOf)).toEqual([
      'Nieuws, e-mail: krijgt u niet meer.',
      'Acties, sms: krijgt u vanaf nu.',
    ])
  })
  it('does not say "from now" of what still waits for a confirmation', () => {
    const page = render(saved({ changes: [{ topic: 'Nieuws', channel: 'email', to: 'pending' }] }))
    const status = textOf(find(page, 'div', { role: 'status' }))
    expect(status).toContain('zodra u de e-mail bevestigt')
    expect(status).not.toContain('Dit geldt vanaf nu')
  })
  it('says so when nothing changed', () => {
    expect(textOf(render(saved({ changes: [] })))).toContain('Er is niets veranderd')
  })
  it('Unticking all topics ≠ global, and UI says which', () => {
    const page = render(saved({ nothingLeft: true }))
    expect(textOf(page)).toContain('Andere reclame, ook nieuwe, kan nog komen.')
    expect(fieldsOf(find(page, 'form', { action: '/u/sampletoken/stop' }))).toEqual(['scope=all'])
    expect(findAll(render(saved({})), 'form', { action: '/u/sampletoken/stop' })).toEqual([])
  })
})

describe('the reason', () => {
  it('is asked in words the brand chose, with nothing ticked and nothing required', () => {
    const form = find(render(stopped), 'form', { action: '/u/sampletoken/reason' })
    expect(fieldsOf(form)).toEqual([
      'choice=01930f0e-0000-7000-8000-000000000001',
      'reason=too_many',
      'reason=not_relevant',
      'reason=never_asked',
      'reason=spam',
      'reason=privacy',
      'reason=other_channel',
      'reason=temporary',
      'reason=other',
      'comment=',
    ])
    const fields = [...findAll(form, 'input'), find(form, 'textarea')]
    expect(fields.filter(({ attributes }) => 'checked' in attributes || 'required' in attributes)).toEqual([])
    expect(find(form, 'textarea').attributes.maxlength).toBe('2000')
  })
  it('recalls what brought the person here', () => {
    expect(textOf(find(render(stopped), 'section', { 'aria-labelledby': 'reason' }))).toContain(
      'U kwam hier via een e-mail van 2 november 2026: Weekaanbiedingen.',
    )
  })
  it('shows a brand’s own list as it was written', () => {
    const reason = { choiceId: 'c', options: [{ id: '1', label: '<i>Te duur</i>' }], commentCharsMax: 200 }
    const labels = findAll(find(render(stopped, { reason }), 'fieldset'), 'label')
    expect(labels.map(textOf)).toEqual(['<i>Te duur</i>'])
  })
  it('is thanked for without any change to the choice', () => {
    const page = render({ kind: 'reason_saved' }, { reason: undefined })
    expect(textOf(find(page, 'div', { role: 'status' }))).toContain('Aan uw keuze verandert dit niets.')
    expect(findAll(page, 'fieldset')).toEqual([])
  })
})
