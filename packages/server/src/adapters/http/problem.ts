import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import { CommitterOverloaded } from '../../services/choice-committer.ts'
import { isOutage } from '../../storage/outage.ts'

/** One part of a request that is wrong. `pointer` (RFC 6901) starts at the part of the request that `in` names. */
export type FieldError = {
  readonly in: 'body' | 'query' | 'path' | 'header'
  readonly pointer: string
  readonly field: string
  readonly detail: string
}

export type Problem = {
  readonly status: number
  /** Stable, for machines; part of `type`. */
  readonly code: string
  readonly title: string
  /** What to do about it. Never repeats what was sent, which may be personal. */
  readonly detail: string
  readonly errors?: readonly FieldError[]
}

/** Ends a request with a problem (RFC 9457). The message is for nobody: the problem says it all. */
export class HttpProblem extends Error {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>

  constructor(problem: Problem, headers: Readonly<Record<string, string>> = {}) {
    super(problem.code)
    this.problem = problem
    this.headers = headers
  }
}

export const problemSchema = z
  .strictObject({
    type: z.string().meta({ description: 'A stable name: `urn:verzet:problem:` and the code.' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: 'What to do, as a sentence.' }),
    code: z.string(),
    errors: z
      .array(
        z.strictObject({
          in: z.enum(['body', 'query', 'path', 'header']),
          pointer: z.string().meta({ description: 'RFC 6901, from the part that `in` names.' }),
          field: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details.' })

const retryAfterSeconds = '1'

export function problemBody(problem: Problem): string {
  const { code, title, status, detail, errors } = problem
  return JSON.stringify({ type: `urn:verzet:problem:${code}`, title, status, detail, code, ...(errors && { errors }) })
}

export function sendProblem(reply: FastifyReply, { problem, headers }: HttpProblem): FastifyReply {
  return reply
    .code(problem.status)
    .headers(headers)
    .header('content-type', 'application/problem+json')
    .send(Buffer.from(problemBody(problem)))
}

/** The one place where what went wrong becomes an answer. Says nothing about the inside. */
export function problemFor(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error
  if (error instanceof CommitterOverloaded || isOutage(error)) return unavailable()
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  const known = ofFramework[code]
  if (known !== undefined) return new HttpProblem(known)
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  if (status >= 400 && status < 500) {
    return new HttpProblem({
      status,
      code: 'bad_request',
      title: 'Bad request',
      detail: 'The request could not be read; check it.',
    })
  }
  return new HttpProblem({
    status: 500,
    code: 'internal',
    title: 'Internal error',
    detail: 'Something went wrong here, so nothing is allowed. Try again; if it stays, the log of the hub says more.',
  })
}

export function unavailable(): HttpProblem {
  return new HttpProblem(
    {
      status: 503,
      code: 'unavailable',
      title: 'Unavailable',
      detail: 'The hub cannot reach its memory now. Nothing was recorded and nothing is allowed; try again.',
    },
    { 'retry-after': retryAfterSeconds },
  )
}

export function invalidRequest(errors: readonly FieldError[]): HttpProblem {
  const first = errors[0]
  const detail = first === undefined ? 'Check the request.' : `${first.field}: ${first.detail}`
  return new HttpProblem({ status: 400, code: 'invalid_request', title: 'Invalid request', detail, errors })
}

/** Well formed, but it says something that cannot be. The code is that of the first fault. */
export function unprocessable(code: string, errors: readonly FieldError[]): HttpProblem {
  const detail = errors.map((error) => error.detail).join(' ')
  return new HttpProblem({ status: 422, code, title: 'Cannot be processed', detail, errors })
}

export function notFound(code: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 404, code, title: 'Not found', detail })
}

/** A pointer from path segments (RFC 6901 §3), and the name people call the field by. */
export function bodyField(path: readonly (string | number)[], detail: string): FieldError {
  return fieldError('body', path, detail)
}

export function fieldError(place: FieldError['in'], path: readonly PropertyKey[], detail: string): FieldError {
  const segments = path.map((segment) => String(segment))
  const pointer = segments.map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
  return { in: place, pointer, field: segments.join('.') || place, detail }
}

const tooLarge: Problem = {
  status: 413,
  code: 'payload_too_large',
  title: 'Payload too large',
  detail: 'Send less at once: the body is larger than this call takes.',
}

const ofFramework: Readonly<Record<string, Problem>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: tooLarge,
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    code: 'invalid_content_length',
    title: 'Bad request',
    detail: 'The body is not as long as Content-Length says.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    code: 'unsupported_media_type',
    title: 'Unsupported media type',
    detail: 'Send the body as application/json.',
  },
  FST_ERR_CTP_EMPTY_JSON_BODY: {
    status: 400,
    code: 'malformed_json',
    title: 'Malformed JSON',
    detail: 'The body is empty; send a JSON object.',
  },
  FST_ERR_BAD_URL: {
    status: 400,
    code: 'bad_url',
    title: 'Bad request',
    detail: 'The path holds a broken percent sequence or bytes that are not UTF-8.',
  },
}
