import type { FastifyInstance } from 'fastify'
import { signDemoToken } from '../../../services/portal/sign-demo-token.ts'
import type { TokenParts } from '../../../services/portal/verify-portal-token.ts'
import { renderDemoPortal } from '../pages/demo-portal-page.tsx'
import { pagePolicy } from '../pages/style.ts'
import { pageHeaders, queryLanguage, readingFor } from '../public/frame.ts'
import type { PublicPagesOptions } from '../public/person-routes.ts'
import { elementPath } from './element-route.ts'

/** The portal that the demo adds for itself, and who is signed in there. */
export const demoPortalName = 'demo-portal'
const demoCustomer = 'K-1001'

/** What a portal of the customer looks like with the element in it; a deployment has no such page. */
export async function registerDemoPortal(
  app: FastifyInstance,
  options: PublicPagesOptions,
  tokens: TokenParts,
  brandId: string,
): Promise<void> {
  const brand = options.hub.catalog.brand(brandId)
  if (brand === undefined) return
  app.get('/demo/portal', (request, reply) => {
    const path = '/demo/portal'
    const { frame, text, language } = readingFor({ request, texts: options.texts, brand, path })
    const model = {
      frame,
      script: elementPath,
      identityPath: `${path}/identity`,
      hostedPath: `${path}/page?lang=${language}`,
    }
    const { accent } = frame.brand
    return reply
      .headers(pageHeaders)
      .header('content-security-policy', `${pagePolicy(accent)}; script-src 'self'; connect-src 'self'`)
      .type('text/html; charset=utf-8')
      .send(renderDemoPortal(model, text))
  })
  app.get('/demo/portal/identity', async (_request, reply) => {
    const token = await signDemoToken(tokens, demoPortalName, demoCustomer)
    return reply.headers(pageHeaders).type('application/json; charset=utf-8').send(JSON.stringify({ token }))
  })
  // A portal signs when somebody presses the link, so that the page may stay open.
  app.get('/demo/portal/page', async (request, reply) => {
    const token = await signDemoToken(tokens, demoPortalName, demoCustomer)
    const lang = queryLanguage(request)
    return reply.headers(pageHeaders).redirect(`/p?identity=${token}${lang === undefined ? '' : `&lang=${lang}`}`, 303)
  })
}
