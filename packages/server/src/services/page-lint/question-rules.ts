import { noValues } from '../finding-text.ts'
import { closest, elementsOf, elementsWithTag, type HtmlElement, wordsOf } from './read-html.ts'
import { actOf, hiddenValues, type LintedPage } from './read-page.ts'
import { type Complaint, complain } from './rules.ts'
import { mandatoryWords, optionalWords, wordsFor } from './words.ts'

/** Acts that leave, and the answers after them: nothing in their forms may have to be filled in. */
const freeActs = new Set(['stop', 'reason', 'undo'])

/**
 * A box of the grid says what holds now and its form carries that it was on; any other tick is the page's own wish.
 */
export function checkTicks(page: LintedPage): Complaint[] {
  const ticked = page.elements.filter(
    ({ tag, attributes }) => tag === 'input' && 'checked' in attributes && attributes.type !== 'hidden',
  )
  return ticked
    .filter((box) => !tellsWhatHolds(box))
    .map((box) => complain('nothing-pre-ticked.ticked', { label: labelOf(page, box) }))
}

function tellsWhatHolds(box: HtmlElement): boolean {
  const form = closest(box, ({ tag }) => tag === 'form')
  if (form === undefined || box.attributes.type !== 'checkbox' || box.attributes.name !== 'receive') return false
  return hiddenValues(form, 'was').includes(box.attributes.value ?? '')
}

function labelOf(page: LintedPage, box: HtmlElement): string {
  const around = closest(box, ({ tag }) => tag === 'label')
  const named =
    around ?? page.elements.find(({ tag, attributes }) => tag === 'label' && attributes.for === box.attributes.id)
  return named === undefined ? (box.attributes.name ?? '') : wordsOf(named)
}

export function checkMandatory(page: LintedPage): Complaint[] {
  const forms = elementsWithTag(page.root, 'form').filter((form) => freeActs.has(actOf(form)))
  const forced = forms
    .flatMap(elementsOf)
    .filter(({ attributes }) => 'required' in attributes || attributes['aria-required'] === 'true')
  const { language } = page.preview
  return [
    ...forced.map((field) => complain('no-mandatory-question.field', { label: labelOf(page, field) })),
    ...forms.filter((form) => actOf(form) === 'reason').flatMap((form) => checkQuestionWords(form, language)),
  ]
}

function checkQuestionWords(form: HtmlElement, language: string): Complaint[] {
  const section = closest(form, ({ tag }) => tag === 'section') ?? form
  const words = wordsOf(section)
  // A question in another language than the page's is judged by the words of each.
  const isOptional = wordsFor(optionalWords, language).some((pattern) => pattern.test(words))
  const forced = words.split('\n').find((line) => {
    const isSaidFree = wordsFor(optionalWords, language).some((pattern) => pattern.test(line))
    return !isSaidFree && wordsFor(mandatoryWords, language).some((pattern) => pattern.test(line))
  })
  return [
    ...(isOptional ? [] : [complain('no-mandatory-question.unsaid', noValues)]),
    ...(forced === undefined ? [] : [complain('no-mandatory-question.said', { line: forced })]),
  ]
}
