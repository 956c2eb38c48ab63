import { normaliseContactPoint, type Standing } from '@verzet/core'
import { Fingerprinter } from '../../fingerprinter.ts'
import { type GateCatalog, Questions } from '../../questions.ts'
import { StandingIndex } from '../../standing-index.ts'
import { ListFile } from '../list-file.ts'
import type { ScrubCounts } from '../outcome.ts'
import { type ScrubOptions, scrubInPieces } from '../scrub.ts'

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

/** Scrubs a list given in chunks; `pieces` says how it is cut, and what other threads run. */
export async function scrubbed(
  list: string | Uint8Array | readonly Uint8Array[] | ListFile,
  options: Partial<ScrubOptions> = {},
  pieces: Parameters<typeof scrubInPieces>[3] = {},
): Promise<Scrubbed> {
  const input = list instanceof ListFile ? list : inChunks(list)
  const kept: Uint8Array[] = []
  const refused: Uint8Array[] = []
  const questions = questionsAbout(people)
  const counts = await scrubInPieces(
    input,
    { write: (bytes) => void kept.push(Buffer.from(bytes)) },
    {
      about: newsByMail,
      questions: () => questions,
      chooseColumns: (header) => ({ email: [Math.max(0, header.indexOf('email'))], phone: [] }),
      clock: () => now,
      refused: { write: (bytes) => void refused.push(Buffer.from(bytes)) },
      ...options,
    },
    pieces,
  )
  return { kept: Buffer.concat(kept), refused: Buffer.concat(refused), counts }
}

async function* inChunks(list: string | Uint8Array | readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  if (typeof list === 'string') yield Buffer.from(list)
  else if (list instanceof Uint8Array) yield list
  else yield* list
}
