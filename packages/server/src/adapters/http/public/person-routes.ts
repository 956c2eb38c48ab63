import { assertNever, maskContactPoint } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Hub } from '../../../services/hub.ts'
import { type OpenedLink, openPathLink } from '../../../services/open-link.ts'
import { findOnTheWay } from '../../../services/print/on-the-way.ts'
import { findPrintDay } from '../../../services/print/print-day.ts'
import { listOpenConfirmations } from '../../../services/read-confirmations.ts'
import { readPerson } from '../../../services/read-person.ts'
import { type Act, acts, type PersonalLink } from '../pages/acts.tsx'
import { renderDonePage } from '../pages/done-page.tsx'
import { renderLeavingPage } from '../pages/leaving-page.tsx'
import { type PreferenceNotice, renderPreferencePage } from '../pages/preference-page.tsx'
import type { Texts } from '../pages/text.ts'
import { type ActDone, isUuid, type PerformedAct } from './act-outcome.ts'
import { performAct } from './acts.ts'
import { doneModel } from './done-model.ts'
import { isFromScript, returnAddress, sendBack, sendToSite } from './elsewhere.ts'
import { stepAfter } from './embedded-steps.ts'
import { type FormFields, field, readForm, takeRawBodies } from './form-body.ts'
import { pageHeaders, queryLanguage, type Reading, readingFor, sendPage } from './frame.ts'
import { answerLeaveForm, withLeaveForm } from './leave-form.ts'
import { leavingPageModel, leavingParts } from './leaving-model.ts'
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
    const show = act === 'confirm' ? showQuestion : showPage
    app.get(`/u/:token/${act}`, (request, reply) => show(options, request, reply))
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

/** Where the mail after a no leads. Once there is nothing to ask it is the page itself. */
async function showQuestion(
  options: PublicPagesOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const found = visit(options, request)
  if (found === undefined) return options.problems.forgedLink(request, reply)
  return sendQuestion(options, found, request, reply)
}

async function sendQuestion(
  options: PublicPagesOptions,
  found: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const page = await readPersonPage(options.hub, found.link)
  const reading = readingOf(options, found, page, request, 'confirm')
  const model = await leavingPageModel(options.hub, page, found.personal, reading)
  if (model === undefined) return sendPreferences(options, found, request, reply, 200)
  return sendPage(reply, 200, renderLeavingPage(model, reading.text), reading.frame.brand.accent)
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
      : act === 'reason'
        ? await answerQuestions(options.hub, found, form)
        : await performAct(options.hub, act, page, form, readingOf(options, found, page, request))
  if (isFromScript(request)) return answerScript(options, found, request, reply, done)
  if (done.kind === 'refused') return sendPreferences(options, found, request, reply, 422, done.notice)
  const result = done.kind === 'done' ? done.result : undefined
  const told = { verzet: done.kind === 'done' ? done.outcome.kind : undefined, choice: result?.choiceIds[0] }
  const back = form && returnAddress(found.link.brand, form, told)
  if (done.kind === 'done') options.wakeMail()
  if (back !== undefined) return sendBack(reply, back)
  if (done.kind === 'show_page') {
    // Who chose another language on the page that asks wants to read that page.
    const isAboutQuestion = form !== undefined && field(form, 'page') === 'confirm'
    return isAboutQuestion
      ? sendQuestion(options, found, request, reply)
      : sendPreferences(options, found, request, reply, 200)
  }
  const { model, reading } = await modelAfter(options, found, request, done)
  return sendPage(reply, 200, renderDonePage(model, reading.text), reading.frame.brand.accent)
}

async function modelAfter(options: PublicPagesOptions, found: Visit, request: FastifyRequest, done: PerformedAct) {
  const after = await readPersonPage(options.hub, found.link)
  const reading = readingOf(options, found, after, request)
  const leaving = await leavingParts(options.hub, after, reading, done)
  const model = { ...doneModel(after, found.personal, reading, done), ...leaving }
  return { model: await withLeaveForm(options.hub, found.link, model), reading }
}

export async function answerQuestions(hub: Hub, { link }: Pick<Visit, 'link'>, form: FormFields): Promise<ActDone> {
  const outcome = await answerLeaveForm(hub, link, form)
  switch (outcome.kind) {
    case 'saved':
      return { kind: 'done', outcome: { kind: 'reason_saved' }, ...answeredBy(form, outcome.reason) }
    case 'nothing_said':
      return { kind: 'show_page' }
    case 'not_theirs':
      return { kind: 'refused', notice: 'nothing_changed' }
    default:
      return assertNever(outcome)
  }
}

/** Some alternatives are an answer to the reason that was given. */
function answeredBy(form: FormFields, reason: string | null): Pick<PerformedAct, 'answered'> {
  const choiceId = field(form, 'choice') ?? ''
  return isUuid(choiceId) && reason !== null ? { answered: { choiceId, reason } } : {}
}

/** The hub's script on a site of the brand gets what the page would say, as JSON. */
async function answerScript(
  options: PublicPagesOptions,
  found: Visit,
  request: FastifyRequest,
  reply: FastifyReply,
  done: ActDone,
): Promise<FastifyReply> {
  const { brand } = found.link
  if (done.kind !== 'done') return sendToSite(request, reply, brand, done.kind === 'refused' ? 422 : 200, {})
  options.wakeMail()
  const { model, reading } = await modelAfter(options, found, request, done)
  return sendToSite(request, reply, brand, 200, stepAfter(model, reading, options.hub.place.url))
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

export function readingOf(
  options: PublicPagesOptions,
  found: Visit,
  page: PersonPage,
  request: FastifyRequest,
  act?: Act,
): Reading {
  const known = page.person.relations[0]?.language
  return readingFor({
    request,
    texts: options.texts,
    brand: found.link.brand,
    known: known ?? null,
    link: found.personal,
    ...(act && { act }),
  })
}

export async function readPersonPage(hub: Hub, link: OpenedLink): Promise<PersonPage> {
  const now = hub.clock()
  const person = await readPerson(hub.db, link.claims.contactPointKey, now)
  const open = await listOpenConfirmations(hub.db, person.key, now)
  const keys = [...person.relations, ...person.contactPoints].map((one) => one.key)
  return {
    link,
    person,
    topics: hub.catalog.topics(link.brand.id).filter((topic) => topic.purpose === 'marketing'),
    pending: new Set(open.flatMap((one) => one.boxes)),
    registers: hub.catalog.registers(),
    pendingContacts: open.flatMap((one) =>
      one.address === undefined
        ? []
        : [{ reference: one.id, masked: maskContactPoint({ type: 'email', normalised: one.address }) }],
    ),
    printedOn: await findPrintDay(hub.db, link),
    printed: await findOnTheWay(hub.db, [...new Set([person.key, ...keys])], now),
    now,
  }
}
