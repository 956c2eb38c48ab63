import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import { channels } from './channel.ts'
import { authors, choiceKinds } from './choice.ts'
import { contactPointTypes } from './contact-point.ts'
import { decisionReasons } from './gate.ts'
import { addToStanding, type Standing } from './standing.ts'
import {
  answerTo,
  type ChoiceCase,
  choiceOf,
  type DecisionCase,
  expectedOf,
  decisionFile as file,
  lineageOf,
  recordedAtOf,
  standingOf,
} from './testing/decision-cases.ts'

describe.each([...new Set(file.cases.map((one) => one.rule))])('decisions, %s', (rule) => {
  const cases = file.cases.filter((one) => one.rule === rule)

  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(answerTo(one, standingOf(one))).toEqual(expectedOf(one))
  })
})

/** The names of the cases that some other way of folding answers differently. */
function differing(
  cases: readonly DecisionCase[],
  standingOfCase: (one: DecisionCase) => Standing | undefined,
): string[] {
  const differs = (one: DecisionCase) => !isDeepStrictEqual(answerTo(one, standingOfCase(one)), expectedOf(one))
  return cases.filter(differs).map((one) => one.name)
}

describe('every decision case', () => {
  it('decides the same with its choices in the opposite order', () => {
    const reversed = ({ given }: DecisionCase) => lineageOf({ ...given, choices: [...given.choices].reverse() })
    expect(differing(file.cases, (one) => standingOf(one, reversed(one)))).toEqual([])
  })

  it('decides the same with its choices added one by one as they were recorded', () => {
    const followed = file.cases.filter(({ given }) =>
      Object.values(given.relations ?? {}).every(({ endedAt }) => endedAt === undefined),
    )
    const addedUp = (one: DecisionCase) =>
      one.given.choices
        .filter(({ on, kind }) => on === undefined || 'relation' in on || kind !== 'consent')
        .sort((first, second) => recordedAtOf(first) - recordedAtOf(second))
        .reduce(
          (before, said) => addToStanding(before, choiceOf(said), { relation: relationOf(said) }),
          standingOf(one, lineageOf({ ...one.given, choices: [] })),
        )
    expect(followed.length).toBeGreaterThan(300)
    expect(differing(followed, addedUp)).toEqual([])
  })

  it('survives a journey through JSON', () => {
    expect(differing(file.cases, (one) => JSON.parse(JSON.stringify(standingOf(one))))).toEqual([])
  })

  it('decides the same without a standing where nothing was said and nothing is known', () => {
    const silent = file.cases.filter(({ given }) => given.choices.length === 0 && Object.keys(given.facts).length === 0)
    expect(silent).not.toHaveLength(0)
    expect(differing(silent, () => undefined)).toEqual([])
  })

  it('has a name of its own, a source and words this version knows', () => {
    expect(file.version).toBe(1)
    expect(file.cases.length).toBeGreaterThanOrEqual(170)
    expect(new Set(file.cases.map((one) => one.name)).size).toBe(file.cases.length)
    expect(file.cases.filter((one) => !isWellFormed(one)).map((one) => one.name)).toEqual([])
  })

  it('covers every rule, every reason the gate itself gives and every channel', () => {
    const givenByOthers = ['unknown_brand', 'brand_required', 'invalid_contact_point', 'stale']
    const reasons = new Set(file.cases.map((one) => one.expect.reason))
    expect([...reasons].sort()).toEqual(decisionReasons.filter((reason) => !givenByOthers.includes(reason)).sort())
    expect(file.cases.map((one) => one.rule)).toEqual(expect.arrayContaining(['1', '2', '3', '4', '5', '6', '7']))
    expect(file.cases.map((one) => one.question.channel)).toEqual(expect.arrayContaining([...channels]))
  })
})

/** The file comes from outside: a misspelt word would otherwise make a case that proves nothing. */
function isWellFormed({ name, source, given, question, at, expect: expected }: DecisionCase): boolean {
  const relations = new Set(Object.keys(given.relations ?? {}))
  return (
    name.endsWith('.') &&
    source !== '' &&
    decisionReasons.includes(expected.reason) &&
    channels.includes(question.channel) &&
    contactPointTypes.includes(question.contactPointType) &&
    !Number.isNaN(Date.parse(at)) &&
    given.choices.every((choice) => {
      const relation = relationOf(choice)
      return (
        choiceKinds.includes(choice.kind) &&
        authors.includes(choice.author ?? 'person') &&
        Object.keys(choice.scope).every((part) => ['brand', 'channel', 'topic'].includes(part)) &&
        !Number.isNaN(recordedAtOf(choice)) &&
        (relation === null || relations.has(relation))
      )
    })
  )
}

function relationOf({ on }: ChoiceCase): string | null {
  if (on === undefined) return null
  return 'relation' in on ? on.relation : on.sibling
}
