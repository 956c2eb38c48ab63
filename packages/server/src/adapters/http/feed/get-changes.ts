import { decodePosition, isAtLeast, type Position } from '@verzet/core'
import { standingMediaType } from '@verzet/gate'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { followChanges } from '../../../services/follow-changes.ts'
import { handOnStandings } from '../../../services/hand-on-standings.ts'
import type { Hub } from '../../../services/hub.ts'
import { lastSequence } from '../../../storage/changes.ts'
import type { ApiParts, ApiServer } from '../api/api-server.ts'
import { problems } from '../api/api-server.ts'
import { fieldError, HttpProblem, invalidRequest } from '../problem.ts'
import { type FeedFormat, feedEvent, ndjson, serverSentEvents } from './feed-format.ts'
import { StandingSnapshots } from './standing-snapshots.ts'
import { OpenStreams, writeChunks, writeStream } from './write-stream.ts'

/** A cursor has at most 64 numbers of ten bytes and a key, in base64. */
const cursorCharactersMax = 1_000

const query = z.strictObject({
  after: z
    .string()
    .min(1)
    .max(cursorCharactersMax)
    .optional()
    .meta({ description: 'Resume after this cursor; absent: begin with a snapshot.' }),
  follow: z.enum(['true', 'false']).optional().meta({
    description: 'false: end once everything so far was sent. Absent: go on for as long as the connection lives.',
  }),
})

const stream = (schema: z.ZodType) => ({ schema })

/** The change feed, as NDJSON or server-sent events. */
export function getChanges(app: ApiServer, { hub, tailer }: ApiParts): void {
  const streams = new OpenStreams()
  const countChanges = async () => (await lastSequence(hub.db)).reduce((sum, last) => sum + last, 0n)
  const snapshots = new StandingSnapshots((take) => handOnStandings(hub, take), countChanges)
  app.addHook('preClose', async () => {
    snapshots.close()
    await streams.endAll()
  })
  app.get(
    '/v1/changes',
    {
      config: { scope: 'changes:read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['changes'],
        summary: 'A snapshot of every standing, then every change in order',
        description:
          'Each line or event carries a cursor to resume after; applying one twice changes nothing. A line {"type":"position"} says that you are up to date; without one for 30 seconds you are stale and nothing may be sent on your copy. With text/event-stream the cursor is also the event id, and Last-Event-ID is honoured. After {"type":"error"} come back with your last cursor. For application/vnd.verzet.standing every standing comes at once in a binary form, for replicas, and ends; go on after the cursor in its head.',
        querystring: query,
        headers: z.object({ 'last-event-id': z.string().max(cursorCharactersMax).optional() }),
        response: {
          200: {
            description: 'One event a line.',
            content: {
              'application/x-ndjson': stream(feedEvent),
              'text/event-stream': stream(z.string()),
              [standingMediaType]: stream(z.string().meta({ format: 'binary' })),
            },
          },
          ...problems({ body: false }, 406, 410),
        },
      },
    },
    async (request, reply) => {
      const wanted = request.query.after === undefined ? readStandingWish(request) : undefined
      if (wanted !== undefined) {
        const abort = new AbortController()
        const pieces = snapshots.read({ ...wanted, signal: abort.signal })
        const first = await pieces.next()
        openStream(reply, standingMediaType)
        await streams.run(abort, writeChunks(reply.raw, withFirst(first, pieces), abort))
        return
      }
      const format = chooseFormat(request)
      const cursor = request.query.after ?? (format.takesLastEventId ? lastEventId(request) : undefined)
      const from = cursor === undefined ? undefined : decodePosition(cursor)
      if (cursor !== undefined && from === undefined) throw badCursor()
      if (from !== undefined) await assertKnown(hub.db, from)
      const abort = new AbortController()
      const follow = request.query.follow !== 'false'
      const pages = followChanges(hub.db, tailer, from, { follow, signal: abort.signal })
      // While the first page cannot be read the answer is still an ordinary problem.
      const first = await pages.next()
      openStream(reply, format.contentType)
      await streams.run(abort, writeStream(reply.raw, format, withFirst(first, pages), abort))
    },
  )
}

/** A hub that was restored from a backup stands before its readers: what they know beyond it is no longer true. */
async function assertKnown(db: Hub['db'], from: Position): Promise<void> {
  if (isAtLeast({ last: await lastSequence(db) }, { last: from.last })) return
  throw new HttpProblem({
    status: 410,
    code: 'cursor_gone',
    title: 'The cursor is of another feed',
    detail:
      'The hub does not stand where this cursor does, as after a restore. Forget your copy and begin with a snapshot.',
  })
}

/** Puts a page that was already taken back in front. Ending early ends the rest, too. */
async function* withFirst<T>(first: IteratorResult<T, unknown>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    if (first.done !== true) yield first.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}

function chooseFormat(request: FastifyRequest): FeedFormat {
  const accepted = (request.headers.accept ?? '*/*').toLowerCase()
  if (accepted.includes('text/event-stream')) return serverSentEvents
  if (/application\/x-ndjson|application\/\*|\*\/\*/.test(accepted)) return ndjson
  throw new HttpProblem({
    status: 406,
    code: 'not_acceptable',
    title: 'Not acceptable',
    detail: 'Ask for application/x-ndjson or text/event-stream.',
  })
}

/** Who asks for everything at once, and whether with the choices of refusals (`;ids=no`); undefined: somebody else. */
function readStandingWish(request: FastifyRequest): { readonly withIds: boolean } | undefined {
  const types = (request.headers.accept ?? '').toLowerCase().split(',')
  const wish = types.find((type) => type.trim().startsWith(standingMediaType))
  return wish === undefined ? undefined : { withIds: !/;\s*ids=no\b/.test(wish) }
}

/** What an EventSource sends when it comes back (HTML, "Server-sent events"). */
function lastEventId(request: FastifyRequest): string | undefined {
  const id = request.headers['last-event-id']
  return typeof id === 'string' && id !== '' ? id : undefined
}

function openStream(reply: FastifyReply, contentType: string): void {
  reply.hijack()
  // nginx would otherwise hold a stream back until its buffer is full, and a hub that closes would wait for a
  // connection that is kept for another request.
  reply.headers({ 'content-type': contentType, 'x-accel-buffering': 'no', connection: 'close' })
  for (const [name, value] of Object.entries(reply.getHeaders()))
    if (value !== undefined) reply.raw.setHeader(name, value)
  reply.raw.writeHead(200)
  reply.raw.flushHeaders()
}

function badCursor(): HttpProblem {
  return invalidRequest([
    fieldError('query', ['after'], 'This is not a cursor of this feed; leave it out to begin with a snapshot.'),
  ])
}
