import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { renderCodePage } from './code-page.tsx'
import { renderConfirmPage } from './confirm-page.tsx'
import { renderDemoHome, renderDemoMailbox } from './demo-pages.tsx'
import { renderDonePage } from './done-page.tsx'
import { renderLeavingPage } from './leaving-page.tsx'
import { renderPreferencePage } from './preference-page.tsx'
import { renderProblemPage } from './problem-page.tsx'
import { pagePolicy, styleHash } from './style.ts'
import { find, findAll, type PageElement, readPage, textOf } from './testing/read-page.ts'
import {
  sampleCode,
  sampleConfirm,
  sampleDone,
  sampleFrame,
  sampleHome,
  sampleLeaving,
  sampleMailbox,
  sampleOutcomes,
  samplePreferences,
  sampleProblem,
} from './testing/sample-models.ts'
import { texts } from './testing/texts.ts'
import { type Language, languages } from './text.ts'

/** The most a page may weigh, uncompressed: a phone on a bad connection opens it too. */
const pageBytesMax = 40_000

const pages = languages.flatMap((language) => pagesIn(language))

describe('every page in every language', () => {
  it('says which language it is in and keeps out of search engines', () => {
    const silent = pages.filter(
      ({ language, html, page }) =>
        !html.startsWith('<!doctype html><html lang=') ||
        find(page, 'html').attributes.lang !== language ||
        find(page, 'meta', { name: 'robots' }).attributes.content !== 'noindex, nofollow',
    )
    expect(silent.map(nameOf)).toEqual([])
  })
  it('lets itself be enlarged', () => {
    const content = pages.map(({ page }) => find(page, 'meta', { name: 'viewport' }).attributes.content)
    expect(new Set(content)).toEqual(new Set(['width=device-width, initial-scale=1']))
  })
  it('runs no script, fetches nothing and moves nowhere by itself', () => {
    const tags = ['script', 'img', 'link', 'iframe', 'object', 'video', 'base']
    const acting = /^on|^style$|^http-equiv$|^src$|^formaction$/i
    const alive = pages.filter(({ page }) =>
      findAll(page, '*').some(
        ({ tag, attributes }) => tags.includes(tag) || Object.keys(attributes).some((name) => acting.test(name)),
      ),
    )
    expect(alive.map(nameOf)).toEqual([])
    expect(pages.filter(({ page }) => /url\(|@import/.test(textOf(find(page, 'style')))).map(nameOf)).toEqual([])
  })
  it('carries the one style sheet that the policy allows', () => {
    const refused = pages.filter(({ page }) => {
      const [css] = find(page, 'style').children
      return `sha256-${createHash('sha256').update(String(css)).digest('base64')}` !== styleHash()
    })
    expect(refused.map(nameOf)).toEqual([])
  })
  it('weighs little', () => {
    expect(pages.filter(({ html }) => Buffer.byteLength(html) >= pageBytesMax).map(nameOf)).toEqual([])
  })
  it('has one first heading, a title, a way to skip to the content, and the right to object at its foot', () => {
    const lacking = pages.filter(
      ({ language, page }) =>
        findAll(page, 'h1').length !== 1 ||
        textOf(find(page, 'title')) === '' ||
        find(page, 'a', { class: 'skip' }).attributes.href !== `#${find(page, 'main').attributes.id}` ||
        !textOf(find(page, 'footer')).includes(texts.for(language)('right')),
    )
    expect(lacking.map(nameOf)).toEqual([])
  })
  it('gives no two elements one id and refers only to what is there', () => {
    const broken = pages.filter(({ page }) => {
      const elements = findAll(page, '*')
      const ids = elements.flatMap(({ attributes }) => (attributes.id === undefined ? [] : [attributes.id]))
      const references = elements
        .flatMap(({ attributes }) => [attributes.for, attributes['aria-labelledby'], attributes['aria-describedby']])
        .flatMap((value) => (value === undefined ? [] : value.split(' ')))
      return new Set(ids).size < ids.length || references.some((id) => !ids.includes(id))
    })
    expect(broken.map(nameOf)).toEqual([])
  })
  it('labels every field', () => {
    const bare = pages.filter(({ page }) => {
      const labelled = findAll(page, 'label').flatMap((label) => [label.attributes.for, ...findAll(label, 'input')])
      const fields = ['input', 'select', 'textarea'].flatMap((tag) => findAll(page, tag))
      const shown = fields.filter(({ attributes }) => attributes.type !== 'hidden')
      return shown.some((field) => !labelled.includes(field) && !labelled.includes(field.attributes.id))
    })
    expect(bare.map(nameOf)).toEqual([])
  })
  it('changes something by a form that is posted, and by nothing else', () => {
    const looking = pages.flatMap(({ page }) =>
      findAll(page, 'form').filter(({ attributes }) => attributes.method !== 'post'),
    )
    expect(new Set(looking.map(({ attributes }) => attributes.action))).toEqual(new Set(['/c']))
  })
})

describe('the policy of the pages', () => {
  it('allows the style sheet by its hash and forms to this origin, and nothing else', () => {
    expect(pagePolicy()).toBe(
      `default-src 'none'; style-src '${styleHash()}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    )
  })
  it('changes with the brand colour, and only with one that is used', () => {
    expect(pagePolicy('#b3005e')).not.toBe(pagePolicy())
    expect(pagePolicy('#ffff00')).toBe(pagePolicy())
  })
})

describe('a hostile name', () => {
  const hostile = `</title></style><script>alert(1)</script>"'><b onload=x>&amp;`
  it('is shown as it was written and becomes no element', () => {
    const frame = sampleFrame('nl', {
      brand: { name: hostile, accent: '</style><script>' },
      controller: { name: hostile },
    })
    const html = renderPreferencePage(
      samplePreferences('nl', {
        frame,
        stopOnly: { topic: hostile },
        grid: {
          channels: ['email'],
          rows: [{ topic: hostile, name: hostile, description: hostile, cells: { email: 'on' } }],
        },
      }),
      texts.for('nl'),
    )
    const page = readPage(html)
    expect(findAll(page, 'script')).toEqual([])
    expect(findAll(page, 'b')).toEqual([])
    expect(textOf(find(page, 'p', { class: 'wordmark' }))).toBe(hostile)
    expect(find(page, 'input', { type: 'checkbox' }).attributes.value).toBe(`email:${hostile}`)
  })
})

describe('the language switch', () => {
  const text = texts.for('fr')
  it('is a form that saves the language where one is known, since a link would change nothing', () => {
    const page = readPage(renderPreferencePage(samplePreferences('fr'), text))
    const form = find(page, 'form', { class: 'languages' })
    expect(form.attributes).toMatchObject({ method: 'post', action: '/u/sampletoken/details' })
    expect(findAll(form, 'button').map(({ attributes }) => `${attributes.name}=${attributes.value}`)).toEqual([
      'language=nl',
      'language=de',
      'language=en',
    ])
  })
  it('is a row of links where none is known, each in its own language', () => {
    const page = readPage(renderCodePage(sampleCode('fr'), text))
    const links = findAll(find(page, 'nav'), 'a')
    expect(links.map(({ attributes }) => attributes.href)).toEqual(['/c?lang=nl', '/c?lang=de', '/c?lang=en'])
    expect(links.map(textOf)).toEqual(['Nederlands', 'Deutsch', 'English'])
    expect(links.map(({ attributes }) => attributes.lang)).toEqual(['nl', 'de', 'en'])
  })
})

type NamedPage = { name: string; language: Language; html: string; page: PageElement }

function nameOf({ name }: NamedPage): string {
  return name
}

function pagesIn(language: Language): NamedPage[] {
  const text = texts.for(language)
  const named = (name: string, html: string) => ({
    name: `${name} (${language})`,
    language,
    html,
    page: readPage(html),
  })
  const problems = ['link_unknown', 'page_unknown', 'request_unreadable', 'too_many_attempts', 'unavailable'] as const
  const states = ['ask', 'confirmed', 'expired', 'already_confirmed'] as const
  return [
    named('preference', renderPreferencePage(samplePreferences(language), text)),
    ...sampleOutcomes.map((outcome) =>
      named(`done ${outcome.kind}`, renderDonePage(sampleDone(outcome, language, text), text)),
    ),
    named(
      'done, asked',
      renderDonePage(sampleDone({ kind: 'all_stopped' }, language, text, { leaving: sampleLeaving }), text),
    ),
    named(
      'done, alternatives',
      renderDonePage(
        sampleDone({ kind: 'all_stopped' }, language, text, { leaving: { ...sampleLeaving, isAsked: false } }),
        text,
      ),
    ),
    named(
      'done, reminder',
      renderDonePage(
        sampleDone({ kind: 'paused', until: new Date('2027-01-01T00:00:00Z') }, language, text, {
          reminder: { choiceId: sampleLeaving.leaveId },
        }),
        text,
      ),
    ),
    named(
      'leaving',
      renderLeavingPage(
        {
          frame: sampleFrame(language),
          link: { base: '/u/sampletoken' },
          masked: 'j•••@v•••.be',
          stopped: { kind: 'all_stopped' },
          since: new Date('2026-11-01T00:00:00Z'),
          leaving: { ...sampleLeaving, holdsAtOnce: false },
        },
        text,
      ),
    ),
    ...states.map((state) => named(`confirm ${state}`, renderConfirmPage(sampleConfirm(language, { state }), text))),
    ...problems.map((problem) => named(problem, renderProblemPage(sampleProblem(language, { problem }), text))),
    named('code', renderCodePage(sampleCode(language), text)),
    ...(language === 'en'
      ? [
          named('demo mailbox', renderDemoMailbox(sampleMailbox, text)),
          named('demo home', renderDemoHome(sampleHome, text)),
        ]
      : []),
  ]
}
