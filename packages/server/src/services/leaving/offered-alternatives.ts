import { assertNever, type Channel, channelsServedBy, type Scope } from '@verzet/core'
import type { BrandRow, TopicRow } from '../../storage/catalog.ts'
import type { Catalog } from '../catalog.ts'
import type { Person } from '../read-person.ts'
import { type Alternative, alternativeId, leavingOf } from './leaving-settings.ts'

/** An alternative that makes sense to this person now; the topic is the one a digest is of. */
export type OfferedAlternative = {
  readonly id: string
  readonly alternative: Alternative
  readonly topic?: TopicRow
}

export type Offering = {
  readonly brand: BrandRow
  /** The topic that brought the person. */
  readonly topic?: TopicRow
  readonly channel: Channel
  /** What was refused. */
  readonly scope: Scope
  readonly person: Person
  /** Given with the thanks for an answer: the alternatives that are meant for this reason, and no others. */
  readonly reason?: string
}

/** The brand's alternatives in its own order, without those that this person cannot take. */
export function offeredAlternatives(catalog: Pick<Catalog, 'topics'>, offering: Offering): OfferedAlternative[] {
  const { brand, topic, reason } = offering
  const marketing = catalog.topics(brand.id).filter(({ purpose }) => purpose === 'marketing')
  return leavingOf(brand, topic).alternatives.flatMap((alternative) => {
    const isMeant = reason === undefined ? alternative.reasons === undefined : alternative.reasons?.includes(reason)
    if (!isMeant) return []
    const offered = { id: alternativeId(alternative), alternative }
    if (alternative.kind !== 'digest') return fits(alternative, offering, marketing) ? [offered] : []
    const digested = marketing.find(({ id }) => id === (alternative.topic ?? topic?.id))
    return digested === undefined || offering.scope.channel !== undefined ? [] : [{ ...offered, topic: digested }]
  })
}

function fits(
  alternative: Exclude<Alternative, { kind: 'digest' }>,
  { scope, channel, person }: Offering,
  marketing: readonly TopicRow[],
): boolean {
  switch (alternative.kind) {
    case 'pause':
    case 'pause_until':
    case 'less':
      return true
    case 'fewer_topics':
      return scope.topic === undefined && marketing.length > 1
    case 'other_channel':
      return (
        scope.channel === undefined &&
        alternative.channel !== channel &&
        person.contactPoints.some(
          ({ type, value }) => value !== null && channelsServedBy(type).includes(alternative.channel),
        )
      )
    case 'other_address':
      return person.contactPoint?.type === 'email' && person.contactPoint.value !== null
    default:
      return assertNever(alternative)
  }
}
