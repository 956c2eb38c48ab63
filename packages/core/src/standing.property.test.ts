import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cadencePeriodMs, type Send } from './cadence.ts'
import type { Channel } from './channel.ts'
import type { Author, Cadence, Choice, ChoiceKind } from './choice.ts'
import { type Decision, decide, type Question } from './gate.ts'
import type { ChannelRule, RulePack } from './rule-pack.ts'
import { covers, type Scope } from './scope.ts'
import {
  addToStanding,
  foldStanding,
  type Lineage,
  prune,
  type RelationLineage,
  type Standing,
  type StandingItem,
} from './standing.ts'

/** A universe small enough for collisions: two brands, three channels, three topics and a dozen days. */
const brands = ['bakery', 'bikes']
const universeChannels: readonly Channel[] = ['email', 'sms', 'post']
const topics = ['news', 'offers', 'events']
const tick = 86_400_000
const lastTick = 12
/** Before all, in the midst of it, at and after every end. */
const nows = [3, 7, 12, 15, 20, 45].map((ticks) => ticks * tick)

const questions: readonly Question[] = brands.flatMap((brand) =>
  universeChannels.flatMap((channel) =>
    topics.map((topic) => ({
      contactPointType: 'customer' as const,
      brand,
      channel,
      topic,
      purpose: 'marketing' as const,
    })),
  ),
)

function packOf(rule: ChannelRule): RulePack {
  const rules = [rule]
  const channels = { email: rules, sms: rules, whatsapp: rules, phone: rules, post: rules, push: rules }
  return { country: 'XX', version: `XX ${rule.silence}`, channels }
}
const optOut = packOf({ silence: 'opt_out', sources: [] })
const optIn = packOf({ silence: 'opt_in', sources: [] })
const packs = [optOut, optIn]

const scopes: fc.Arbitrary<Scope> = fc
  .record({
    brand: fc.option(fc.constantFrom(...brands), { nil: undefined, freq: 1 }),
    channel: fc.option(fc.constantFrom(...universeChannels), { nil: undefined, freq: 1 }),
    topic: fc.option(fc.constantFrom(...topics), { nil: undefined, freq: 1 }),
  })
  .map(({ brand, channel, topic }) => ({
    ...(brand !== undefined && { brand }),
    ...(channel !== undefined && { channel }),
    ...(topic !== undefined && { topic }),
  }))
const moments = fc.integer({ min: 1, max: lastTick }).map((ticks) => ticks * tick)
const anyone: fc.Arbitrary<Author> = fc.constantFrom('person', 'agent', 'provider', 'controller')
const cadences: fc.Arbitrary<Cadence> = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.constantFrom('week' as const, 'month' as const),
})
const kinds: fc.Arbitrary<ChoiceKind> = fc.constantFrom('objection', 'consent', 'consent', 'pause', 'cadence')

function choicesOf(
  from: { author?: fc.Arbitrary<Author>; kind?: fc.Arbitrary<ChoiceKind> } = {},
): fc.Arbitrary<Choice> {
  return fc
    .record({
      id: fc.uuid({ version: 7 }),
      scope: scopes,
      author: from.author ?? anyone,
      saidAt: fc.option(moments, { nil: null, freq: 6 }),
      recordedAt: moments,
      kind: from.kind ?? kinds,
      until: moments.map((moment) => moment + 4 * tick),
      cadence: cadences,
    })
    .map(({ kind, until, cadence, ...base }) => {
      if (kind === 'pause') return { ...base, kind, until }
      return kind === 'cadence' ? { ...base, kind, cadence } : { ...base, kind }
    })
}
const listOf = (choice: fc.Arbitrary<Choice>) => fc.array(choice, { maxLength: 5 })

