import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access } from './access.ts'
import type { StaffParts } from './staff-reading.ts'

/** One page or act of staff. `access` has no default: who adds a route says who may use it. */
export type StaffRoute = {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly access: Access
  /** For acts that harm when somebody else does them at a desk left open: who acts has to have proven who they are lately. */
  readonly fresh?: boolean
  /** Where a form carries more than words. */
  readonly bodyBytesMax?: number
  handle(parts: StaffParts, request: FastifyRequest, reply: FastifyReply): FastifyReply | Promise<FastifyReply>
}
