import type { BrandRow, TopicRow } from '../../storage/catalog.ts'
import type { LeaveForm } from '../forms/leave-form.ts'
import type { BrandPages, PagePreview } from './brand-pages.ts'
import { checkAnswers, checkExit } from './exit-rules.ts'
import { checkMandatory, checkTicks } from './question-rules.ts'
import { readPreview } from './read-page.ts'
import { type Finding, lintRules } from './rules.ts'
import { checkRight, checkWords } from './word-rules.ts'

/** What the pages of a brand break, by page and language; empty when they may be published. */
export function lintBrand(
  pages: BrandPages,
  brand: BrandRow,
  form: LeaveForm,
  topics: readonly TopicRow[] = [],
): Finding[] {
  const findings = pages.preview(brand, form, topics).flatMap(lintPage)
  // Topics that leave in a way of their own have a page each, and share most of what is on it.
  return [...new Map(findings.map((finding) => [findingName(finding), finding])).values()]
}

/** Tells two findings apart. */
export function findingName({ rule, page, language, detail }: Finding): string {
  return [rule, page, language, detail].join(' ')
}

/** Judges one rendered page by all rules. Reads nothing but the page and the style sheet it carries. */
export function lintPage(preview: PagePreview): Finding[] {
  const page = readPreview(preview)
  const complaints = [
    ...checkExit(page),
    ...checkAnswers(page),
    ...checkTicks(page),
    ...checkMandatory(page),
    ...checkWords(page),
    ...checkRight(page),
  ]
  return complaints.map(({ rule, detail }) => ({
    rule,
    source: lintRules[rule].source,
    page: preview.name,
    language: preview.language,
    detail,
  }))
}
