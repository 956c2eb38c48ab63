import { assertNever, type Cadence, type Channel } from '@verzet/core'
import type { PageFrame } from './layout.tsx'
import { type LimitedBy, type LimitedTo, limitedInWords } from './outcome.ts'
import type { Translate } from './text.ts'
import { channelList, dayInWords } from './wording.ts'

/** One line of what now holds for the person, for the short list after an act. */
export type StandsLine =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'receives'; readonly topic: string; readonly channels: readonly Channel[] }
  | { readonly kind: 'refused'; readonly topic: string }
  | { readonly kind: 'channel_refused'; readonly channel: Channel }
  | { readonly kind: 'paused'; readonly until: Date }
  | { readonly kind: 'cadence'; readonly cadence: Cadence }
  | { readonly kind: 'limited'; readonly about: LimitedTo; readonly limit: LimitedBy }

export function standsInWords(line: StandsLine, frame: PageFrame, text: Translate): string {
  switch (line.kind) {
    case 'nothing':
      return text('stands.nothing')
    case 'receives':
      return text('stands.receives', {
        topic: line.topic,
        channels: channelList(line.channels, text, frame.language),
      })
    case 'refused':
      return text('stands.refused', { topic: line.topic })
    case 'channel_refused':
      return text('stands.channelRefused', { channel: line.channel })
    case 'paused':
      return text('pause.until', { date: dayInWords(line.until, frame.language, frame.timeZone) })
    case 'cadence':
      return text('less.current', { ...line.cadence })
    case 'limited':
      return limitedInWords(line.about, line.limit, frame, text)
    default:
      return assertNever(line)
  }
}
