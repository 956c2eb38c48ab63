import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formToken } from '../src/adapters/http/staff/form-token.ts'
import type { StaffRoute } from '../src/adapters/http/staff/staff-route.ts'
import { staffRoutes } from '../src/adapters/http/staff/staff-routes.ts'
import { apiScopes } from '../src/services/api-keys.ts'
import { addStaff, changeStaff } from '../src/services/staff/accounts.ts'
import { savePermissionSet } from '../src/services/staff/permission-sets.ts'
import { may, type Permission, permissions, type Role, roles } from '../src/services/staff/permissions.ts'
import { freshForMs } from '../src/services/staff/sessions.ts'
import { createTestApi, type TestApi } from './api.ts'
import { StaffDesk } from './staff-desk.ts'

// What a role may do is written down twice, here and in permissions.ts, so that widening one is a decision.
const expected: Record<Role, readonly Permission[]> = {
  agent: ['account', 'desk', 'review'],
  marketer: ['account', 'check', 'today', 'campaigns', 'insight', 'content'],
  privacy_officer: permissions.filter((one) => one !== 'staff' && one !== 'api_keys'),
  administrator: permissions,
}

/** Ways in and files of this origin: they show nobody anything. Whoever adds one here says why. */
const openToAnyone = [
  'GET /sign-in',
  'POST /sign-in',
  'GET /sign-in/link/:token',
  'POST /sign-in/link/:token',
  'GET /sign-in/link/:token/options',
  'POST /sign-in/link/:token/passkey',
  'GET /sign-in/passkey.js',
  'GET /sign-in/passkey/options',
  'POST /sign-in/passkey',
  'GET /sign-in/provider',
  'GET /sign-in/provider/callback',
]

/** Acts that harm when somebody else does them at a screen left open. */
const freshPaths = [
  /^\/staff\/(?!sets$|member)/,
  /^\/api-keys\//,
  /^\/account\/passkeys\/(add|remove|options)$/,
  /^\/people\/(merge|unmerge|export|erase)/,
  /\/agree$/,
]

/** The route table with handlers that do nothing: the guard is the real one, and no act is done 900 times. */
const reached: readonly StaffRoute[] = staffRoutes.map((route) => ({
  ...route,
  handle: (_parts, _request, reply) => reply.code(204).send(),
}))
const guarded = reached.flatMap(({ access, ...route }) => (access === 'anyone' ? [] : [{ ...route, access }]))

let desk: StaffDesk
const cookies = new Map<string, string>()

beforeAll(async () => {
  desk = await StaffDesk.open('https://verzet.example', { routes: reached })
  for (const role of roles) cookies.set(role, (await desk.member(`${role}@acme.example`, role)).cookie)
})
afterAll(() => desk[Symbol.asyncDispose]())

async function call({ method, url }: Pick<StaffRoute, 'method' | 'url'>, cookie: string): Promise<number> {
  const fields = { form: formToken(cookie.split('=')[1] ?? '', url) }
  const answer = method === 'GET' ? await desk.get(url, cookie) : await desk.post(url, fields, cookie)
  return answer.status
}

describe('every route of staff', () => {
  it.each(roles.flatMap((role) => guarded.map((route) => ({ role, ...route }))))(
    '$role, $method $url ($access)',
    async ({ role, ...route }) => {
      const isAllowed = expected[role].includes(route.access)
      expect(await call(route, cookies.get(role) ?? '')).toBe(isAllowed ? 204 : 403)
    },
  )

  it.each(guarded)('nobody signed in, $method $url', async (route) => {
    expect(await call(route, '')).toBe(route.method === 'GET' ? 303 : 401)
  })

  it('is open to anyone only where this list says so, or is a script of this origin', () => {
    const open = staffRoutes.filter(({ access }) => access === 'anyone').map(({ method, url }) => `${method} ${url}`)
    const unexpected = open.filter((one) => !openToAnyone.includes(one) && !/^GET \/[\w/-]+\.js$/.test(one))
    expect(unexpected).toEqual([])
  })

  it('is there once', () => {
    const names = staffRoutes.map(({ method, url }) => `${method} ${url}`)
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([])
  })

  it('names a permission that some role has', () => {
    for (const { access } of guarded) expect(roles.some((role) => may([role], access))).toBe(true)
  })

  it('asks for a fresh proof where an act harms, and says so to who signed in a while ago', async () => {
    const { cookie } = await desk.member('stale@acme.example', 'administrator')
    desk.pass(freshForMs)
    for (const route of guarded.filter(({ url }) => url !== '/sign-out')) {
      const isFresh = route.fresh === true
      const status = await call(route, cookie)
      expect(status === 204, `${route.method} ${route.url}`).toBe(!isFresh)
      if (isFresh) expect(status).toBe(route.method === 'GET' ? 303 : 403)
    }
    const dangerous = guarded.filter(({ url }) => freshPaths.some((path) => path.test(url)))
    expect(dangerous.filter(({ fresh }) => fresh !== true).map(({ url }) => url)).toEqual([])
  })
})

