import { cadencePeriods, channels } from '@verzet/core'
import { type Alternative, alternativeId } from '../../../../services/leaving/leaving-settings.ts'
import { labelsAt, type Posted } from './question-form.ts'

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
 * one added. Not judged yet: what is no number is not one here either, and the schema says so.
 */
export function changedAlternatives(
  before: readonly Alternative[],
  posted: Posted,
  reasonIds: readonly string[],
): readonly unknown[] {
  const kept = before.flatMap((alternative, index) => {
    const name = `a${index}`
    if (posted(`${name}.remove`) === 'yes') return []
    const order = Number(posted(`${name}.order`) ?? index + 1)
    return [
      { order: Number.isFinite(order) ? order : index + 1, alternative: changed(alternative, posted, name, reasonIds) },
    ]
  })
  const added = addableTo(before).filter((one) => alternativeId(one) === posted('add'))
  return [...kept.toSorted((one, other) => one.order - other.order).map(({ alternative }) => alternative), ...added]
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
