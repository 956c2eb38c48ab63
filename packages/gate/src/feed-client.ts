import type { FeedLine } from './feed-line.ts'
import { FeedUnreadable, readFeedLine } from './feed-line.ts'

/** The longest line: a standing of a few hundred choices. More without a line end is no feed. */
const lineCharactersMax = 4 * 1024 * 1024
/** The hub says something every 15 seconds; a line silent for twice that is dead. */
export const silentMsMax = 30_000

export type FeedSource = { readonly url: string; readonly key: string }

/** The hub answered, and not with the feed. */
export class FeedRefused extends Error {
  override readonly name = 'FeedRefused'
  readonly code = 'feed_refused'
  readonly status: number

  constructor(status: number) {
    super(`the hub answered ${status} instead of the feed`)
    this.status = status
  }
}

/**
 * The lines of the feed after a cursor, a batch for each piece that arrives, until the line breaks.
 * @throws {FeedRefused} for another status than 200, {@link FeedUnreadable}, and what `fetch` throws when a line breaks.
 */
export async function* readFeed(
  { url, key }: FeedSource,
  cursor: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<readonly FeedLine[]> {
  const silence = new AbortController()
  let timer = setTimeout(() => silence.abort(), silentMsMax)
  const address = new URL('/v1/changes', url)
  if (cursor !== undefined) address.searchParams.set('after', cursor)
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/x-ndjson', authorization: `Bearer ${key}` },
      signal: AbortSignal.any([signal, silence.signal]),
    })
    if (response.status !== 200 || response.body === null) {
      await response.body?.cancel()
      throw new FeedRefused(response.status)
    }
    yield []
    let rest = ''
    for await (const piece of response.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), silentMsMax)
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > lineCharactersMax) throw new FeedUnreadable('a line does not end')
      if (lines.length > 0) yield lines.filter((line) => line !== '').map(readFeedLine)
    }
  } finally {
    clearTimeout(timer)
  }
}
