import type { FindingTextKey, FindingTextValues, ValuesOf } from '../finding-text.ts'

/**
 * What a page has to keep, and where that comes from; each is said in full under `rule.` in locales/findings. Names are
 * stable: they stand in answers and reports.
 */
export const lintRules = {
  'exit-first-screen': {
    source: 'EDPB guidelines 03/2022 (obstructing, skipping); GDPR art. 12(2), 21(2)',
  },
  'two-acts': {
    source: 'GDPR art. 7(3) and 12(2); EDPB guidelines 03/2022 (obstructing); 16 CFR 316.5',
  },
  'exit-not-weaker': {
    source: 'EDPB guidelines 03/2022 (stirring, hidden in plain sight); WCAG 2.2, 1.4.3 and 1.4.11',
  },
  'exit-in-plain-words': {
    source: 'GDPR art. 12(1) (clear and plain language); WCAG 2.2, 2.4.6',
  },
  'nothing-pre-ticked': {
    source: 'GDPR recital 32; CJEU C-673/17 Planet49; EDPB guidelines 03/2022 (skipping)',
  },
  'no-mandatory-question': {
    source: 'GDPR art. 12(2) and 21(2); RCC 2017/00389; EDPB guidelines 03/2022 (obstructing)',
  },
  'no-guilt': {
    source: 'EDPB guidelines 03/2022 (stirring, emotional steering)',
  },
  'no-double-negation': {
    source: 'GDPR art. 12(1); EDPB guidelines 03/2022 (left in the dark, ambiguous wording)',
  },
  'right-to-object': {
    source: 'GDPR art. 21(4)',
  },
} as const

export type LintRule = keyof typeof lintRules
const ruleIds = Object.keys(lintRules).filter((id): id is LintRule => id in lintRules)

/** The name of what breaks a rule: the rule, a dot, and what of it is broken. */
export type LintFindingKey = Extract<FindingTextKey, `${LintRule}.${string}`>

type Label = { readonly label: string }
type Line = { readonly line: string }
type Scheme = { readonly scheme: 'light' | 'dark' }
type YesOrNo = 'yes' | 'no'

/** What each sentence about a page is filled in with; a sentence that is not named here has no values. */
export type LintFindingValues = {
  readonly 'exit-first-screen.absent': { readonly screen: number }
  readonly 'exit-first-screen.below': { readonly end: number; readonly screen: number }
  readonly 'two-acts.many': {
    readonly acts: number
    readonly field: YesOrNo
    readonly folded: YesOrNo
    readonly unposted: YesOrNo
  }
  readonly 'exit-not-weaker.after': Label
  readonly 'exit-not-weaker.room': Label
  readonly 'exit-not-weaker.contrast': Scheme & { readonly ratio: number }
  readonly 'exit-not-weaker.stands-out': Scheme & Label
  readonly 'exit-not-weaker.larger': Label
  readonly 'exit-in-plain-words.label': Label
  readonly 'nothing-pre-ticked.ticked': Label
  readonly 'no-mandatory-question.field': Label
  readonly 'no-mandatory-question.said': Line
  readonly 'no-guilt.line': Line
  readonly 'no-double-negation.line': Line
}

/** What a rule says of a page, without the page and without words: locales/findings has those. */
export type Complaint = {
  readonly rule: LintRule
  readonly key: LintFindingKey
  readonly values: FindingTextValues
}

/** A rule that a page breaks, and what on this page breaks it. */
export type Finding = Complaint & {
  readonly source: string
  readonly page: string
  readonly language: string
}

/** Complains of the rule that the name begins with. */
export function complain<Key extends LintFindingKey>(key: Key, values: ValuesOf<LintFindingValues, Key>): Complaint {
  const rule = ruleIds.find((id) => key.startsWith(`${id}.`))
  if (rule === undefined) throw new Error(`${key} begins with no rule`)
  return { rule, key, values }
}
