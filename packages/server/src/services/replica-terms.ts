import type { Purpose } from '@verzet/core'
import { readFeedName } from '../storage/feed-name.ts'
import { countStandings } from '../storage/standings.ts'
import { brandSettings } from './brand-settings.ts'
import type { Hub } from './hub.ts'

export type ReplicaTerms = {
  /** Base64 of 16 bytes. */
  readonly fingerprintKey: string
  readonly feed: string
  readonly entries: number
  readonly brands: {
    readonly id: string
    readonly country: string
    readonly pledgedRegisters: string[]
    readonly topics: { readonly id: string; readonly purpose: Purpose }[]
  }[]
  readonly registers: Readonly<Record<string, string>>
}

/** What a copy of the gate needs to judge as this hub does, beside the standings that the feed brings. */
export async function readReplicaTerms({ db, catalog, secrets }: Hub): Promise<ReplicaTerms> {
  return {
    fingerprintKey: Buffer.from(secrets.fingerprintKey).toString('base64'),
    feed: await readFeedName(db),
    entries: await countStandings(db),
    brands: catalog.brands().map(({ id, country, settings }) => ({
      id,
      country,
      pledgedRegisters: [...(brandSettings({ settings }).pledgedRegisters ?? [])],
      topics: catalog.topics(id).map((topic) => ({ id: topic.id, purpose: topic.purpose })),
    })),
    registers: Object.fromEntries(
      Object.entries(catalog.registers()).map(([id, takenAt]) => [id, new Date(takenAt).toISOString()]),
    ),
  }
}
