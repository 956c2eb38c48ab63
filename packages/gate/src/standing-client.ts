import { type FeedSource, type OpenFeed, openFeed } from './feed-client.ts'
import type { Replica } from './replica.ts'
import { StandingLoader } from './standing-loader.ts'
import { standingMediaType } from './standing-stream.ts'

/** Everything is in the replica up to a cursor; or the hub is of a version that sends lines, which are still to be read. */
export type Loaded =
  | { readonly kind: 'loaded'; readonly cursor: string }
  | { readonly kind: 'lines'; readonly feed: OpenFeed }

/**
 * Fills an empty replica with everything the hub knows. `onPiece` is told of every piece that was taken in, and may throw.
 * @throws {FeedRefused} for another status than 200, {@link FeedUnreadable}, and what a connection that breaks throws;
 * what is in the replica is then not everything.
 */
export async function loadStandings(
  source: FeedSource,
  replica: Replica,
  signal: AbortSignal,
  onPiece: (isFirst: boolean) => void,
): Promise<Loaded> {
  const ids = replica.index.hasChoiceIds ? '' : ';ids=no'
  const accept = `${standingMediaType}${ids}, application/x-ndjson;q=0.5`
  const feed = await openFeed(source, { accept }, signal)
  if (!feed.contentType.startsWith(standingMediaType)) return { kind: 'lines', feed }
  try {
    const loader = new StandingLoader(replica)
    onPiece(true)
    for await (const piece of feed.body) {
      feed.hear()
      loader.take(piece)
      onPiece(false)
    }
    return { kind: 'loaded', cursor: loader.end() }
  } finally {
    feed.end()
  }
}
