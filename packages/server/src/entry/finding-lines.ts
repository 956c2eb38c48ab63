import { type Finding, lintRules } from '../services/page-lint/rules.ts'
import { dataProblem } from './exit-codes.ts'

/** A finding of the page lint as one line: where, what, which rule, and where that comes from. */
export function findingLine({ rule, source, page, language, detail }: Finding): string {
  return `${page} page, ${language}: ${detail} ${lintRules[rule].says} [${rule}; ${source}]`
}

/** What makes a page of a brand break a rule is not stored, whichever way it comes. */
export function refuseBrokenPages(brand: string, findings: readonly Finding[]): void {
  if (findings.length === 0) return
  const lines = findings.map((finding) => `  ${findingLine(finding)}`)
  throw dataProblem(`the pages of ${brand} would break a rule, so nothing was set:\n${lines.join('\n')}`)
}
