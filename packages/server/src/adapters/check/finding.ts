import type { FindingTextKey, FindingTextValues, ValuesOf } from '../../services/finding-text.ts'
import { type CheckRuleId, checkRuleIds, checkRules, type Severity } from './check-rules.ts'
import type { CheckFindingValues, PartName } from './finding-values.ts'

/** The name of what was found: its rule, a dot, and what of the rule is broken. */
export type CheckFindingKey = Extract<FindingTextKey, `${CheckRuleId}.${string}`>

/** Which piece of a message a finding is about. */
export type Place =
  | { readonly kind: 'part'; readonly part: PartName; readonly view?: 'dark' | 'narrow' }
  /** A field of the header, whose name is the same in every language. */
  | { readonly kind: 'field'; readonly name: string }
  /** The text of an SMS, or who sends it. */
  | { readonly kind: 'text' | 'sender' }
  | { readonly kind: 'page'; readonly page: number; readonly isCode: boolean }

/** What one rule found wrong, without words: findings-in-words.ts has those. Holds no address and no token. */
export type Finding = {
  readonly rule: CheckRuleId
  readonly source: string
  readonly severity: Severity
  readonly key: CheckFindingKey
  readonly values: FindingTextValues
  readonly where?: Place
}

/** Makes a finding of the rule that its name begins with. */
export function finding<Key extends CheckFindingKey>(
  key: Key,
  values: ValuesOf<CheckFindingValues, Key>,
  where?: Place,
): Finding {
  const rule = ruleOf(key)
  const { source, severity } = checkRules[rule]
  return { rule, source, severity, key, values, ...(where !== undefined && { where }) }
}

function ruleOf(key: CheckFindingKey): CheckRuleId {
  const rule = checkRuleIds.find((id) => key.startsWith(`${id}.`))
  if (rule === undefined) throw new Error(`${key} begins with no rule`)
  return rule
}
