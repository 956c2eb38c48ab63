import { createHash } from 'node:crypto'
import {
  countryOfContactPoint,
  encodePosition,
  normaliseContactPoint,
  type Position,
  partitionOf,
  partitionsCount,
  type Standing,
} from '@verzet/core'
import { FingerprintSet, hashPair, type ListHash, Replica, StandingIndex } from '@verzet/gate'
import { changesAfter, lastSequence } from '../storage/changes.ts'
import type { Queryable } from '../storage/database.ts'
import { pageKnownAddresses } from '../storage/known-addresses.ts'
import { countStandings, pageStandings } from '../storage/standings.ts'
import { assertNext } from './change-tailer.ts'

/** A page of some hundred kilobytes, read in a few milliseconds. */
const pageRows = 5_000
/** Changes of one partition in one page. */
const partitionChangesMax = 80
const firstKey = '00000000-0000-0000-0000-000000000000'

export type ListIndex = {
  readonly index: StandingIndex
  /** The feed's end when reading began: the index holds everything until then. */
  readonly position: string
  /** Those something changed about after the position asked for, as the index knows them. */
  readonly changed?: FingerprintSet
}

export type ListIndexWants = {
  /** The list holds hashes: the index is made over those of the addresses that are known. */
  readonly hash?: ListHash
  readonly since?: Position
  readonly onProgress?: (entries: number) => void
}

/** Reads what holds for every e-mail address and number into memory, for a list to be judged from. */
export async function readListIndex(db: Queryable, { hash, since, onProgress }: ListIndexWants): Promise<ListIndex> {
  const last = await lastSequence(db)
  const position = encodePosition({ last })
  const fingerprints = since && (await changedSince(db, since.last))
  if (hash !== undefined) return { ...(await readHashes(db, hash, last, fingerprints, onProgress)), position }
  const index = new StandingIndex({ expectedEntries: await countStandings(db), withChoiceIds: false })
  const replica = new Replica(index)
  let entries = 0
  for (let key: string | undefined = firstKey; key !== undefined; ) {
    const rows = await pageStandings(db, key, pageRows)
    for (const row of rows) {
      // Known by its key alone, or of a kind that stands in no list.
      if (row.fingerprint === 0n || (row.type !== 'email' && row.type !== 'phone')) continue
      add(replica, wordsOf(row.fingerprint), row.contactKey, row.record, last)
    }
    entries += rows.length
    onProgress?.(entries)
    key = rows.length < pageRows ? undefined : rows.at(-1)?.contactKey
  }
  return { index, position, ...(fingerprints && { changed: fingerprints }) }
}

async function readHashes(
  db: Queryable,
  hash: ListHash,
  last: readonly bigint[],
  fingerprints: FingerprintSet | undefined,
  onProgress: ((entries: number) => void) | undefined,
): Promise<Omit<ListIndex, 'position'>> {
  const index = new StandingIndex({ expectedEntries: await countStandings(db), withChoiceIds: false })
  const replica = new Replica(index)
  const changed = fingerprints && new FingerprintSet()
  let entries = 0
  for (let key: string | undefined = firstKey; key !== undefined; ) {
    const rows = await pageKnownAddresses(db, key, pageRows)
    for (const { key: contactKey, type, value, fingerprint, record } of rows) {
      const pair = hashPair(hash, createHash(hash).update(value).digest('hex'))
      const read = normaliseContactPoint({ type, value })
      if (pair === undefined || read.kind !== 'ok') continue
      const country = record?.country ?? countryOfContactPoint(read.contactPoint)
      // An entry even where nothing was said: the hash is then that of somebody known. A hash names no country.
      const standing = { groups: [], listedIn: [], ...record, ...(country !== undefined && { country }) }
      add(replica, pair, contactKey, standing, last)
      const words = wordsOf(fingerprint ?? 0n)
      if (fingerprints?.has(words.low, words.high)) changed?.add(pair.low, pair.high)
    }
    entries += rows.length
    onProgress?.(entries)
    key = rows.length < pageRows ? undefined : rows.at(-1)?.key
  }
  return { index, ...(changed && { changed }) }
}

/** Two contact points with one fingerprint are judged by the stricter of their standings, as in every replica. */
function add(
  replica: Replica,
  words: { low: number; high: number },
  key: string,
  standing: Standing,
  last: readonly bigint[],
): void {
  replica.apply({ type: 'standing', ...words, key, standing, cursor: '', position: { last } })
}

async function changedSince(db: Queryable, from: readonly bigint[]): Promise<FingerprintSet> {
  const last = Array.from({ length: partitionsCount }, (_, partition) => from[partition] ?? 0n)
  const changed = new FingerprintSet()
  for (;;) {
    const known = last.map((number, partition) => ({ partition, last: number }))
    const changes = await changesAfter(db, known, partitionChangesMax)
    if (changes.length === 0) return changed
    for (const change of changes) {
      assertNext(change, last[partitionOf(change.contactKey)] ?? 0n)
      last[change.partition] = change.seq
      const { low, high } = wordsOf(change.fingerprint)
      if (change.fingerprint !== 0n) changed.add(low, high)
    }
  }
}

function wordsOf(fingerprint: bigint): { low: number; high: number } {
  const unsigned = BigInt.asUintN(64, fingerprint)
  return { low: Number(unsigned & 0xffffffffn), high: Number(unsigned >> 32n) }
}
