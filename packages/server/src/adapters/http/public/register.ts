import type { FastifyInstance } from 'fastify'
import type { Hub } from '../../../services/hub.ts'
import type { Texts } from '../pages/text.ts'
import { registerDemoPortal } from '../portal/demo-portal.ts'
import { registerElement } from '../portal/element-route.ts'
import { registerHostedPage } from '../portal/hosted-page.ts'
import { registerPortalApi } from '../portal/portal-api.ts'
import { portalTokens } from '../portal/portal-tokens.ts'
import { describeError } from '../request-log.ts'
import { registerCodeRoutes } from './code-routes.ts'
import { registerConfirmRoutes } from './confirm-routes.ts'
import { type Demo, registerDemoRoutes } from './demo-routes.ts'
import { registerEmbedRoutes } from './embed-routes.ts'
import { registerOptOutRoutes } from './opt-out-routes.ts'
import { registerOptOutUndoRoutes } from './opt-out-undo-routes.ts'
import { registerPersonRoutes } from './person-routes.ts'
import { forgeryWindowSeconds, ProblemPages } from './problem-pages.ts'
import { registerSignUpConfirmRoutes } from './sign-up-confirm-routes.ts'
import { registerSignUpRoutes } from './sign-up-routes.ts'

/** Forged links and codes one address may try in a minute before it is told to wait; a valid one is never counted. */
export const forgeriesPerMinuteMax = 60

/** The public pages: no login, no script, no cookie. */
export async function registerPublicPages(
  app: FastifyInstance,
  {
    hub,
    texts,
    wakeMail,
    demo,
    element,
  }: { hub: Hub; texts: Texts; wakeMail: () => void; demo?: Demo; element?: string },
): Promise<void> {
  const limiter = app.createRateLimit({ max: forgeriesPerMinuteMax, timeWindow: forgeryWindowSeconds * 1_000 })
  const problems = new ProblemPages(texts, hub.catalog, async (request) => {
    const count = await limiter(request)
    return !count.isAllowed && count.isExceeded
  })
  const options = { hub, texts, problems, wakeMail }
  const tokens = portalTokens(hub)
  await app.register((scope) => registerPortalApi(scope, { hub, texts, wakeMail, tokens }))
  await app.register(async (scope) => {
    scope.setErrorHandler((error, request, reply) => {
      const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
      // Never sounds like success, and never tells what broke.
      if (status >= 500) request.log.error({ requestId: request.id, ...describeError(error) }, 'a public page failed')
      return problems.send(request, reply, status >= 400 && status < 500 ? 'request_unreadable' : 'unavailable')
    })
    await scope.register((inner) => registerPersonRoutes(inner, options))
    await scope.register((inner) => registerEmbedRoutes(inner, options))
    await scope.register((inner) => registerHostedPage(inner, options, tokens))
    if (element !== undefined) await scope.register((inner) => registerElement(inner, element))
    await scope.register((inner) => registerConfirmRoutes(inner, options))
    await scope.register((inner) => registerCodeRoutes(inner, options))
    await scope.register((inner) => registerOptOutRoutes(inner, options))
    await scope.register((inner) => registerOptOutUndoRoutes(inner, options))
    await scope.register((inner) => registerSignUpRoutes(inner, options))
    await scope.register((inner) => registerSignUpConfirmRoutes(inner, options))
    if (demo !== undefined) {
      await scope.register((inner) => registerDemoRoutes(inner, options, demo))
      await scope.register((inner) => registerDemoPortal(inner, options, tokens, demo.summary.brand))
    }
    // Who types the address from a letter without its code.
    else scope.get('/', (_request, reply) => reply.redirect('/c', 302))
    // A link that lost its end, or gained one, on its way through somebody's mail program.
    for (const url of ['/u', '/u/*', '/k', '/k/*', '/s', '/s/*', '/o', '/o/*']) {
      scope.route({
        method: ['GET', 'POST'],
        url,
        handler: (request, reply) => problems.send(request, reply, 'link_unknown'),
      })
    }
  })
}
