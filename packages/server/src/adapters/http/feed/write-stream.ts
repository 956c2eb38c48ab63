import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { FeedEvent } from '../../../services/follow-changes.ts'
import type { FeedFormat } from './feed-format.ts'

/** A reader that takes nothing for this long is gone, whatever its connection says. */
const stalledMsMax = 30_000
/** What is said to readers at the end has this long to leave the process. */
const farewellMsMax = 1_000

/**
 * Writes pages of events until they end, the reader leaves, or it takes nothing for too long. Waits whenever the
 * connection is full, so that what is not taken is never made.
 */
export async function writeStream(
  response: ServerResponse,
  format: FeedFormat,
  pages: AsyncIterable<readonly FeedEvent[]>,
  abort: AbortController,
): Promise<void> {
  const asText = async function* () {
    for await (const events of pages) yield events.map(format.write).join('')
  }
  await writeChunks(response, asText(), abort)
}

/** The same for what is text or bytes by now. */
export async function writeChunks(
  response: ServerResponse,
  chunks: AsyncIterable<string | Uint8Array>,
  abort: AbortController,
): Promise<void> {
  const leave = () => abort.abort()
  response.once('close', leave)
  if (response.destroyed) leave()
  try {
    for await (const chunk of chunks) {
      if (chunk.length > 0 && !(await write(response, chunk, abort.signal))) return
    }
    response.end()
  } catch {
    // The status line is gone: only a broken connection can say that something failed, and the reader resumes.
    response.destroy()
  } finally {
    response.off('close', leave)
  }
}

/** The streams that are open, so that a hub that closes ends them first. */
export class OpenStreams {
  readonly #open = new Map<AbortController, Promise<void>>()
  #isClosing = false

  async run(abort: AbortController, stream: Promise<void>): Promise<void> {
    this.#open.set(abort, stream)
    if (this.#isClosing) abort.abort()
    await stream.finally(() => this.#open.delete(abort))
  }

  async endAll(): Promise<void> {
    this.#isClosing = true
    const running = [...this.#open.values()]
    for (const abort of this.#open.keys()) abort.abort()
    let timer: NodeJS.Timeout | undefined
    const farewell = new Promise((resolve) => {
      timer = setTimeout(resolve, farewellMsMax)
    })
    await Promise.race([Promise.allSettled(running), farewell])
    clearTimeout(timer)
  }
}

/** False when the reader is gone, or has taken nothing for too long and was sent away. */
async function write(response: ServerResponse, chunk: string | Uint8Array, left: AbortSignal): Promise<boolean> {
  if (response.destroyed) return false
  if (response.write(chunk)) return true
  try {
    await once(response, 'drain', { signal: AbortSignal.any([left, AbortSignal.timeout(stalledMsMax)]) })
    return true
  } catch {
    response.destroy()
    return false
  }
}
