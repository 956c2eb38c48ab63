import { assertNever } from '@verzet/core'
import type { SayFinding } from '../../../services/finding-text.ts'
import type { WordingFault } from '../../../services/page-lint/brand-pages.ts'
import { ruleInWords } from '../../../services/page-lint/finding-in-words.ts'
import type { Finding } from '../../../services/page-lint/rules.ts'
import { fieldError, type HttpProblem, unprocessable } from '../problem.ts'

/** What was to be published. */
export type Published = 'brand' | 'form' | 'topic' | 'wording'

/** Pages that would break a rule are not published: each finding names the rule, its source, the page and the language. */
export function brokenPages(say: SayFinding, what: Published, findings: readonly Finding[]): HttpProblem {
  const errors = findings.map(({ rule, source, page, language, key, values }) => {
    const place = fieldError('body', pathOf(what, language), `${page} page, ${language}: ${say(key, values)}`)
    return { ...place, field: rule, detail: `${place.detail} ${ruleInWords(say, rule)} (${source})` }
  })
  return unprocessable('page_lint', errors)
}

/** Sentences that no page can use, each by its place. */
export function unusableWording(faults: readonly WordingFault[]): HttpProblem {
  const errors = faults.map(({ language, key, detail }) =>
    fieldError('body', ['texts', language, ...(key === undefined ? [] : [key])], detail),
  )
  return unprocessable('unusable_wording', errors)
}

function pathOf(what: Published, language: string): string[] {
  switch (what) {
    case 'brand':
    case 'topic':
      return []
    case 'form':
      return ['questions']
    case 'wording':
      return ['texts', language]
    default:
      return assertNever(what)
  }
}
