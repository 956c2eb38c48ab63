import { describe, expect, it } from 'vitest'
import { type OptOutFormModel, renderOptOutDone, renderOptOutForm } from './opt-out-page.tsx'
import { renderOptOutUndo } from './opt-out-undo-page.tsx'
import { renderSignUpConfirm, type SignUpConfirmModel } from './sign-up-confirm-page.tsx'
import { renderSignUpForm, type SignUpFormModel, trapField } from './sign-up-page.tsx'
import { find, findAll, type PageElement, readPage, textOf } from './testing/read-page.ts'
import { sampleFrame } from './testing/sample-models.ts'
import { texts } from './testing/texts.ts'
import { languages } from './text.ts'

const hostile = `</p><script>alert(1)</script>"'><b onload=x>&amp;`
const nl = texts.for('nl')
const frame = { ...sampleFrame('nl'), languageSwitch: { kind: 'none' as const } }

const signUp = (more: Partial<SignUpFormModel> = {}): SignUpFormModel => ({
  frame,
  action: '/sign-up/acme',
  topics: [{ id: 'news', name: 'Nieuws' }],
  words: 'Ja.',
  version: 3,
  ...more,
})
const confirm = (more: Partial<SignUpConfirmModel> = {}): SignUpConfirmModel => ({
  frame,
  action: '/s/token',
  state: 'ask',
  masked: 'j•••s@v•••d.be',
  topics: ['Nieuws'],
  channel: 'email',
  words: 'Yes.',
  wordsLanguage: 'en',
  refused: [],
  form: '/sign-up/acme',
  ...more,
})
const optOut = (more: Partial<OptOutFormModel> = {}): OptOutFormModel => ({
  frame,
  action: '/opt-out',
  codePage: '/c',
  brands: [],
  countries: [],
  ...more,
})

function classOf(element: PageElement): string {
  return element.attributes.class ?? ''
}

describe('the sign-up form as a page', () => {
  it('shows hostile words and a hostile address as they were written', () => {
    const refused = { email: hostile, topics: [], why: ['email' as const] }
    const page = readPage(renderSignUpForm(signUp({ words: hostile, refused }), nl))
    expect(findAll(page, 'script')).toEqual([])
    expect(textOf(find(page, 'div', { class: 'state stack' }))).toContain('<script>')
    expect(find(page, 'input', { id: 'email' }).attributes.value).toBe(hostile)
  })

  it('hides the field for programs from everybody else, and names the version of the words', () => {
    const page = readPage(renderSignUpForm(signUp(), nl))
    const trap = find(page, 'input', { name: trapField })
    expect(trap.attributes).toMatchObject({ tabindex: '-1', autocomplete: 'off' })
    expect(find(page, 'div', { 'aria-hidden': 'true' }).children).toContain(trap)
    expect(find(page, 'input', { name: 'version' }).attributes.value).toBe('3')
  })
})

describe('the page that confirms a sign-up', () => {
  const controller = 'Acme NV'
  const at = new Date(Date.UTC(2026, 2, 3, 12))

  it.each(languages)('tells what was asked before, in every form it can have: %s', (language) => {
    const text = texts.for(language)
    const scopes = [
      { kind: 'all' as const, controller },
      { kind: 'brand' as const, brand: 'Acme' },
      { kind: 'channel' as const, channel: 'sms' as const, sender: controller },
      { kind: 'topic' as const, topic: 'Offers' },
      { kind: 'topic_channel' as const, topic: 'Offers', channel: 'email' as const },
    ]
    const refused = scopes.map((scope) => ({ at, scope }))
    const page = readPage(renderSignUpConfirm(confirm({ frame: sampleFrame(language), refused }), text))
    const notice = find(page, 'div', { class: 'notice stack' })
    const sentences = findAll(notice, 'li').map(textOf)
    expect(sentences.length).toBe(scopes.length)
    expect(sentences.every((sentence) => sentence.includes('2026') && !sentence.includes('{'))).toBe(true)
    expect(sentences[2]).toContain(text('channel', { channel: 'sms' }))
  })

  it('keeps the words in the language they were read in, and has one button that posts', () => {
    const page = readPage(renderSignUpConfirm(confirm(), nl))
    expect(textOf(find(page, 'p', { lang: 'en' }))).toBe('Yes.')
    expect(findAll(page, 'form').map(({ attributes }) => [attributes.method, attributes.action])).toEqual([
      ['post', '/s/token'],
    ])
    expect(findAll(page, 'div', { class: 'notice stack' })).toEqual([])
  })

  it('has no button once it is over', () => {
    for (const state of ['confirmed', 'already_confirmed', 'expired'] as const)
      expect(findAll(readPage(renderSignUpConfirm(confirm({ state }), nl)), 'form')).toEqual([])
  })
})

describe('the public opt-out as a page', () => {
  it('puts the button right after the first field, looking like nothing else on the page, and asks for nothing more', () => {
    const page = readPage(renderOptOutForm(optOut(), nl))
    const fields = ['input', 'textarea', 'select'].flatMap((tag) => findAll(page, tag))
    expect(fields.map(({ attributes }) => attributes.name)).toEqual(['contact', 'post'])
    expect(fields.some(({ attributes }) => 'required' in attributes)).toBe(false)
    const form = find(page, 'form')
    expect(form.children.findIndex((child) => typeof child !== 'string' && classOf(child).includes('first'))).toBe(1)
  })

  it('keeps what was typed, chosen and refused', () => {
    const refused = { contact: hostile, post: hostile, brand: 'acme', country: 'NL', field: 'post' as const }
    const brands = [{ id: 'acme', name: 'Acme' }]
    const countries = [{ code: 'NL', name: 'Nederland' }]
    const page = readPage(renderOptOutForm(optOut({ refused, brands, countries }), nl))
    expect(find(page, 'input', { id: 'contact' }).attributes.value).toBe(hostile)
    expect(textOf(find(page, 'textarea'))).toContain('<script>')
    expect(find(page, 'textarea').attributes['aria-invalid']).toBe('true')
    expect('selected' in find(page, 'option', { value: 'acme' }).attributes).toBe(true)
    expect('selected' in find(page, 'option', { value: 'NL' }).attributes).toBe(true)
  })

  it('speaks of a mail only where there is an address to write to', () => {
    const done = (type: 'email' | 'post') =>
      renderOptOutDone({ frame, stopped: [{ type, masked: 'x' }], form: '/opt-out' }, nl)
    expect(done('email')).toContain(nl('optOut.mail'))
    expect(done('post')).not.toContain(nl('optOut.mail'))
  })

  it('offers to undo only while that can be done', () => {
    const model = { frame, action: '/o/token', masked: 'x', saidAt: new Date(0), page: '/u/token' }
    const forms = (['ask', 'undone', 'nothing_left', 'expired'] as const).map(
      (state) => findAll(readPage(renderOptOutUndo({ ...model, state }, nl)), 'form').length,
    )
    expect(forms).toEqual([1, 0, 0, 0])
  })
})
