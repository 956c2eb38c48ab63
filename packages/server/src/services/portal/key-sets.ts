import { createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { z } from 'zod'
import type { Clock, FetchKeySet } from '../ports.ts'

export type KeySet = ReturnType<typeof createLocalJWKSet>

/** A portal that changes its keys publishes the new one before it signs with it. */
const keptForMs = 10 * 60_000
/** A token may name any key: this is as often as one can make the hub ask. */
const askedAgainAfterMs = 30_000
/** A portal whose key set cannot be reached for a while goes on working. */
const usedWithoutAnswerMs = 24 * 3_600_000
/** Far more than a portal that is changing its keys publishes. */
const keysMax = 50

const keySetSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(keysMax) })

type Kept = {
  readonly keySet?: KeySet
  readonly readAt: number
  /** Also when it failed. */
  readonly askedAt: number
}

/**
 * The published keys of portals (RFC 7517 §5), kept for ten minutes. An address that does not answer is asked again
 * after half a minute; until then, and for a day at most, the keys it gave before are used.
 */
export class KeySets {
  readonly #fetch: FetchKeySet
  readonly #clock: Clock
  readonly #kept = new Map<string, Kept>()
  readonly #asking = new Map<string, Promise<Kept>>()

  constructor(fetch: FetchKeySet, clock: Clock) {
    this.#fetch = fetch
    this.#clock = clock
  }

  /** Undefined when there are no keys to be had. `isMissing`: what is kept lacks the key that was named. */
  async get(url: string, { isMissing }: { isMissing: boolean } = { isMissing: false }): Promise<KeySet | undefined> {
    const now = this.#clock()
    const known = this.#kept.get(url)
    const mayAsk = known === undefined || now - known.askedAt >= askedAgainAfterMs
    const isOld = known?.keySet === undefined || now - known.readAt >= keptForMs
    const kept = mayAsk && (isOld || isMissing) ? await this.#ask(url, known) : known
    return kept !== undefined && now - kept.readAt < usedWithoutAnswerMs ? kept.keySet : undefined
  }

  /** Many who ask at once ask once. */
  #ask(url: string, known: Kept | undefined): Promise<Kept> {
    const underWay = this.#asking.get(url)
    if (underWay !== undefined) return underWay
    const asking = this.#read(url, known).finally(() => this.#asking.delete(url))
    this.#asking.set(url, asking)
    return asking
  }

  async #read(url: string, known: Kept | undefined): Promise<Kept> {
    const askedAt = this.#clock()
    const kept = await this.#fetch(url)
      .then((body): Kept => ({ keySet: createLocalJWKSet(readKeySet(body)), readAt: askedAt, askedAt }))
      // What is no key set is no answer either.
      .catch((): Kept => ({ readAt: Number.NEGATIVE_INFINITY, ...known, askedAt }))
    this.#kept.set(url, kept)
    return kept
  }
}

/** Throws on what is no key set. Keys of a kind that is not used are let be. */
function readKeySet(body: unknown): JSONWebKeySet {
  return keySetSchema.parse(body) as JSONWebKeySet
}
