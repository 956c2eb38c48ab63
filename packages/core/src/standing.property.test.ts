import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Decision, decide } from './gate.ts'
import { addToStanding, foldStanding, type Lineage, prune, type Standing, type StandingItem } from './standing.ts'
import {
  additionsOf,
  choicesOf,
  itemsOf,
  lastTick,
  lineages,
  listOf,
  moments,
  nows,
  optIn,
  optOut,
  packs,
  questions,
  relationsOf,
  scopes,
  sendLists,
  shuffledLineage,
  tick,
} from './testing/lineages.ts'
import { fromThePerson, modelAnswer, restrictionsAtDistinctMoments } from './testing/standing-model.ts'

/** What the world sees of a decision, without the choice that is named for it. */
function answer({ decision, reason, until }: Decision) {
  return { decision, reason, until }
}

function everyAnswer(standing: Standing, moments: readonly number[] = nows) {
  return packs.flatMap((pack) =>
    moments.flatMap((now) => questions.map((question) => answer(decide(question, standing, pack, now)))),
  )
}

const runs = { numRuns: 250 }

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
                modelAnswer(lineage, sends, question, pack === optIn, now),
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
        expect(apart.flatMap((alone) => weakened(alone, together))).toEqual([])
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
        const byMoment = nows.map((now) => everyAnswer(standing, [now]).map(({ decision }) => decision))
        const changes = byMoment.slice(1).flatMap((later, index) =>
          later.flatMap((after, place) => {
            const before = byMoment[index]?.[place]
            return before === after ? [] : [`${before} to ${after}`]
          }),
        )
        expect(changes.filter((change) => change !== 'defer to allow')).toEqual([])
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
        expect(weakened(before, after)).toEqual([])
      }),
      runs,
    )
  })

  it('lifts no refusal of a relation, imported refusals included', () => {
    fc.assert(
      fc.property(lineages, relationsOf('R1'), listOf(imported), (lineage, relation, imports) => {
        const before = everyAnswer(foldStanding({ own: lineage.own, relations: [relation] }))
        const choices = [...relation.choices, ...imports]
        const after = everyAnswer(foldStanding({ own: lineage.own, relations: [{ ...relation, choices }] }))
        // An imported pause may well be replaced by a newer imported one.
        expect(weakened(before, after).filter(({ was }) => was.reason === 'objection')).toEqual([])
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
          expect(weakened(before, after)).toEqual([])
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

  it('forgets a consent that only opens once one that lifts covers it', () => {
    const opens: StandingItem = { id: 'held', kind: 'consent', scope: { topic: 'news' }, at: 2 * tick, lifts: false }
    const lifts: StandingItem = { id: 'yes', kind: 'consent', scope: {}, at: tick, lifts: true }
    expect(prune([opens, lifts])).toEqual([lifts])
    expect(
      prune([
        { ...opens, scope: {} },
        { ...lifts, scope: { topic: 'news' } },
      ]),
    ).toHaveLength(2)
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

/** The answers that became weaker: a refusal that is none any more, or a wait that is over or shorter. */
function weakened(before: readonly ReturnType<typeof answer>[], after: readonly ReturnType<typeof answer>[]) {
  return before.flatMap((was, index) => {
    const is = after[index]
    const lifted = was.reason === 'objection' && is?.reason !== 'objection'
    const ended = was.decision === 'defer' && is?.decision === 'allow'
    const shortened = was.decision === 'defer' && is?.decision === 'defer' && waitOf(is) < waitOf(was)
    return lifted || ended || shortened ? [{ was, is }] : []
  })
}

function waitOf({ until }: ReturnType<typeof answer>): number {
  return until ?? Number.POSITIVE_INFINITY
}

function refusedPlaces(answers: readonly ReturnType<typeof answer>[]): number[] {
  return answers.flatMap(({ reason }, index) => (reason === 'objection' ? [index] : []))
}

function withoutEnds(lineage: Lineage): Lineage {
  return { ...lineage, relations: lineage.relations.map((relation) => ({ ...relation, endedAt: undefined })) }
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
