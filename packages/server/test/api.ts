import type { FastifyInstance, InjectOptions } from 'fastify'
import { expect } from 'vitest'
import { createHttpServer } from '../src/adapters/http/server.ts'
import { type ApiScope, createApiKey } from '../src/services/api-keys.ts'
import { assertDescribed } from './described.ts'
import { createTestHub, type TestHub } from './hub.ts'

export type Answer = {
  readonly status: number
  readonly headers: Record<string, unknown>
  readonly body: unknown
  readonly text: string
}

export type TestApi = AsyncDisposable & {
  readonly hub: TestHub
  readonly app: FastifyInstance
  readonly key: string
  /** Asks with a key for everything, unless `key` says otherwise. The answer is held against the OpenAPI document. */
  ask(method: InjectOptions['method'], url: string, options?: AskOptions): Promise<Answer>
  keyFor(...scopes: ApiScope[]): Promise<string>
}

export type AskOptions = {
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly raw?: string | Buffer
  readonly headers?: Record<string, string>
  readonly key?: string | null
}

/** The HTTP server on a hub of its own. */
export async function createTestApi(options: { now?: () => number } = {}): Promise<TestApi> {
  const hub = await createTestHub(options)
  const app = await createHttpServer(hub, { logger: false, version: '0.0.0' })
  const { key } = await createApiKey(hub.db, { name: 'test', scopes: ['*'] }, hub.clock(), hub.random)
  return {
    hub,
    app,
    key,
    async ask(method, url, { body, raw, headers = {}, key: given = key } = {}) {
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      const response = await app.inject({
        method,
        url,
        ...(payload !== undefined && { payload }),
        headers: {
          ...(payload !== undefined && { 'content-type': 'application/json' }),
          ...(given !== null && { authorization: `Bearer ${given}` }),
          ...headers,
        },
      })
      const isJson = /[/+]json/.test(String(response.headers['content-type']))
      const answer = {
        status: response.statusCode,
        headers: response.headers,
        text: response.payload,
        body: isJson && response.payload !== '' ? (response.json() as unknown) : undefined,
      }
      assertDescribed(app, String(method), url, answer)
      return answer
    },
    keyFor: async (...scopes) => (await createApiKey(hub.db, { name: 'narrow', scopes }, hub.clock(), hub.random)).key,
    async [Symbol.asyncDispose]() {
      await app.close()
      await hub[Symbol.asyncDispose]()
    },
  }
}

/** Finds a member by path, for an answer whose form the OpenAPI document has already vouched for. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let found = value
  for (const step of path) {
    expect(found, `nothing at ${path.join('.')}`).toBeTypeOf('object')
    found = Object.getOwnPropertyDescriptor(Object(found), step)?.value
  }
  return found
}
