import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { blockDelivery, deliveryBlockOn, liftDeliveryBlocks } from './delivery-block.ts'
import { decide } from './gate.ts'
import { holdForReview, releaseReview } from './review-hold.ts'
import { covers } from './scope.ts'
import { type DeliveryBlock, foldStanding, type ReviewHold, type Standing } from './standing.ts'
import {
  lineages,
  moments,
  nows,
  packs,
  questions,
  scopes,
  sendLists,
  tick,
  universeChannels,
} from './testing/lineages.ts'

const channelsOrAll = fc.option(fc.constantFrom(...universeChannels), { nil: undefined, freq: 3 })
const blocks: fc.Arbitrary<DeliveryBlock> = fc
  .record({ channel: channelsOrAll, at: moments, until: fc.option(moments, { nil: undefined }) })
  .map(({ channel, at, until }) => ({
    ...(channel !== undefined && { channel }),
    at,
    ...(until !== undefined && { until }),
  }))
const holds: fc.Arbitrary<ReviewHold> = fc.record({
  item: fc.constantFrom('item-1', 'item-2', 'item-3'),
  scope: scopes,
  until: moments,
})
const standings: fc.Arbitrary<Standing> = fc
  .tuple(lineages, sendLists)
  .map(([lineage, sends]) => ({ ...foldStanding(lineage), ...(sends !== undefined && { sends }) }))
const runs = { numRuns: 150 }

/** Every question at every moment under every pack, as marketing and as service mail. */
const asked = packs.flatMap((pack) =>
  nows.flatMap((now) =>
    questions.flatMap((question) => [
      { pack, now, question },
      { pack, now, question: { ...question, purpose: 'service' as const } },
    ]),
  ),
)
const answersOf = (standing: Standing) => asked.map(({ pack, now, question }) => decide(question, standing, pack, now))
const withBlocks = (standing: Standing, reports: readonly DeliveryBlock[]) => reports.reduce(blockDelivery, standing)

describe('a delivery fact', () => {
  it('never allows what was refused, and refuses only where messages do not arrive', () => {
    fc.assert(
      fc.property(standings, fc.array(blocks, { maxLength: 4 }), (standing, reports) => {
        const blocked = withBlocks(standing, reports)
        const before = answersOf(standing)
        for (const [index, is] of answersOf(blocked).entries()) {
          const was = before[index]
          const { question, now } = asked[index] ?? { question: { channel: 'email' as const }, now: 0 }
          const stands = deliveryBlockOn(blocked, question.channel, now) !== undefined
          if (was?.decision === 'deny' || !stands) expect(is).toEqual(was)
          else expect(is).toMatchObject({ decision: 'deny', reason: 'undeliverable' })
        }
      }),
      runs,
    )
  })

  it('leaves what was said as it was, however it is reported and lifted', () => {
    fc.assert(
      fc.property(standings, fc.array(blocks), fc.constantFrom(...universeChannels), moments, (from, some, on, at) => {
        expect(liftDeliveryBlocks(withBlocks(from, some), on, at).groups).toBe(from.groups)
      }),
      runs,
    )
  })

  it('is the same in whatever order and however often it is reported', () => {
    const shuffled = fc
      .array(blocks, { maxLength: 6 })
      .chain((reports) =>
        fc.tuple(
          fc.constant(reports),
          fc.shuffledSubarray([...reports, ...reports], { minLength: 2 * reports.length }),
        ),
      )
    fc.assert(
      fc.property(shuffled, ([reports, again]) => {
        expect(withBlocks({ groups: [] }, again)).toEqual(withBlocks({ groups: [] }, reports))
      }),
      runs,
    )
  })

  it('ends when the address proves alive on that channel afterwards, and nothing else ends with it', () => {
    fc.assert(
      fc.property(standings, fc.array(blocks), fc.constantFrom(...universeChannels), (standing, reports, channel) => {
        const alive = liftDeliveryBlocks(withBlocks(standing, reports), channel, 100 * tick)
        const elsewhere = reports.filter((report) => report.channel !== undefined && report.channel !== channel)
        expect(alive).toEqual(withBlocks(standing, elsewhere))
      }),
      runs,
    )
  })

  it('is not ended by proof of life from before it', () => {
    fc.assert(
      fc.property(blocks, fc.constantFrom(...universeChannels), (report, channel) => {
        const blocked = blockDelivery({ groups: [] }, report)
        expect(liftDeliveryBlocks(blocked, channel, report.at)).toBe(blocked)
      }),
      runs,
    )
  })
})

describe('a reply that waits to be read', () => {
  it('turns every allow of what it may refuse into a wait, at any time, and changes nothing else', () => {
    fc.assert(
      fc.property(standings, holds, (standing, hold) => {
        const before = answersOf(standing)
        for (const [index, is] of answersOf(holdForReview(standing, hold)).entries()) {
          const was = before[index]
          const question = asked[index]?.question
          const mayRefuse = question?.purpose === 'marketing' && covers(hold.scope, question)
          if (was?.decision === 'deny' || !mayRefuse) expect(is).toEqual(was)
          else expect(is.decision).toBe('defer')
        }
      }),
      runs,
    )
  })

  it('leaves no trace once it is decided, whatever else waits', () => {
    fc.assert(
      fc.property(standings, fc.array(holds), holds, (standing, others, hold) => {
        const waiting = others.filter((other) => other.item !== hold.item).reduce(holdForReview, standing)
        expect(releaseReview(holdForReview(waiting, hold), hold.item)).toEqual(waiting)
        expect(releaseReview(waiting, hold.item)).toBe(waiting)
      }),
      runs,
    )
  })
})
