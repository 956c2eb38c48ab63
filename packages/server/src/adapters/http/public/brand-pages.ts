import { brandSettings } from '../../../services/brand-settings.ts'
import { builtInVersion, type FormChoice, type LeaveForm } from '../../../services/forms/leave-form.ts'
import { alternativeId, leavingOf } from '../../../services/leaving/leaving-settings.ts'
import type { BrandPages, PagePreview } from '../../../services/page-lint/brand-pages.ts'
import type { AlertKind } from '../../../storage/alerts.ts'
import type { BrandRow, TopicRow } from '../../../storage/catalog.ts'
import { brandKit } from '../../kit/brand-kit.ts'
import { mailSample, mailSentencesOf } from '../../mail/brand-mails.ts'
import type { MailCatalogues } from '../../mail/mail-catalogue.ts'
import { type DoneModel, renderDonePage } from '../pages/done-page.tsx'
import { wordingFaults } from '../pages/overrides.ts'
import { renderPreferencePage } from '../pages/preference-page.tsx'
import { ownReasons } from '../pages/reason-form.tsx'
import { type Language, languages, type Texts } from '../pages/text.ts'
import { doneModel } from './done-model.ts'
import { type Reading, readingIn } from './frame.ts'
import { optionOf } from './leaving-model.ts'
import { nameOf, type PersonPage, preferenceModel } from './person-model.ts'

/** Reasons that the privacy officer hears of, by the ids the product gives them. */
const alertOf: Readonly<Record<string, AlertKind>> = { never_asked: 'never_signed_up', spam: 'spam' }

/** What the services ask of the pages, on the catalogues of `texts`. */
export function brandPages(texts: Texts, mails: MailCatalogues): BrandPages {
  return {
    builtInForm: (brand) => builtInForm(texts, brand),
    wordingFaults: (given) => wordingFaults(texts, mails, given),
    preview: (brand, form, topics) =>
      languages.flatMap((language) => previewIn({ texts, brand, form, topics, language })),
    mails,
    mailSentences: mailSentencesOf,
    mailSample: (brand, language) => mailSample(mails, brand, language),
    kit: (place, brand, language, options) => brandKit(texts, place, brand, language, options),
  }
}

function builtInForm(texts: Texts, brand: BrandRow): LeaveForm {
  const inEach = (say: (reading: Reading) => string) =>
    Object.fromEntries(
      languages.map((language) => [
        language,
        say(readingIn(texts, brand, language, { languageSwitch: { kind: 'none' } })),
      ]),
    )
  const own = brandSettings(brand).reasons
  const listed: readonly FormChoice[] =
    own ?? ownReasons.map(({ id, key }) => ({ id, labels: inEach(({ text }) => text(key)) }))
  const choices = listed.map(({ id, labels }) => ({ id, labels, ...(alertOf[id] && { alert: alertOf[id] }) }))
  return {
    version: builtInVersion,
    questions: [
      { kind: 'single', id: 'reason', labels: inEach(({ text }) => text('reason.title')), choices },
      { kind: 'text', id: 'comment', labels: inEach(({ text }) => text('reason.comment')) },
    ],
  }
}

/** Nobody's, and the same at every look, so that a page is judged the same way twice. */
const sampleKey = '00000000-0000-4000-8000-000000000000'
const sampleChoice = '00000000-0000-7000-8000-000000000001'
const sampleAt = Date.UTC(2026, 0, 5, 12)
const dayMs = 86_400_000
/** A topic of the usual length that promises nothing. */
const sampleTopics: readonly Readonly<Record<Language, string>>[] = [
  { nl: 'nieuwsbrief', fr: 'infolettre', de: 'Newsletter', en: 'newsletter' },
  { nl: 'evenementen', fr: 'événements', de: 'Veranstaltungen', en: 'events' },
]

type Sample = {
  readonly texts: Texts
  readonly brand: BrandRow
  readonly form: LeaveForm
  readonly topics: readonly TopicRow[]
  readonly language: Language
}

