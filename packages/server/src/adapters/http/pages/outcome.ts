import { assertNever, type Cadence, type Channel } from '@verzet/core'
import type { PageFrame } from './layout.tsx'
import type { Translate } from './text.ts'
import { channelName, dayInWords, sentenceCase } from './wording.ts'

/** What an act of the person came to. */
export type Outcome =
  | { readonly kind: 'all_stopped' }
  | { readonly kind: 'channel_stopped'; readonly channel: Channel }
  | { readonly kind: 'topic_stopped'; readonly topic: string }
  | { readonly kind: 'paused'; readonly until: Date }
  | { readonly kind: 'pause_ended' }
  | { readonly kind: 'less_often'; readonly cadence: Cadence }
  | { readonly kind: 'less_ended' }
  /** `nothingLeft`: no box stayed ticked, which is narrower than refusing everything. */
  | { readonly kind: 'preferences_saved'; readonly changes: readonly PreferenceChange[]; readonly nothingLeft: boolean }
  | { readonly kind: 'undone' }
  | { readonly kind: 'waiting_for_confirmation'; readonly masked: string }
  | { readonly kind: 'details_saved' }
  | { readonly kind: 'contact_point_added'; readonly masked: string }
  | { readonly kind: 'contact_point_removed'; readonly masked: string }
  | { readonly kind: 'erasure_asked'; readonly masked: string }
  | { readonly kind: 'reason_saved' }
  /** The no was meant. */
  | { readonly kind: 'leaving_confirmed' }
  /** An alternative to a no that was about one topic or one channel. */
  | { readonly kind: 'limited'; readonly about: LimitedTo; readonly limit: LimitedBy }
  | { readonly kind: 'digest'; readonly topic: string }
  | { readonly kind: 'channel_only'; readonly channel: Channel }
  | { readonly kind: 'reminder_set'; readonly at: Date }

export type LimitedTo =
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'channel'; readonly channel: Channel }
export type LimitedBy =
  | { readonly kind: 'pause'; readonly until: Date }
  | { readonly kind: 'cadence'; readonly cadence: Cadence }

export type PreferenceChange = {
  readonly topic: string
  readonly channel: Channel
  readonly to: 'on' | 'off' | 'pending'
}

/** The headline of the page after an act, and its title. */
export function headline(outcome: Outcome, frame: PageFrame, text: Translate): string {
  const controller = frame.controller.name
  switch (outcome.kind) {
    case 'all_stopped':
      return text('done.all', { controller })
    case 'channel_stopped':
      return text('done.channel', { channel: outcome.channel, controller })
    case 'topic_stopped':
      return text('done.topic', { topic: outcome.topic })
    case 'paused':
      return text('pause.until', { date: dayInWords(outcome.until, frame.language, frame.timeZone) })
    case 'pause_ended':
      return text('done.pauseEnded')
    case 'less_often':
      return text('done.less', { ...outcome.cadence })
    case 'less_ended':
      return text('done.lessEnded')
    case 'preferences_saved':
      return text('done.preferences')
    case 'undone':
      return text('done.undone')
    case 'waiting_for_confirmation':
      return text('done.waiting')
    case 'details_saved':
      return text('done.details')
    case 'contact_point_added':
      return text('done.pointAdded')
    case 'contact_point_removed':
      return text('done.pointRemoved', { address: outcome.masked })
    case 'erasure_asked':
      return text('done.erasure')
    case 'reason_saved':
      return text('done.reason')
    case 'leaving_confirmed':
      return text('done.confirmed')
    case 'limited':
      return limitedInWords(outcome.about, outcome.limit, frame, text)
    case 'digest':
      return text('done.digest', { topic: outcome.topic })
    case 'channel_only':
      return text('done.channelOnly', { channel: outcome.channel })
    case 'reminder_set':
      return text('done.reminder', { date: dayInWords(outcome.at, frame.language, frame.timeZone) })
    default:
      return assertNever(outcome)
  }
}

/** The sentences under the headline that belong to this outcome alone. */
export function explanation(outcome: Outcome, text: Translate): readonly string[] {
  switch (outcome.kind) {
    case 'all_stopped':
    case 'channel_stopped':
    case 'topic_stopped':
    case 'paused':
    case 'less_often':
    case 'pause_ended':
    case 'less_ended':
    case 'details_saved':
      return [text('done.now')]
    case 'preferences_saved':
      if (outcome.changes.length === 0) return [text('done.preferences.same')]
      return outcome.changes.every(({ to }) => to === 'pending') ? [] : [text('done.now')]
    case 'undone':
      return [text('done.undone.explained')]
    case 'waiting_for_confirmation':
      return [text('done.waiting.explained', { address: outcome.masked })]
    case 'contact_point_added':
      return [text('done.pointAdded.explained', { address: outcome.masked })]
    case 'contact_point_removed':
      return [text('done.pointRemoved.explained')]
    case 'erasure_asked':
      return [
        text('done.erasure.stopped'),
        text('done.erasure.explained', { address: outcome.masked }),
        text('erase.kept'),
      ]
    case 'reason_saved':
      return [text('done.reason.explained')]
    case 'leaving_confirmed':
      return [text('done.confirmed.explained')]
    case 'limited':
    case 'digest':
    case 'channel_only':
      return [text('done.now')]
    case 'reminder_set':
      return [text('done.reminder.explained')]
    default:
      return assertNever(outcome)
  }
}

/** A pause or a cadence of one topic or one channel. */
export function limitedInWords(about: LimitedTo, limit: LimitedBy, frame: PageFrame, text: Translate): string {
  const what = about.kind === 'topic' ? about.topic : sentenceCase(channelName(about.channel, text), frame.language)
  if (limit.kind === 'cadence') return text('done.limited.less', { what, ...limit.cadence })
  return text('done.limited.pause', { what, date: dayInWords(limit.until, frame.language, frame.timeZone) })
}

export function changeInWords(change: PreferenceChange, text: Translate): string {
  const values = { topic: change.topic, channel: channelName(change.channel, text) }
  switch (change.to) {
    case 'on':
      return text('change.on', values)
    case 'off':
      return text('change.off', values)
    case 'pending':
      return text('change.pending', values)
    default:
      return assertNever(change.to)
  }
}
