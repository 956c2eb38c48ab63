import type { Channel } from './channel.ts'

/** A legal source: the text a rule rests on, and whether it still has to be confirmed by a lawyer. */
export type LegalSource = { readonly text: string; readonly toConfirm?: true }

/** An outside do-not-contact list that has to be consulted, and how old its snapshot may be. */
export type RegisterRule = {
  readonly id: string
  readonly validityDays: number
  /** The list does not bind towards the organisation's own customers. */
  readonly exceptCustomers?: true
  /** No law asks for it: it is consulted for the brands that hold themselves to it. */
  readonly voluntary?: true
}

/** What holds on one channel when nothing was said. Of several, the one whose dates hold today counts. */
export type ChannelRule = {
  /** First day it holds, `YYYY-MM-DD` UTC; absent: always did. */
  readonly from?: string
  /** First day it no longer holds. */
  readonly until?: string
  /** `opt_in`: a consent is needed; `opt_out`: allowed until an objection. */
  readonly silence: 'opt_in' | 'opt_out'
  /** Under opt-in: own customers may be written to (ePrivacy art. 13(2)). */
  readonly customers?: true
  /** Under opt-in: impersonal addresses of legal persons may be written to. */
  readonly impersonal?: true
  readonly registers?: readonly RegisterRule[]
  readonly sources: readonly LegalSource[]
}

/** Per country, as data. `version` changes whenever a rule does and is kept with each decision. */
export type RulePack = {
  readonly country: string
  readonly version: string
  readonly channels: Readonly<Record<Channel, readonly ChannelRule[]>>
  /** Opt-outs heard on these channels are acknowledged by e-mail. */
  readonly acknowledge?: { readonly channels: readonly Channel[]; readonly sources: readonly LegalSource[] }
}

/** The rule of a channel on a day, or undefined when the pack has none: then nothing may be sent (rule 6). */
export function channelRuleAt(pack: RulePack, channel: Channel, now: number): ChannelRule | undefined {
  const day = new Date(now).toISOString().slice(0, 10)
  return pack.channels[channel].find(
    (rule) => (rule.from === undefined || rule.from <= day) && (rule.until === undefined || day < rule.until),
  )
}
