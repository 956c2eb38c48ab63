import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import {
  type OptOutNoticeState,
  readOptOutNotice,
  type UndoPublicOptOutOutcome,
  undoPublicOptOut,
} from '../../../services/opt-out/undo-public-opt-out.ts'
import { type OptOutUndoModel, renderOptOutUndo } from '../pages/opt-out-undo-page.tsx'
import { takeRawBodies } from './form-body.ts'
import { sendPage } from './frame.ts'
import type { PublicPagesOptions } from './person-routes.ts'
import { readingOfToken, tokenIn } from './token-page.ts'

/** `/o/{token}`, from the notice about a no on the public form: GET shows, POST takes it back. */
export async function registerOptOutUndoRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  const { hub } = options
  app.get('/o/:token', async (request, reply) =>
    answer(options, request, reply, await readOptOutNotice(hub, hub.db, tokenIn(request), hub.clock())),
  )
  app.post('/o/:token', async (request, reply) =>
    answer(options, request, reply, await undoPublicOptOut(hub, tokenIn(request))),
  )
}

const states: Record<'open' | 'undone' | 'expired' | 'done', OptOutUndoModel['state']> = {
  open: 'ask',
  undone: 'undone',
  expired: 'expired',
  done: 'nothing_left',
}

async function answer(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: OptOutNoticeState | UndoPublicOptOutOutcome,
): Promise<FastifyReply> {
  if (outcome.kind === 'unknown') return options.problems.forgedLink(request, reply)
  const { view } = outcome
  const { reading, action } = readingOfToken(options, request, view, `/o/${tokenIn(request)}`)
  const model: OptOutUndoModel = {
    frame: reading.frame,
    action,
    state: states[outcome.kind],
    masked: view.masked,
    saidAt: new Date(view.saidAt),
    page: view.page,
  }
  const status = outcome.kind === 'expired' ? 410 : 200
  return sendPage(reply, status, renderOptOutUndo(model, reading.text), reading.frame.brand.accent)
}
