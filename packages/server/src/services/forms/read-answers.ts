import { assertNever } from '@verzet/core'
import type { AlertKind } from '../../storage/alerts.ts'
import { type FormQuestion, type LeaveForm, wordsCharactersMax } from './leave-form.ts'

export type Answer = {
  readonly question: string
  /** Ids of choices, or the mark on a scale. */
  readonly picked: readonly string[]
  readonly words?: string
}

export type Answers = {
  readonly answers: readonly Answer[]
  /** The first thing picked where one thing can be: what the choice itself keeps as its reason. */
  readonly reason: string | null
  /** The person's own words. */
  readonly comment: string | null
  readonly alerts: readonly AlertKind[]
}

/**
 * Reads what a form posted, a field a question. Everything in it is hostile: what the question does not offer is left
 * out, and what is left empty is no answer.
 */
export function readAnswers(form: LeaveForm, valuesOf: (field: string) => readonly string[]): Answers {
  const answers = form.questions.flatMap((question) => readAnswer(question, valuesOf(question.id)))
  const single = form.questions.filter(({ kind }) => kind === 'single').map(({ id }) => id)
  const picked = new Map(answers.map((answer) => [answer.question, answer.picked]))
  const alerts = form.questions.flatMap((question) =>
    'choices' in question
      ? question.choices.flatMap(({ id, alert }) => (alert && picked.get(question.id)?.includes(id) ? [alert] : []))
      : [],
  )
  return {
    answers,
    reason: single.flatMap((id) => picked.get(id) ?? [])[0] ?? null,
    comment: answers.flatMap(({ words }) => words ?? [])[0] ?? null,
    alerts: [...new Set(alerts)],
  }
}

function readAnswer(question: FormQuestion, values: readonly string[]): Answer[] {
  switch (question.kind) {
    case 'single':
      return pickedOf(question.id, offeredOf(question, values).slice(0, 1))
    case 'multiple':
      return pickedOf(question.id, offeredOf(question, values))
    case 'scale': {
      const mark = values.find((value) => /^\d{1,2}$/.test(value) && isWithin(Number(value), question))
      return pickedOf(question.id, mark === undefined ? [] : [String(Number(mark))])
    }
    case 'text': {
      const words = readWords(values[0] ?? '')
      return words === '' ? [] : [{ question: question.id, picked: [], words }]
    }
    default:
      return assertNever(question)
  }
}

function offeredOf({ choices }: Extract<FormQuestion, { choices: unknown }>, values: readonly string[]): string[] {
  return choices.map(({ id }) => id).filter((id) => values.includes(id))
}

function pickedOf(question: string, picked: readonly string[]): Answer[] {
  return picked.length === 0 ? [] : [{ question, picked }]
}

function isWithin(mark: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return mark >= from && mark <= to
}

/** Cut to what the page lets a person type; PostgreSQL stores no NUL. */
function readWords(typed: string): string {
  return typed.replaceAll('\u0000', '').replaceAll('\r\n', '\n').slice(0, wordsCharactersMax).toWellFormed().trim()
}
