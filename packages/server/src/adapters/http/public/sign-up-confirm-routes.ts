import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ConfirmSignUpOutcome, confirmSignUp } from '../../../services/sign-up/confirm-sign-up.ts'
import { readSignUp, type SignUpState } from '../../../services/sign-up/read-sign-up.ts'
import { renderSignUpConfirm, type SignUpConfirmModel } from '../pages/sign-up-confirm-page.tsx'
import { takeRawBodies } from './form-body.ts'
import { queryLanguage, sendPage } from './frame.ts'
import { nameOf } from './person-model.ts'
import type { PublicPagesOptions } from './person-routes.ts'
import { readingOfToken, tokenIn } from './token-page.ts'

/** `/s/{token}`, from the mail: GET shows what will happen, POST does it. Scanners only ever GET (RULE SC-1). */
export async function registerSignUpConfirmRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  const { hub } = options
  app.get('/s/:token', async (request, reply) =>
    answer(options, request, reply, await readSignUp(hub, hub.db, tokenIn(request), hub.clock())),
  )
  app.post('/s/:token', async (request, reply) =>
    answer(options, request, reply, await confirmSignUp(hub, tokenIn(request))),
  )
}

const states: Record<'open' | 'confirmed' | 'expired' | 'done', SignUpConfirmModel['state']> = {
  open: 'ask',
  confirmed: 'confirmed',
  expired: 'expired',
  done: 'already_confirmed',
}

async function answer(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: SignUpState | ConfirmSignUpOutcome,
): Promise<FastifyReply> {
  if (outcome.kind === 'unknown') return options.problems.forgedLink(request, reply)
  const { view } = outcome
  const { reading, action } = readingOfToken(options, request, view, `/s/${tokenIn(request)}`)
  const lang = queryLanguage(request) ?? reading.language
  const model: SignUpConfirmModel = {
    frame: reading.frame,
    action,
    state: states[outcome.kind],
    masked: view.masked,
    topics: view.topics.map((topic) => nameOf(topic, reading.language)),
    channel: view.channel,
    words: view.textShown,
    wordsLanguage: view.language,
    refused: view.refused.map(({ at, scope }) => ({ at: new Date(at), scope })),
    form: `/sign-up/${view.brand.id}?lang=${lang}`,
    ...(view.page && { page: view.page }),
  }
  const status = outcome.kind === 'expired' ? 410 : 200
  return sendPage(reply, status, renderSignUpConfirm(model, reading.text), reading.frame.brand.accent)
}
