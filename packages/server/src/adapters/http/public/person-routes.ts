import { maskContactPoint } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../../../services/hub.ts'
import { type OpenedLink, openPathLink } from '../../../services/open-link.ts'
import { listOpenConfirmations } from '../../../services/read-confirmations.ts'
import { readPerson } from '../../../services/read-person.ts'
import { type Act, acts, type PersonalLink } from '../pages/acts.tsx'
import { renderDonePage } from '../pages/done-page.tsx'
import { type PreferenceNotice, renderPreferencePage } from '../pages/preference-page.tsx'
import type { Texts } from '../pages/text.ts'
import { type ActDone, performAct } from './acts.ts'
import { doneModel } from './done-model.ts'
import { readForm, takeRawBodies } from './form-body.ts'
import { pageHeaders, queryLanguage, type Reading, readingFor, sendPage } from './frame.ts'
import { answerOneClick, isOneClick } from './one-click.ts'
import { type PersonPage, preferenceModel } from './person-model.ts'
import type { ProblemPages } from './problem-pages.ts'

export type PublicPagesOptions = {
  readonly hub: Hub
  readonly texts: Texts
  readonly problems: ProblemPages
  /** Told when a mail was queued, so that it leaves at once. */
  readonly wakeMail: () => void
}

/**
 * A person's own page. GET and HEAD only show (RULE SC-1); POST on the page itself is RFC 8058; the page's forms post to
 * `/u/{token}/{act}`. Looking at the address of an act shows the page.
 */
export async function registerPersonRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  app.get('/u/:token', (request, reply) => showPage(options, request, reply))
  app.post('/u/:token', (request, reply) => oneClick(options, request, reply))
  app.options('/u/:token', (_request, reply) =>
    reply
      .code(204)
      .headers({ ...pageHeaders, allow: 'GET, HEAD, POST, OPTIONS', 'access-control-allow-origin': '*' })
      .send(),
  )
  for (const act of acts) {
    app.get(`/u/:token/${act}`, (request, reply) => showPage(options, request, reply))
    app.post(`/u/:token/${act}`, (request, reply) => actOnPage(options, act, request, reply))
  }
}

type Visit = { readonly link: OpenedLink; readonly personal: PersonalLink }

function visit({ hub }: PublicPagesOptions, request: FastifyRequest): Visit | undefined {
  const { params } = request
  const token = typeof params === 'object' && params !== null && 'token' in params ? String(params.token) : ''
  const link = openPathLink(hub.linkRing, hub.catalog, token)
  if (link === undefined) return undefined
  const lang = queryLanguage(request)
  return { link, personal: { base: `/u/${token}`, ...(lang && { lang }) } }
}

async function showPage(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = visit(options, request)
  if (found === undefined) return options.problems.forgedLink(request, reply)
  return sendPreferences(options, found, request, reply, 200)
}

async function oneClick(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = visit(options, request)
  if (found === undefined) return options.problems.forgedLink(request, reply)
  if (isOneClick(request.headers['content-type'], request.body)) {
    await answerOneClick(options.hub, found.link, reply)
    options.wakeMail()
    return reply
  }
  // RFC 8058 §3.1 asks for that one pair: anything else is shown the page, and never told that it succeeded.
  return sendPreferences(options, found, request, reply, 422, 'nothing_changed')
}

async function actOnPage(
  options: PublicPagesOptions,
  act: Act,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = visit(options, request)
  if (found === undefined) return options.problems.forgedLink(request, reply)
  const form = readForm(request.headers['content-type'], request.body)
  const page = await readPersonPage(options.hub, found.link)
  const done: ActDone =
    form === undefined
      ? { kind: 'refused', notice: 'nothing_changed' }
      : await performAct(options.hub, act, page, form, readingOf(options, found, page, request))
  if (done.kind === 'refused') return sendPreferences(options, found, request, reply, 422, done.notice)
  if (done.kind === 'show_page') return sendPreferences(options, found, request, reply, 200)
  options.wakeMail()
  const after = await readPersonPage(options.hub, found.link)
  const reading = readingOf(options, found, after, request)
  const model = doneModel(after, found.personal, reading, done)
  return sendPage(reply, 200, renderDonePage(model, reading.text), reading.frame.brand.accent)
}

async function sendPreferences(
  options: PublicPagesOptions,
  found: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  notice?: PreferenceNotice,
): Promise<FastifyReply> {
  const page = await readPersonPage(options.hub, found.link)
  const reading = readingOf(options, found, page, request)
  const html = renderPreferencePage(preferenceModel(page, found.personal, reading, notice), reading.text)
  return sendPage(reply, status, html, reading.frame.brand.accent)
}

function readingOf(options: PublicPagesOptions, found: Visit, page: PersonPage, request: FastifyRequest): Reading {
  const known = page.person.relations[0]?.language
  return readingFor({
    request,
    texts: options.texts,
    brand: found.link.brand,
    known: known ?? null,
    link: found.personal,
  })
}

async function readPersonPage(hub: Hub, link: OpenedLink): Promise<PersonPage> {
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  const open = await listOpenConfirmations(hub.db, person.key, now)
  return {
    link,
    person,
    topics: hub.catalog.topics(link.brand.id).filter((topic) => topic.purpose === 'marketing'),
    pending: new Set(open.flatMap((one) => one.boxes)),
    pendingContacts: open.flatMap((one) =>
      one.address === undefined
        ? []
        : [{ reference: one.id, masked: maskContactPoint({ type: 'email', normalised: one.address }) }],
    ),
    now,
  }
}
