import { noValues } from '../finding-text.ts'
import { paintOf, shapeContrast, textContrast } from './colours.ts'
import { type Box, fontPxOf, isFoldedAway, layOut, phone } from './layout.ts'
import { closest, elementsOf, type HtmlElement, isUnseen, wordsOf } from './read-html.ts'
import { actOf, exitOf, isButton, type LintedPage } from './read-page.ts'
import { type Complaint, complain } from './rules.ts'
import { exitWords, wordsFor } from './words.ts'

/** Opening the link, and pressing one button. */
const actsMax = 2
/** WCAG 2.2, 1.4.3; beyond it no letter gets easier to read, so nobody's brand colour has to be black. */
const textContrastMin = 4.5
/** Rounding of an estimate, not a licence. */
const sizeTolerancePx = 1

/** What is posted instead of a no. */
const insteadActs = new Set(['alternative', 'stay'])
/** A label over two lines, or one with a date below it, is ordinary; beyond this the words are there to be larger. */
const answerHeightsMax = 2

type Boxes = ReadonlyMap<HtmlElement, Box>

/** What the way out of the page where a link leads has to be. */
export function checkExit(page: LintedPage): Complaint[] {
  if (page.preview.name !== 'preferences') return []
  const exit = exitOf(page)
  if (exit === undefined) return [complain('two-acts.absent', noValues)]
  const boxes = layOut(page.root, page.sheet.light)
  return [
    ...checkFirstScreen(boxes, exit),
    ...checkActs(page, exit),
    ...checkWeight(page, boxes, exit),
    ...checkLabel(page, exit),
  ]
}

/**
 * After a no, where the brand asks whether it was meant: the button that says yes is the exit of that page. Nothing
 * offered in its place stands before it, stands out more, or outgrows it by its words.
 */
export function checkAnswers(page: LintedPage): Complaint[] {
  const buttons = page.elements.filter((one) => isButton(one) && !isInNavigation(one))
  const yes = buttons.find((one) => actOfButton(one) === 'confirm')
  if (yes === undefined) return []
  const boxes = layOut(page.root, page.sheet.light)
  const offered = buttons.filter((one) => insteadActs.has(actOfButton(one) ?? ''))
  const early = offered.find((one) => buttons.indexOf(one) < buttons.indexOf(yes))
  const heightPx = (one: HtmlElement) => (boxes.get(one)?.bottomPx ?? 0) - (boxes.get(one)?.topPx ?? 0)
  const swollen = offered.find((one) => heightPx(one) > heightPx(yes) * answerHeightsMax)
  return [
    ...(early === undefined ? [] : [complain('exit-not-weaker.after', { label: wordsOf(early) })]),
    ...(swollen === undefined ? [] : [complain('exit-not-weaker.room', { label: wordsOf(swollen) })]),
    ...checkWeight(page, boxes, yes),
  ]
}

function actOfButton(button: HtmlElement): string | undefined {
  const form = closest(button, ({ tag }) => tag === 'form')
  return form && actOf(form)
}

function checkFirstScreen(boxes: Boxes, exit: HtmlElement): Complaint[] {
  const box = boxes.get(exit)
  if (box !== undefined && box.bottomPx <= phone.heightPx) return []
  const screen = phone.heightPx
  if (box === undefined) return [complain('exit-first-screen.absent', { screen })]
  return [complain('exit-first-screen.below', { end: Math.round(box.bottomPx), screen })]
}

function checkActs(page: LintedPage, exit: HtmlElement): Complaint[] {
  const form = closest(exit, ({ tag }) => tag === 'form')
  const fields = form === undefined ? [] : elementsOf(form).filter(isField)
  const isFolded = isFoldedAway(exit, page.sheet.light)
  const isPosted = form?.attributes.method?.toLowerCase() === 'post' && !('disabled' in exit.attributes)
  const acts = actsMax + fields.length + (isFolded ? 1 : 0) + (isPosted ? 0 : 1)
  if (acts <= actsMax) return []
  const yesOrNo = (is: boolean) => (is ? 'yes' : 'no')
  const why = { field: yesOrNo(fields.length > 0), folded: yesOrNo(isFolded), unposted: yesOrNo(!isPosted) } as const
  return [complain('two-acts.many', { acts, ...why })]
}

function isField(element: HtmlElement): boolean {
  return ['input', 'select', 'textarea'].includes(element.tag) && !isUnseen(element) && !isButton(element)
}

function checkWeight(page: LintedPage, boxes: Boxes, exit: HtmlElement): Complaint[] {
  const others = page.elements.filter((one) => isButton(one) && one !== exit && !isInNavigation(one))
  const complaints: Complaint[] = []
  for (const [scheme, rules] of [['light', page.sheet.light] as const, ['dark', page.sheet.dark] as const]) {
    const own = paintOf(exit, rules)
    if (!(textContrast(own) >= textContrastMin)) {
      // Rounded down, so that 4.49 is not told as the 4.5 that it lacks.
      const ratio = Math.floor(textContrast(own) * 10) / 10
      complaints.push(complain('exit-not-weaker.contrast', { ratio, scheme }))
    }
    const stronger = others.find((other) => !(shapeContrast(own) >= shapeContrast(paintOf(other, rules))))
    if (stronger !== undefined) {
      complaints.push(complain('exit-not-weaker.stands-out', { label: wordsOf(stronger), scheme }))
    }
  }
  const larger = others.find((other) => isLarger(page, boxes, other, exit))
  if (larger !== undefined) complaints.push(complain('exit-not-weaker.larger', { label: wordsOf(larger) }))
  return complaints
}

/** Choosing a language is no alternative to leaving. */
function isInNavigation(element: HtmlElement): boolean {
  return closest(element, ({ tag }) => tag === 'nav') !== undefined
}

/** By its letters, its width or its height; a button that grows because its words run over two lines is not larger. */
function isLarger(page: LintedPage, boxes: Boxes, other: HtmlElement, exit: HtmlElement): boolean {
  const rules = page.sheet.light
  if (fontPxOf(other, rules) > fontPxOf(exit, rules)) return true
  const own = boxes.get(exit)
  const its = boxes.get(other)
  if (own === undefined || its === undefined) return false
  const heightPx = (box: typeof own) => box.bottomPx - box.topPx
  const hasFewWords = wordsOf(other).length <= wordsOf(exit).length
  return its.widthPx > own.widthPx + sizeTolerancePx || (hasFewWords && heightPx(its) > heightPx(own) + sizeTolerancePx)
}

function checkLabel({ preview }: LintedPage, exit: HtmlElement): Complaint[] {
  const label = wordsOf(exit)
  const isPlain = wordsFor(exitWords, preview.language).some((pattern) => pattern.test(label))
  return isPlain ? [] : [complain('exit-in-plain-words.label', { label })]
}
