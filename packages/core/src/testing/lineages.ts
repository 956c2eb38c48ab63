import fc from 'fast-check'
import type { Send } from '../cadence.ts'
import type { Channel } from '../channel.ts'
import type { Author, Cadence, Choice, ChoiceKind } from '../choice.ts'
import type { Question } from '../gate.ts'
import type { ChannelRule, RulePack } from '../rule-pack.ts'
import type { Scope } from '../scope.ts'
import { foldStanding, type Lineage, type RelationLineage, type StandingItem } from '../standing.ts'

/** A universe small enough for collisions: two brands, three channels, three topics and a dozen days. */
export const brands = ['bakery', 'bikes']
export const universeChannels: readonly Channel[] = ['email', 'sms', 'post']
export const topics = ['news', 'offers', 'events']
export const tick = 86_400_000
export const lastTick = 12
/** Before all, in the midst of it, at and after every end. */
export const nows = [3, 7, 12, 15, 20, 45].map((ticks) => ticks * tick)

export const questions: readonly Question[] = brands.flatMap((brand) =>
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

export function packOf(rule: ChannelRule): RulePack {
  const rules = [rule]
  const channels = { email: rules, sms: rules, whatsapp: rules, phone: rules, post: rules, push: rules }
  return { country: 'XX', version: `XX ${rule.silence}`, channels }
}
export const optOut = packOf({ silence: 'opt_out', sources: [] })
export const optIn = packOf({ silence: 'opt_in', sources: [] })
export const packs = [optOut, optIn]

export const scopes: fc.Arbitrary<Scope> = fc
  .record({
    brand: fc.option(fc.constantFrom(...brands), { nil: undefined, freq: 2 }),
    channel: fc.option(fc.constantFrom(...universeChannels), { nil: undefined, freq: 2 }),
    topic: fc.option(fc.constantFrom(...topics), { nil: undefined, freq: 2 }),
  })
  .map(({ brand, channel, topic }) => ({
    ...(brand !== undefined && { brand }),
    ...(channel !== undefined && { channel }),
    ...(topic !== undefined && { topic }),
  }))
export const moments = fc.integer({ min: 1, max: lastTick }).map((ticks) => ticks * tick)
export const anyone: fc.Arbitrary<Author> = fc.constantFrom('person', 'agent', 'provider', 'controller')
export const cadences: fc.Arbitrary<Cadence> = fc.record({
  max: fc.integer({ min: 1, max: 3 }),
  per: fc.constantFrom('week' as const, 'month' as const),
})
export const kinds: fc.Arbitrary<ChoiceKind> = fc.constantFrom('objection', 'consent', 'consent', 'pause', 'cadence')

export function choicesOf(
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
export const listOf = (choice: fc.Arbitrary<Choice>) => fc.array(choice, { maxLength: 5 })

export function relationsOf(key: string, choice = choicesOf()): fc.Arbitrary<RelationLineage> {
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
export const lineages: fc.Arbitrary<Lineage> = fc.record({
  own: listOf(choicesOf()),
  relations: fc
    .tuple(relationsOf('R1'), relationsOf('R2'), fc.integer({ min: 0, max: 2 }))
    .map(([one, two, count]) => [one, two].slice(0, count)),
})
export const sendLists: fc.Arbitrary<Send[] | undefined> = fc.option(
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

export function shuffledLineage(lineage: Lineage): fc.Arbitrary<Lineage> {
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

export function additionsOf(lineage: Lineage): fc.Arbitrary<{ choice: Choice; relation: string | null }[]> {
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
export function itemsOf(choices: fc.Arbitrary<Choice>): fc.Arbitrary<StandingItem> {
  return fc.tuple(choices, fc.boolean()).map(([choice, isOwn]) => {
    const relation = { key: 'R1', linkedAt: 6 * tick, choices: isOwn ? [] : [choice], siblingChoices: [] }
    const item = foldStanding({ own: isOwn ? [choice] : [], relations: [relation] }).groups[0]?.items[0]
    if (item === undefined) throw new Error('one choice folds into one item')
    return item
  })
}
