import { channels } from '@verzet/core'
import type { Catalog } from '../../../../services/catalog.ts'
import { labelIn } from '../../../../services/forms/leave-form.ts'
import { readPublishedForm } from '../../../../services/forms/read-leave-form.ts'
import type { Hub } from '../../../../services/hub.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import type { Dimension } from '../../../../storage/insight-days.ts'
import type { Language, Translate } from '../../pages/text.ts'

/** What a value is called, in the reader's language. */
export type NameOfValue = (dimension: Dimension | 'channel', value: string) => string

/** The brand's own words for its topics and reasons, the product's for everything else. */
export async function namesOfValues(
  hub: Pick<Hub, 'db' | 'catalog' | 'pages'>,
  brand: BrandRow,
  language: Language,
  text: Translate,
): Promise<NameOfValue> {
  const form = await readPublishedForm(hub, brand)
  const reasons = new Map(
    form.questions.flatMap((question) =>
      'choices' in question ? question.choices.map(({ id, labels }) => [id, labelIn(labels, language).text]) : [],
    ),
  )
  return (dimension, value) => {
    if (value === '') return dimension === 'all' ? text('insight.all') : text('insight.unknown')
    switch (dimension) {
      case 'channel':
        return channelName(text, value)
      case 'topic':
        return topicName(hub.catalog, brand, value, language)
      case 'reason':
        return reasons.get(value) ?? value
      case 'signal':
        return text('insight.signal', { signal: value })
      case 'language':
        return text('insight.language', { language: value })
      case 'age':
        return text('insight.age', { age: value })
      case 'since_send':
        return text('insight.sinceSend', { time: value })
      case 'answer':
        return answerName(text, value)
      default:
        return value
    }
  }
}

export function channelName(text: Translate, channel: string): string {
  return channels.some((one) => one === channel) ? text('insight.channel', { channel }) : text('insight.unknown')
}

function topicName(catalog: Catalog, brand: BrandRow, topic: string, language: Language): string {
  const names = catalog.topic(brand.id, topic)?.names
  return names === undefined ? topic : labelIn(names, language).text || topic
}

/** `confirm_by_mail:returned`: how it was asked, and what came of it. */
function answerName(text: Translate, value: string): string {
  const [policy = '', state = ''] = value.split(':')
  return `${text('insight.policy', { policy })}: ${text('insight.state', { state })}`
}
