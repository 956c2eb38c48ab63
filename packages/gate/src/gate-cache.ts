import { deploymentOf, type ReplicaTerms } from './hub-client.ts'
import { Replica } from './replica.ts'
import { readSnapshot, writeSnapshot } from './snapshot-file.ts'
import { StandingIndex } from './standing-index.ts'

/** A replica with the cursor it goes on after. */
export type CachedReplica = { readonly replica: Replica; readonly cursor: string }

/** Undefined when there is none that is whole and of this deployment: the hub has everything. */
export async function readCache(
  path: string,
  terms: ReplicaTerms,
  withChoiceIds: boolean,
): Promise<CachedReplica | undefined> {
  const snapshot = await readSnapshot(path)
  if (snapshot === undefined || snapshot.header.deployment !== deploymentOf(terms)) return undefined
  const { cursor, countries } = snapshot.header
  const index = StandingIndex.of(snapshot.parts, countries, { withChoiceIds })
  return index && { replica: Replica.at(index, cursor), cursor }
}

/** @throws what the file system throws. */
export async function writeCache(path: string, terms: ReplicaTerms, { replica, cursor }: CachedReplica): Promise<void> {
  const { index } = replica
  const header = { cursor, deployment: deploymentOf(terms), savedAt: Date.now(), countries: index.countries() }
  await writeSnapshot(path, header, index.parts())
}
