import { isPlainEmail, normaliseContactPoint } from '@verzet/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fingerprinter } from './fingerprinter.ts'
import type { GivenContactPoint } from './questions.ts'
import { fingerprintKey, newsByMail, now, people, questionsAbout } from './scrub/testing/list-fixtures.ts'

const address = fc.oneof(
  fc.constantFrom(...people.map(({ value }) => value)),
  fc.constantFrom(
    'No1@X.be',
    ' yes1@x.be',
    'yes1@x.be\n',
    'no1@x.be\nyes1@x.be',
    'a\u0142@x.be',
    '\u0141@x.be',
    '',
    '\n',
  ),
  fc.constantFrom('no1@x.be.', 'no1@x.b1', 'no1@-x.be', 'no1@xn--x.be', '<no1@x.be>', 'no1@\uff38.be', 'NO1@\u212a.be'),
  fc.emailAddress(),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ minLength: 45, maxLength: 300, unit: fc.constantFrom('a', 'Z', '0', '.', '-', '@') }),
)
const given: fc.Arbitrary<GivenContactPoint> = fc.oneof(
  { weight: 4, arbitrary: address.map((value) => ({ type: 'email' as const, value })) },
  fc.constantFrom<GivenContactPoint>(
    { type: 'phone', value: '0470 12 34 56' },
    { type: 'phone', value: 'no1@x.be' },
    { type: 'customer', value: 'no1@x.be' },
  ),
)

describe('the fingerprint of an address as it is given', () => {
  it('is that of its normal form, and is there for every plain address', () => {
    const taken = new Fingerprinter(fingerprintKey)
    const wanted = new Fingerprinter(fingerprintKey)
    const withCapitals = fc.emailAddress().map((text) => text.replace(/[a-m]/g, (letter) => letter.toUpperCase()))
    fc.assert(
      fc.property(fc.oneof(address, withCapitals), (value) => {
        const isTaken = taken.takeEmail(value)
        if (isPlainEmail(value)) expect(isTaken).toBe(true)
        if (!isTaken) return
        const read = normaliseContactPoint({ type: 'email', value })
        if (read.kind !== 'ok') throw new Error(`${JSON.stringify(value)} is no address`)
        wanted.take('email', read.contactPoint.normalised)
        expect([taken.low, taken.high]).toEqual([wanted.low, wanted.high])
      }),
      { numRuns: 3_000 },
    )
  })
})

describe('asking about a list', () => {
  it('gives what asking one by one gives, whatever the list holds', () => {
    for (const withChoiceIds of [true, false]) {
      const questions = questionsAbout(people, { withChoiceIds })
      fc.assert(
        fc.property(fc.array(given, { maxLength: 40 }), (list) => {
          const oneByOne = list.map((point) => questions.answer(point, newsByMail, now))
          expect(questions.answerMany(list, newsByMail, now)).toEqual(oneByOne)
        }),
        { numRuns: 500 },
      )
    }
  })

  it('takes a list longer than the kernel has room for, with texts longer than all of it', () => {
    const questions = questionsAbout(people)
    const list = Array.from({ length: 20_000 }, (_, index): GivenContactPoint => {
      const value = index === 1_500 ? 'a'.repeat(2_000_000) : (people[index % people.length]?.value ?? '')
      return { type: 'email', value }
    })
    const decisions = questions.answerMany(list, newsByMail, now)
    expect(decisions).toHaveLength(list.length)
    expect(decisions[1_500]?.reason).toBe('invalid_contact_point')
    expect(decisions.slice(19_000)).toEqual(list.slice(19_000).map((point) => questions.answer(point, newsByMail, now)))
  })

  it('keeps two keys in one thread apart', () => {
    const [questions, others] = [questionsAbout(people), questionsAbout(people, { key: fingerprintKey.toReversed() })]
    const list = people.map(({ type, value }) => ({ type, value }))
    const reasons = (of: typeof questions) => of.answerMany(list, newsByMail, now).map(({ reason }) => reason)
    expect(reasons(others)).toEqual(reasons(questions))
    expect(others.answer({ type: 'email', value: 'no1@x.be' }, newsByMail, now).reason).toBe('objection')
    expect(questions.answer({ type: 'email', value: 'no1@x.be' }, newsByMail, now).reason).toBe('objection')
  })

  it('answers by the moment it is asked, also about records', () => {
    const questions = questionsAbout(people)
    const list: GivenContactPoint[] = [{ type: 'email', value: 'pause1@x.be' }]
    expect(questions.answerMany(list, newsByMail, now)[0]?.reason).toBe('pause')
    expect(questions.answerMany(list, newsByMail, now + 2_000_000)[0]?.decision).toBe('allow')
  })

  it('says about all of it that the topic is unknown', () => {
    const questions = questionsAbout(people)
    const about = { channel: 'email', topic: 'none' } as const
    expect(questions.answerMany([{ type: 'email', value: 'no1@x.be' }], about, now)).toEqual([
      questions.answer({ type: 'email', value: 'no1@x.be' }, about, now),
    ])
  })
})
