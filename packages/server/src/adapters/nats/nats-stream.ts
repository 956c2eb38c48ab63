import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstream,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
} from '@nats-io/jetstream'
import type { NatsLink, NatsNames } from '@verzet/gate-nats'
import { z } from 'zod'
import { type FeedStream, type StreamEnd, type StreamLine, StreamMoved } from '../../services/publish-feed.ts'

/**
 * What is kept, when the operator did not make the stream. Followers begin at its end and ask the hub for what is older, so
 * this covers one that reads slowly or lost its connection.
 */
const keptMs = 3_600_000
const keptBytesMax = 1024 ** 3
/** Within this a message that is published twice is kept once (`Nats-Msg-Id`). */
const duplicatesWithinMs = 120_000
/** Under way at once: enough to fill the time of a trip, little enough that a broken line costs little. */
const unacknowledgedMax = 512
const acknowledgedWithinMs = 5_000
/** The head of a message and its headers, beside its text. */
const overheadBytes = 1_024
const nanosecondsPerMs = 1_000_000
/** JetStream's answer for a stream, and a message, that is not there. */
const notFoundCodes = new Set([10_059, 10_037])

/** The feed's stream in JetStream. */
export function natsStream(link: NatsLink, names: NatsNames): FeedStream {
  return {
    name: names.stream,
    end: async () => endOf(await jetstreamManager(await link.connection(), { checkAPI: false }), names),
    append: (lines, after) => append(link, names, lines, after),
    async announce(text) {
      const connection = await link.connection()
      connection.publish(names.position, text)
      await connection.flush()
    },
    async empty() {
      const manager = await jetstreamManager(await link.connection(), { checkAPI: false })
      await manager.streams.purge(names.stream)
    },
  }
}

async function endOf(manager: JetStreamManager, names: NatsNames): Promise<StreamEnd> {
  const { state } = await findOrAdd(manager, names)
  if (state.messages === 0) return { sequence: state.last_seq, position: undefined }
  const message = await unlessMissing(manager.streams.getMessage(names.stream, { seq: state.last_seq }))
  return { sequence: state.last_seq, position: message ? positionIn(message.string()) : undefined }
}

async function findOrAdd(manager: JetStreamManager, names: NatsNames) {
  const found = await unlessMissing(manager.streams.info(names.stream))
  if (found) return found
  return manager.streams.add({
    name: names.stream,
    subjects: [names.allChanges],
    retention: RetentionPolicy.Limits,
    storage: StorageType.File,
    discard: DiscardPolicy.Old,
    max_age: keptMs * nanosecondsPerMs,
    max_bytes: keptBytesMax,
    duplicate_window: duplicatesWithinMs * nanosecondsPerMs,
    num_replicas: 1,
  })
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof JetStreamApiError && notFoundCodes.has(error.code)) return undefined
    throw error
  }
}

const positioned = z.looseObject({ position: z.string() })

function positionIn(line: string): string | undefined {
  const parsed = positioned.safeParse(JSON.parse(line))
  return parsed.success ? parsed.data.position : undefined
}

/**
 * In one order on one connection; each message names the number it must follow, so that behind one that failed none gets in.
 */
async function append(link: NatsLink, names: NatsNames, lines: readonly StreamLine[], after: number): Promise<number> {
  const connection = await link.connection()
  const broker = jetstream(connection)
  const bytesMax = (connection.info?.max_payload ?? 0) - overheadBytes
  // A standing that the broker does not take is left out: followers see by its number that they have to ask the hub.
  const fitting = lines.filter(({ text }) => Buffer.byteLength(text) <= bytesMax)
  let sequence = after
  for (let start = 0; start < fitting.length; start += unacknowledgedMax) {
    const some = fitting.slice(start, start + unacknowledgedMax)
    const first = sequence
    const acknowledged = await Promise.all(
      some.map(({ partition, seq, text }, index) =>
        broker.publish(names.changesOf(partition), text, {
          msgID: `${partition}.${seq}`,
          timeout: acknowledgedWithinMs,
          expect: { lastSequence: first + index },
        }),
      ),
    )
    // Not stored, since a message of that number is there: of a publisher that went on after its lease, or of a feed that
    // was restored from a backup. The publisher looks anew where the stream ends.
    if (acknowledged.some(({ duplicate }) => duplicate)) throw new StreamMoved(sequence + some.length, first)
    sequence = acknowledged.at(-1)?.seq ?? sequence
  }
  return sequence
}
