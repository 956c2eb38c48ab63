import type { CodeModel } from '../code-page.tsx'
import type { ConfirmModel } from '../confirm-page.tsx'
import type { DemoHomeModel, DemoMailboxModel } from '../demo-pages.tsx'
import type { DoneModel } from '../done-page.tsx'
import type { PageFrame } from '../layout.tsx'
import type { LeavingModel } from '../leaving-question.tsx'
import type { Outcome } from '../outcome.ts'
import type { PreferenceModel } from '../preference-page.tsx'
import type { ProblemModel } from '../problem-page.tsx'
import { defaultReasons } from '../reason-form.tsx'
import type { Language, Translate } from '../text.ts'

/** Made-up models for the tests and for the screenshots of every state; no page of the product reads them. */
export const link = { base: '/u/sampletoken' }
const now = new Date('2026-11-03T13:05:00Z')
const inThirtyDays = new Date('2026-12-03T13:05:00Z')

export function sampleFrame(language: Language, changes: Partial<PageFrame> = {}): PageFrame {
  return {
    brand: { name: 'Bakkerij De Korenaar' },
    controller: {
      name: 'Korenaar Groep nv',
      privacyEmail: 'privacy@korenaar.example',
      privacyUrl: 'https://korenaar.example/privacy',
    },
    language,
    timeZone: 'Europe/Brussels',
    languageSwitch: { kind: 'form', action: `${link.base}/details` },
    ...changes,
  }
}

export function samplePreferences(language: Language, changes: Partial<PreferenceModel> = {}): PreferenceModel {
  return {
    frame: sampleFrame(language),
    link,
    address: { type: 'email', masked: 'j•••@v•••.be' },
    channels: ['email', 'sms', 'phone', 'post'],
    broughtBy: { channel: 'email', topic: 'Weekaanbiedingen', sentAt: new Date('2026-11-02T08:00:00Z') },
    stopOnly: { topic: 'Weekaanbiedingen', channel: 'email' },
    less: {
      options: [
        { max: 1, per: 'week' },
        { max: 1, per: 'month' },
      ],
    },
    pause: {
      options: [
        { days: 30, until: inThirtyDays },
        { days: 90, until: new Date('2027-02-01T13:05:00Z') },
      ],
      earliest: new Date('2026-11-04T13:05:00Z'),
      latest: new Date('2027-11-03T13:05:00Z'),
    },
    grid: {
      channels: ['email', 'sms', 'phone', 'post'],
      rows: [
        {
          topic: 'weekly',
          name: 'Weekaanbiedingen',
          description: 'Elke woensdag, met recept',
          cells: { email: 'on', sms: 'off', post: 'on' },
        },
        {
          topic: 'events',
          name: 'Workshops en proeverijen',
          cells: { email: 'off', phone: 'off', post: 'unavailable' },
        },
        { topic: 'partners', name: 'Van onze molens', cells: { email: 'pending', sms: 'on', post: 'off' } },
      ],
    },
    person: {
      language,
      maskedName: 'J•••• P••••••',
      contactPoints: [
        { reference: 'a1', type: 'email', masked: 'j•••@v•••.be', pending: false },
        { reference: 'b2', type: 'phone', masked: '+32 ••• •• •• 17', pending: false },
        { reference: 'c3', type: 'email', masked: 'n•••@w•••.example', pending: true },
      ],
    },
    ...changes,
  }
}

export function sampleDone(
  outcome: Outcome,
  language: Language,
  text: Translate,
  changes: Partial<DoneModel> = {},
): DoneModel {
  return {
    frame: sampleFrame(language, { languageSwitch: { kind: 'none' } }),
    link,
    outcome,
    recordedAt: now,
    printedUntil: new Date('2026-11-20T12:00:00Z'),
    stands: [{ kind: 'nothing' }],
    undo: { choiceId: '01930f0e-0000-7000-8000-000000000001' },
    reason: {
      choiceId: '01930f0e-0000-7000-8000-000000000001',
      options: defaultReasons(text),
      commentCharsMax: 1000,
      broughtBy: { channel: 'email', topic: 'Weekaanbiedingen', sentAt: new Date('2026-11-02T08:00:00Z') },
    },
    ...changes,
  }
}

