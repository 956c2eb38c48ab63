import { cadencePeriods, channels } from '@verzet/core'
import { type FormChoice, labelIn } from '../../../../services/forms/leave-form.ts'
import { type Alternative, alternativeId, pauseDaysMax } from '../../../../services/leaving/leaving-settings.ts'
import type { TopicRow } from '../../../../storage/catalog.ts'
import { channelName } from '../insight/insight-words.ts'
import { alternativeName } from '../insight/lives-tables.tsx'
import type { StaffFrame } from '../layout.tsx'
import { addableTo, typedAlternatives } from './alternative-form.ts'
import { type DifferingField, differingFields } from './form-version.tsx'
import { labelDifferences, lostDifference, orderDifference, removeDifference } from './question-differences.ts'
import type { Posted } from './question-form.ts'
import { isTicked } from './typed-places.ts'

type Voice = Pick<StaffFrame, 'text' | 'language'>
type Topics = readonly TopicRow[]

/** A field that only this kind of alternative has. */
export type DetailField = { readonly name: string; readonly label: string; readonly value: string } & (
  | { readonly kind: 'number'; readonly max?: number }
  | { readonly kind: 'choice'; readonly of: readonly (readonly [string, string])[] }
)

export function detailFields(voice: Voice, alternative: Alternative, topics: Topics): readonly DetailField[] {
  const { text, language } = voice
  switch (alternative.kind) {
    case 'pause': {
      const label = text('content.alternatives.days')
      return [{ kind: 'number', name: 'days', label, value: String(alternative.days), max: pauseDaysMax }]
    }
    case 'less': {
      const periods = cadencePeriods.map((per) => [per, text('content.alternatives.period', { per })] as const)
      const often = { kind: 'number', name: 'max', label: text('content.alternatives.max'), max: 100 } as const
      const per = { kind: 'choice', name: 'per', label: text('content.alternatives.per'), of: periods } as const
      return [
        { ...often, value: String(alternative.max) },
        { ...per, value: alternative.per },
      ]
    }
    case 'digest': {
      const none = ['', text('content.alternatives.topic.none')] as const
      const of = [none, ...topics.map(({ id, names }) => [id, names[language] ?? names.en ?? id] as const)]
      const label = text('content.alternatives.topic')
      return [{ kind: 'choice', name: 'topic', label, value: alternative.topic ?? '', of }]
    }
    case 'other_channel': {
      const of = channels.map((channel) => [channel, channelName(text, channel)] as const)
      const label = text('content.alternatives.channel')
      return [{ kind: 'choice', name: 'channel', label, value: alternative.channel, of }]
    }
    case 'pause_until':
    case 'fewer_topics':
    case 'other_address':
      return []
  }
}

type Stored = {
  readonly alternatives: readonly Alternative[]
  readonly topics: Topics
  readonly reasons: readonly FormChoice[]
}

/** Where a form of alternatives says something else than the list that is stored by now. */
export function alternativeDifferences(voice: Voice, stored: Stored, posted: Posted): readonly DifferingField[] {
  const { text } = voice
  const { kept, lost } = typedAlternatives(stored.alternatives, posted)
  const differing = stored.alternatives.flatMap((alternative, index) => {
    const typed = kept[index]
    if (typed === undefined) return []
    const name = `${index + 1}. ${alternativeName(text, alternativeId(alternative))}`
    return [
      ...orderDifference(voice, name, index, typed),
      ...detailFields(voice, alternative, stored.topics).flatMap((detail) => detailDifference(name, detail, typed)),
      ...labelDifferences(voice, name, 'label', alternative.labels ?? {}, typed),
      ...reasonDifferences(voice, name, { alternative, reasons: stored.reasons }, typed),
      ...removeDifference(voice, name, typed),
    ]
  })
  const gone = lost.map(({ id, typed }) => lostDifference(voice, alternativeName(text, id), typed))
  return [...differing, ...gone, ...listDifferences(voice, stored.alternatives, posted)]
}

/** What a form says of the list as a whole: something is added to it, or it gives way to the usual one. */
function listDifferences({ text }: Voice, list: readonly Alternative[], posted: Posted): DifferingField[] {
  const added = addableTo(list).filter((one) => alternativeId(one) === posted('add'))
  const nameOf = (one: Alternative) => alternativeName(text, alternativeId(one))
  return [
    ...added.map((one) => ({ name: text('content.alternatives.add'), stored: '', typed: nameOf(one) })),
    ...(isTicked(posted, 'usual')
      ? [{ name: text('content.alternatives.usual'), stored: '', typed: text('content.ticked') }]
      : []),
  ]
}

function detailDifference(name: string, detail: DetailField, typed: Posted): DifferingField[] {
  const inWords = (_: string, value: string) =>
    (detail.kind === 'choice' ? detail.of.find(([one]) => one === value)?.[1] : undefined) ?? value
  const typedValue = typed(detail.name) ?? detail.value
  const nameOf = () => ({ name: `${name}: ${detail.label}` })
  return differingFields({ value: detail.value }, { value: typedValue }, inWords, nameOf)
}

function reasonDifferences(
  { text, language }: Voice,
  name: string,
  { alternative, reasons }: { readonly alternative: Alternative; readonly reasons: readonly FormChoice[] },
  typed: Posted,
): DifferingField[] {
  return reasons.flatMap(({ id, labels }) => {
    const wasTicked = alternative.reasons?.includes(id) ?? false
    const nowTicked = isTicked(typed, `reason.${id}`)
    if (wasTicked === nowTicked) return []
    const tick = (isOn: boolean) => (isOn ? text('content.ticked') : '')
    const reason = `${text('content.alternatives.reasons')}, ${labelIn(labels, language).text}`
    return [{ name: `${name}: ${reason}`, stored: tick(wasTicked), typed: tick(nowTicked) }]
  })
}
