import type { Channel } from '@verzet/core'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'
import { dayInWords } from './wording.ts'

/** The message that brought the person here, as far as the link tells. */
export type BroughtBy = { readonly channel: Channel; readonly topic?: string; readonly sentAt?: Date }

/** One whole sentence for each of the cases, since a hole in a sentence bends differently in each language. */
export function broughtInWords(from: BroughtBy, frame: PageFrame, text: Translate): string {
  const { channel, topic, sentAt } = from
  const date = sentAt === undefined ? '' : dayInWords(sentAt, frame.language, frame.timeZone)
  if (topic === undefined) return date === '' ? text('brought', { channel }) : text('brought.dated', { channel, date })
  return date === '' ? text('brought.topic', { channel, topic }) : text('brought.topic.dated', { channel, topic, date })
}
