import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../../services/hub.ts'
import { answerOnce, type IdempotentAnswer, type Repeatable } from '../../services/idempotency.ts'
import { HttpProblem } from './problem.ts'

/**
 * Answers a write, once for each Idempotency-Key (draft-ietf-httpapi-idempotency-key-header). A refused request leaves
 * the key free for a corrected one.
 */
export async function answerIdempotently<Answer>(
  hub: Pick<Hub, 'db' | 'clock' | 'random'>,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  work: (given: Repeatable) => Promise<Answer>,
): Promise<void> {
  const key = request.headers['idempotency-key']
  if (typeof key !== 'string') {
    const body = await work({ now: hub.clock(), random: hub.random, isRepeat: false })
    await reply.code(status).header('content-type', 'application/json').send(JSON.stringify(body))
    return
  }
  let refusal: HttpProblem | undefined
  const attempt = async (given: Repeatable): Promise<IdempotentAnswer> => {
    try {
      return { status, body: JSON.stringify(await work(given)) }
    } catch (error) {
      if (!(error instanceof HttpProblem)) throw error
      refusal = error
      return { status: error.problem.status, body: '' }
    }
  }
  const identity = {
    caller: request.apiKey?.id ?? '',
    key,
    route: `${request.method} ${request.routeOptions.url}`,
    body: JSON.stringify([request.params, request.body]),
  }
  const outcome = await answerOnce(hub.db, identity, hub.clock(), attempt)
  if (refusal !== undefined) throw refusal
  if (outcome.kind === 'other_request') throw keyReused()
  if (outcome.kind === 'in_flight') throw inFlight(outcome.retryAfterMs)
  if (outcome.replayed) reply.header('idempotent-replayed', 'true')
  await reply.code(outcome.answer.status).header('content-type', 'application/json').send(outcome.answer.body)
}

function keyReused(): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'idempotency_key_reused',
    title: 'Idempotency-Key used before',
    detail: 'This Idempotency-Key came with another request; use a new key for a new request.',
  })
}

function inFlight(retryAfterMs: number): HttpProblem {
  return new HttpProblem(
    {
      status: 409,
      code: 'idempotency_in_flight',
      title: 'Still under way',
      detail: 'The first request with this Idempotency-Key is still under way; ask again for its answer.',
    },
    { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) },
  )
}