/** One outcome of every kind. */
export const sampleOutcomes: readonly Outcome[] = [
  { kind: 'all_stopped' },
  { kind: 'channel_stopped', channel: 'phone' },
  { kind: 'topic_stopped', topic: 'Weekaanbiedingen' },
  { kind: 'paused', until: inThirtyDays },
  { kind: 'pause_ended' },
  { kind: 'less_often', cadence: { max: 1, per: 'week' } },
  { kind: 'less_ended' },
  {
    kind: 'preferences_saved',
    nothingLeft: true,
    changes: [
      { topic: 'Weekaanbiedingen', channel: 'email', to: 'off' },
      { topic: 'Workshops en proeverijen', channel: 'email', to: 'on' },
      { topic: 'Van onze molens', channel: 'sms', to: 'pending' },
    ],
  },
  { kind: 'undone' },
  { kind: 'waiting_for_confirmation', masked: 'j•••@v•••.be' },
  { kind: 'details_saved' },
  { kind: 'contact_point_added', masked: 'n•••@w•••.example' },
  { kind: 'contact_point_removed', masked: '+32 ••• •• •• 17' },
  { kind: 'erasure_asked', masked: 'j•••@v•••.be' },
  { kind: 'reason_saved' },
  { kind: 'leaving_confirmed' },
  {
    kind: 'limited',
    about: { kind: 'topic', topic: 'Weekaanbiedingen' },
    limit: { kind: 'pause', until: inThirtyDays },
  },
  {
    kind: 'limited',
    about: { kind: 'channel', channel: 'sms' },
    limit: { kind: 'cadence', cadence: { max: 1, per: 'month' } },
  },
  { kind: 'digest', topic: 'Weekaanbiedingen' },
  { kind: 'channel_only', channel: 'sms' },
  { kind: 'reminder_set', at: inThirtyDays },
]

/** The question and every kind of alternative. */
export const sampleLeaving: LeavingModel = {
  leaveId: '01930f0e-0000-7000-8000-000000000001',
  isAsked: true,
  holdsAtOnce: true,
  options: [
    { id: 'pause:30', anchor: 'pause-30', label: 'Een maand rust', how: { kind: 'press', until: inThirtyDays } },
    { id: 'less:1/month', anchor: 'less-1-month', label: 'Eén keer per maand', how: { kind: 'press' } },
    { id: 'fewer_topics', anchor: 'fewer-topics', label: 'Zelf kiezen', how: { kind: 'choose_topics' } },
    {
      id: 'pause_until',
      anchor: 'pause-until',
      label: 'Tot een dag',
      how: { kind: 'pick_day', earliest: new Date('2026-11-04T13:05:00Z'), latest: inThirtyDays },
    },
    { id: 'other_address', anchor: 'other-address', label: 'Elders', how: { kind: 'give_address' } },
  ],
}

export function sampleConfirm(language: Language, changes: Partial<ConfirmModel> = {}): ConfirmModel {
  return {
    frame: sampleFrame(language, { languageSwitch: { kind: 'links', path: '/k/sampletoken' } }),
    action: '/k/sampletoken',
    confirmable: { kind: 'receive', items: [{ topic: 'Weekaanbiedingen', channel: 'email' }] },
    masked: 'j•••@v•••.be',
    state: 'ask',
    ...changes,
  }
}

export function sampleProblem(language: Language, changes: Partial<ProblemModel> = {}): ProblemModel {
  return {
    frame: sampleFrame(language, { languageSwitch: { kind: 'links', path: '/u/x' } }),
    problem: 'link_unknown',
    otherWays: {
      codePage: '/c',
      sms: true,
      email: 'privacy@korenaar.example',
      postal: 'Korenaar Groep nv, Molenstraat 1, 9000 Gent',
    },
    ...changes,
  }
}

export function sampleCode(language: Language, changes: Partial<CodeModel> = {}): CodeModel {
  return { frame: sampleFrame(language, { languageSwitch: { kind: 'links', path: '/c' } }), action: '/c', ...changes }
}

export const sampleMailbox: DemoMailboxModel = {
  frame: sampleFrame('en', { languageSwitch: { kind: 'none' } }),
  home: '/demo',
  mails: [
    {
      to: 'j•••@v•••.be',
      subject: 'Bevestiging: uw afmelding bij Bakkerij De Korenaar is geregistreerd',
      body: 'Op 3 november 2026 hebt u zich afgemeld.\n\nWas u dit niet: http://127.0.0.1:8080/u/sampletoken\n<b>niet vet</b>',
      sentAt: now,
      language: 'nl',
    },
  ],
}

export const sampleHome: DemoHomeModel = {
  frame: sampleFrame('en', { languageSwitch: { kind: 'none' } }),
  topics: [
    { name: 'Weekaanbiedingen', purpose: 'marketing' },
    { name: 'Bestellingen', purpose: 'service' },
  ],
  relations: [{ externalId: 'klant-1', language: 'nl', contactPoints: ['j•••@v•••.be'], page: '/u/sampletoken' }],
  links: [{ href: '/demo/mailbox', label: 'The mailbox' }],
}
