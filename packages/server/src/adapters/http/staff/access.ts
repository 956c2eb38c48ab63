import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../../../services/hub.ts'
import { countProposals } from '../../../services/staff/four-eyes.ts'
import { may, type Permission } from '../../../services/staff/permissions.ts'
import { isFresh, readSession, type StaffSession } from '../../../services/staff/sessions.ts'
import { type FormFields, field, readForm } from '../public/form-body.ts'
import { isOwnOrigin, readSessionToken, type SessionCookie } from './cookies.ts'
import { formTokenField, isFormToken } from './form-token.ts'

/** What a route asks of who calls it. `anyone` is for the ways in; every other route names a permission. */
export type Access = Permission | 'anyone'

/** Who is signed in, with the secret that forms are tied to. */
export type StaffVisit = {
  readonly session: StaffSession
  readonly token: string
  /** How many consents wait for a second member of staff; for who may decide about them, where the deployment asks for it. */
  readonly waiting?: number
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
    /** Only for who proved a moment ago who they are. */
    fresh?: boolean
  }
  interface FastifyRequest {
    staff: StaffVisit | undefined
    fields: FormFields | undefined
  }
}

export type Refusal = 'signed_out' | 'no_permission' | 'forged' | 'insecure' | 'stale'

type Guard = {
  readonly hub: Pick<Hub, 'db' | 'clock' | 'place' | 'hasFourEyes'>
  /** Undefined where a session would travel unprotected: then nobody is signed in. */
  readonly cookie: SessionCookie | undefined
  refuse(request: FastifyRequest, reply: FastifyReply, why: Refusal): FastifyReply
}

const noFields: FormFields = new Map()

/** What a form posted under this name. */
export function postedField(request: FastifyRequest, name: string): string | undefined {
  return field(request.fields ?? noFields, name)
}

/**
 * Lets nobody pass whom a route does not ask for. A route without an access is refused when it is added, so that a page
 * that forgot to say who may see it never answers.
 */
export function guardRoutes(app: FastifyInstance, { hub, cookie, refuse }: Guard): void {
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.access === undefined) throw new Error(`${method} ${url} does not say who may use it`)
  })
  app.decorateRequest('staff', undefined)
  app.decorateRequest('fields', undefined)
  app.addHook('onRequest', async (request, reply) => {
    const { access, fresh } = request.routeOptions.config
    const writes = request.method !== 'GET' && request.method !== 'HEAD'
    if (writes && !isOwnOrigin(request, hub.place.url)) return refuse(request, reply, 'forged')
    const token = cookie && readSessionToken(request, cookie)
    const session = token === undefined ? undefined : await readSession(hub, token)
    request.staff = session && token !== undefined ? { session, token } : undefined
    if (access === 'anyone') return undefined
    if (cookie === undefined) return refuse(request, reply, 'insecure')
    if (session === undefined) return refuse(request, reply, 'signed_out')
    if (access === undefined || !may(session.roles, access)) return refuse(request, reply, 'no_permission')
    if (fresh === true && !isFresh(session, hub.clock())) return refuse(request, reply, 'stale')
    if (request.staff !== undefined && hub.hasFourEyes === true && may(session.roles, 'people_change')) {
      request.staff = { ...request.staff, waiting: await countProposals(hub) }
    }
    return undefined
  })
  app.addHook('preHandler', async (request, reply) => {
    if (request.method !== 'POST') return undefined
    request.fields = readForm(request.headers['content-type'], request.body) ?? noFields
    if (request.routeOptions.config.access === 'anyone' || request.staff === undefined) return undefined
    const path = request.routeOptions.url ?? ''
    const isOurs = isFormToken(request.staff.token, path, postedField(request, formTokenField))
    return isOurs ? undefined : refuse(request, reply, 'forged')
  })
}