function relationsOf(key: string, choice = choicesOf()): fc.Arbitrary<RelationLineage> {
  return fc
    .record({
      linkedAt: moments,
      endedAfter: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 2 }),
      choices: listOf(choice),
      siblingChoices: listOf(choice),
    })
    .map(({ linkedAt, endedAfter, choices, siblingChoices }) => ({
      key,
      linkedAt,
      ...(endedAfter !== undefined && { endedAt: linkedAt + endedAfter * tick }),
      choices,
      siblingChoices,
    }))
}
const lineages: fc.Arbitrary<Lineage> = fc.record({
  own: listOf(choicesOf()),
  relations: fc
    .tuple(relationsOf('R1'), relationsOf('R2'), fc.integer({ min: 0, max: 2 }))
    .map(([one, two, count]) => [one, two].slice(0, count)),
})
const sendLists: fc.Arbitrary<Send[] | undefined> = fc.option(
  fc.array(
    fc.record({
      at: moments,
      brand: fc.constantFrom(...brands),
      channel: fc.constantFrom(...universeChannels),
      topic: fc.constantFrom(...topics),
    }),
    { maxLength: 4 },
  ),
  { nil: undefined, freq: 4 },
)

/** What the world sees of a decision, without the choice that is named for it. */
function answer({ decision, reason, until }: Decision) {
  return { decision, reason, until }
}

function everyAnswer(standing: Standing, moments: readonly number[] = nows) {
  return packs.flatMap((pack) =>
    moments.flatMap((now) => questions.map((question) => answer(decide(question, standing, pack, now)))),
  )
}

const runs = { numRuns: 400 }

/**
 * The seven rules once more, slowly and from every choice ever made: no pruning, no folding, no shared code but `covers`.
 * Sends and restrictions are judged as in the design; where it says "the strictest", the longest wait.
 */
type Word = { readonly choice: Choice; readonly said: 'here' | 'relation' | 'sibling' }

function saidMoment({ kind, saidAt, recordedAt }: Choice): number {
  if (saidAt === null) return kind === 'consent' ? 0 : recordedAt
  return saidAt > recordedAt ? recordedAt : saidAt
}

function fromThePerson({ author }: Choice): boolean {
  return author === 'person' || author === 'agent'
}

