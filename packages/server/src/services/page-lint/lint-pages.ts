import type { BrandRow, TopicRow } from '../../storage/catalog.ts'
import type { LeaveForm } from '../forms/leave-form.ts'
import type { BrandPages, PagePreview } from './brand-pages.ts'
import { checkAnswers, checkExit } from './exit-rules.ts'
import { checkMandatory, checkTicks } from './question-rules.ts'
import { readPreview } from './read-page.ts'
import { type Complaint, type Finding, lintRules } from './rules.ts'
import { checkRight, checkSentence, checkWords } from './word-rules.ts'

/** What the pages of a brand break, by page and language; empty when they may be published. */
export function lintBrand(
  pages: BrandPages,
  brand: BrandRow,
  form: LeaveForm,
  topics: readonly TopicRow[] = [],
): Finding[] {
  const findings = [...pages.preview(brand, form, topics).flatMap(lintPage), ...lintMails(pages, brand)]
  // Topics that leave in a way of their own have a page each, and share most of what is on it.
  return [...new Map(findings.map((finding) => [findingName(finding), finding])).values()]
}

/** A mail that confirms a no may tempt and reproach as little as the page. */
function lintMails(pages: BrandPages, brand: BrandRow): Finding[] {
  return pages
    .mailSentences(brand)
    .flatMap((sentence) =>
      checkSentence(sentence).map((complaint) => findingOf(complaint, `mail.${sentence.key}`, sentence.language)),
    )
}

/** Tells two findings apart. */
export function findingName({ key, values, page, language }: Finding): string {
  return JSON.stringify([key, values, page, language])
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
  return complaints.map((complaint) => findingOf(complaint, preview.name, preview.language))
}

function findingOf({ rule, key, values }: Complaint, page: string, language: string): Finding {
  return { rule, source: lintRules[rule].source, page, language, key, values }
}
