import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
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

/** An answer that is still coming. It breaks when nothing is heard of it for too long. */
export type OpenFeed = {
  readonly contentType: string
  readonly body: AsyncIterable<Uint8Array>
  /** Something came. */
  hear(): void
  /** Nobody waits for more. */
  end(): void
}

type FeedWish = { readonly cursor?: string | undefined; readonly follow?: boolean; readonly accept: string }

/**
 * Asks for the feed in one of the forms accepted. Every one that is opened has to be ended.
 * @throws {FeedRefused} for another status than 200, and what a connection that fails or breaks throws.
 */
export async function openFeed(
  { url, key }: FeedSource,
  { cursor, follow = true, accept }: FeedWish,
  signal: AbortSignal,
): Promise<OpenFeed> {
  const silence = new AbortController()
  const startTimer = () => setTimeout(() => silence.abort(), silentMsMax)
  let timer = startTimer()
  const address = new URL('/v1/changes', url)
  if (cursor !== undefined) address.searchParams.set('after', cursor)
  if (!follow) address.searchParams.set('follow', 'false')
  try {
    const headers = { accept, authorization: `Bearer ${key}` }
    const response = await ask(address, headers, AbortSignal.any([signal, silence.signal]))
    if (response.statusCode !== 200) {
      response.destroy()
      throw new FeedRefused(response.statusCode ?? 0)
    }
    return {
      contentType: response.headers['content-type'] ?? '',
      body: response,
      hear() {
        clearTimeout(timer)
        timer = startTimer()
      },
      end() {
        clearTimeout(timer)
        response.destroy()
      },
    }
  } catch (error) {
    clearTimeout(timer)
    throw error
  }
}

/** Not `fetch`: a piece of its body costs a gate more than the change in it. */
function ask(address: URL, headers: Record<string, string>, signal: AbortSignal): Promise<IncomingMessage> {
  const request = address.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    // A connection of its own: it is followed for days.
    request(address, { headers, signal, agent: false }, resolve).on('error', reject).end()
  })
}

/**
 * The lines of the feed after a cursor, or of one that was `opened`, a batch for each piece that arrives, until the line
 * breaks; without `follow` until everything so far has come.
 * @throws {FeedRefused} for another status than 200, {@link FeedUnreadable}, and what a connection that breaks throws.
 */
export async function* readFeed(
  source: FeedSource,
  cursor: string | undefined,
  signal: AbortSignal,
  { follow = true, opened }: { readonly follow?: boolean; readonly opened?: OpenFeed } = {},
): AsyncGenerator<readonly FeedLine[]> {
  const feed = opened ?? (await openFeed(source, { cursor, follow, accept: 'application/x-ndjson' }, signal))
  try {
    yield []
    let rest = ''
    const decoder = new TextDecoder('utf-8', { fatal: true })
    for await (const piece of feed.body) {
      feed.hear()
      const lines = (rest + decode(decoder, piece)).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > lineCharactersMax) throw new FeedUnreadable('a line does not end')
      if (lines.length > 0) yield lines.filter((line) => line !== '').map(readFeedLine)
    }
  } finally {
    feed.end()
  }
}

function decode(decoder: TextDecoder, piece: Uint8Array): string {
  try {
    return decoder.decode(piece, { stream: true })
  } catch {
    throw new FeedUnreadable('the feed is not UTF-8')
  }
}
