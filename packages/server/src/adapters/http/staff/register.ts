import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { may } from '../../../services/staff/permissions.ts'
import { takeRawBodies } from '../public/form-body.ts'
import { describeError } from '../request-log.ts'
import { guardRoutes, type Refusal } from './access.ts'
import { askToConfirm } from './confirm-routes.ts'
import { sessionCookieFor } from './cookies.ts'
import { nextPath } from './next-path.ts'
import { renderNotice } from './sign-in-page.tsx'
import { sendInsecure } from './sign-in-routes.ts'
import { type StaffParts, sendStaffPage, staffFrame } from './staff-reading.ts'
import type { StaffRoute } from './staff-route.ts'
import { staffRoutes } from './staff-routes.ts'

const signInLink = { to: '/sign-in', text: 'staff.signIn' } as const

/** The rooms of staff: server-rendered, signed in by cookie, each route with the permission it asks for. */
export async function registerStaffPages(
  app: FastifyInstance,
  parts: StaffParts,
  routes: readonly StaffRoute[] = staffRoutes,
): Promise<void> {
  await app.register(async (scope) => {
    takeRawBodies(scope)
    guardRoutes(scope, {
      hub: parts.hub,
      cookie: sessionCookieFor(parts.hub.place.url),
      refuse: (request, reply, why) => refuse(parts, request, reply, why),
    })
    scope.setErrorHandler((error, request, reply) => {
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
      if (status >= 500) request.log.error({ requestId: request.id, ...describeError(error) }, 'a page of staff failed')
      const frame = staffFrame(parts, request, '/account')
      // Never sounds like success: who read it does not know whether a no was recorded, and records it again.
      const page = renderNotice(frame, 'staff.failed', 'staff.failed.explained')
      return sendStaffPage(reply, status >= 400 && status < 500 ? 400 : 503, page)
    })
    scope.addHook('onResponse', async ({ staff }) => {
      if (staff !== undefined && may(staff.session.roles, 'insight')) parts.insightElsewhere?.prepare()
    })
    for (const { method, url, access, fresh, bodyBytesMax, handle } of routes) {
      scope.route({
        method,
        url,
        exposeHeadRoute: false,
        config: { access, ...(fresh !== undefined && { fresh }) },
        ...(bodyBytesMax !== undefined && { bodyLimit: bodyBytesMax }),
        handler: (request, reply) => handle(parts, request, reply),
      })
    }
  })
}

function refuse(parts: StaffParts, request: FastifyRequest, reply: FastifyReply, why: Refusal): FastifyReply {
  const frame = staffFrame(parts, request, '/sign-in')
  switch (why) {
    case 'signed_out': {
      const next = nextPath(request.url.split('?', 1)[0])
      const mark = frame.search === '' ? '?' : `${frame.search}&`
      if (request.method === 'GET')
        return reply.redirect(`/sign-in${mark}next=${encodeURIComponent(next ?? '/desk')}`, 303)
      return sendStaffPage(reply, 401, renderNotice(frame, 'staff.signedOut', 'staff.signedOut.explained', signInLink))
    }
    case 'no_permission':
      return sendStaffPage(reply, 403, renderNotice(frame, 'staff.noPermission', 'staff.noPermission.explained'))
    case 'forged':
      return sendStaffPage(reply, 403, renderNotice(frame, 'staff.forged', 'staff.forged.explained'))
    case 'stale':
      return askToConfirm(parts, request, reply)
    case 'insecure':
      return sendInsecure(parts, request, reply)
  }
}
