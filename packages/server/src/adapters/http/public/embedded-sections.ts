import { assertNever } from '@verzet/core'
import { actPath, pagePath } from '../pages/acts.tsx'
import type { AlternativeOption } from '../pages/alternatives-section.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { LeavingModel } from '../pages/leaving-question.tsx'
import { dayForInput, dayInWords } from '../pages/wording.ts'
import type { Reading } from './frame.ts'

/** A button: what it says, and what it posts where. */
export type EmbeddedButton = {
  readonly label: string
  readonly explained?: string
  readonly action: string
  readonly fields: Readonly<Record<string, string>>
  readonly isFirst: boolean
  /** What has to be picked or typed with it. */
  readonly field?: EmbeddedField
}

export type EmbeddedField = {
  readonly kind: 'date' | 'email' | 'checkbox'
  readonly name: string
  readonly label: string
  readonly hint?: string
  /** Days, as a date field takes them. */
  readonly earliest?: string
  readonly latest?: string
}

type EmbeddedLink = { readonly label: string; readonly address: string }

/** What may follow an act, below what was done: under a heading of its own, in the order of the page. */
export type EmbeddedSection = {
  readonly title: string
  readonly sentences: readonly string[]
  readonly items: readonly (EmbeddedButton | EmbeddedLink)[]
}

type Given = { readonly model: DoneModel; readonly reading: Reading; readonly place: string }

/** The reminder of a pause, then whether the no was meant and what may be taken instead: what the hub's own page has. */
export function sectionsAfter(model: DoneModel, reading: Reading, place: string): EmbeddedSection[] {
  const given = { model, reading, place }
  const { reminder, leaving } = model
  return [
    ...(reminder === undefined ? [] : [reminderSection(given, reminder.choiceId)]),
    ...(leaving?.isAsked ? [questionSection(given, leaving)] : []),
    ...(leaving === undefined || (!leaving.isAsked && leaving.options.length === 0)
      ? []
      : [insteadSection(given, leaving)]),
  ]
}

function reminderSection({ model, reading: { text }, place }: Given, choiceId: string): EmbeddedSection {
  const button = {
    label: text('reminder.button'),
    action: place + actPath(model.link, 'remind'),
    fields: { choice: choiceId },
    isFirst: false,
    field: { kind: 'checkbox' as const, name: 'remind', label: text('reminder.label') },
  }
  return { title: text('reminder.title'), sentences: [], items: [button] }
}

function questionSection({ model, reading: { text }, place }: Given, { leaveId }: LeavingModel): EmbeddedSection {
  const button = {
    label: text('leaving.confirm'),
    action: place + actPath(model.link, 'confirm'),
    fields: { leave: leaveId },
    isFirst: true,
  }
  return { title: text('leaving.title'), sentences: [text('leaving.holds')], items: [button] }
}

function insteadSection(given: Given, { leaveId, isAsked, holdsAtOnce, options }: LeavingModel): EmbeddedSection {
  const { model, reading, place } = given
  const { text } = reading
  const saysNarrow = !isAsked && model.outcome.kind === 'all_stopped'
  const stay = {
    label: text('leaving.stay'),
    action: place + actPath(model.link, 'stay'),
    fields: { leave: leaveId },
    isFirst: false,
  }
  return {
    title: text('leaving.instead.title'),
    // "Do nothing and you get nothing" is true of a no to everything alone.
    sentences: [text(saysNarrow ? 'narrow' : holdsAtOnce ? 'leaving.instead' : 'leaving.instead.later')],
    items: [...options.map((option) => itemOf(given, leaveId, option)), ...(isAsked ? [stay] : [])],
  }
}

function itemOf(
  { model, reading, place }: Given,
  leaveId: string,
  { id, label, how }: AlternativeOption,
): EmbeddedButton | EmbeddedLink {
  const { text, language, frame } = reading
  const day = (at: Date) => dayInWords(at, language, frame.timeZone)
  const act = {
    label,
    action: place + actPath(model.link, 'alternative'),
    fields: { leave: leaveId, alternative: id },
    isFirst: false,
  }
  switch (how.kind) {
    case 'press':
      return how.until === undefined ? act : { ...act, explained: text('pause.until', { date: day(how.until) }) }
    case 'choose_topics':
      return { label, address: `${place}${pagePath(model.link)}#preferences` }
    case 'pick_day': {
      const { earliest, latest } = how
      const hint = text('pause.date.hint', { from: day(earliest), to: day(latest) })
      const days = {
        earliest: dayForInput(earliest, frame.timeZone),
        latest: dayForInput(latest, frame.timeZone),
      }
      return {
        ...act,
        label: text('pause.date.button'),
        field: { kind: 'date', name: 'until', label, hint, ...days },
      }
    }
    case 'give_address':
      return {
        ...act,
        label: text('alternative.address.button'),
        field: { kind: 'email', name: 'email', label, hint: text('alternative.address.hint') },
      }
    default:
      return assertNever(how)
  }
}
