import { cadencePeriods, channels } from '@verzet/core'
import { type Alternative, alternativeId } from '../../../../services/leaving/leaving-settings.ts'
import { labelsAt, type Posted } from './question-form.ts'
import { idsPosted, postedAt } from './typed-places.ts'

/** What a brand may begin with; the details of each can be changed once it is there. */
const candidates: readonly Alternative[] = [
  ...[30, 90, 180].map((days) => ({ kind: 'pause', days }) as const),
  { kind: 'pause_until' },
  ...cadencePeriods.map((per) => ({ kind: 'less', max: 1, per }) as const),
  { kind: 'digest' },
  { kind: 'fewer_topics' },
  ...channels.map((channel) => ({ kind: 'other_channel', channel }) as const),
  { kind: 'other_address' },
]

/** What can be added to a list: what is not on it. */
export function addableTo(list: readonly Alternative[]): readonly Alternative[] {
  const taken = new Set(list.map(alternativeId))
  return candidates.filter((one) => !taken.has(alternativeId(one)))
}

/**
 * The alternatives as a form has changed them: in a new order, with other details, words and reasons, with some removed and
 * one added. Not judged yet: what is no number is not one here either, and the schema says so. Each has the place it had
 * in the form, and the one that is added has none.
 */
export function changedAlternatives(
  before: readonly Alternative[],
  posted: Posted,
  reasonIds: readonly string[],
): readonly { readonly place?: number; readonly alternative: unknown }[] {
  const kept = before.flatMap((alternative, index) => {
    const name = `a${index}`
    if (posted(`${name}.remove`) === 'yes') return []
    const order = Number(posted(`${name}.order`) ?? index + 1)
    return [
      {
        order: Number.isFinite(order) ? order : index + 1,
        place: index,
        alternative: changed(alternative, posted, name, reasonIds),
      },
    ]
  })
  const added = addableTo(before).filter((one) => alternativeId(one) === posted('add'))
  const sorted = kept.toSorted((one, other) => one.order - other.order)
  return [
    ...sorted.map(({ place, alternative }) => ({ place, alternative })),
    ...added.map((alternative) => ({ alternative })),
  ]
}

export type TypedAlternatives = {
  /** What a form says of each alternative of the list; undefined for one that the form did not have. */
  readonly kept: readonly (Posted | undefined)[]
  /** What it says of those that are in the list no more. */
  readonly lost: readonly { readonly id: string; readonly typed: Posted }[]
}

/**
 * What a form says of a list that may have changed since it was made. An alternative's id has its details in it: one whose
 * details somebody changed is the same one still, where it is of the same kind.
 */
export function typedAlternatives(list: readonly Alternative[], posted: Posted): TypedAlternatives {
  const ids = idsPosted(posted, 'a')
  const left = new Map(ids.map((id, index) => [index, id]))
  const take = (isIt: (id: string) => boolean): Posted | undefined => {
    const found = [...left].find(([, id]) => isIt(id))
    if (found === undefined) return undefined
    left.delete(found[0])
    return postedAt(posted, `a${found[0]}`)
  }
  const exact = list.map((one) => take((id) => id === alternativeId(one)))
  const kept = list.map((one, index) => exact[index] ?? take((id) => id.split(':', 1)[0] === one.kind))
  return { kept, lost: [...left].map(([index, id]) => ({ id, typed: postedAt(posted, `a${index}`) })) }
}

function changed(alternative: Alternative, posted: Posted, name: string, reasonIds: readonly string[]): unknown {
  const { labels: ownLabels, reasons: ownReasons, ...kind } = alternative
  const labels = labelsAt(posted, `${name}.label`, ownLabels ?? {})
  // A reason that no question offers today has no box to tick, and stays.
  const hidden = (ownReasons ?? []).filter((one) => !reasonIds.includes(one))
  const reasons = [...reasonIds.filter((one) => posted(`${name}.reason.${one}`) === 'yes'), ...hidden]
  return {
    ...kind,
    ...detailsOf(alternative, posted, name),
    ...(Object.keys(labels).length > 0 && { labels }),
    ...(reasons.length > 0 && { reasons }),
  }
}

function detailsOf(alternative: Alternative, posted: Posted, name: string): Readonly<Record<string, unknown>> {
  switch (alternative.kind) {
    case 'pause':
      return { days: Number(posted(`${name}.days`) ?? alternative.days) }
    case 'less':
      return {
        max: Number(posted(`${name}.max`) ?? alternative.max),
        per: posted(`${name}.per`) ?? alternative.per,
      }
    case 'digest': {
      const topic = posted(`${name}.topic`) ?? alternative.topic
      return { topic: topic === '' ? undefined : topic }
    }
    case 'other_channel':
      return { channel: posted(`${name}.channel`) ?? alternative.channel }
    case 'pause_until':
    case 'fewer_topics':
    case 'other_address':
      return {}
  }
}
