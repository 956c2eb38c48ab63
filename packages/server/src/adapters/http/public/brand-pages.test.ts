import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { questionsSchema } from '../../../services/forms/leave-form.ts'
import type { PagePreview } from '../../../services/page-lint/brand-pages.ts'
import { lintBrand, lintPage } from '../../../services/page-lint/lint-pages.ts'
import { lintRules } from '../../../services/page-lint/rules.ts'
import type { BrandRow, TopicRow } from '../../../storage/catalog.ts'
import { loadMailCatalogues } from '../../mail/mail-catalogue.ts'
import { texts } from '../pages/testing/texts.ts'
import { languages } from '../pages/text.ts'
import { brandPages } from './brand-pages.ts'

const mails = loadMailCatalogues(fileURLToPath(new URL('../../../../locales', import.meta.url)))
const pages = brandPages(texts, mails)
const acme: BrandRow = { id: 'acme', number: 1, name: 'Acme', controller: 'Acme NV', country: 'BE', settings: {} }

function brand(changes: Partial<BrandRow> = {}, own: Record<string, Record<string, string>> = {}): BrandRow {
  return { ...acme, ...changes, ...(Object.keys(own).length > 0 && { wording: { version: 0, texts: own } }) }
}

function rulesOf(one: BrandRow, form = pages.builtInForm(one), topics: readonly TopicRow[] = []): string[] {
  const findings = lintBrand(pages, one, form, topics)
  return [...new Set(findings.map(({ rule, page, language }) => `${rule} ${page} ${language}`))]
}

function topic(
  name: string,
  settings: TopicRow['settings'] = {},
  purpose: TopicRow['purpose'] = 'marketing',
): TopicRow {
  return { brand: 'acme', id: 'topic', number: 1, purpose, names: { en: name }, settings }
}

/** The page as it is, with one thing about it altered. */
function altered(name: PagePreview['name'], from: string | RegExp, to: string, language = 'en'): string[] {
  const preview = pages
    .preview(acme, pages.builtInForm(acme), [])
    .find((one) => one.name === name && one.language === language)
  const html = preview?.html.replace(from, to)
  if (preview === undefined || html === preview.html || html === undefined) throw new Error('nothing was altered')
  return [...new Set(lintPage({ ...preview, html }).map(({ rule }) => rule))]
}

describe('the pages as they come', () => {
  it('break no rule in any language', () => {
    expect(lintBrand(pages, acme, pages.builtInForm(acme))).toEqual([])
  })
  it('break none with a long name, a list of reasons, a colour and nothing asked', () => {
    const reasons = [{ id: 'moved', labels: { nl: 'Ik ben verhuisd', en: 'I moved' } }]
    const settings = { reasons, accent: '#b3005e', leaving: { policy: 'confirm_on_page' } }
    expect(rulesOf(brand({ name: 'Bakkerij De Gouden Korenaar van Gent', settings }))).toEqual([])
    expect(rulesOf(acme, { version: 1, questions: [] })).toEqual([])
  })
  it('keep their rules for whoever is called after a gift', () => {
    expect(rulesOf(brand({ name: 'Gift & Cadeau', controller: 'Discount Rabatt NV' }))).toEqual([])
  })
  it('give every finding its source', () => {
    const findings = lintBrand(pages, brand({}, { en: { stopAll: 'OK' } }), pages.builtInForm(acme))
    expect(findings[0]).toMatchObject({ rule: 'exit-in-plain-words', page: 'preferences', language: 'en' })
    for (const { source, rule } of findings) expect(source).toBe(lintRules[rule].source)
    expect(findings.length).toBeGreaterThan(0)
  })
})

