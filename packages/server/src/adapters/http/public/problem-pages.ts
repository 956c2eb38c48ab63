import type { FastifyReply, FastifyRequest } from 'fastify'
import { brandSettings } from '../../../services/brand-settings.ts'
import type { Catalog } from '../../../services/catalog.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import { type Problem, renderProblemPage } from '../pages/problem-page.tsx'
import type { Texts } from '../pages/text.ts'
import { readingFor, sendPage } from './frame.ts'

const statusOf: Record<Problem, number> = {
  link_unknown: 404,
  page_unknown: 404,
  request_unreadable: 400,
  too_many_attempts: 429,
  unavailable: 503,
}

/** A database that restarts is back by then. */
const retryAfterSeconds = 30
export const forgeryWindowSeconds = 60

/** True when this address tried too many forged links; a valid one is never counted. */
export type CountForgery = (request: FastifyRequest) => Promise<boolean>

/**
 * The pages for when something is wrong, in the reader's language and with the other ways to say no.
 * A forged, a mangled and a foreign link all get the same words.
 */
export class ProblemPages {
  readonly #texts: Texts
  readonly #catalog: Catalog
  readonly #countForgery: CountForgery

  constructor(texts: Texts, catalog: Catalog, countForgery: CountForgery) {
    this.#texts = texts
    this.#catalog = catalog
    this.#countForgery = countForgery
  }

  async forgedLink(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return this.send(request, reply, (await this.#countForgery(request)) ? 'too_many_attempts' : 'link_unknown')
  }

  isForging(request: FastifyRequest): Promise<boolean> {
    return this.#countForgery(request)
  }

  send(request: FastifyRequest, reply: FastifyReply, problem: Problem): FastifyReply {
    const brand = this.#catalog.brands()[0] ?? nobody
    const { frame, text, language } = readingFor({ request, texts: this.#texts, brand, path: '/c' })
    const settings = brandSettings(brand)
    const otherWays = {
      codePage: `/c?lang=${language}`,
      optOutForm: `/opt-out?lang=${language}`,
      ...(settings.contactEmail && { email: settings.contactEmail }),
      ...(settings.postalAddress && { postal: settings.postalAddress }),
    }
    const retry = isPassing(problem) ? pageBehind(request) : undefined
    const model = {
      frame: { ...frame, languageSwitch: { kind: 'none' as const } },
      problem,
      otherWays,
      ...(retry && { retry }),
    }
    const html = renderProblemPage(model, text)
    if (problem === 'unavailable') reply.header('retry-after', String(retryAfterSeconds))
    if (problem === 'too_many_attempts') reply.header('retry-after', String(forgeryWindowSeconds))
    return sendPage(reply, statusOf[problem], html, frame.brand.accent)
  }
}

/** Before the first brand is made. */
const nobody: BrandRow = { id: '', number: 0, name: 'Verzet', controller: 'Verzet', country: 'BE', settings: {} }

/** Trying again makes sense: the address itself is right. */
function isPassing(problem: Problem): boolean {
  return problem === 'unavailable' || problem === 'request_unreadable'
}

/** The page that a failed request belongs to, where the person presses once more. */
function pageBehind({ params, routeOptions }: FastifyRequest): string | undefined {
  const [, page] = /^\/([uk])\/:token/.exec(routeOptions.url ?? '') ?? []
  if (page === undefined || typeof params !== 'object' || params === null || !('token' in params)) return undefined
  return `/${page}/${encodeURIComponent(String(params.token))}`
}
