import { fileURLToPath } from 'node:url'
import { channels } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import type { MailContent, MailFrame } from '../../services/compose-mail.ts'
import { type MailLanguage, mailLanguages } from '../../services/mail-language.ts'
import type { ScopeInWords } from '../../services/scope-in-words.ts'
import { loadMailTexts } from './mail-texts.ts'

const texts = loadMailTexts(fileURLToPath(new URL('../../../locales', import.meta.url)))
const frame = (language: MailLanguage): MailFrame => ({
  language,
  brand: { name: 'Chez <Zoë> & "Fils"', accent: '#0b5d3b' },
  controller: { name: 'Acme NV', contactEmail: 'privacy@acme.example', postalAddress: 'Kerkstraat 12, 9000 Gent' },
  timeZone: 'Europe/Brussels',
})
/** Half past midnight of the 4th in Brussels, still the 3rd in UTC. */
const saidAt = Date.UTC(2026, 11, 3, 23, 30)
const page = 'https://verzet.example/u/page-token'
const confirm = 'https://verzet.example/k/confirm-token'

const scopes: readonly ScopeInWords[] = [
  { kind: 'all', controller: 'Acme NV' },
  { kind: 'brand', brand: 'Acme' },
  { kind: 'topic', topic: 'News' },
  ...channels.flatMap((channel): ScopeInWords[] => [
    { kind: 'channel', channel, sender: 'Acme' },
    { kind: 'topic_channel', topic: 'News', channel },
  ]),
]

const leaving = {
  kind: 'leaving' as const,
  saidAt,
  page,
  question: `${page}/confirm`,
  alternatives: [
    { alternative: { kind: 'pause' as const, days: 30 }, url: `${page}/confirm#pause-30` },
    { alternative: { kind: 'pause_until' as const }, url: `${page}/confirm#pause-until` },
    { alternative: { kind: 'less' as const, max: 2, per: 'week' as const }, url: `${page}/confirm#less-2-week` },
    { alternative: { kind: 'digest' as const }, url: `${page}/confirm#digest`, topic: 'News' },
    { alternative: { kind: 'fewer_topics' as const }, url: `${page}#preferences` },
    { alternative: { kind: 'other_address' as const }, url: `${page}/confirm#other-address`, label: 'Elders <b>' },
    ...channels.map((channel) => ({
      alternative: { kind: 'other_channel' as const, channel },
      url: `${page}/confirm#other-channel-${channel}`,
    })),
  ],
}

function everyMail(language: MailLanguage): MailContent[] {
  const base = { ...frame(language), expiresAt: saidAt, confirm }
  return [
    ...scopes.map((scope): MailContent => ({ ...frame(language), kind: 'acknowledgement', saidAt, scope, page })),
    { ...base, kind: 'confirm_contact_point' },
    { ...base, kind: 'confirm_lift', page, refused: scopes, wanted: scopes },
    { ...base, kind: 'confirm_lift', page, refused: [], wanted: scopes },
    { ...base, kind: 'confirm_erasure', page },
    ...scopes.map((scope): MailContent => ({ ...leaving, ...frame(language), scope })),
    { ...leaving, ...frame(language), scope: { kind: 'topic', topic: 'News' }, question: undefined, alternatives: [] },
    { ...frame(language), kind: 'pause_reminder', until: saidAt, page },
    { ...base, kind: 'confirm_contact_point', moves: true },
  ]
}

const links = (html: string) => [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1])

describe.each(mailLanguages)('mails in %s', (language) => {
  const rendered = everyMail(language).map((content) => ({ content, ...texts.render(content) }))

  it('leave no key or placeholder behind', () => {
    for (const { subject, text, html } of rendered) {
      expect(subject).not.toMatch(/[{}]|^(?:stopped|address|lift|erase)\./)
      expect(text).not.toMatch(/[{}]|\b(?:stopped|address|lift|erase|scope|footer|page)\.[a-z]+|undefined/)
      expect(html).not.toMatch(/undefined|\{channel|\{topic/)
    }
  })

  it('say the same in both parts, with the language, no image, no script and nothing fetched', () => {
    for (const { content, subject, text, html } of rendered) {
      expect(html).toContain(`<html lang="${language}">`)
      expect(html).not.toMatch(/<img|<script|<link|url\(|src=/)
      expect(html.split('<title>')[1]).toContain(subject.split('<')[0])
      for (const url of links(html)) expect(text).toContain(url)
      const main = content.kind === 'leaving' ? (content.question ?? page) : 'confirm' in content ? confirm : page
      expect(links(html)[0]).toBe(main)
      expect(html.match(/display:inline-block/g)).toHaveLength(1)
    }
  })

  it('name the day as it is for the reader', () => {
    expect(rendered[0]?.text).toMatch(/\b4\.? (?:december|décembre|Dezember|December) 2026/)
  })

  it('escape what a brand is called', () => {
    const html = rendered[0]?.html ?? ''
    expect(html).toContain('Chez &lt;Zoë&gt; &amp; &quot;Fils&quot;')
    expect(html).not.toContain('<Zoë>')
  })
})

describe('the acknowledgement', () => {
  const sentence = (language: MailLanguage, scope: ScopeInWords) =>
    texts.render({ ...frame(language), kind: 'acknowledgement', saidAt, scope, page }).text.split('\n')[0]

  it('says what was refused in a full sentence of its own', () => {
    expect(sentence('nl', { kind: 'all', controller: 'Acme NV' })).toBe(
      'Op 4 december 2026 hebt u zich afgemeld. U krijgt geen reclame meer van Acme NV, op geen enkele manier. Dit geldt sinds dat moment.',
    )
    expect(sentence('fr', { kind: 'channel', channel: 'phone', sender: 'Acme' })).toContain(
      'Vous ne recevrez plus d’appels publicitaires de Acme.',
    )
    expect(sentence('de', { kind: 'topic', topic: 'Neuigkeiten' })).toContain('Sie erhalten Neuigkeiten nicht mehr.')
    expect(sentence('en', { kind: 'topic_channel', topic: 'News', channel: 'email' })).toContain(
      'You will not get News by e-mail any more.',
    )
  })

  it('tells a reader it was not, what to do', () => {
    const { text } = texts.render({
      ...frame('en'),
      kind: 'acknowledgement',
      saidAt,
      scope: { kind: 'all', controller: 'X' },
      page,
    })
    expect(text).toContain(`If this was not you, or you want to keep something:\n\nChange my preferences:\n${page}`)
  })
})

describe('the mail to a new address', () => {
  it('links to nothing but its own confirmation, since its reader may be a stranger', () => {
    const { html } = texts.render({ ...frame('en'), kind: 'confirm_contact_point', confirm, expiresAt: saidAt })
    expect(links(html)).toEqual([confirm])
  })
})
