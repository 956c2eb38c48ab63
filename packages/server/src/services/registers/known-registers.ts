import { channels, rulePacks } from '@verzet/core'

/** An outside do-not-contact list that a rule pack consults. */
export type KnownRegister = {
  readonly id: string
  /** What its file lists. */
  readonly type: 'phone' | 'post'
  /** Where a number or an address in it lies that names no country. */
  readonly country: string
  /** The shortest that any rule gives it. */
  readonly validityDays: number
}

/** Only what a rule pack asks for: a list that no rule consults would look imported and refuse nobody. */
export const knownRegisters: ReadonlyMap<string, KnownRegister> = new Map(
  rulePacks.flatMap((pack) =>
    channels.flatMap((channel) =>
      pack.channels[channel].flatMap(({ registers = [] }) =>
        registers.map(({ id, validityDays }): [string, KnownRegister] => [
          id,
          { id, type: channel === 'post' ? 'post' : 'phone', country: pack.country, validityDays },
        ]),
      ),
    ),
  ),
)