function previewIn({ texts, brand, form, topics, language }: Sample): PagePreview[] {
  const reading = readingIn(texts, brand, language, { languageSwitch: { kind: 'links', path: '/u/sample' } })
  const page = samplePage(brand, marketingOf(brand, topics), language)
  const link = { base: '/u/sample' }
  const result = { choiceIds: [sampleChoice] }
  const done = (outcome: Parameters<typeof doneModel>[3]['outcome'], leaving?: DoneModel['leaving']) => {
    const model = doneModel(page, link, reading, { kind: 'done', outcome, result })
    const reason = model.reason && { ...model.reason, form }
    const reminder = outcome.kind === 'paused' ? { choiceId: sampleChoice } : undefined
    const shown = { ...model, ...(leaving && { leaving }), ...(reminder && { reminder }), ...(reason && { reason }) }
    return renderDonePage(shown, reading.text)
  }
  const preview = (name: PagePreview['name'], html: string): PagePreview => ({
    name,
    language,
    html,
    names: [brand.name, brand.controller],
    topicNames: page.topics.map((topic) => nameOf(topic, language)),
  })
  // Who came from a topic that decides for itself is offered other things.
  const origins = [undefined, ...page.topics.filter(({ settings }) => settings.leaving !== undefined)]
  return [
    preview('preferences', renderPreferencePage(preferenceModel(page, link, reading), reading.text)),
    ...origins.map((topic) => preview('stopped', done({ kind: 'all_stopped' }, alternativesIn(page, reading, topic)))),
    preview('paused', done({ kind: 'paused', until: new Date(sampleAt + 30 * dayMs) })),
  ]
}

function marketingOf(brand: BrandRow, topics: readonly TopicRow[]): readonly TopicRow[] {
  const marketing = topics.filter(({ purpose }) => purpose === 'marketing')
  if (marketing.length > 0) return marketing
  return sampleTopics.map((names, index) => {
    const named = { brand: brand.id, id: `sample-${index}`, number: index + 1, names, settings: {} }
    return { ...named, purpose: 'marketing' as const }
  })
}

/** Everything the brand, or one of its topics, may offer instead, in its own words, as if each suited this person. */
function alternativesIn(page: PersonPage, reading: Reading, topic: TopicRow | undefined): DoneModel['leaving'] {
  const { policy, alternatives } = leavingOf(page.link.brand, topic)
  const digested = topic ?? page.link.topic
  const options = alternatives.map((alternative) =>
    optionOf({ id: alternativeId(alternative), alternative, ...(digested && { topic: digested }) }, page, reading),
  )
  return { leaveId: sampleChoice, isAsked: policy !== 'immediate', holdsAtOnce: true, options }
}

/** Somebody who came by mail, gets what the brand sends, and has refused nothing yet. */
function samplePage(brand: BrandRow, topics: readonly TopicRow[], language: Language): PersonPage {
  const point = {
    key: sampleKey,
    type: 'email' as const,
    value: 'name@example.com',
    createdAt: new Date(sampleAt),
    confirmedAt: null,
    erasedAt: null,
  }
  const consent = { id: sampleChoice, scope: {}, at: sampleAt - dayMs, kind: 'consent' as const, lifts: true }
  const standings = new Map([[sampleKey, { groups: [{ relation: null, items: [consent] }] }]])
  // The one with the longest name is the hardest on the page.
  const [topic] = topics.toSorted((one, other) => nameOf(other, language).length - nameOf(one, language).length)
  return {
    link: {
      claims: {
        contactPointKey: sampleKey,
        brandNumber: brand.number,
        topicNumber: topic?.number ?? 1,
        campaignNumber: 0,
        channel: 'email',
        offered: ['all', 'topic'],
        mintedAt: sampleAt - dayMs,
      },
      brand,
      ...(topic && { topic }),
    },
    person: { key: sampleKey, contactPoint: point, relations: [], contactPoints: [point], standings },
    topics,
    pending: new Set(),
    registers: {},
    pendingContacts: [],
    printedOn: undefined,
    printed: [],
    now: sampleAt,
  }
}
