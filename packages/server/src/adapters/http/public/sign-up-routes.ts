import { maskContactPoint, normaliseContactPoint } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { currentConsentWords, readConsentTexts } from '../../../services/sign-up/consent-texts.ts'
import { submitSignUp } from '../../../services/sign-up/submit-sign-up.ts'
import type { BrandRow, TopicRow } from '../../../storage/catalog.ts'
import { renderSignUpForm, renderSignUpSent, type SignUpFormModel, trapField } from '../pages/sign-up-page.tsx'
import { type FormFields, field, fieldValues, readForm, takeRawBodies } from './form-body.ts'
import { queryLanguage, type Reading, readingFor, sendPage } from './frame.ts'
import { nameOf } from './person-model.ts'
import type { PublicPagesOptions } from './person-routes.ts'

/** A family or an office behind one address signs up in turn; a program that fills mailboxes comes no further. */
const signUpsPerAddressMax = 20
const signUpWindowMs = 10 * 60_000

/** `/sign-up/{brand}`: GET shows the form, POST asks the address to confirm. Nothing holds before that. */
export async function registerSignUpRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  const count = app.createRateLimit({ max: signUpsPerAddressMax, timeWindow: signUpWindowMs })
  app.get('/sign-up/:brand', (request, reply) => {
    const visit = openForm(options, request)
    return visit === undefined ? unknownBrand(options, request, reply) : sendForm(options, visit, reply, 200)
  })
  app.post('/sign-up/:brand', async (request, reply) => {
    const visit = openForm(options, request)
    if (visit === undefined) return unknownBrand(options, request, reply)
    const limit = await count(request)
    if (!limit.isAllowed && limit.isExceeded) return options.problems.send(request, reply, 'too_many_attempts')
    const form = readForm(request.headers['content-type'], request.body) ?? new Map()
    return signUp(options, visit, form, reply)
  })
}

type Visit = {
  readonly brand: BrandRow
  readonly topics: readonly TopicRow[]
  readonly reading: Reading
  /** The form itself, in the language it was asked for. */
  readonly action: string
}

function openForm({ hub, texts }: PublicPagesOptions, request: FastifyRequest): Visit | undefined {
  const { params } = request
  const id = typeof params === 'object' && params !== null && 'brand' in params ? String(params.brand) : ''
  const brand = hub.catalog.brand(id)
  const topics = hub.catalog.topics(id).filter((topic) => topic.purpose === 'marketing')
  if (brand === undefined || topics.length === 0) return undefined
  const path = `/sign-up/${id}`
  const lang = queryLanguage(request)
  const reading = readingFor({ request, texts, brand, path })
  return { brand, topics, reading, action: lang === undefined ? path : `${path}?lang=${lang}` }
}

function unknownBrand(options: PublicPagesOptions, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return options.problems.send(request, reply, 'page_unknown')
}

/** The brand's own words; where it has none in this language, the product's, which are version 0. */
async function wordsToShow({ hub }: PublicPagesOptions, { brand, reading }: Visit) {
  const own = await currentConsentWords(hub.db, brand.id, reading.language)
  return own === undefined
    ? { shown: standardWords(brand, reading), version: 0 }
    : { shown: own.shown, version: own.version ?? 0, ...(own.privacyUrl && { privacyUrl: own.privacyUrl }) }
}

function standardWords(brand: BrandRow, { text }: Reading): string {
  return text('signUp.consent', { brand: brand.name, controller: brand.controller })
}

/** The words that were on the form when it was sent, which are perhaps no longer the newest; undefined for none of ours. */
async function wordsThatWereShown({ hub }: PublicPagesOptions, visit: Visit, version: string | undefined) {
  if (version === '0') return standardWords(visit.brand, visit.reading)
  const versions = await readConsentTexts(hub.db, visit.brand.id)
  return versions.find((one) => String(one.version) === version)?.texts[visit.reading.language]
}

async function sendForm(
  options: PublicPagesOptions,
  visit: Visit,
  reply: FastifyReply,
  status: number,
  refused?: SignUpFormModel['refused'],
): Promise<FastifyReply> {
  const { reading, topics, action } = visit
  const { shown, ...words } = await wordsToShow(options, visit)
  const privacyUrl = words.privacyUrl ?? reading.frame.controller.privacyUrl
  const model: SignUpFormModel = {
    frame: reading.frame,
    action,
    topics: topics.map((topic) => ({ id: topic.id, name: nameOf(topic, reading.language) })),
    words: shown,
    version: words.version,
    ...(privacyUrl && { privacyUrl }),
    ...(refused && { refused }),
  }
  return sendPage(reply, status, renderSignUpForm(model, reading.text), reading.frame.brand.accent)
}

async function signUp(
  options: PublicPagesOptions,
  visit: Visit,
  form: FormFields,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { hub } = options
  const typed = field(form, 'email') ?? ''
  const email = normaliseContactPoint({ type: 'email', value: typed })
  const topics = fieldValues(form, 'topic').filter((id) => visit.topics.some((topic) => topic.id === id))
  const textShown = await wordsThatWereShown(options, visit, field(form, 'version'))
  const why = [
    ...(email.kind === 'ok' ? [] : (['email'] as const)),
    ...(topics.length === 0 ? (['topics'] as const) : []),
  ]
  if (email.kind !== 'ok' || why.length > 0 || textShown === undefined)
    return sendForm(options, visit, reply, 422, { email: typed, topics, why })
  // A program is told the same as a person, so that it learns nothing from it.
  if ((field(form, trapField) ?? '') === '') {
    const { brand, reading } = visit
    const contactPoint = { type: 'email' as const, value: email.contactPoint.normalised }
    const wanted = {
      contactPoint,
      brand: brand.id,
      topics,
      language: reading.language,
      source: 'sign-up form',
      textShown,
    }
    await submitSignUp(hub, wanted, { now: hub.clock(), random: hub.random })
    options.wakeMail()
  }
  const { frame, text } = visit.reading
  const model = { frame, masked: maskContactPoint(email.contactPoint), form: visit.action }
  return sendPage(reply, 200, renderSignUpSent(model, text), frame.brand.accent)
}