describe('the exit', () => {
  it('has to be on the first screen', () => {
    const long = 'A name that goes on and on '.repeat(8)
    expect(rulesOf(brand({ name: long }))).toContain('exit-first-screen preferences en')
    expect(rulesOf(brand({}, { nl: { 'page.who': `${'Eerst nog dit. '.repeat(40)}{address}` } }))).toEqual([
      'exit-first-screen preferences nl',
    ])
  })
  it('has to be one press away', () => {
    expect(altered('preferences', 'method="post" action="/u/sample/stop"', 'action="/u/sample/stop"')).toEqual([
      'two-acts',
    ])
    const field = '$1<label>Why?<input name="why"></label>'
    expect(altered('preferences', /(<input type="hidden" name="scope" value="all"\/?>)/, field)).toEqual(['two-acts'])
    expect(altered('preferences', 'name="scope" value="all"', 'name="scope" value="some"')).toEqual(['two-acts'])
  })
  it('has to be in sight', () => {
    const folded = altered(
      'preferences',
      /(<form id="stop".*?<\/form>)/,
      '<details><summary>More</summary>$1</details>',
    )
    expect(folded).toContain('two-acts')
  })
  it('may stand out no less than anything else', () => {
    expect(altered('preferences', 'class="button first"', 'class="button"')).toEqual([])
    const other = altered('preferences', 'class="button fit"', 'class="button first"')
    expect(other).toEqual([])
    expect(altered('preferences', '--accent:#0f4c5c', '--accent:#ffffff')).toContain('exit-not-weaker')
    expect(altered('preferences', /(prefers-color-scheme:dark.*?--accent:)#\w+/s, '$1#333333')).toContain(
      'exit-not-weaker',
    )
    const swapped = altered(
      'preferences',
      /class="button first"(.*?)class="button"/s,
      'class="button"$1class="button first"',
    )
    expect(swapped).toEqual(['exit-not-weaker'])
  })
  it('says that it stops, in every language', () => {
    const vague = { nl: 'Verder', fr: 'Continuer', de: 'Weiter', en: 'Continue' }
    for (const language of languages) {
      const own = { [language]: { stopAll: vague[language] } }
      expect(rulesOf(brand({}, own))).toEqual([`exit-in-plain-words preferences ${language}`])
    }
  })
})

describe('what is offered instead, where it is asked if the no was meant', () => {
  const asked = (label: string) =>
    brand({
      settings: {
        leaving: { policy: 'confirm_on_page', alternatives: [{ kind: 'pause', days: 30, labels: { en: label } }] },
      },
    })
  const stopped = (change: (html: string) => string) => {
    const one = asked('A month off')
    const preview = pages
      .preview(one, pages.builtInForm(one), [])
      .find(({ name, language }) => name === 'stopped' && language === 'en')
    if (preview === undefined) throw new Error('there is no such page')
    const html = change(preview.html)
    expect(html).not.toBe(preview.html)
    return lintPage({ ...preview, html }).map(({ key }) => key)
  }

  it('breaks nothing as it comes, nor over two lines', () => {
    expect(rulesOf(asked('A month off'))).toEqual([])
    expect(rulesOf(asked('Give me a month off, and start again with the news after that'))).toEqual([])
  })
  it('takes no more room than the button that says yes', () => {
    expect(rulesOf(asked('Stay for a month '.repeat(6).slice(0, 100)))).toEqual(['exit-not-weaker stopped en'])
  })
  it('does not stand out more, and does not come first', () => {
    const weaker = stopped((html) =>
      html
        .replace('class="button first"', 'class="button"')
        .replace(/class="button"(?= name="alternative")/, 'class="button first"'),
    )
    expect(weaker.join()).toContain('exit-not-weaker.stands-out')
    const late = stopped((html) => {
      const form = /<form[^>]*action="[^"]*\/confirm".*?<\/form>/s.exec(html)?.[0] ?? ''
      return html.replace(form, '').replace('</main>', `${form}</main>`)
    })
    expect(late.join()).toContain('exit-not-weaker.after')
  })
})

describe('boxes and questions', () => {
  it('are not ticked beforehand', () => {
    expect(altered('stopped', 'type="radio" name="reason"', 'type="radio" checked name="reason"')).toEqual([
      'nothing-pre-ticked',
    ])
    expect(
      altered('paused', '<input type="checkbox" name="remind"', '<input checked type="checkbox" name="remind"'),
    ).toEqual(['nothing-pre-ticked'])
    // The grid shows what holds now, and its form says so; without that its ticks are nobody's word.
    expect(altered('preferences', /<input type="hidden" name="was"[^>]*>/g, '')).toEqual(['nothing-pre-ticked'])
  })
  it('are free to answer, and say so', () => {
    expect(altered('stopped', '<textarea ', '<textarea required ')).toEqual(['no-mandatory-question'])
    const silent = { en: { 'reason.title': 'Why are you leaving?', 'reason.comment': 'Tell us more' } }
    expect(rulesOf(brand({}, silent))).toEqual(['no-mandatory-question stopped en'])
  })
  it('may not say that they must be answered', () => {
    const must = { nl: 'Verplicht veld', fr: 'Réponse obligatoire', de: 'Pflichtfeld', en: 'Required' }
    const form = { version: 1, questions: questionsSchema.parse([{ kind: 'text', id: 'words', labels: must }]) }
    expect(rulesOf(acme, form).filter((rule) => rule.includes('stopped'))).toEqual(
      languages.map((language) => `no-mandatory-question stopped ${language}`),
    )
  })
})

