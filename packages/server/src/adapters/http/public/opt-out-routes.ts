import { setTimeout as wait } from 'node:timers/promises'
import { maskContactPoint } from '@verzet/core'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { countryFor } from '../../../services/country-for.ts'
import { readTypedContact } from '../../../services/opt-out/read-typed-contact.ts'
import { recordPublicOptOut } from '../../../services/opt-out/record-public-opt-out.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { type OptOutFormModel, renderOptOutDone, renderOptOutForm } from '../pages/opt-out-page.tsx'
import { type FormFields, field, readForm, takeRawBodies } from './form-body.ts'
import { queryLanguage, type Reading, readingFor, sendPage } from './frame.ts'
import type { PublicPagesOptions } from './person-routes.ts'

/** A call centre or a help desk fills in the form this often for others; what is faster is a program. */
export const optOutsPerAddressMax = 30
const optOutWindowMs = 60_000
/** Beyond that each answer waits. A no is never refused, it only takes a program so long that it gains nothing. */
export const heldBackMs = 2_000

/** `/opt-out` and `/opt-out/{brand}`: a no by who has no link. GET shows the form, POST records, nobody is told who is known. */
export async function registerOptOutRoutes(app: FastifyInstance, options: PublicPagesOptions): Promise<void> {
  takeRawBodies(app)
  const count = app.createRateLimit({ max: optOutsPerAddressMax, timeWindow: optOutWindowMs })
  for (const url of ['/opt-out', '/opt-out/:brand']) {
    app.get(url, (request, reply) => {
      const visit = openForm(options, request)
      return visit === undefined ? options.problems.send(request, reply, 'page_unknown') : sendForm(visit, reply, 200)
    })
    app.post(url, async (request, reply) => {
      const visit = openForm(options, request)
      if (visit === undefined) return options.problems.send(request, reply, 'page_unknown')
      const limit = await count(request)
      const form = readForm(request.headers['content-type'], request.body) ?? new Map()
      const answered = await optOut(options, visit, form, reply, async () => {
        if (!limit.isAllowed && limit.isExceeded) await wait(heldBackMs)
      })
      return answered
    })
  }
}

type Visit = {
  readonly reading: Reading
  readonly action: string
  /** The brand that the address of the page names. */
  readonly named?: BrandRow
  readonly brands: readonly BrandRow[]
  readonly isCountryKnown: boolean
  readonly codePage: string
}

function openForm({ hub, texts }: PublicPagesOptions, request: FastifyRequest): Visit | undefined {
  const { params } = request
  const brands = hub.catalog.brands()
  const id = typeof params === 'object' && params !== null && 'brand' in params ? String(params.brand) : undefined
  const named = id === undefined ? undefined : hub.catalog.brand(id)
  const [first] = brands
  if (first === undefined || (id !== undefined && named === undefined)) return undefined
  const path = named === undefined ? '/opt-out' : `/opt-out/${named.id}`
  const reading = readingFor({ request, texts, brand: named ?? first, path })
  const { frame } = reading
  // One of several brands would look as if only its advertising could be stopped.
  const brand = named === undefined && brands.length > 1 ? { ...frame.brand, name: frame.controller.name } : frame.brand
  const lang = queryLanguage(request)
  return {
    reading: { ...reading, frame: { ...frame, brand } },
    action: lang === undefined ? path : `${path}?lang=${lang}`,
    ...(named && { named }),
    brands,
    isCountryKnown: countryFor(hub.catalog, named?.id) !== undefined,
    codePage: `/c?lang=${reading.language}`,
  }
}

function sendForm(
  visit: Visit,
  reply: FastifyReply,
  status: number,
  refused?: OptOutFormModel['refused'],
): FastifyReply {
  const { reading, brands, named } = visit
  const { frame, language } = reading
  const names = new Intl.DisplayNames([language], { type: 'region' })
  const countries = visit.isCountryKnown ? [] : [...new Set(brands.map(({ country }) => country))]
  const model: OptOutFormModel = {
    frame,
    action: visit.action,
    codePage: visit.codePage,
    brands: named !== undefined || brands.length < 2 ? [] : brands.map(({ id, name }) => ({ id, name })),
    countries: countries.map((code) => ({ code, name: names.of(code) ?? code })),
    ...(refused && { refused }),
  }
  return sendPage(reply, status, renderOptOutForm(model, reading.text), frame.brand.accent)
}

/** A brand that got lost on the way, or is none of ours, means all of them: silence means everything (rule 3). */
async function optOut(
  { hub, wakeMail }: PublicPagesOptions,
  visit: Visit,
  form: FormFields,
  reply: FastifyReply,
  holdBack: () => Promise<void>,
): Promise<FastifyReply> {
  const asked = field(form, 'brand') ?? ''
  const brand = visit.named?.id ?? hub.catalog.brand(asked)?.id
  const contact = field(form, 'contact') ?? ''
  const post = field(form, 'post') ?? ''
  const chosen = field(form, 'country') ?? ''
  const country = visit.brands.find((one) => one.country === chosen)?.country
  const typed = { contact, post, ...(brand && { brand }), ...(country && { country }) }
  const read = readTypedContact(hub, typed)
  if (read.kind === 'unreadable') {
    await holdBack()
    return sendForm(visit, reply, 422, { contact, post, brand: asked, country: chosen, field: read.field })
  }
  const { frame, text, language } = visit.reading
  for (const contactPoint of read.keyed)
    await recordPublicOptOut(hub, { contactPoint, language, ...(brand && { brand }) })
  wakeMail()
  await holdBack()
  const stopped = read.keyed.map(({ contactPoint }) => ({
    type: contactPoint.type === 'email' || contactPoint.type === 'phone' ? contactPoint.type : ('post' as const),
    masked: maskContactPoint(contactPoint),
  }))
  return sendPage(reply, 200, renderOptOutDone({ frame, stopped, form: visit.action }, text), frame.brand.accent)
}
