import { z } from 'zod'
import {
  type ApiKey,
  apiScopes,
  createApiKey,
  hasScope,
  readApiKeys,
  revokeApiKey,
} from '../../../services/api-keys.ts'
import { HttpProblem, notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, noContent, problems } from './api-server.ts'
import * as schemas from './schemas.ts'

const nameCharactersMax = 100

const keyBody = z
  .strictObject({ name: z.string().min(1).max(nameCharactersMax), scopes: z.array(z.enum(apiScopes)).min(1) })
  .meta({ id: 'NewApiKey' })
const newKey = z.strictObject({ id: schemas.uuid, key: z.string().meta({ description: 'Shown this once.' }) })
const apiKey = z
  .strictObject({
    id: schemas.uuid,
    name: z.string(),
    scopes: z.array(z.string()),
    createdAt: schemas.moment,
    revokedAt: schemas.moment.optional(),
    lastUsedOn: schemas.day.optional().meta({
      description: 'The last day, in UTC, on which somebody used it; absent where nobody has yet.',
    }),
  })
  .meta({ id: 'ApiKey' })

export function postApiKeys(app: ApiServer, { hub }: ApiParts): void {
  app.post(
    '/v1/api-keys',
    {
      config: { scope: 'keys:write' },
      schema: {
        tags: ['keys'],
        summary: 'Make an API key',
        description:
          'A key gives away no more than it has: only a key with `*` makes another with scopes it lacks itself.',
        body: keyBody,
        response: { 201: answer('The only time the key is shown.', newKey), ...problems({ body: true }) },
      },
    },
    async (request, reply) => {
      const { name, scopes } = request.body
      const lacking = scopes.find((scope) => request.apiKey === undefined || !hasScope(request.apiKey, scope))
      if (lacking !== undefined) throw cannotGive(lacking)
      return reply.code(201).send(await createApiKey(hub.db, { name, scopes }, hub.clock(), hub.random))
    },
  )
}

export function getApiKeys(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/api-keys',
    {
      config: { scope: 'keys:write' },
      schema: {
        tags: ['keys'],
        summary: 'All API keys, without their secrets',
        response: {
          200: answer('Oldest first.', z.strictObject({ keys: z.array(apiKey) })),
          ...problems({ body: false }),
        },
      },
    },
    async () => ({ keys: (await readApiKeys(hub.db)).map(showKey) }),
  )
}

export function deleteApiKey(app: ApiServer, { hub }: ApiParts): void {
  app.delete(
    '/v1/api-keys/:id',
    {
      config: { scope: 'keys:write' },
      schema: {
        tags: ['keys'],
        summary: 'Revoke an API key',
        description: 'It stops working everywhere within two seconds.',
        params: z.strictObject({ id: schemas.uuid }),
        response: { 204: noContent('Revoked.'), ...problems({ body: false }, 404) },
      },
    },
    async (request, reply) => {
      const revoked = await revokeApiKey(hub.db, request.params.id, hub.clock())
      if (!revoked) throw notFound('unknown_api_key', 'There is no such key, or it was revoked before.')
      return reply.code(204).send(null)
    },
  )
}

function showKey({ id, name, scopes, createdAt, revokedAt, lastUsedOn }: ApiKey): z.infer<typeof apiKey> {
  return {
    id,
    name,
    scopes: [...scopes],
    createdAt: schemas.isoTime(createdAt),
    ...(revokedAt !== undefined && { revokedAt: schemas.isoTime(revokedAt) }),
    ...(lastUsedOn !== undefined && { lastUsedOn }),
  }
}

function cannotGive(scope: string): HttpProblem {
  return new HttpProblem({
    status: 403,
    code: 'missing_scope',
    title: 'Forbidden',
    detail: `This API key cannot give the scope ${scope}, which it lacks itself.`,
  })
}
