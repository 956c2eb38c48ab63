import { assertNever } from '@verzet/core'
import { builtInVersion, type FormQuestion, labelIn, wordsCharactersMax } from '../../../services/forms/leave-form.ts'
import type { AlternativeOption } from '../pages/alternatives-section.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { LeavingModel } from '../pages/leaving-question.tsx'
import { changeInWords, explanation, headline } from '../pages/outcome.ts'
import { marksOf, type ReasonModel } from '../pages/reason-form.tsx'
import { standsInWords } from '../pages/stands.ts'
import { dayForInput, dayInWords, momentInWords } from '../pages/wording.ts'
import type { Reading } from '../public/frame.ts'
import { words } from './preference-sections.ts'
import type { Input, Part, Section } from './view-schema.ts'

/** What an act came to, the way back, something narrower, and only then the questions: as on the page after an act. */
export function doneSections(model: DoneModel, reading: Reading): Section[] {
  const { leaving, reason, reminder } = model
  return [
    outcomeSection(model, reading),
    ...(reminder === undefined ? [] : [reminderSection(reminder.choiceId, reading)]),
    ...(leaving === undefined ? [] : leavingSections(leaving, model.outcome.kind === 'all_stopped', reading)),
    ...(reason === undefined ? [] : reasonSection(reason, reading)),
  ]
}

function outcomeSection(model: DoneModel, { text, frame, language }: Reading): Section {
  const { outcome, alreadySince, printedUntil, undo } = model
  const day = (at: Date) => dayInWords(at, language, frame.timeZone)
  const said =
    alreadySince === undefined ? explanation(outcome, text) : [text('done.already', { date: day(alreadySince) })]
  const changes = outcome.kind === 'preferences_saved' ? outcome.changes : []
  const stopsLess = outcome.kind === 'preferences_saved' && outcome.nothingLeft
  const parts: Part[] = said.map((sentence) => words(sentence))
  if (changes.length > 0) parts.push({ kind: 'list', items: changes.map((change) => changeInWords(change, text)) })
  if (printedUntil !== undefined) parts.push(words(text('done.printed', { date: day(printedUntil) })))
  if (stopsLess) {
    parts.push(words(text('done.nothingLeft'), 'alert'))
    parts.push({ kind: 'act', act: 'stop', fields: { scope: 'all' }, label: text('stopAll'), first: true })
  }
  const stands = model.stands.map((line) => standsInWords(line, frame, text))
  parts.push({ kind: 'list', items: [...stands, text('stillComes')] })
  const moment = momentInWords(model.recordedAt, language, frame.timeZone)
  parts.push(words(text('done.recorded', { moment }), 'hint'))
  if (undo !== undefined && model.leaving?.isAsked !== true) {
    parts.push({ kind: 'act', act: 'undo', fields: { choice: undo.choiceId }, label: text('undo') })
  }
  return { id: 'done', title: headline(outcome, frame, text), parts }
}

function reminderSection(choice: string, { text }: Reading): Section {
  const options = [{ value: '1', label: text('reminder.label') }]
  const input: Input = { kind: 'many', name: 'remind', label: text('reminder.title'), heard: true, options }
  return {
    id: 'reminder',
    title: text('reminder.title'),
    parts: [{ kind: 'form', act: 'remind', fields: { choice }, inputs: [input], button: text('reminder.button') }],
  }
}

