import { readFileSync } from 'node:fs'
import type { Send } from '../cadence.ts'
import type { Channel } from '../channel.ts'
import type { Cadence, Choice, ChoiceKind } from '../choice.ts'
import type { ContactPointType } from '../contact-point.ts'
import { type Decision, type DecisionReason, decide, type Question } from '../gate.ts'
import { chooseRulePack } from '../rule-packs/index.ts'
import type { Scope } from '../scope.ts'
import { foldStanding, type Lineage, type Standing, type StandingFacts } from '../standing.ts'
import type { Purpose } from '../topic.ts'

/** The cases that every implementation runs; conformance/README.md describes them. */
export type ChoiceCase = {
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
export type DecisionCase = {
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
    pledgedRegisters?: string[]
    campaignHeld?: true
  }
  at: string
  expect: { decision: 'allow' | 'deny' | 'defer'; reason: DecisionReason; until?: string; choice?: string }
}

/** `conformance/decisions.json`. */
export const decisionFile: { version: 1; cases: DecisionCase[] } = JSON.parse(
  readFileSync(new URL('../../../../conformance/decisions.json', import.meta.url), 'utf8'),
)

export function choiceOf(given: ChoiceCase): Choice {
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

export function recordedAtOf({ recordedAt, saidAt }: ChoiceCase): number {
  return Date.parse(recordedAt ?? saidAt ?? '')
}

export function lineageOf({ choices, relations = {} }: DecisionCase['given']): Lineage {
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

export function standingOf({ given }: DecisionCase, lineage = lineageOf(given)): Standing {
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

export function questionOf({ question }: DecisionCase): Question {
  const { purpose, registers, ...rest } = question
  const taken = Object.entries(registers ?? {}).map(([id, takenAt]) => [id, Date.parse(takenAt)] as const)
  return {
    ...rest,
    ...(purpose !== null && { purpose }),
    ...(registers !== undefined && { registers: Object.fromEntries(taken) }),
  }
}

export function answerTo(one: DecisionCase, standing: Standing | undefined): Decision {
  return decide(questionOf(one), standing, chooseRulePack(one.given.facts.country), Date.parse(one.at))
}

export function expectedOf({ expect: { decision, reason, until, choice }, given }: DecisionCase): Decision {
  return {
    decision,
    reason,
    ...(until !== undefined && { until: Date.parse(until) }),
    ...(choice !== undefined && { choiceId: choice }),
    rulePack: chooseRulePack(given.facts.country).version,
  }
}
