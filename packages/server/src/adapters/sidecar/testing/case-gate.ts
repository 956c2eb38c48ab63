import { type ContactPointType, campaignFingerprint, type Standing } from '@verzet/core'
import { Fingerprinter, type GivenContactPoint, Questions, StandingIndex } from '@verzet/gate'
import {
  type DecisionCase,
  decisionFile,
  expectedOf,
  standingOf,
} from '../../../../../core/src/testing/decision-cases.ts'
import { type AskedQuestion, type ShownDecision, type SidecarGate, showDecision } from '../sidecar-gate.ts'

type Case = {
  readonly name: string
  readonly question: AskedQuestion
  readonly expected: Omit<ShownDecision, 'position'>
}

/** Where the cases stand in the feed: any cursor. */
export const casePosition = 'position-of-the-cases'

/** The one that every case is asked for, held in some of them. */
const campaignOfCases = 'spring'
/** As the hub keeps a campaign that is held. */
const held: Standing = { groups: [{ relation: null, items: [{ kind: 'objection', id: 'hold', scope: {}, at: 0 }] }] }

/** Contact points of their own, whose country is none or has no rules, so that the standing's country decides. */
const someone: Readonly<Record<ContactPointType, (index: number) => string>> = {
  email: (index) => `case-${index}@voorbeeld.be`,
  phone: (index) => `+1202555${1_000 + index}`,
  post: (index) => `Kerkstraat ${index + 1}, 9000 Gent, BE`,
  push: (index) => `aa11bb22cc33${(4_096 + index).toString(16)}`,
  customer: (index) => `K-${index}`,
}

/**
 * The shared decision cases behind a sidecar: each about a contact point of its own, answered by the gate's index at the
 * moment of the case. Cases that count messages are left out: a replica holds no sends.
 */
export function openCases(): { readonly gate: SidecarGate; readonly cases: readonly Case[] } {
  const byValue = new Map<string, { questions: Questions; at: number }>()
  const cases = decisionFile.cases
    .filter((one) => one.given.sends === undefined)
    .map((one, index) => {
      const { contactPointType: type, brand, channel, topic } = one.question
      const contactPoint = { type, value: someone[type](index) }
      byValue.set(contactPoint.value, { questions: questionsOf(one, contactPoint), at: Date.parse(one.at) })
      const { position: _none, ...expected } = showDecision(expectedOf(one), undefined)
      return { name: one.name, question: { contactPoint, brand, channel, topic, campaign: campaignOfCases }, expected }
    })
  const [anyone] = byValue.values()
  const decide: SidecarGate['decide'] = (given, about) => {
    const found = byValue.get(given.value) ?? anyone
    if (found === undefined) throw new Error('there are no cases')
    return found.questions.answer(given, about, found.at)
  }
  const gate: SidecarGate = {
    state: 'fresh',
    position: casePosition,
    decide,
    claim: async (given, about) => decide(given, about),
    metrics: () => ({
      state: 'fresh',
      entries: cases.length,
      bytes: 0,
      silentMs: 0,
      reconnects: 0,
      gaps: 0,
      decisions: {},
    }),
  }
  return { gate, cases }
}

function questionsOf(one: DecisionCase, contactPoint: GivenContactPoint): Questions {
  const { brand, channel, topic, purpose, registers, pledgedRegisters = [] } = one.question
  const taken = Object.entries(registers ?? {}).map(([id, takenAt]) => [id, Date.parse(takenAt)] as const)
  const topics = purpose === null ? [] : [{ id: topic, purpose }]
  const brands = [{ id: brand, country: one.given.facts.country ?? 'ZZ', pledgedRegisters, topics }]
  const index = new StandingIndex()
  const fingerprinter = new Fingerprinter(new Uint8Array(16).fill(7))
  const questions = new Questions(index, fingerprinter, { brands, registers: Object.fromEntries(taken) })
  // Asking first finds where the contact point lies.
  questions.answer(contactPoint, { brand, channel, topic }, Date.parse(one.at))
  index.set(fingerprinter.low, fingerprinter.high, standingOf(one))
  if (one.question.campaignHeld === true) {
    const fingerprint = campaignFingerprint(fingerprinter.key, brand, campaignOfCases)
    index.set(Number(fingerprint & 0xffffffffn), Number(fingerprint >> 32n), held)
  }
  return questions
}
