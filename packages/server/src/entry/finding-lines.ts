import type { Hub } from '../services/hub.ts'
import { ruleInWords } from '../services/page-lint/finding-in-words.ts'
import type { Finding } from '../services/page-lint/rules.ts'
import { dataProblem } from './exit-codes.ts'

type Words = Pick<Hub, 'sayInEnglish'>

/** A finding of the page lint as one line: where, what, which rule, and where that comes from. */
export function findingLine({ sayInEnglish }: Words, { rule, source, page, language, key, values }: Finding): string {
  const detail = sayInEnglish(key, values)
  return `${page} page, ${language}: ${detail} ${ruleInWords(sayInEnglish, rule)} [${rule}; ${source}]`
}

/** What makes a page of a brand break a rule is not stored, whichever way it comes. */
export function refuseBrokenPages(words: Words, brand: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return
  const lines = findings.map((finding) => `  ${findingLine(words, finding)}`)
  throw dataProblem(`the pages of ${brand} would break a rule, so nothing was set:\n${lines.join('\n')}`)
}
