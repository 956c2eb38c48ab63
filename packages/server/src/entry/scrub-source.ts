import { decodePosition, isAtLeast } from '@verzet/core'
import {
  type About,
  createGate,
  FeedRefused,
  Fingerprinter,
  type FingerprintSet,
  type GateCatalog,
  type ListHash,
  Questions,
  readChangedSince,
  type Settler,
} from '@verzet/gate'
import { ProgressLine } from '../adapters/csv/progress-line.ts'
import { brandSettings } from '../services/brand-settings.ts'
import type { Hub } from '../services/hub.ts'
import { readListIndex } from '../services/list-index.ts'
import { askAboutLimits, claimEach, inTurns } from '../services/settle-list.ts'
import { lastSequence } from '../storage/changes.ts'
import { note } from './command-frame.ts'
import { CommandFailed, dataProblem, exitCodes, usageProblem } from './exit-codes.ts'

/** A hub elsewhere that does not answer by then is taken for unreachable. */
const remoteReadyMs = 10 * 60 * 1000

/** What a list is judged with, wherever it comes from. */
export type ScrubSource = {
  readonly questions: () => Questions | undefined
  readonly changed?: FingerprintSet
  readonly settler?: Settler
  /** Where the feed stood when the list was begun: what is said later is after it. */
  readonly position: string
}

export type ScrubWants = {
  readonly about: About
  readonly isClaim: boolean
  readonly hash?: ListHash
  readonly since?: string
}

/** From the hub's own database. */
export async function readLocalSource(hub: Hub, wants: ScrubWants): Promise<ScrubSource> {
  const { about, hash, isClaim } = wants
  const since = wants.since === undefined ? undefined : decodePosition(wants.since)
  const isKnown = since === undefined || isAtLeast({ last: await lastSequence(hub.db) }, { last: since.last })
  if (!isKnown || (wants.since !== undefined && since === undefined)) throw unknownPosition()
  const progress = new ProgressLine(process.stderr, 'what holds', undefined, hub.clock())
  const { index, changed, position } = await readListIndex(hub.db, {
    ...(hash !== undefined && { hash }),
    ...(since !== undefined && { since }),
    onProgress: (entries) => progress.show(entries, 0, hub.clock()),
  })
  progress.end()
  const questions = new Questions(index, new Fingerprinter(hub.secrets.fingerprintKey), catalogOf(hub.catalog))
  // Of a hash nobody knows whom to ask about.
  const settler = hash !== undefined ? undefined : isClaim ? claimEach(hub, about) : askAboutLimits(hub, about)
  return { questions: () => questions, position, ...(changed && { changed }), ...(settler && { settler }) }
}

function catalogOf(catalog: Hub['catalog']): GateCatalog {
  return {
    brands: catalog.brands().map(({ id, country, settings }) => ({
      id,
      country,
      pledgedRegisters: brandSettings({ settings }).pledgedRegisters ?? [],
      topics: catalog.topics(id),
    })),
    registers: catalog.registers(),
  }
}

/** From a hub elsewhere, through a gate that follows it for as long as the list takes. */
export async function openRemoteSource(
  place: { readonly url: string; readonly key: string },
  { about, since, isClaim }: ScrubWants,
  signal: AbortSignal,
): Promise<ScrubSource & AsyncDisposable> {
  await assertKeyTaken(place)
  const delta = since === undefined ? undefined : await changesAt(place, since, signal)
  const gate = createGate({ ...place, choiceIds: false, onError: ({ message }) => note(`verzet: ${message}`) })
  const late = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(unreachable()), remoteReadyMs)
    timer.unref()
    signal.addEventListener('abort', () => reject(unreachable()))
  })
  try {
    await Promise.race([gate.ready, late])
  } catch (error) {
    await gate.close()
    throw error
  }
  const settler: Settler = {
    isNeeded: ({ reason }) => reason === 'cadence',
    settle: (points) => inTurns(points, (point) => gate.claim(point, about)),
  }
  return {
    questions: () => gate.questions(),
    position: delta?.position ?? gate.position ?? '',
    ...(delta && { changed: delta.changed }),
    ...(isClaim && { settler }),
    [Symbol.asyncDispose]: () => gate.close(),
  }
}

/** A gate goes on trying, whatever it is answered; a key that is refused will not be taken later either. */
async function assertKeyTaken({ url, key }: { readonly url: string; readonly key: string }): Promise<void> {
  const asked = new URL('/v1/gate/replica', url)
  const response = await fetch(asked, { headers: { authorization: `Bearer ${key}` } }).catch(() => undefined)
  await response?.body?.cancel()
  if (response === undefined) throw unreachable()
  if (response.status === 401 || response.status === 403) {
    throw usageProblem('the hub does not take this key: it needs the scope changes:read')
  }
}

async function changesAt(place: { readonly url: string; readonly key: string }, since: string, signal: AbortSignal) {
  try {
    return await readChangedSince(place, since, signal)
  } catch (error) {
    if (error instanceof FeedRefused && (error.status === 410 || error.status === 400)) throw unknownPosition()
    if (error instanceof FeedRefused) throw new CommandFailed(exitCodes.unavailable, error.message)
    throw unreachable()
  }
}

function unknownPosition(): CommandFailed {
  return dataProblem('--since: the hub has no such position, as after a restore; scrub the whole list')
}

function unreachable(): CommandFailed {
  return new CommandFailed(exitCodes.unavailable, 'the hub cannot be reached')
}