describe('a set of permissions of the deployment’s own', () => {
  it('gives exactly what is in it, on every route', { timeout: 60_000 }, async () => {
    for (const permission of permissions.filter((one) => one !== 'account')) {
      const saved = await savePermissionSet(desk.hub, { name: permission, permissions: [permission] }, 'test')
      if (saved.kind !== 'saved') throw new Error(saved.kind)
      const { cookie } = await desk.member(`set-${permission.replaceAll('_', '-')}@acme.example`, 'agent')
      const email = `set-${permission.replaceAll('_', '-')}@acme.example`
      await changeStaff(desk.hub, email, { roles: [], sets: [saved.id] }, 'test')
      for (const route of guarded.filter(({ url }) => url !== '/sign-out')) {
        const isAllowed = route.access === permission || route.access === 'account'
        expect(await call(route, cookie), `${permission}: ${route.url}`).toBe(isAllowed ? 204 : 403)
      }
    }
  })

  it('is gone with the next page when it is taken away', async () => {
    const added = await addStaff(desk.hub, 'without@acme.example', [], 'test')
    expect(added.kind).toBe('done')
    const { cookie } = await desk.member('narrow@acme.example', 'agent')
    await changeStaff(desk.hub, 'narrow@acme.example', { roles: [], sets: [] }, 'test')
    expect(await call({ method: 'GET', url: '/account' }, cookie)).toBe(403)
  })
})

describe('every operation of the API', () => {
  let api: TestApi
  let operations: { method: string; url: string; scope: string | undefined }[] = []
  const keys = new Map<string, string>()

  /** Each says why it needs no key: it tells nothing of anybody. */
  const withoutKey = ['GET /healthz', 'GET /readyz', 'GET /metrics', 'GET /v1/openapi.json']
  /** These answer for as long as somebody listens; that they refuse the others is what is asked here. */
  const endless = ['/v1/changes']

  beforeAll(async () => {
    api = await createTestApi()
    operations = readOperations(JSON.parse((await api.ask('GET', '/v1/openapi.json')).text))
    for (const scope of apiScopes) keys.set(scope, await api.keyFor(scope))
  })
  afterAll(() => api[Symbol.asyncDispose]())

  let asked = 0
  const send = async (method: string, url: string, key?: string) => {
    const wanted = method === 'GET' || method === 'DELETE' ? {} : { payload: '{}' }
    const headers = {
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...('payload' in wanted && { 'content-type': 'application/json' }),
    }
    const path = url.replaceAll(/\{[^}]+\}/g, 'nothing')
    // Keys that do not hold are counted by address, and make it wait.
    asked += 1
    const remoteAddress = `198.51.${asked >> 8}.${asked & 255}`
    const inject = { url: path, headers, remoteAddress, ...wanted }
    if (method === 'GET') return (await api.app.inject({ method: 'GET', ...inject })).statusCode
    if (method === 'PUT') return (await api.app.inject({ method: 'PUT', ...inject })).statusCode
    if (method === 'DELETE') return (await api.app.inject({ method: 'DELETE', ...inject })).statusCode
    if (method === 'PATCH') return (await api.app.inject({ method: 'PATCH', ...inject })).statusCode
    return (await api.app.inject({ method: 'POST', ...inject })).statusCode
  }

  it('names the scope it needs, but for the few that tell nothing of anybody', () => {
    expect(operations.length).toBeGreaterThan(30)
    const open = operations.filter(({ scope }) => scope === undefined).map(({ method, url }) => `${method} ${url}`)
    expect(open.filter((one) => !withoutKey.includes(one))).toEqual([])
    const known = new Set<string>(apiScopes)
    expect(operations.filter(({ scope }) => scope !== undefined && !known.has(scope))).toEqual([])
  })

  it('is refused without a key, and with a key of any other scope', { timeout: 120_000 }, async () => {
    for (const { method, url, scope } of operations.filter((one) => one.scope !== undefined)) {
      expect(await send(method, url), `${method} ${url} without a key`).toBe(401)
      for (const [held, key] of keys) {
        const isAllowed = held === '*' || held === scope
        if (isAllowed && endless.includes(url)) continue
        const status = await send(method, url, key)
        expect(status === 403, `${method} ${url} with ${held}`).toBe(!isAllowed)
        expect(status, `${method} ${url} with ${held}`).not.toBe(401)
      }
    }
  })
})

/** Each operation of the OpenAPI document with the scope that its description names. */
function readOperations(document: { paths: Record<string, Record<string, unknown>> }) {
  return Object.entries(document.paths).flatMap(([url, item]) =>
    Object.entries(item).map(([method, operation]) => {
      const description: unknown = Object(operation).description
      const [, scope] = /Needs the scope `([^`]+)`/.exec(typeof description === 'string' ? description : '') ?? []
      return { method: method.toUpperCase(), url, scope }
    }),
  )
}