function leavingSections(leaving: LeavingModel, isAll: boolean, reading: Reading): Section[] {
  const { text } = reading
  const { leaveId, isAsked, holdsAtOnce, options } = leaving
  const fields = { leave: leaveId }
  const asked: Section = {
    id: 'leaving',
    title: text('leaving.title'),
    parts: [
      words(text('leaving.holds')),
      { kind: 'act', act: 'confirm', fields, label: text('leaving.confirm'), first: true },
    ],
  }
  const offered = options.flatMap((option) => alternativePart(option, leaveId, reading) ?? [])
  const stay: Part[] = isAsked ? [{ kind: 'act', act: 'stay', fields, label: text('leaving.stay') }] : []
  if (offered.length + stay.length === 0) return isAsked ? [asked] : []
  const meaning = isAll && !isAsked ? 'narrow' : holdsAtOnce ? 'leaving.instead' : 'leaving.instead.later'
  const parts = [words(text(meaning)), ...offered, ...stay]
  return [...(isAsked ? [asked] : []), { id: 'instead', title: text('leaving.instead.title'), parts }]
}

/** Choosing topics needs no part of its own: the boxes stand below. */
function alternativePart(
  { id, label, how }: AlternativeOption,
  leave: string,
  { text, frame, language }: Reading,
): Part | undefined {
  const fields = { leave, alternative: id }
  const day = (at: Date) => dayInWords(at, language, frame.timeZone)
  switch (how.kind) {
    case 'press': {
      const small = how.until && text('pause.until', { date: day(how.until) })
      return { kind: 'act', act: 'alternative', fields, label, ...(small && { small }) }
    }
    case 'pick_day': {
      const { earliest, latest } = how
      const hint = text('pause.date.hint', { from: day(earliest), to: day(latest) })
      const [min, max] = [dayForInput(earliest, frame.timeZone), dayForInput(latest, frame.timeZone)]
      const input: Input = { kind: 'date', name: 'until', label, hint, required: true, min, max }
      return { kind: 'form', act: 'alternative', fields, inputs: [input], button: text('pause.date.button') }
    }
    case 'give_address': {
      const hint = text('alternative.address.hint')
      const input: Input = { kind: 'email', name: 'email', label, hint, required: true, autocomplete: 'email' }
      return { kind: 'form', act: 'alternative', fields, inputs: [input], button: text('alternative.address.button') }
    }
    case 'choose_topics':
      return undefined
    default:
      return assertNever(how)
  }
}

/** Nothing is ticked and nothing is required; the version says how the answers are to be read. */
function reasonSection({ about, choiceId, form }: ReasonModel, { text, language }: Reading): Section[] {
  if (form === undefined || form.questions.length === 0) return []
  const fields: Record<string, string> = { choice: choiceId }
  // The built-in questions have no version to tell.
  if (form.version !== builtInVersion) fields.form = String(form.version)
  const heading = text('reason.title')
  const inputs = form.questions.map((question) => {
    const input = questionInput(question, language)
    return input.label === heading ? { ...input, heard: true } : input
  })
  return [
    {
      id: 'reason',
      title: about === 'less' ? text('reason.title.less') : heading,
      parts: [{ kind: 'form', act: 'reason', fields, inputs, button: text('reason.send') }],
    },
  ]
}

function questionInput(question: FormQuestion, language: string): Input {
  const named = (labels: FormQuestion['labels']) => {
    const found = labelIn(labels, language)
    return { label: found.text, ...(found.language !== language && { lang: found.language }) }
  }
  const common = { name: question.id, ...named(question.labels) }
  switch (question.kind) {
    case 'single':
    case 'multiple': {
      const options = question.choices.map(({ id, labels }) => ({ value: id, ...named(labels) }))
      return { kind: question.kind === 'single' ? 'one' : 'many', ...common, options }
    }
    case 'scale': {
      const ends = [
        question.lowest && `${question.from} = ${named(question.lowest).label}`,
        question.highest && `${question.to} = ${named(question.highest).label}`,
      ]
      const hint = ends.filter(Boolean).join(' · ')
      const options = marksOf(question).map((mark) => ({ value: String(mark), label: String(mark) }))
      return { kind: 'one', ...common, ...(hint !== '' && { hint }), options }
    }
    case 'text':
      return { kind: 'long', ...common, charactersMax: wordsCharactersMax }
    default:
      return assertNever(question)
  }
}
