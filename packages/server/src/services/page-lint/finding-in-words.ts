import type { SayFinding } from '../finding-text.ts'
import type { Finding, LintFindingKey, LintRule } from './rules.ts'

/** A finding of the page lint as programs and the command line are told it. */
export type ToldFinding = {
  readonly rule: LintRule
  readonly source: string
  readonly page: string
  readonly language: string
  /** Stays the same whatever the words are. */
  readonly key: LintFindingKey
  /** What on this page breaks the rule, as a sentence. */
  readonly detail: string
}

export function findingInWords(say: SayFinding, { rule, source, page, language, key, values }: Finding): ToldFinding {
  return { rule, source, page, language, key, detail: say(key, values) }
}

/** The page, mail or text a finding is about, and its language. */
export function pageInWords(say: SayFinding, { page, language }: Pick<Finding, 'page' | 'language'>): string {
  return say('place.brandPage', { page, language })
}

/** What the rule asks of every page. */
export function ruleInWords(say: SayFinding, rule: LintRule): string {
  return say(`rule.${rule}`)
}
