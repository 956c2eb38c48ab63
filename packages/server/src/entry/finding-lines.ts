import { type Finding, lintRules } from '../services/page-lint/rules.ts'

/** A finding of the page lint as one line: where, what, which rule, and where that comes from. */
export function findingLine({ rule, source, page, language, detail }: Finding): string {
  return `${page} page, ${language}: ${detail} ${lintRules[rule].says} [${rule}; ${source}]`
}
