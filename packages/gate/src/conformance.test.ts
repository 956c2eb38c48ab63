import { type ContactPointType, campaignFingerprint, uuidV7 } from '@verzet/core'
import { describe, expect, it } from 'vitest'
import { type DecisionCase, decisionFile, expectedOf, standingOf } from '../../core/src/testing/decision-cases.ts'
import { Fingerprinter } from './fingerprinter.ts'
import { type GivenContactPoint, Questions } from './questions.ts'
import { StandingIndex } from './standing-index.ts'

const key = new Uint8Array(16).fill(7)

/** One of each type whose own country is none or that of the case, so that the standing's country decides. */
const someone: Readonly<Record<ContactPointType, string>> = {
  email: 'jan@voorbeeld.be',
  phone: '+12025550123',
  post: 'Kerkstraat 12, 9000 Gent, BE',
  push: 'aa11bb22cc33dd44',
  customer: 'K-1',
}

/** As the hub keeps a campaign that is held. */
const hold = {
  groups: [{ relation: null, items: [{ kind: 'objection' as const, id: uuidV7(0, key), scope: {}, at: 0 }] }],
}

/** Ids as the hub gives them, so that a refusal of everything takes its 16 bytes. */
function withUuids(one: DecisionCase): DecisionCase {
  const ids = new Map(one.given.choices.map((choice, index) => [choice.id, uuidOf(choice.id, index)]))
  const renamed = one.given.choices.map((choice) => ({ ...choice, id: ids.get(choice.id) ?? choice.id }))
  const { choice } = one.expect
  return {
    ...one,
    given: { ...one.given, choices: renamed },
    expect: { ...one.expect, ...(choice !== undefined && { choice: ids.get(choice) ?? choice }) },
  }
}

/** In the order of the names: equals are told apart by their ids. */
function uuidOf(name: string, index: number): string {
  const order = Buffer.alloc(10)
  order.write(name, 0, 9, 'latin1')
  order[9] = index
  return uuidV7(0, order)
}

function ask(one: DecisionCase, withChoiceIds: boolean) {
  const { question, at } = one
  const contactPoint: GivenContactPoint = {
    type: question.contactPointType,
    value: someone[question.contactPointType],
  }
  const topics = question.purpose === null ? [] : [{ id: question.topic, purpose: question.purpose }]
  const registers = Object.entries(question.registers ?? {}).map(([id, takenAt]) => [id, Date.parse(takenAt)])
  const { pledgedRegisters = [] } = question
  const brands = [{ id: question.brand, country: one.given.facts.country ?? 'ZZ', pledgedRegisters, topics }]
  const index = new StandingIndex({ withChoiceIds })
  const fingerprinter = new Fingerprinter(key)
  const questions = new Questions(index, fingerprinter, { brands, registers: Object.fromEntries(registers) })
  const { brand, channel, topic } = question
  const about = { brand, channel, topic, campaign: 'spring' }
  // Asking first finds where the contact point lies.
  questions.answer(contactPoint, about, Date.parse(at))
  index.set(fingerprinter.low, fingerprinter.high, standingOf(one))
  if (question.campaignHeld === true) {
    const words = BigUint64Array.of(campaignFingerprint(key, brand, 'spring'))
    const [low = 0, high = 0] = new Uint32Array(words.buffer)
    index.set(low, high, hold)
  }
  return { decision: questions.answer(contactPoint, about, Date.parse(at)), index }
}

/** A replica holds no sends: where a cadence may be used up it waits, whatever the hub would say. */
const counted = decisionFile.cases.filter((one) => one.given.sends === undefined)

describe('every decision case, from the index', () => {
  it.each(counted.map((one) => [one.name, one] as const))('%s', (_, one) => {
    expect(ask(one, true).decision).toEqual(expectedOf(one))
    const renamed = withUuids(one)
    expect(ask(renamed, true).decision).toEqual(expectedOf(renamed))
  })

  it('gives the same answers without choice ids where a refusal of everything leaves them out', () => {
    const outcomes = counted.map((one) => ({ one, ...ask(withUuids(one), false) }))
    for (const { one, decision } of outcomes) {
      const { choiceId: _choice, ...rest } = expectedOf(one)
      const { choiceId: _own, ...answer } = decision
      expect(answer).toEqual(rest)
    }
    expect(outcomes.filter(({ decision }) => decision.reason === 'objection' && !decision.choiceId)).not.toHaveLength(0)
  })
})
