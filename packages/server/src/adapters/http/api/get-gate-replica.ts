import { createHash } from 'node:crypto'
import { z } from 'zod'
import { readReplicaTerms } from '../../../services/replica-terms.ts'
import { type ApiParts, type ApiServer, answer, noContent, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const terms = z
  .strictObject({
    fingerprintKey: z.base64().meta({ description: 'The secret of the gate fingerprint, 16 bytes; keep it as a key.' }),
    feed: z.string().meta({
      description: 'Which change feed this is: another one after a restore, when cursors of before are of no use.',
    }),
    entries: z.int().min(0).meta({ description: 'About how many contact points something is known about.' }),
    brands: z.array(
      z.strictObject({
        id: z.string(),
        country: z.string(),
        pledgedRegisters: z
          .array(z.string())
          .meta({ description: 'The registers no law asks for that the brand holds itself to.' }),
        topics: z.array(z.strictObject({ id: z.string(), purpose: z.enum(['marketing', 'service']) })),
      }),
    ),
    registers: z
      .record(z.string(), schemas.moment)
      .meta({ description: 'When the newest snapshot of each register was taken.' }),
  })
  .meta({ id: 'ReplicaTerms' })

/** What a copy of the gate needs beside the change feed. */
export function getGateReplica(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/gate/replica',
    {
      config: { scope: 'changes:read' },
      exposeHeadRoute: false,
      schema: {
        tags: ['gate'],
        summary: 'What a replica of the gate needs beside the feed',
        description:
          'The key of the fingerprints in the feed, the brands and topics, and the age of the registers. Ask again every few seconds with If-None-Match: a topic that becomes marketing has to hold at once.',
        headers: z.object({ 'if-none-match': z.string().max(100).optional() }),
        response: {
          200: answer('The terms.', terms),
          304: noContent('Nothing changed.'),
          ...problems({ body: false }),
        },
      },
    },
    async (request, reply) => {
      const found = await readReplicaTerms(hub)
      // The count moves all the time and only sizes the first allocation.
      const etag = `"${createHash('sha256')
        .update(JSON.stringify({ ...found, entries: 0 }))
        .digest('base64url')}"`
      reply.header('etag', etag)
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null)
      return found
    },
  )
}
