import { linkPathToken, readPrintedCode } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { openSealedLink } from '../../../services/open-link.ts'
import { isDropLink } from '../../../services/print/drop.ts'
import { findPrintedCode } from '../../../storage/printed-codes.ts'
import { type CodeModel, renderCodePage } from '../pages/code-page.tsx'
import { queryLanguage, readingFor, sendPage } from './frame.ts'
import type { PublicPagesOptions } from './person-routes.ts'

/** What a person may type before it is cut: more than any code with spaces. */
const typedCharactersMax = 64

/** `GET /c`, `/c?code=…` and the short link `/c/{code}`: a code opens the same page as a link, and changes nothing. */
export async function registerCodeRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  app.get('/c', (request, reply) => answerCode(options, request, reply, typedCode(request.query)))
  app.get('/c/:code', (request, reply) => answerCode(options, request, reply, typedCode(request.params)))
}

function typedCode(from: unknown): string | undefined {
  if (typeof from !== 'object' || from === null || !('code' in from) || typeof from.code !== 'string') return undefined
  return from.code.slice(0, typedCharactersMax)
}

async function answerCode(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  typed: string | undefined,
): Promise<FastifyReply> {
  if (typed === undefined || typed.trim() === '') return sendCodePage(options, request, reply, 200)
  const code = readPrintedCode(typed)
  if (code === undefined) return sendCodePage(options, request, reply, 422, { typed, why: 'unreadable' })
  const sealed = await findPrintedCode(options.hub.db, code)
  const link = sealed && openSealedLink(options.hub.linkRing, options.hub.catalog, sealed)
  if (sealed === undefined || link === undefined) {
    if (await options.problems.isForging(request)) return options.problems.send(request, reply, 'too_many_attempts')
    return sendCodePage(options, request, reply, 404, { typed, why: 'unknown' })
  }
  const lang = queryLanguage(request)
  // Nobody's link: the code of a flyer leads to where its reader says whose letterbox, mailbox or phone it is about.
  const place = isDropLink(link) ? `/opt-out/${link.brand.id}` : `/u/${linkPathToken(sealed)}`
  return reply
    .header('cache-control', 'no-store')
    .header('referrer-policy', 'no-referrer')
    .redirect(`${place}${lang === undefined ? '' : `?lang=${lang}`}`, 303)
}

function sendCodePage(
  { hub, texts }: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  refused?: CodeModel['refused'],
): FastifyReply {
  const brand = hub.catalog.brands()[0]
  if (brand === undefined) return reply.code(404).send()
  const { frame, text, language } = readingFor({ request, texts, brand, path: '/c' })
  const optOutForm = `/opt-out?lang=${language}`
  return sendPage(
    reply,
    status,
    renderCodePage({ frame, action: '/c', optOutForm, ...(refused && { refused }) }, text),
    frame.brand.accent,
  )
}
