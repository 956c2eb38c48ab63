import { type FormChoice, type FormQuestion, labelIn } from '../../../../services/forms/leave-form.ts'
import { languages } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'
import { type DifferingField, differingFields } from './form-version.tsx'
import type { Posted } from './question-form.ts'
import { idsPosted, lostParts, postedAt, typedOf } from './typed-places.ts'

type Voice = Pick<StaffFrame, 'text' | 'language'>
type Labels = Readonly<Record<string, string>>

/** Where a form of questions says something else than the questions that are published by now. */
export function questionDifferences(
  voice: Voice,
  questions: readonly FormQuestion[],
  posted: Posted,
): readonly DifferingField[] {
  const kept = questions.flatMap((question, index) => {
    const typed = typedOf(posted, 'q', question.id)
    if (typed === undefined) return []
    const name = `${index + 1}. ${labelIn(question.labels, voice.language).text}`
    return [
      ...orderDifference(voice, name, index, typed),
      ...labelDifferences(voice, name, 'label', question.labels, typed),
      ...('choices' in question ? choiceDifferences(voice, name, question.choices, typed) : []),
      ...removeDifference(voice, name, typed),
    ]
  })
  const ids = questions.map(({ id }) => id)
  const lost = lostParts(posted, 'q', ids).map(({ id, typed }) => lostDifference(voice, id, typed))
  return [...kept, ...lost, ...addedDifferences(voice, postedAt(posted, 'add'))]
}

/** Of a question that is to be added nothing is stored yet. */
function addedDifferences(voice: Voice, typed: Posted): DifferingField[] {
  const name = voice.text('content.question.add')
  const choices = differingFields(
    {},
    { choices: typed('choices') },
    (_, value) => value,
    () => ({ name: `${name}: ${voice.text('content.question.choices')}` }),
  )
  return [...labelDifferences(voice, name, 'label', {}, typed), ...choices]
}

function choiceDifferences(
  voice: Voice,
  question: string,
  choices: readonly FormChoice[],
  typed: Posted,
): DifferingField[] {
  const kept = choices.flatMap((choice) => {
    const own = typedOf(typed, 'c', choice.id)
    if (own === undefined) return []
    const name = `${question}, ${labelIn(choice.labels, voice.language).text}`
    return [...labelDifferences(voice, name, 'label', choice.labels, own), ...removeDifference(voice, name, own)]
  })
  const ids = choices.map(({ id }) => id)
  const lost = lostParts(typed, 'c', ids).map(({ id, typed: own }) => lostDifference(voice, `${question}, ${id}`, own))
  const added = labelDifferences(voice, `${question}, ${voice.text('content.choice.add')}`, 'new', {}, typed)
  return [...kept, ...lost, ...added]
}

export function orderDifference({ text }: Voice, name: string, index: number, typed: Posted): DifferingField[] {
  const field = text('content.question.order')
  return differingFields(
    { order: String(index + 1) },
    { order: typed('order') ?? String(index + 1) },
    (_, value) => value,
    () => ({ name: `${name}: ${field}` }),
  )
}

export function labelDifferences(
  { text }: Voice,
  name: string,
  field: string,
  stored: Labels,
  typed: Posted,
): DifferingField[] {
  return languages.flatMap((language) =>
    differingFields(
      { words: stored[language] },
      { words: typed(`${field}.${language}`) ?? stored[language] },
      (_, value) => value,
      () => ({ name: `${name}: ${text(`content.in.${language}`)}`, lang: language }),
    ),
  )
}

export function removeDifference({ text }: Voice, name: string, typed: Posted): DifferingField[] {
  if (typed('remove') !== 'yes') return []
  return [{ name: `${name}: ${text('content.remove')}`, stored: '', typed: text('content.ticked') }]
}

/** The form has no field any more for what was written of a part that somebody removed: here it can be copied from. */
export function lostDifference({ text }: Voice, name: string, typed: Posted): DifferingField {
  const parts = [typed, ...idsPosted(typed, 'c').map((_, index) => postedAt(typed, `c${index}`))]
  const fields = languages.flatMap((language) => [`label.${language}`, `new.${language}`])
  const words = parts.flatMap((part) => fields.flatMap((field) => part(field) || []))
  return { name, stored: text('content.overtaken.gone'), typed: words.join(' / ') }
}
