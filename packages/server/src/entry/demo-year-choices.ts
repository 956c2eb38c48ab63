import { everything, type Scope, uuidV7 } from '@verzet/core'
import type { Hub } from '../services/hub.ts'
import type { KeyedContactPoint } from '../services/ports.ts'
import type { ChoiceToRecord, ChoiceWords } from '../services/record-choices.ts'
import { type Chance, type DemoPerson, pick } from './demo-year-people.ts'
import { type DemoCampaign, demoReasons } from './demo-year-words.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** What one person did about one campaign; `hears` says on which channels anything still reaches them. */
export type DemoAct = {
  readonly choices: readonly ChoiceToRecord[]
  readonly isGone: boolean
  readonly isLess: boolean
  /** A leave that its own page asked about, and that was confirmed there. */
  readonly confirmed?: { readonly subjectKey: string; readonly id: string; readonly at: number }
}

type Said = {
  readonly hub: Hub
  readonly chance: Chance
  readonly brand: string
  readonly person: DemoPerson
  readonly campaign: DemoCampaign
  readonly sentAt: number
}

/** How people answer a message they do not want: most press the button, some write, a few complain. */
export function actOf(said: Said): DemoAct {
  const { chance, campaign } = said
  const at = said.sentAt + delayMs(chance)
  if (campaign.channel === 'sms') return gone(said, at, 'text', { channel: 'sms' })
  if (campaign.channel === 'post') return gone(said, at, 'return_post', { channel: 'post' })
  if (campaign.channel === 'phone') return gone(said, at, 'call', everything)
  const roll = chance()
  if (roll < 0.04) return gone(said, said.sentAt + 8_000 + Math.floor(chance() * 40_000), 'one_click', everything)
  if (roll < 0.3) return gone(said, at, 'one_click', everything)
  if (roll < 0.35) return gone(said, at, 'complaint', everything)
  if (roll < 0.4) return gone(said, at, 'mailto', everything)
  if (roll < 0.44) return gone(said, at + 2 * 24 * hourMs, 'desk', everything)
  if (roll < 0.55) return restricted(said, at)
  return onPage(said, at)
}

/** Half within hours, nearly all within days. */
function delayMs(chance: Chance): number {
  return Math.floor(4 * minuteMs + chance() ** 3 * 9 * 24 * hourMs)
}

/** A no by one way of saying it. */
export function gone(said: Said, at: number, signal: string, scope: Scope): DemoAct {
  const author = signal === 'desk' || signal === 'call' ? ('agent' as const) : ('person' as const)
  const choice = choiceOf(said, at, { kind: 'objection', scope, author, saidAt: at }, signal)
  return { choices: [choice], isGone: scope.channel === undefined, isLess: false }
}

/** Pausing and less often, without any no. */
function restricted(said: Said, at: number): DemoAct {
  const base = { scope: everything, author: 'person' as const, saidAt: at }
  const words: ChoiceWords =
    said.chance() < 0.5
      ? { ...base, kind: 'pause', until: at + 30 * 24 * hourMs }
      : { ...base, kind: 'cadence', cadence: { max: 1, per: 'month' } }
  return { choices: [withReason(said, choiceOf(said, at, words, 'page'))], isGone: false, isLess: true }
}

/** A no on the personal page, the question that follows, and what was answered. */
function onPage(said: Said, at: number): DemoAct {
  const { hub, chance, campaign, brand } = said
  const scope: Scope = chance() < 0.35 ? { brand, topic: campaign.topic } : everything
  const words = { kind: 'objection' as const, scope, author: 'person' as const, saidAt: at }
  const id = () => uuidV7(at, hub.random(10))
  const begin = { kind: 'begin' as const, policy: 'confirm_on_page' as const, ask: 'page' as const }
  const leaving = { ...begin, messageId: id(), evidenceId: id(), link: id() }
  const first: ChoiceToRecord = { ...withReason(said, choiceOf(said, at, words, 'page')), leaving }
  const roll = chance()
  if (roll < 0.32) {
    const confirmed = { subjectKey: first.subjectKey, id: first.id, at: at + minuteMs }
    return { choices: [first], isGone: true, isLess: false, confirmed }
  }
  if (roll < 0.58) return instead(said, first, at + 2 * minuteMs)
  return { choices: [first], isGone: true, isLess: false }
}

/** Taken instead of the no: what reopens it and what restricts, as the page records it. */
function instead(said: Said, first: ChoiceToRecord, at: number): DemoAct {
  const { hub, chance } = said
  const { scope } = first.words
  const base = { author: 'person' as const, saidAt: at }
  const [alternative, words]: [string, ChoiceWords] =
    chance() < 0.55
      ? ['less:1/month', { ...base, scope, kind: 'cadence', cadence: { max: 1, per: 'month' } }]
      : ['pause:30', { ...base, scope, kind: 'pause', until: at + 30 * 24 * hourMs }]
  const leaving = {
    kind: 'answer' as const,
    leaveId: first.id,
    leaveSubject: first.subjectKey,
    state: 'narrowed' as const,
    alternative,
    evidenceId: uuidV7(at, hub.random(10)),
  }
  const consent = choiceOf(said, at, { ...base, scope, kind: 'consent' }, 'page')
  return { choices: [first, { ...consent, leaving }, choiceOf(said, at, words, 'page')], isGone: false, isLess: true }
}

function choiceOf(said: Said, at: number, words: ChoiceWords, signal: string): ChoiceToRecord {
  const { hub, brand, person, campaign } = said
  const isByNumber = campaign.channel === 'sms' || campaign.channel === 'phone'
  const point: KeyedContactPoint = isByNumber ? (person.phone ?? person.email) : person.email
  return {
    id: uuidV7(at, hub.random(10)),
    evidenceId: uuidV7(at, hub.random(10)),
    subjectKey: point.key,
    subject: {
      type: point.contactPoint.type,
      value: point.contactPoint.normalised,
      fingerprint: point.fingerprint,
    },
    words,
    context: { signal, origin: { brand, topic: campaign.topic, channel: campaign.channel, campaign: campaign.id } },
    recordedAt: at,
    actor: 'demo',
  }
}

/** Two of three say why, and one of three of them in their own words. */
function withReason({ chance, person }: Said, choice: ChoiceToRecord): ChoiceToRecord {
  if (chance() > 0.68) return choice
  const { reason, words } = pick(chance, demoReasons)
  const comment = chance() < 0.55 ? pick<string>(chance, words[person.language]) : undefined
  return { ...choice, context: { ...choice.context, reason, ...(comment !== undefined && { comment }) } }
}
