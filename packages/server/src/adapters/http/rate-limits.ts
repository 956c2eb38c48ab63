import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { HttpProblem } from './problem.ts'

/** A person who types a key wrong tries a few times; a program that guesses gets no further than this a minute. */
export const failedAuthenticationsMax = 30
const failureWindowMs = 60_000

/** Addresses remembered at once; beyond it the oldest goes. */
const addressesMax = 20_000

export type FailureLimit = (request: FastifyRequest) => Promise<void>

/** Counts failed authentications by address; a request with a key that holds is never counted and never stopped. */
export async function limitFailures(app: FastifyInstance): Promise<FailureLimit> {
  await app.register(rateLimit, { global: false, cache: addressesMax })
  const count = app.createRateLimit({ max: failedAuthenticationsMax, timeWindow: failureWindowMs })
  return async (request) => {
    const limit = await count(request)
    if (limit.isAllowed || !limit.isExceeded) return
    throw new HttpProblem(
      {
        status: 429,
        code: 'too_many_failures',
        title: 'Too many failed authentications',
        detail: 'Wait before trying another key. A key that holds works all the time.',
      },
      { 'retry-after': String(limit.ttlInSeconds) },
    )
  }
}