describe('words', () => {
  const guilty = {
    nl: ['Wat jammer dat u gaat', 'Weet u het zeker?', 'U mist onze korting', 'Helaas!'],
    fr: ['Quel dommage !', 'Êtes-vous sûr de vouloir partir ?', 'Vous allez nous manquer', 'Recevez une réduction'],
    de: [
      'Schade, dass Sie gehen',
      'Sind Sie sicher?',
      'Sie verpassen viel',
      'Bleiben Sie und erhalten Sie einen Gutschein',
    ],
    en: [
      'We are sorry to see you go',
      'Are you sure?',
      'You will miss out',
      'Stay and get a discount',
      'Don’t leave us',
    ],
  }
  it.each(languages)('make nobody feel guilty: %s', (language) => {
    for (const words of guilty[language]) {
      expect(rulesOf(brand({}, { [language]: { stillComes: words } })), words).toContain(
        `no-guilt preferences ${language}`,
      )
    }
  })
  it('are looked at in questions and alternatives too', () => {
    const labels = { en: 'What will you miss out on?' }
    const form = { version: 1, questions: questionsSchema.parse([{ kind: 'text', id: 'words', labels }]) }
    expect(rulesOf(acme, form)).toContain('no-guilt stopped en')
    const leaving = { alternatives: [{ kind: 'pause', days: 30, labels: { en: 'No, I hate to lose you' } }] }
    expect(rulesOf(brand({ settings: { leaving } }))).toEqual(['no-guilt stopped en'])
  })

  it('are looked at in what a topic offers of its own, and in the names of topics', () => {
    const alternatives = [{ kind: 'pause', days: 30, labels: { en: 'Are you sure?' }, reasons: ['too_many'] }]
    const form = pages.builtInForm(acme)
    expect(rulesOf(acme, form, [topic('News', { leaving: { alternatives } })])).toEqual(['no-guilt stopped en'])
    expect(rulesOf(acme, form, [topic('All you will miss out on')])).toContain('no-guilt preferences en')
    expect(rulesOf(acme, form, [topic('All you will miss out on', {}, 'service')])).toEqual([])
  })
  it('may name what is sent, which is not a reward for staying', () => {
    const form = pages.builtInForm(acme)
    expect(rulesOf(acme, form, [topic('Discounts and gift ideas')])).toEqual([])
    const leaving = { alternatives: [{ kind: 'pause', days: 30, labels: { en: 'A discount, and a pause' } }] }
    expect(rulesOf(brand({ settings: { leaving } }), form, [topic('Discounts')])).toEqual(['no-guilt stopped en'])
  })

  const twisted = {
    nl: ['Ik wil niet dat u mij geen reclame stuurt', 'Vink dit uit als u geen reclame wilt'],
    fr: ['Je ne veux pas que vous ne m’écriviez plus', 'Décochez la case si vous ne voulez pas de publicité'],
    de: [
      'Ich möchte nicht, dass ich keine Werbung erhalte',
      'Entfernen Sie das Häkchen, wenn Sie nichts und keine Werbung wollen',
    ],
    en: ['I do not want to no longer get mail', 'Untick this if you do not want mail'],
  }
  it.each(languages)('deny nothing twice: %s', (language) => {
    for (const words of twisted[language]) {
      const rules = rulesOf(brand({}, { [language]: { 'grid.explained': words } }))
      expect(rules, words).toEqual([`no-double-negation preferences ${language}`])
    }
  })
})

describe('the right to object', () => {
  it('is stated on every page, in words that name it', () => {
    const rules = rulesOf(brand({}, { en: { right: 'Terms apply.' } }))
    expect(rules).toEqual(['preferences', 'stopped', 'paused'].map((page) => `right-to-object ${page} en`))
  })
  it('stands apart, in sight, and large enough to read', () => {
    expect(
      altered('preferences', /(<section class="right".*?)<\/section>/s, '$1<a href="/x">More</a></section>'),
    ).toEqual(['right-to-object'])
    expect(altered('preferences', '<section class="right"', '<section hidden class="right"')).toContain(
      'right-to-object',
    )
    expect(altered('preferences', '.right h2{', 'section.right{font-size:.5rem}.right h2{')).toEqual([
      'right-to-object',
    ])
    expect(altered('preferences', '.right h2{', 'section.right{color:#dddddd}.right h2{')).toEqual(['right-to-object'])
    expect(
      rulesOf(brand({}, { en: { right: `You may object to direct marketing. ${'More. '.repeat(95)}` } })),
    ).toContain('right-to-object preferences en')
  })
})

describe('a brand’s own words', () => {
  it('are refused by their place when no page can use them', () => {
    const faults = (own: Record<string, Record<string, string>>) =>
      pages.wordingFaults(own).map(({ language, key, detail }) => `${language} ${key ?? ''}: ${detail}`)
    expect(faults({ nl: { stopAll: 'Stop nu', undo: 'Terug' } })).toEqual([])
    expect(faults({ nl: { nonsense: 'x' } })).toEqual(['nl nonsense: No page has a text of this name.'])
    expect(faults({ en: { stopAll: 'Stop {' } })).toEqual(['en stopAll: This is no ICU message: check its braces.'])
    expect(faults({ en: { stopAll: 'Stop {name}' } })).toEqual([
      'en stopAll: It asks for {name}; this text has no value.',
    ])
    expect(faults({ en: { 'page.who': 'Hello {name}' } })[0]).toContain('this text has {address}.')
    expect(faults({ it: { stopAll: 'Basta' } })[0]).toMatch(/^it : The pages are written in nl, fr, de, en/)
  })
  it('stand in the built-in questions as well', () => {
    const form = pages.builtInForm(brand({}, { en: { 'reason.tooMany': 'Too much (optional)' } }))
    expect(JSON.stringify(form)).toContain('Too much (optional)')
  })
})
