import swagger from '@fastify/swagger'
import type { FastifyInstance } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { ApiServer } from './api-server.ts'

/** Collects the routes registered after it into an OpenAPI 3.1 document. */
export async function describeApi(app: FastifyInstance, options: { version: string; url: string }): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Verzet',
        version: options.version,
        description: 'Record every no, ask before every send, follow every change. Errors are problems (RFC 9457).',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: options.url }],
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key: vz_…' } } },
    },
    transform: (document) => {
      const { schema, url } = jsonSchemaTransform(document)
      const { scope } = document.route.config ?? {}
      return {
        schema: {
          ...schema,
          ...(scope && { security: [{ apiKey: [] }], description: withScope(schema.description, scope) }),
        },
        url,
      }
    },
    transformObject: (document) => withoutEmptyBodies(jsonSchemaTransformObject(document)),
  })
}

export function getOpenApi(app: ApiServer): void {
  app.get(
    '/v1/openapi.json',
    {
      schema: {
        tags: ['description'],
        summary: 'This document',
        response: {
          200: {
            description: 'OpenAPI 3.1.',
            content: { 'application/json': { schema: z.looseObject({ openapi: z.string() }) } },
          },
        },
      },
    },
    async () => ({ ...app.swagger(), openapi: '3.1.0' }),
  )
}

function withScope(description: string | undefined, scope: string): string {
  const needs = `Needs the scope \`${scope}\`.`
  return description === undefined ? needs : `${description}\n\n${needs}`
}

/** An answer without content has no media type. */
function withoutEmptyBodies<Document extends object>(document: Document): Document {
  const paths: unknown = 'paths' in document ? document.paths : undefined
  for (const item of members(paths)) {
    for (const operation of members(item)) {
      const responses: unknown =
        typeof operation === 'object' && operation !== null && 'responses' in operation
          ? operation.responses
          : undefined
      for (const [status, response] of Object.entries(responses ?? {})) {
        if (status === '204' && typeof response === 'object' && response !== null && 'content' in response)
          delete response.content
      }
    }
  }
  return document
}

function members(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}
