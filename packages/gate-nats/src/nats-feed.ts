import { DeliverPolicy, type JsMsg, jetstream, jetstreamManager } from '@nats-io/jetstream'
import type { NatsConnection } from '@nats-io/transport-node'
import type { GateFeed } from '@verzet/gate'
import { NatsLink, type NatsPlace } from './nats-link.ts'
import { type NatsNames, natsNames } from './nats-names.ts'

export type NatsFeedOptions = NatsPlace & {
  /** What the hub calls its stream (`VERZET_NATS_NAME`); `verzet`. */
  readonly name?: string
}

/** Asked for at once; the server sends more as they are taken. */
const messagesPerPull = 1_000
/** What may lie here untaken, in lines of some hundred bytes; a reader that is slower reads the database's feed. */
const linesWaitingMax = 50_000
/** Without a sign of life the client asks for the consumer anew. */
const consumerIdleMs = 5_000

export class NatsFeedBroken extends Error {
  override readonly name = 'NatsFeedBroken'
  readonly code = 'nats_feed_broken'
}

/**
 * The hub's changes from NATS JetStream, for `createGate({ feed })`. One may serve several gates; dispose of it after them.
 * It promises nothing about being complete: the gate counts, and asks the hub for what is missing.
 */
export function natsFeed({ name, ...place }: NatsFeedOptions): GateFeed & AsyncDisposable {
  const link = new NatsLink(place, 'verzet-gate')
  return {
    open: async (signal) => openPublished(await link.connection(), natsNames(name), signal),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  }
}

/**
 * What is published after the moment this resolves, oldest first, as lines of the hub's feed. Ends when the signal is
 * aborted. @throws {NatsFeedBroken} when the connection breaks or the reader is too slow.
 */
export async function openPublished(
  connection: NatsConnection,
  names: NatsNames,
  signal: AbortSignal,
): Promise<AsyncIterable<readonly string[]>> {
  const manager = await jetstreamManager(connection, { checkAPI: false })
  const { state } = await manager.streams.info(names.stream)
  return readLines(signal, async (lines) => {
    // Made only now, so that whoever opens and never reads leaves nothing behind.
    const consumer = await jetstream(connection).consumers.get(names.stream, {
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: state.last_seq + 1,
    })
    const messages = await consumer.consume({
      max_messages: messagesPerPull,
      idle_heartbeat: consumerIdleMs,
      callback: (message: JsMsg) => lines.push(message.string()),
    })
    const positions = connection.subscribe(names.position, {
      callback: (error, message) => void (error === null && lines.push(message.string())),
    })
    void failWhenCut(connection, lines)
    void messages.closed().then(() => lines.fail('the consumer ended'))
    return async () => {
      positions.unsubscribe()
      await messages.close().catch(() => {})
    }
  })
}

async function failWhenCut(connection: NatsConnection, lines: Lines): Promise<void> {
  for await (const { type } of connection.status()) {
    if (lines.isEnded) return
    if (type === 'disconnect' || type === 'close') return lines.fail('the connection to NATS broke')
  }
  lines.fail('the connection to NATS was closed')
}

type Lines = { push(line: string): void; fail(message: string): void; readonly isEnded: boolean }

async function* readLines(
  signal: AbortSignal,
  start: (lines: Lines) => Promise<() => Promise<void>>,
): AsyncGenerator<readonly string[]> {
  let waiting: string[] = []
  let failure: string | undefined
  let wake = () => {}
  const lines = {
    isEnded: false,
    push(line: string) {
      waiting.push(line)
      if (waiting.length > linesWaitingMax) lines.fail('the reader is slower than what is published')
      wake()
    },
    fail(message: string) {
      failure ??= message
      wake()
    },
  }
  const end = () => wake()
  signal.addEventListener('abort', end)
  let stop = async () => {}
  try {
    stop = await start(lines)
    while (!signal.aborted) {
      if (failure !== undefined) throw new NatsFeedBroken(failure)
      const taken = waiting
      waiting = []
      if (taken.length > 0) yield taken
      else await new Promise<void>((resolve) => (wake = resolve))
    }
  } finally {
    lines.isEnded = true
    signal.removeEventListener('abort', end)
    await stop()
  }
}
