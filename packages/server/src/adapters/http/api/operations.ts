import { z } from 'zod'
import { lastSequence } from '../../../storage/changes.ts'
import { problemSchema, unavailable } from '../problem.ts'
import type { ApiParts, ApiServer } from './api-server.ts'
import { answer } from './api-server.ts'

/** A probe that waits longer than this is answered with no. */
const readyWithinMs = 2_000

const alive = z.strictObject({ status: z.literal('ok'), version: z.string() })
const ready = z.strictObject({ status: z.literal('ready') })
const notReady = {
  description: 'The database does not answer.',
  content: { 'application/problem+json': { schema: problemSchema } },
}

/** The process runs. */
export function getHealth(app: ApiServer, version: string): void {
  app.get(
    '/healthz',
    { schema: { tags: ['operation'], summary: 'The process runs', response: { 200: answer('It does.', alive) } } },
    async () => ({ status: 'ok' as const, version }),
  )
}

/** The database answers and has the tables of this version: traffic may come. */
export function getReadiness(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/readyz',
    {
      schema: {
        tags: ['operation'],
        summary: 'The database answers, with every migration applied',
        response: { 200: answer('Send traffic.', ready), 503: notReady },
      },
    },
    async () => {
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(unavailable()), readyWithinMs)
      })
      try {
        // The feed's counters are made by the migrations; a hub starts only with all of them applied.
        await Promise.race([lastSequence(hub.db), late])
      } catch {
        throw unavailable()
      } finally {
        clearTimeout(timer)
      }
      return { status: 'ready' as const }
    },
  )
}

/** For Prometheus. It holds no personal data; keep it inside all the same, as docs/api.md says. */
export function getMetrics(app: ApiServer, { metrics }: ApiParts): void {
  app.get(
    '/metrics',
    {
      schema: {
        tags: ['operation'],
        summary: 'Measurements, in the text format of Prometheus',
        response: { 200: { description: 'Measurements.', content: { 'text/plain': { schema: z.string() } } } },
      },
    },
    async (_request, reply) => {
      const text = await metrics.registry.metrics()
      return reply.header('content-type', metrics.registry.contentType).send(text)
    },
  )
}
