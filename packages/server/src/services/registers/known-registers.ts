import { type Channel, type ChannelRule, channels, type LegalSource, type RegisterRule, rulePacks } from '@verzet/core'

/** An outside do-not-contact list that a rule pack consults. */
export type KnownRegister = {
  readonly id: string
  /** What its file lists. */
  readonly type: 'phone' | 'post'
  /** Where a number or an address in it lies that names no country. */
  readonly country: string
  readonly channel: Channel
  /** The shortest that any rule gives it. */
  readonly validityDays: number
  /** No law asks for it: only for the brands that hold themselves to it is it consulted. */
  readonly isVoluntary: boolean
  /** Own customers are not held against it. */
  readonly exceptsCustomers: boolean
  /** What the rule that names it rests on, and the version of the pack it stands in. */
  readonly sources: readonly LegalSource[]
  readonly rulePack: string
  /** First day no rule asks for it any more, `YYYY-MM-DD`. */
  readonly until?: string
}

/** Only what a rule pack asks for: a list that no rule consults would look imported and refuse nobody. */
export const knownRegisters: ReadonlyMap<string, KnownRegister> = new Map(
  rulePacks.flatMap((pack) =>
    channels.flatMap((channel) =>
      pack.channels[channel].flatMap((rule) =>
        (rule.registers ?? []).map((register): [string, KnownRegister] => [
          register.id,
          knownRegister(register, rule, { country: pack.country, rulePack: pack.version, channel }),
        ]),
      ),
    ),
  ),
)

/** The lists that a brand may say it holds itself to. */
export const voluntaryRegisters: readonly string[] = [...knownRegisters.values()].flatMap(({ id, isVoluntary }) =>
  isVoluntary ? [id] : [],
)

function knownRegister(
  { id, validityDays, voluntary, exceptCustomers }: RegisterRule,
  { sources, until }: ChannelRule,
  { country, channel, rulePack }: Pick<KnownRegister, 'country' | 'channel' | 'rulePack'>,
): KnownRegister {
  return {
    id,
    type: channel === 'post' ? 'post' : 'phone',
    country,
    channel,
    validityDays,
    isVoluntary: voluntary === true,
    exceptsCustomers: exceptCustomers === true,
    sources,
    rulePack,
    ...(until !== undefined && { until }),
  }
}
