import { createHash } from 'node:crypto'
import { z } from 'zod'
import { linkKeyTerms } from '../../../services/link-key-terms.ts'
import { type ApiParts, type ApiServer, answer, noContent, problems } from './api-server.ts'

const numbered = z.strictObject({ id: z.string(), number: z.int().min(0) })

const linkKey = z
  .strictObject({
    keyId: z
      .int()
      .min(0)
      .max(255)
      .meta({ description: 'The number of the key that seals; it changes with a rotation.' }),
    macKey: z.base64(),
    cipherKey: z.base64(),
    contactPointInner: z.base64().meta({
      description: 'What SHA-256 holds after the inner padded key of the contact point key (RFC 2104 §4), 32 bytes.',
    }),
    contactPointOuter: z.base64(),
    url: z.url(),
    mailDomain: z.string(),
    brands: z.array(
      numbered.extend({
        country: z.string(),
        topics: z.array(numbered.extend({ listId: z.string() })),
        campaigns: z.array(numbered).meta({ description: 'The thousand named last.' }),
      }),
    ),
  })
  .meta({ id: 'LinkKey' })

/** What makes personal links elsewhere than here. */
export function getLinkKey(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/links/key',
    {
      config: { scope: 'links:mint' },
      exposeHeadRoute: false,
      schema: {
        tags: ['links'],
        summary: 'The key that makes personal links without asking the hub',
        description:
          'Secrets: who has them can opt out whomever they know the address of, and nothing more. Ask again every few seconds with If-None-Match: after a rotation new links carry a new key.',
        headers: z.object({ 'if-none-match': z.string().max(100).optional() }),
        response: {
          200: answer('The key.', linkKey),
          304: noContent('Nothing changed.'),
          ...problems({ body: false }),
        },
      },
    },
    async (request, reply) => {
      const terms = linkKeyTerms(hub)
      const etag = `"${createHash('sha256').update(JSON.stringify(terms)).digest('base64url')}"`
      // Secrets are for whom asked, and not for what lies between (RFC 9111 §5.2.2.5).
      reply.header('etag', etag).header('cache-control', 'no-store')
      if (request.headers['if-none-match'] === etag) return reply.code(304).send(null)
      return terms
    },
  )
}
