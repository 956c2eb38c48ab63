import { normaliseContactPoint, type Standing } from '@verzet/core'
import { Fingerprinter } from '../../fingerprinter.ts'
import { type GateCatalog, Questions } from '../../questions.ts'
import { StandingIndex } from '../../standing-index.ts'
import type { ScrubCounts } from '../outcome.ts'
import { type ScrubOptions, scrub } from '../scrub.ts'

export const fingerprintKey = Uint8Array.from({ length: 16 }, (_, index) => index * 7 + 1)
export const now = Date.UTC(2026, 4, 1)
export const newsByMail = { brand: 'shop', channel: 'email', topic: 'news' } as const

const catalog: GateCatalog = {
  brands: [{ id: 'shop', country: 'BE', topics: [{ id: 'news', purpose: 'marketing' }] }],
  registers: {},
}

const id = '01890000-0000-7000-8000-000000000001'
const said = (kind: 'objection' | 'pause' | 'cadence'): Standing => ({
  groups: [
    {
      relation: null,
      items: [
        kind === 'objection'
          ? { id, scope: {}, at: 5, kind }
          : kind === 'pause'
            ? { id, scope: {}, at: 5, kind, until: now + 1_000_000 }
            : { id, scope: {}, at: 5, kind, cadence: { max: 1, per: 'week' } },
      ],
    },
  ],
  customer: true,
})

/** Whose address begins with `no` said no to everything, and so on; customers may be written to, strangers may not. */
export const standings: Readonly<Record<string, Standing>> = {
  no: { ...said('objection') },
  pause: said('pause'),
  often: said('cadence'),
  yes: { groups: [], customer: true },
}

export type Person = { readonly type: 'email' | 'phone'; readonly value: string; readonly standing: Standing }

export function questionsAbout(
  people: readonly Person[],
  options: { withChoiceIds?: boolean; key?: Uint8Array } = {},
): Questions {
  const index = new StandingIndex({ withChoiceIds: options.withChoiceIds ?? false })
  const fingerprinter = new Fingerprinter(options.key ?? fingerprintKey)
  for (const { type, value, standing } of people) {
    const read = normaliseContactPoint({ type, value }, { country: 'BE' })
    if (read.kind !== 'ok') throw new Error(read.hint)
    fingerprinter.take(type, read.contactPoint.normalised)
    index.set(fingerprinter.low, fingerprinter.high, standing)
  }
  return new Questions(index, fingerprinter, catalog)
}

/** `no1@x.be`, `yes2@x.be` and so on, three of each. */
export const people: readonly Person[] = Object.entries(standings).flatMap(([name, standing]) =>
  [1, 2, 3].map((number) => ({ type: 'email' as const, value: `${name}${number}@x.be`, standing })),
)

export type Scrubbed = { readonly kept: Buffer; readonly refused: Buffer; readonly counts: ScrubCounts }

/** Scrubs a list given in pieces. */
export async function scrubbed(
  list: string | Uint8Array | readonly Uint8Array[],
  options: Partial<ScrubOptions> = {},
): Promise<Scrubbed> {
  const pieces = typeof list === 'string' ? [Buffer.from(list)] : list instanceof Uint8Array ? [list] : list
  const kept: Uint8Array[] = []
  const refused: Uint8Array[] = []
  const questions = questionsAbout(people)
  const counts = await scrub(
    (async function* () {
      yield* pieces
    })(),
    { write: (bytes) => void kept.push(Buffer.from(bytes)) },
    {
      about: newsByMail,
      questions: () => questions,
      chooseColumns: (header) => ({ email: [Math.max(0, header.indexOf('email'))], phone: [] }),
      clock: () => now,
      refused: { write: (bytes) => void refused.push(Buffer.from(bytes)) },
      ...options,
    },
  )
  return { kept: Buffer.concat(kept), refused: Buffer.concat(refused), counts }
}
