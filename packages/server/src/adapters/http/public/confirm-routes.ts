import { assertNever } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ConfirmOutcome, confirm } from '../../../services/confirm.ts'
import {
  type ConfirmationOutcome,
  type ConfirmationView,
  readConfirmation,
} from '../../../services/read-confirmations.ts'
import { type Confirmable, type ConfirmModel, type Limit, renderConfirmPage } from '../pages/confirm-page.tsx'
import { readLanguage } from '../pages/text.ts'
import { takeRawBodies } from './form-body.ts'
import { queryLanguage, type Reading, readingFor, sendPage } from './frame.ts'
import { nameOf } from './person-model.ts'
import type { PublicPagesOptions } from './person-routes.ts'

/** `/k/{token}`, from a mail the hub sent: GET shows what will happen, POST does it. Scanners only ever GET (RULE SC-1). */
export async function registerConfirmRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  const { hub } = options
  app.get('/k/:token', async (request, reply) =>
    answer(options, request, reply, await readConfirmation(hub, hub.db, tokenOf(request), hub.clock())),
  )
  app.post('/k/:token', async (request, reply) => {
    const outcome = await confirm(hub, tokenOf(request), hub.clock())
    options.wakeMail()
    return answer(options, request, reply, outcome)
  })
}

function tokenOf(request: FastifyRequest): string {
  const { params } = request
  return typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
}

const states: Record<'open' | 'confirmed' | 'expired' | 'done', ConfirmModel['state']> = {
  open: 'ask',
  confirmed: 'confirmed',
  expired: 'expired',
  done: 'already_confirmed',
}

async function answer(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: ConfirmationOutcome | ConfirmOutcome,
): Promise<FastifyReply> {
  if (outcome.kind === 'unknown') return options.problems.forgedLink(request, reply)
  const { view } = outcome
  const path = `/k/${tokenOf(request)}`
  const known = readLanguage(view.language) ?? null
  const reading = readingFor({ request, texts: options.texts, brand: view.brand, known, path })
  const lang = queryLanguage(request)
  const model: ConfirmModel = {
    frame: known === null ? reading.frame : { ...reading.frame, languageSwitch: { kind: 'none' } },
    action: lang === undefined ? path : `${path}?lang=${lang}`,
    confirmable: confirmableOf(view, reading),
    masked: view.masked,
    state: states[outcome.kind],
    ...(view.page && { page: view.page }),
  }
  return sendPage(
    reply,
    outcome.kind === 'expired' ? 410 : 200,
    renderConfirmPage(model, reading.text),
    model.frame.brand.accent,
  )
}

function confirmableOf(view: ConfirmationView, { language }: Reading): Confirmable {
  const items = view.items.map(({ topic, channel }) => ({ topic: nameOf(topic, language), channel }))
  switch (view.what) {
    case 'add_contact_point':
    case 'move':
    case 'erase':
      return { kind: view.what }
    case 'receive':
    case 'undo':
      return { kind: view.what, items, ...(view.restriction && { limit: limitOf(view.restriction) }) }
    default:
      return assertNever(view.what)
  }
}

function limitOf(restriction: NonNullable<ConfirmationView['restriction']>): Limit {
  return restriction.kind === 'pause'
    ? { kind: 'paused', until: new Date(restriction.until) }
    : { kind: 'cadence', cadence: restriction.cadence }
}
