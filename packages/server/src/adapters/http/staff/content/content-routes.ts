import type { FastifyReply, FastifyRequest } from 'fastify'
import type { StaffParts } from '../staff-reading.ts'
import type { StaffRoute } from '../staff-route.ts'
import { alternativeRoutes } from './alternative-routes.ts'
import { brandRoutes } from './brand-routes.ts'
import { contentScript } from './content-script.ts'
import { historyRoutes } from './history-routes.ts'
import { kitRoutes } from './kit-routes.tsx'
import { questionRoutes } from './question-routes.ts'
import { topicRoutes } from './topic-routes.ts'
import { wordingRoutes } from './wording-routes.ts'

/** Brands, their topics, and everything they say. */
export const contentRoutes: readonly StaffRoute[] = [
  { method: 'GET', url: '/content.js', access: 'anyone', handle: sendScript },
  ...brandRoutes,
  ...topicRoutes,
  ...wordingRoutes,
  ...questionRoutes,
  ...alternativeRoutes,
  ...kitRoutes,
  ...historyRoutes,
]

function sendScript(_parts: StaffParts, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return reply.header('content-type', 'text/javascript; charset=utf-8').send(contentScript)
}
