import { describe, expect, it } from 'vitest'
import { type CodeModel, renderCodePage } from './code-page.tsx'
import { type ConfirmModel, renderConfirmPage } from './confirm-page.tsx'
import { renderDemoHome, renderDemoMailbox } from './demo-pages.tsx'
import { type ProblemModel, renderProblemPage } from './problem-page.tsx'
import { fieldsOf, find, findAll, readPage, textOf } from './testing/read-page.ts'
import { sampleCode, sampleConfirm, sampleHome, sampleMailbox, sampleProblem } from './testing/sample-models.ts'
import { texts } from './testing/texts.ts'

const text = texts.for('nl')
const confirm = (changes: Partial<ConfirmModel> = {}) => readPage(renderConfirmPage(sampleConfirm('nl', changes), text))
const problem = (changes: Partial<ProblemModel> = {}) => readPage(renderProblemPage(sampleProblem('nl', changes), text))
const code = (changes: Partial<CodeModel> = {}) => readPage(renderCodePage(sampleCode('nl', changes), text))

describe('a confirmation', () => {
  it('shows what will happen and does it only by the button', () => {
    const page = confirm()
    expect(textOf(find(page, 'main'))).toContain('Na uw bevestiging krijgt u:')
    expect(findAll(page, 'li').map(textOf)).toEqual(['Weekaanbiedingen, e-mail'])
    const form = find(find(page, 'main'), 'form')
    expect(form.attributes).toMatchObject({ method: 'post', action: '/k/sampletoken' })
    expect(fieldsOf(form)).toEqual([])
  })
  it('has no button once it is done, was done before, or has expired', () => {
    for (const state of ['confirmed', 'already_confirmed', 'expired'] as const) {
      const page = confirm({ state })
      expect(findAll(find(page, 'main'), 'form')).toEqual([])
      expect(textOf(find(page, 'div', { role: 'status' }))).not.toBe('')
    }
  })
  it('says of an expired one that nothing has changed, and lists nothing as if it had', () => {
    const page = confirm({ state: 'expired' })
    expect(textOf(page)).toContain('Er is niets gewijzigd.')
    expect(findAll(page, 'li')).toEqual([])
  })
  it('says what an erasure keeps, before and after', () => {
    for (const state of ['ask', 'confirmed'] as const) {
      expect(textOf(confirm({ state, confirmable: { kind: 'erase' } }))).toContain('versleuteld kenmerk')
    }
  })
  it('leads to the page of the person where there is one', () => {
    expect(find(find(confirm({ page: '/u/t' }), 'main'), 'a').attributes.href).toBe('/u/t')
  })
})

describe('a problem', () => {
  it('Unsigned or guessable link: tells nothing of who exists, and how else to object', () => {
    const page = problem()
    expect(textOf(page)).not.toMatch(/•|onbekend|verlopen|bestaat niet/)
    const hrefs = findAll(find(page, 'main'), 'a').map(({ attributes }) => attributes.href)
    expect(hrefs).toEqual(['/c', 'mailto:privacy@korenaar.example'])
    expect(textOf(page)).toContain('Antwoord STOP op onze sms')
    expect(textOf(page)).toContain('Molenstraat 1, 9000 Gent')
  })
  it('offers only the ways that there are', () => {
    expect(findAll(problem({ otherWays: {} }), 'h2').map(textOf)).toEqual(['Uw recht van bezwaar'])
  })
  it('never sounds like success when a choice could not be stored', () => {
    const page = problem({ problem: 'unavailable', retry: '/u/t' })
    expect(textOf(find(page, 'h1'))).toBe('Uw keuze kon nu niet worden opgeslagen')
    expect(findAll(page, 'div', { role: 'status' })).toEqual([])
    expect(find(page, 'a', { class: 'button' }).attributes.href).toBe('/u/t')
  })
})

describe('the code page', () => {
  it('asks for the code alone, by a form that only looks', () => {
    const form = find(find(code(), 'main'), 'form')
    expect(form.attributes).toMatchObject({ method: 'get', action: '/c' })
    expect(fieldsOf(form)).toEqual(['lang=nl', 'code='])
    expect(find(form, 'input', { id: 'code' }).attributes).not.toHaveProperty('aria-invalid')
  })
  it('keeps what was typed and ties the reason to the field', () => {
    const page = code({ refused: { typed: '"><script>', why: 'unreadable' } })
    expect(find(page, 'input', { id: 'code' }).attributes).toMatchObject({
      value: '"><script>',
      'aria-invalid': 'true',
      'aria-describedby': 'code-error code-hint',
    })
    expect(find(page, 'p', { id: 'code-error' }).attributes.role).toBe('alert')
    expect(textOf(find(page, 'title'))).toMatch(/^Kijk dit na/)
  })
})

describe('the demo', () => {
  it('shows a mail as text, with its links to press', () => {
    const page = readPage(renderDemoMailbox(sampleMailbox, texts.for('en')))
    const mail = find(page, 'article')
    expect(mail.attributes.lang).toBe('nl')
    expect(find(mail, 'a').attributes.href).toBe('http://127.0.0.1:8080/u/sampletoken')
    expect(textOf(mail)).toContain('<b>niet vet</b>')
  })
  it('says so when there is no mail', () => {
    expect(renderDemoMailbox({ ...sampleMailbox, mails: [] }, texts.for('en'))).toContain('No mail yet')
  })
  it('leads to the page of each relation', () => {
    const page = readPage(renderDemoHome(sampleHome, texts.for('en')))
    expect(find(page, 'a', { href: '/u/sampletoken' }).attributes.class).toBe('button')
    expect(find(page, 'a', { href: '/demo/mailbox' })).toBeDefined()
  })
})
