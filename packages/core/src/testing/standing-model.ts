import { cadencePeriodMs, type Send } from '../cadence.ts'
import type { Choice } from '../choice.ts'
import type { Question } from '../gate.ts'
import { covers, type Scope } from '../scope.ts'
import type { Lineage } from '../standing.ts'

/**
 * The seven rules once more, slowly and from every choice ever made: no pruning, no folding, no shared code but `covers`.
 * Sends and restrictions are judged as in the design; where it says "the strictest", the longest wait.
 */
export type Word = { readonly choice: Choice; readonly said: 'here' | 'relation' | 'sibling' }

export function saidMoment({ kind, saidAt, recordedAt }: Choice): number {
  if (saidAt === null) return kind === 'consent' ? 0 : recordedAt
  return saidAt > recordedAt ? recordedAt : saidAt
}

export function fromThePerson({ author }: Choice): boolean {
  return author === 'person' || author === 'agent'
}

export function wordsOf(lineage: Lineage): { linkedAt: number | undefined; words: Word[] }[] {
  const own = lineage.own.map((choice) => ({ choice, said: 'here' as const }))
  if (lineage.relations.length === 0) return [{ linkedAt: undefined, words: own }]
  return lineage.relations.map(({ linkedAt, endedAt, choices, siblingChoices }) => {
    const reaching = [
      ...choices.map((choice) => ({ choice, said: 'relation' as const })),
      ...siblingChoices
        .filter(({ kind }) => kind !== 'consent')
        .map((choice) => ({ choice, said: 'sibling' as const })),
    ].filter(({ choice }) => endedAt === undefined || (choice.kind !== 'consent' && choice.recordedAt <= endedAt))
    return { linkedAt, words: [...own, ...reaching] }
  })
}

export function isLifted(no: Word, words: readonly Word[], linkedAt: number | undefined, about: Scope): boolean {
  return words.some(({ choice: yes, said }) => {
    if (yes.kind !== 'consent' || yes.saidAt === null || !fromThePerson(yes) || !covers(yes.scope, about)) return false
    const crossesTheTie = no.said === 'here' && said === 'relation' && linkedAt !== undefined
    return saidMoment(yes) > saidMoment(no.choice) && (!crossesTheTie || saidMoment(yes) > linkedAt)
  })
}

export function isReplaced(old: Word, words: readonly Word[], linkedAt: number | undefined): boolean {
  return words.some((word) => {
    if (word === old || word.choice.kind !== old.choice.kind) return false
    if (!covers(word.choice.scope, old.choice.scope) || !covers(old.choice.scope, word.choice.scope)) return false
    if (fromThePerson(old.choice) && !fromThePerson(word.choice)) return false
    const crossesTheTie = old.said === 'here' && word.said !== 'here' && linkedAt !== undefined
    if (crossesTheTie && saidMoment(word.choice) < linkedAt) return false
    return saidMoment(word.choice) > saidMoment(old.choice)
  })
}

export function waitsUntil({ choice }: Word, sends: readonly Send[] | undefined, now: number): number {
  if (choice.kind === 'pause') return choice.until
  if (choice.kind !== 'cadence') return now
  if (sends === undefined) return Number.POSITIVE_INFINITY
  const periodMs = cadencePeriodMs[choice.cadence.per]
  const sentAt = sends.filter((send) => covers(choice.scope, send)).map((send) => send.at)
  // The first moment at which fewer than `max` sends lie within the period.
  const candidates = [now, ...sentAt.map((at) => at + periodMs)].filter((moment) => moment >= now)
  const fits = candidates.filter((moment) => sentAt.filter((at) => at + periodMs > moment).length < choice.cadence.max)
  return Math.min(...fits)
}

export function modelAnswer(
  lineage: Lineage,
  sends: readonly Send[] | undefined,
  question: Question,
  needsConsent: boolean,
  now: number,
) {
  const groups = wordsOf(lineage)
  const covering = groups.map(({ linkedAt, words }) => ({
    linkedAt,
    words,
    about: words.filter(({ choice }) => covers(choice.scope, question)),
  }))
  const refused = covering.some(({ linkedAt, words, about }) =>
    about.some((word) => word.choice.kind === 'objection' && !isLifted(word, words, linkedAt, question)),
  )
  if (refused) return { decision: 'deny', reason: 'objection' }
  const consented = covering.some(({ about }) => about.some(({ choice }) => choice.kind === 'consent'))
  if (!consented && needsConsent) return { decision: 'deny', reason: 'no_basis' }
  const waits = covering.flatMap(({ linkedAt, words, about }) =>
    about
      .filter(({ choice }) => choice.kind === 'pause' || choice.kind === 'cadence')
      .filter((word) => !isLifted(word, words, linkedAt, word.choice.scope) && !isReplaced(word, words, linkedAt))
      .map((word) => waitsUntil(word, sends, now)),
  )
  const longest = Math.max(now, ...waits)
  if (longest > now) return { decision: 'defer', ...(Number.isFinite(longest) && { until: longest }) }
  return { decision: 'allow', reason: consented ? 'consent' : 'opt_out_regime' }
}

export function restrictionsAtDistinctMoments(lineage: Lineage): boolean {
  return wordsOf(lineage).every(({ words }) => {
    const said = words.filter(({ choice }) => choice.kind === 'pause' || choice.kind === 'cadence')
    const marks = said.map(({ choice }) => `${choice.kind} ${JSON.stringify(choice.scope)} ${saidMoment(choice)}`)
    return new Set(marks).size === marks.length
  })
}
