import type { BrandRow } from '../../storage/catalog.ts'
import type { LeaveForm } from '../forms/leave-form.ts'
import type { BrandPages, PagePreview } from './brand-pages.ts'
import { checkExit } from './exit-rules.ts'
import { checkMandatory, checkTicks } from './question-rules.ts'
import { readPreview } from './read-page.ts'
import { type Finding, lintRules } from './rules.ts'
import { checkRight, checkWords } from './word-rules.ts'

/** What the pages of a brand break, by page and language; empty when they may be published. */
export function lintBrand(pages: BrandPages, brand: BrandRow, form: LeaveForm): Finding[] {
  return pages.preview(brand, form).flatMap(lintPage)
}

/** Judges one rendered page by all rules. Reads nothing but the page and the style sheet it carries. */
export function lintPage(preview: PagePreview): Finding[] {
  const page = readPreview(preview)
  const complaints = [
    ...checkExit(page),
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
