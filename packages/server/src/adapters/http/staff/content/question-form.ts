import { type FormChoice, type FormQuestion, labelIn } from '../../../../services/forms/leave-form.ts'
import { languages } from '../../pages/text.ts'

/** What a form sent under a name. */
export type Posted = (name: string) => string | undefined

/** What may be added in one go; more is added in the next. */
export const addedKinds = ['single', 'multiple', 'scale', 'text'] as const

/**
 * The questions as a form has changed them: in a new order, with other words, with choices and questions added and
 * removed. What the form does not name stays as it was, and so do the ids that answers are counted by.
 */
export function changedQuestions(
  before: readonly FormQuestion[],
  posted: Posted,
  language: string,
): readonly FormQuestion[] {
  const kept = before.flatMap((question, index) => {
    if (posted(`q${index}.remove`) === 'yes') return []
    const order = Number(posted(`q${index}.order`) ?? index + 1)
    return [{ order: Number.isFinite(order) ? order : index + 1, question: changed(question, posted, `q${index}`) }]
  })
  const added = addedQuestion(before, posted, language)
  return [...kept.toSorted((one, other) => one.order - other.order).map(({ question }) => question), ...added]
}

function changed(question: FormQuestion, posted: Posted, name: string): FormQuestion {
  const labels = labelsAt(posted, `${name}.label`, question.labels)
  switch (question.kind) {
    case 'single':
    case 'multiple':
      return { ...question, labels, choices: changedChoices(question.choices, posted, name) }
    case 'text':
    case 'scale':
      return { ...question, labels }
  }
}

function changedChoices(before: readonly FormChoice[], posted: Posted, name: string): readonly FormChoice[] {
  const kept = before.flatMap((choice, index) => {
    const place = `${name}.c${index}`
    if (posted(`${place}.remove`) === 'yes') return []
    return [{ ...choice, labels: labelsAt(posted, `${place}.label`, choice.labels) }]
  })
  const labels = labelsAt(posted, `${name}.new`, {})
  if (Object.keys(labels).length === 0) return kept
  return [...kept, { id: freeId(labelIn(labels, 'en').text, before), labels }]
}

/** An empty field takes the label of that language away; one that was not sent leaves it. */
export function labelsAt(
  posted: Posted,
  name: string,
  before: Readonly<Record<string, string>>,
): Record<string, string> {
  const written = languages.map((language) => [language, posted(`${name}.${language}`)?.trim() ?? before[language]])
  const others = Object.entries(before).filter(([language]) => !languages.some((one) => one === language))
  return Object.fromEntries([...others, ...written.filter(([, label]) => label !== undefined && label !== '')])
}

function addedQuestion(before: readonly FormQuestion[], posted: Posted, language: string): FormQuestion[] {
  const kind = addedKinds.find((one) => one === posted('add.kind'))
  const labels = labelsAt(posted, 'add.label', {})
  const lines = (posted('add.choices') ?? '').split('\n').flatMap((line) => line.trim() || [])
  // Answers without a question are one whose words are still to be written, and that is for the schema to say.
  if (kind === undefined || (Object.keys(labels).length === 0 && lines.length === 0)) return []
  const id = freeId(labelIn(labels, 'en').text, before)
  if (kind === 'text') return [{ kind, id, labels }]
  if (kind === 'scale') return [{ kind, id, labels, from: 0, to: 10 }]
  const choices: FormChoice[] = []
  for (const line of lines) choices.push({ id: freeId(line, choices), labels: { [language]: line } })
  return [{ kind, id, labels, choices }]
}

/** Made from the words, so that counts can be read; ids are never used twice. */
function freeId(words: string, taken: readonly { readonly id: string }[]): string {
  const plain = words
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .slice(0, 40)
    .replace(/^_|_$/g, '')
  const base = plain === '' || ['choice', 'form', 'return', 'lang'].includes(plain) ? 'question' : plain
  const isTaken = (id: string) => taken.some((one) => one.id === id)
  let number = 1
  let id = base
  while (isTaken(id)) {
    number += 1
    id = `${base}_${number}`
  }
  return id
}
