import type { GateFeed } from './gate-feed.ts'
import type { GateState } from './life.ts'

export const staleAfterMsDefault = 30_000
export const bytesMaxDefault = 4 * 1024 ** 3

export type GateOptions = {
  /** Where the hub is: `https://optout.example.com`. */
  readonly url: string
  /** An API key with the scopes `changes:read` and `gate:read`, and `gate:claim` for `claim`. */
  readonly key: string
  /** Without word from the hub for this long everything is denied; 30 seconds. */
  readonly staleAfterMs?: number
  /** Where a snapshot is kept for the next start; nowhere. */
  readonly cacheFile?: string
  /** False leaves `choiceId` out of decisions: refusals of everything are then 16 bytes each, and most others alike. */
  readonly choiceIds?: boolean
  /** Memory the index may take; 4 GiB. Beyond it everything is denied, since what came after is not known. */
  readonly bytesMax?: number
  /**
   * Where the link key comes from, without which `links` refuses: `hub` asks for it with the API key, which then needs the
   * scope `links:mint`; a file is one that `verzet keys link-key` wrote.
   */
  readonly linkKey?: 'hub' | { readonly file: string }
  /** Another way for the changes to arrive, as `natsFeed` of `@verzet/gate-nats`; what it misses comes from the hub. */
  readonly feed?: GateFeed
  /** Told of what went wrong and is being tried again; never with a contact point. */
  readonly onError?: (error: Error) => void
}

export type GateMetrics = {
  readonly state: GateState
  readonly entries: number
  readonly bytes: number
  /** Ms since the hub last said that nothing is missing. */
  readonly silentMs: number
  readonly reconnects: number
  readonly gaps: number
  readonly decisions: Readonly<Record<string, number>>
}