function wordsOf(lineage: Lineage): { linkedAt: number | undefined; words: Word[] }[] {
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

function isLifted(no: Word, words: readonly Word[], linkedAt: number | undefined, about: Scope): boolean {
  return words.some(({ choice: yes, said }) => {
    if (yes.kind !== 'consent' || yes.saidAt === null || !fromThePerson(yes) || !covers(yes.scope, about)) return false
    const crossesTheTie = no.said === 'here' && said === 'relation' && linkedAt !== undefined
    return saidMoment(yes) > saidMoment(no.choice) && (!crossesTheTie || saidMoment(yes) > linkedAt)
  })
}

function isReplaced(old: Word, words: readonly Word[], linkedAt: number | undefined): boolean {
  return words.some((word) => {
    if (word === old || word.choice.kind !== old.choice.kind) return false
    if (!covers(word.choice.scope, old.choice.scope) || !covers(old.choice.scope, word.choice.scope)) return false
    if (fromThePerson(old.choice) && !fromThePerson(word.choice)) return false
    const crossesTheTie = old.said === 'here' && word.said !== 'here' && linkedAt !== undefined
    if (crossesTheTie && saidMoment(word.choice) < linkedAt) return false
    return saidMoment(word.choice) > saidMoment(old.choice)
  })
}

function waitsUntil({ choice }: Word, sends: readonly Send[] | undefined, now: number): number {
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

function modelAnswer(
  lineage: Lineage,
  sends: readonly Send[] | undefined,
  question: Question,
  pack: RulePack,
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
  if (!consented && pack === optIn) return { decision: 'deny', reason: 'no_basis' }
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

describe('a folded standing', () => {
  it('decides what the seven rules say of every choice ever made', () => {
    // Equal moments of two restrictions are settled by strictness, which has a test of its own in the cases.
    const distinct = fc.tuple(lineages, sendLists).filter(([lineage]) => restrictionsAtDistinctMoments(lineage))
    fc.assert(
      fc.property(distinct, ([lineage, sends]) => {
        const standing: Standing = { ...foldStanding(lineage), ...(sends !== undefined && { sends }) }
        for (const pack of packs) {
          for (const now of nows) {
            for (const question of questions) {
              expect(decide(question, standing, pack, now)).toMatchObject(
                modelAnswer(lineage, sends, question, pack, now),
              )
            }
          }
        }
      }),
      runs,
    )
  })

  it('is the same in whatever order the choices and the relations are given', () => {
    const shuffled = lineages.chain((lineage) => fc.tuple(fc.constant(lineage), shuffledLineage(lineage)))
    fc.assert(
      fc.property(shuffled, ([lineage, other]) => {
        expect(foldStanding(other)).toEqual(foldStanding(lineage))
      }),
      runs,
    )
  })

  it('is the same when a choice is recorded twice', () => {
    fc.assert(
      fc.property(lineages, (lineage) => {
        const twice: Lineage = {
          own: [...lineage.own, ...lineage.own],
          relations: lineage.relations.map((relation) => ({
            ...relation,
            choices: [...relation.choices, ...relation.choices],
            siblingChoices: [...relation.siblingChoices, ...relation.siblingChoices],
          })),
        }
        expect(foldStanding(twice)).toEqual(foldStanding(lineage))
      }),
      runs,
    )
  })

  it('is the same when the choices are added one by one, in any order', () => {
    const added = lineages.map(withoutEnds).chain((lineage) => fc.tuple(fc.constant(lineage), additionsOf(lineage)))
    fc.assert(
      fc.property(added, ([lineage, additions]) => {
        const start = foldStanding({
          own: [],
          relations: lineage.relations.map((relation) => ({ ...relation, choices: [], siblingChoices: [] })),
        })
        const standing = additions.reduce(
          (before, { choice, relation }) => addToStanding(before, choice, { relation }),
          start,
        )
        expect(standing).toEqual(foldStanding(lineage))
      }),
      runs,
    )
  })

  it('is the same when the last choice is added again', () => {
    fc.assert(
      fc.property(lineages.map(withoutEnds), choicesOf(), (lineage, choice) => {
        const once = addToStanding(foldStanding(lineage), choice, { relation: null })
        expect(addToStanding(once, choice, { relation: null })).toEqual(once)
      }),
      runs,
    )
  })
})

describe('two relations that share a contact point', () => {
  it('never allow together what either refused', () => {
    fc.assert(
      fc.property(listOf(choicesOf()), relationsOf('R1'), relationsOf('R2'), sendLists, (own, one, two, sends) => {
        const counted = sends === undefined ? {} : { sends }
        const apart = [one, two].map((relation) =>
          everyAnswer({ ...foldStanding({ own, relations: [relation] }), ...counted }),
        )
        const together = everyAnswer({ ...foldStanding({ own, relations: [one, two] }), ...counted })
        together.forEach((both, index) => {
          const [first, second] = [apart[0]?.[index], apart[1]?.[index]]
          const objected = first?.reason === 'objection' || second?.reason === 'objection'
          if (objected) expect(both).toMatchObject({ decision: 'deny', reason: 'objection' })
          const waited = first?.decision === 'defer' || second?.decision === 'defer'
          if (waited) expect(both.decision).not.toBe('allow')
          if (both.decision === 'defer')
            expect(both.until ?? Infinity).toBeGreaterThanOrEqual(Math.max(waitOf(first), waitOf(second)))
        })
      }),
      runs,
    )
  })
})

describe('time', () => {
  it('ends pauses and cadences and nothing else', () => {
    fc.assert(
      fc.property(lineages, sendLists, (lineage, sends) => {
        const standing: Standing = { ...foldStanding(lineage), ...(sends !== undefined && { sends }) }
        const byMoment = nows.map((now) => everyAnswer(standing, [now]))
        byMoment.slice(1).forEach((later, index) => {
          later.forEach((after, place) => {
            const before = byMoment[index]?.[place]
            if (after.decision === before?.decision) return
            expect([before?.decision, after.decision]).toEqual(['defer', 'allow'])
          })
        })
      }),
      runs,
    )
  })

  it('leaves a no in place for a hundred years', () => {
    fc.assert(
      fc.property(lineages, (lineage) => {
        const standing = foldStanding(lineage)
        const century = 100 * 365 * 86_400_000
        expect(refusedPlaces(everyAnswer(standing, [century]))).toEqual(refusedPlaces(everyAnswer(standing, [tick])))
      }),
      runs,
    )
  })
})

describe('an import', () => {
  const imported = choicesOf({ author: fc.constantFrom('provider' as const, 'controller' as const) })

  it('lifts no refusal, ends no pause and loosens no cadence', () => {
    fc.assert(
      fc.property(lineages, listOf(imported), sendLists, (lineage, imports, sends) => {
        const counted = sends === undefined ? {} : { sends }
        const before = everyAnswer({ ...foldStanding(personsWordsOf(lineage)), ...counted })
        const after = everyAnswer({
          ...foldStanding({ ...personsWordsOf(lineage), own: [...personsWordsOf(lineage).own, ...imports] }),
          ...counted,
        })
        before.forEach((was, index) => {
          if (was.reason === 'objection') expect(after[index]).toMatchObject({ decision: 'deny', reason: 'objection' })
          if (was.decision === 'defer') expect(after[index]?.decision).not.toBe('allow')
        })
      }),
      runs,
    )
  })

  it('lifts no refusal when it comes through a relation', () => {
    fc.assert(
      fc.property(lineages, relationsOf('R1'), listOf(imported), (lineage, relation, imports) => {
        const before = everyAnswer(foldStanding({ own: lineage.own, relations: [relation] }))
        const choices = [...relation.choices, ...imports]
        const after = everyAnswer(foldStanding({ own: lineage.own, relations: [{ ...relation, choices }] }))
        for (const place of refusedPlaces(before))
          expect(after[place]).toMatchObject({ decision: 'deny', reason: 'objection' })
      }),
      runs,
    )
  })

  it('lifts no refusal by tying the contact point to a relation, whatever that relation said before', () => {
    fc.assert(
      fc.property(listOf(choicesOf()), relationsOf('R1'), relationsOf('R2'), (own, known, added) => {
        // The tie comes after everything that was said, as it does when an import makes it.
        const tied = { ...added, linkedAt: (lastTick + 1) * tick }
        for (const relations of [[], [known]]) {
          const before = everyAnswer(foldStanding({ own, relations }))
          const after = everyAnswer(foldStanding({ own, relations: [...relations, tied] }))
          for (const place of refusedPlaces(before))
            expect(after[place]).toMatchObject({ decision: 'deny', reason: 'objection' })
        }
      }),
      runs,
    )
  })
})

describe('prune', () => {
  it('leaves every decision about objections and consents as it was', () => {
    const words = choicesOf({ kind: fc.constantFrom('objection' as const, 'consent' as const) })
    fc.assert(
      fc.property(fc.array(itemsOf(words), { maxLength: 10 }), (items) => {
        const whole: Standing = { groups: [{ relation: null, items }] }
        const pruned: Standing = { groups: [{ relation: null, items: prune(items) }] }
        expect(everyAnswer(pruned, [tick])).toEqual(everyAnswer(whole, [tick]))
        const named = (standing: Standing) =>
          questions
            .map((question) => decide(question, standing, optOut, tick))
            .filter(({ reason }) => reason === 'objection')
        expect(named(pruned)).toEqual(named(whole))
      }),
      runs,
    )
  })

  it('keeps nothing that says the same twice', () => {
    fc.assert(
      fc.property(fc.array(itemsOf(choicesOf()), { maxLength: 10 }), (items) => {
        expect(prune(prune(items))).toEqual(prune(items))
        const ids = prune(items).map((item) => item.id)
        expect(new Set(ids).size).toBe(ids.length)
      }),
      runs,
    )
  })

  it('keeps one objection of any number to the same scope', () => {
    fc.assert(
      fc.property(scopes, fc.array(moments, { minLength: 1, maxLength: 50 }), (scope, said) => {
        const items = said.map((at, index): StandingItem => ({ id: `${index}`, kind: 'objection', scope, at }))
        expect(prune(items)).toHaveLength(1)
        expect(prune(items)[0]?.at).toBe(Math.max(...said))
      }),
    )
  })
})

function waitOf(given: ReturnType<typeof answer> | undefined): number {
  return given?.decision === 'defer' ? (given.until ?? Number.POSITIVE_INFINITY) : 0
}

function refusedPlaces(answers: readonly ReturnType<typeof answer>[]): number[] {
  return answers.flatMap(({ reason }, index) => (reason === 'objection' ? [index] : []))
}

function withoutEnds(lineage: Lineage): Lineage {
  return { ...lineage, relations: lineage.relations.map(({ endedAt: _, ...relation }) => relation) }
}

function personsWordsOf(lineage: Lineage): Lineage {
  return {
    own: lineage.own.filter(fromThePerson),
    relations: lineage.relations.map((relation) => ({
      ...relation,
      choices: relation.choices.filter(fromThePerson),
      siblingChoices: relation.siblingChoices.filter(fromThePerson),
    })),
  }
}

function restrictionsAtDistinctMoments(lineage: Lineage): boolean {
  return wordsOf(lineage).every(({ words }) => {
    const said = words.filter(({ choice }) => choice.kind === 'pause' || choice.kind === 'cadence')
    const marks = said.map(({ choice }) => `${choice.kind} ${JSON.stringify(choice.scope)} ${saidMoment(choice)}`)
    return new Set(marks).size === marks.length
  })
}

function shuffledLineage(lineage: Lineage): fc.Arbitrary<Lineage> {
  const whole = <T>(values: readonly T[]) => fc.shuffledSubarray([...values], { minLength: values.length })
  const relations = lineage.relations.map((relation) =>
    fc.record({ choices: whole(relation.choices), siblingChoices: whole(relation.siblingChoices) }).map((words) => ({
      ...relation,
      ...words,
    })),
  )
  return fc
    .record({ own: whole(lineage.own), relations: fc.tuple(...relations) })
    .chain(({ own, relations }) => whole(relations).map((inAnyOrder) => ({ own, relations: inAnyOrder })))
}

function additionsOf(lineage: Lineage): fc.Arbitrary<{ choice: Choice; relation: string | null }[]> {
  const own = lineage.own.map((choice) => ({ choice, relation: null }))
  const inherited = lineage.relations.flatMap((relation) =>
    // A consent said through a sibling is never added: the caller leaves it out.
    [...relation.choices, ...relation.siblingChoices.filter(({ kind }) => kind !== 'consent')].map((choice) => ({
      choice,
      relation: relation.key,
    })),
  )
  const all = [...own, ...inherited]
  return fc.shuffledSubarray(all, { minLength: all.length })
}

/** Items as they lie in one group: said here, before or after the tie, or inherited. */
function itemsOf(choices: fc.Arbitrary<Choice>): fc.Arbitrary<StandingItem> {
  return fc.tuple(choices, fc.boolean()).map(([choice, isOwn]) => {
    const relation = { key: 'R1', linkedAt: 6 * tick, choices: isOwn ? [] : [choice], siblingChoices: [] }
    const item = foldStanding({ own: isOwn ? [choice] : [], relations: [relation] }).groups[0]?.items[0]
    if (item === undefined) throw new Error('one choice folds into one item')
    return item
  })
}
