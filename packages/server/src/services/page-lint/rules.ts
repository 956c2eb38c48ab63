/** What a page has to keep, and where that comes from. Names are stable: they stand in answers and reports. */
export const lintRules = {
  'exit-first-screen': {
    says: 'The button that stops everything is on the first screen of a phone of 360 by 640 pixels.',
    source: 'EDPB guidelines 03/2022 (obstructing, skipping); GDPR art. 12(2), 21(2)',
  },
  'two-acts': {
    says: 'It takes two acts at most to leave: opening the link and pressing one button.',
    source: 'GDPR art. 7(3) and 12(2); EDPB guidelines 03/2022 (obstructing); 16 CFR 316.5',
  },
  'exit-not-weaker': {
    says: 'The exit can be read, and stands out and measures no less than any other button.',
    source: 'EDPB guidelines 03/2022 (stirring, hidden in plain sight); WCAG 2.2, 1.4.3 and 1.4.11',
  },
  'exit-in-plain-words': {
    says: 'The exit says on its face that it stops.',
    source: 'GDPR art. 12(1) (clear and plain language); WCAG 2.2, 2.4.6',
  },
  'nothing-pre-ticked': {
    says: 'Nothing is ticked beforehand but what already holds.',
    source: 'GDPR recital 32; CJEU C-673/17 Planet49; EDPB guidelines 03/2022 (skipping)',
  },
  'no-mandatory-question': {
    says: 'No question has to be answered, and the page says so.',
    source: 'GDPR art. 12(2) and 21(2); RCC 2017/00389; EDPB guidelines 03/2022 (obstructing)',
  },
  'no-guilt': {
    says: 'Nobody is made to feel bad, frightened or tempted for leaving.',
    source: 'EDPB guidelines 03/2022 (stirring, emotional steering)',
  },
  'no-double-negation': {
    says: 'Nothing is said by denying it twice.',
    source: 'GDPR art. 12(1); EDPB guidelines 03/2022 (left in the dark, ambiguous wording)',
  },
  'right-to-object': {
    says: 'The right to object to direct marketing is stated in clear words, in sight, and apart from everything else.',
    source: 'GDPR art. 21(4)',
  },
} as const

export type LintRule = keyof typeof lintRules

/** A rule that a page breaks. */
export type Finding = {
  readonly rule: LintRule
  readonly source: string
  readonly page: string
  readonly language: string
  /** What on this page breaks it, as a sentence. */
  readonly detail: string
}

/** What a rule says of a page, without the page. */
export type Complaint = { readonly rule: LintRule; readonly detail: string }

export function complain(rule: LintRule, detail: string): Complaint {
  return { rule, detail }
}
