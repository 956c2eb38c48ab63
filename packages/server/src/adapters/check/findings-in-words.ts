import { assertNever } from '@verzet/core'
import type { SayFinding } from '../../services/finding-text.ts'
import type { CheckReport } from './check-message.ts'
import { type CheckRuleId, ownRule, type Severity } from './check-rules.ts'
import type { CheckFindingKey, Finding, Place } from './finding.ts'

/** A finding as programs and the command line are told it. */
export type ToldFinding = {
  readonly rule: CheckRuleId
  readonly source: string
  readonly severity: Severity
  /** Stays the same whatever the words are. */
  readonly key: CheckFindingKey
  readonly message: string
  /** The part, field or page it is about. */
  readonly where?: string
}

export type ToldReport = Omit<CheckReport, 'findings'> & { readonly findings: readonly ToldFinding[] }

export function reportInWords(say: SayFinding, report: CheckReport): ToldReport {
  return { ...report, findings: report.findings.map((one) => findingInWords(say, one)) }
}

export function findingInWords(say: SayFinding, { rule, source, severity, key, values, where }: Finding): ToldFinding {
  const told = { rule, source: sourceInWords(say, source), severity, key, message: say(key, values) }
  return where === undefined ? told : { ...told, where: placeInWords(say, where) }
}

/** Laws and standards are cited by the same name in every language; the product's own rules are not. */
function sourceInWords(say: SayFinding, source: string): string {
  return source.replace(ownSource, (_, number: string | undefined) =>
    say('source.own', { number: Number(number ?? 0) }),
  )
}

const ownSource = new RegExp(`${ownRule}(?: \\(rule (\\d)\\))?`, 'g')

function placeInWords(say: SayFinding, place: Place): string {
  switch (place.kind) {
    case 'part':
      return say('place.part', { part: place.part, view: place.view ?? 'light' })
    case 'field':
      return place.name
    case 'text':
      return say('place.text')
    case 'sender':
      return say('place.sender')
    case 'page':
      return say('place.page', { page: place.page, qr: place.isCode ? 'yes' : 'no' })
    default:
      return assertNever(place)
  }
}
