import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ChangeTailer } from '../../../services/change-tailer.ts'
import type { Hub } from '../../../services/hub.ts'
import type { Metrics } from '../metrics.ts'
import { problemSchema } from '../problem.ts'

/** The server as endpoints see it: their zod schemas are their types. */
export type ApiServer = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** What endpoints are made with. */
export type ApiParts = { readonly hub: Hub; readonly tailer: ChangeTailer; readonly metrics: Metrics }

const problemDescriptions: Readonly<Record<number, string>> = {
  400: 'The request is not well formed; `errors` names the fields.',
  401: 'No API key that holds.',
  403: 'The API key lacks the scope.',
  404: 'There is no such thing.',
  406: 'No such representation.',
  409: 'The same request is still under way.',
  410: 'The cursor is of another feed; begin with a snapshot.',
  413: 'The body is larger than this call takes.',
  415: 'The body is not `application/json`.',
  422: 'Well formed, but it says something that cannot be; `errors` names the fields.',
  429: 'Too many failed authentications from this address.',
  500: 'Something went wrong here.',
  503: 'The hub cannot reach its memory; nothing was recorded and nothing is allowed.',
}

const everyCall = [400, 401, 403, 429, 500, 503]
const callsWithBody = [...everyCall, 413, 415]

function problem(status: number) {
  return {
    description: problemDescriptions[status] ?? 'A problem.',
    content: { 'application/problem+json': { schema: problemSchema } },
  }
}

/** The problems a call may answer with: those of every call, and its own. */
export function problems(options: { body: boolean }, ...own: number[]): Record<number, ReturnType<typeof problem>> {
  const statuses = [...(options.body ? callsWithBody : everyCall), ...own]
  return Object.fromEntries(statuses.map((status) => [status, problem(status)]))
}

export function answer<Schema extends z.ZodType>(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } }
}

export const noContent = (description: string) => ({
  description,
  content: { 'application/json': { schema: z.null() } },
})
