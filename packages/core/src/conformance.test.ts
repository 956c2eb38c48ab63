import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, it } from 'vitest'
import type { Send } from './cadence.ts'
import { type Channel, channels } from './channel.ts'
import { authors, type Cadence, type Choice, type ChoiceKind, choiceKinds } from './choice.ts'
import { type ContactPointType, contactPointTypes } from './contact-point.ts'
import { type DecisionReason, decide, decisionReasons, type Question } from './gate.ts'
import { chooseRulePack } from './rule-packs/index.ts'
import type { Scope } from './scope.ts'
import { addToStanding, foldStanding, type Lineage, type Standing, type StandingFacts } from './standing.ts'
import type { Purpose } from './topic.ts'

/** The cases that every implementation runs; conformance/README.md describes them. */
type ChoiceCase = {
  id: string
  kind: ChoiceKind
  scope: Scope
  author?: Choice['author']
  saidAt: string | null
  recordedAt?: string
  until?: string
  cadence?: Cadence
  on?: { relation: string } | { sibling: string }
}
type DecisionCase = {
  name: string
  rule: string
  source: string
  given: {
    choices: ChoiceCase[]
    relations?: Record<string, { linkedAt: string; endedAt?: string }>
    facts: {
      country?: string
      customer?: true
      impersonal?: true
      listedIn?: string[]
      undeliverable?: { channel?: Channel; at: string; until?: string }[]
      held?: { item: string; scope: Scope; until: string }[]
    }
    sends?: { at: string; brand: string; channel: Channel; topic: string }[]
  }
  question: {
    contactPointType: ContactPointType
    brand: string
    channel: Channel
    topic: string
    purpose: Purpose | null
    registers?: Record<string, string>
  }
  at: string
  expect: { decision: 'allow' | 'deny' | 'defer'; reason: DecisionReason; until?: string; choice?: string }
}

const file: { version: 1; cases: DecisionCase[] } = JSON.parse(
  readFileSync(new URL('../../../conformance/decisions.json', import.meta.url), 'utf8'),
)

function choiceOf(given: ChoiceCase): Choice {
  const { id, scope, author = 'person', saidAt, until, cadence, kind } = given
  const base = {
    id,
    scope,
    author,
    saidAt: saidAt === null ? null : Date.parse(saidAt),
    recordedAt: recordedAtOf(given),
  }
  if (kind === 'pause') return { ...base, kind, until: Date.parse(until ?? '') }
  if (kind !== 'cadence') return { ...base, kind }
  if (cadence === undefined) throw new Error(`the cadence ${id} says how often`)
  return { ...base, kind, cadence }
}

function recordedAtOf({ recordedAt, saidAt }: ChoiceCase): number {
  return Date.parse(recordedAt ?? saidAt ?? '')
}

function lineageOf({ choices, relations = {} }: DecisionCase['given']): Lineage {
  const saidOn = (matches: (on: ChoiceCase['on']) => boolean) => choices.filter(({ on }) => matches(on)).map(choiceOf)
  return {
    own: saidOn((on) => on === undefined),
    relations: Object.entries(relations).map(([key, { linkedAt, endedAt }]) => ({
      key,
      linkedAt: Date.parse(linkedAt),
      ...(endedAt !== undefined && { endedAt: Date.parse(endedAt) }),
      choices: saidOn((on) => on !== undefined && 'relation' in on && on.relation === key),
      siblingChoices: saidOn((on) => on !== undefined && 'sibling' in on && on.sibling === key),
    })),
  }
}

function standingOf({ given }: DecisionCase, lineage = lineageOf(given)): Standing {
  const sends = given.sends?.map((send): Send => ({ ...send, at: Date.parse(send.at) }))
  return { ...foldStanding(lineage, factsOf(given.facts)), ...(sends !== undefined && { sends }) }
}

function factsOf({ undeliverable, held, ...facts }: DecisionCase['given']['facts']): StandingFacts {
  const reports = undeliverable?.map(({ at, until, ...report }) => ({
    ...report,
    at: Date.parse(at),
    ...(until !== undefined && { until: Date.parse(until) }),
  }))
  const holds = held?.map((hold) => ({ ...hold, until: Date.parse(hold.until) }))
  return { ...facts, ...(reports && { undeliverable: reports }), ...(holds && { held: holds }) }
}

function answerTo({ question, given, at }: DecisionCase, standing: Standing | undefined) {
  const { purpose, registers, ...rest } = question
  const taken = Object.entries(registers ?? {}).map(([id, takenAt]) => [id, Date.parse(takenAt)] as const)
  const asked: Question = {
    ...rest,
    ...(purpose !== null && { purpose }),
    ...(registers !== undefined && { registers: Object.fromEntries(taken) }),
  }
  return decide(asked, standing, chooseRulePack(given.facts.country), Date.parse(at))
}

function expectedOf({ expect: { decision, reason, until, choice }, given }: DecisionCase) {
  return {
    decision,
    reason,
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(choice !== undefined && { choiceId: choice }),
    rulePack: chooseRulePack(given.facts.country).version,
  }
}

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
