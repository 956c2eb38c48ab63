import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { noteConnection, portalConnection } from '../../../services/channels/note-connection.ts'
import type { Hub } from '../../../services/hub.ts'
import type { OpenedLink } from '../../../services/open-link.ts'
import { introduceFromPortal } from '../../../services/portal/open-portal-identity.ts'
import type { TokenParts } from '../../../services/portal/verify-portal-token.ts'
import { type ApiServer, answer, problems } from '../api/api-server.ts'
import { readJsonBodies } from '../json-body.ts'
import { acts } from '../pages/acts.tsx'
import { readLanguage, type Texts } from '../pages/text.ts'
import { HttpProblem } from '../problem.ts'
import type { ActDone } from '../public/act-outcome.ts'
import { performAct } from '../public/acts.ts'
import type { FormFields } from '../public/form-body.ts'
import { answerQuestions, readPersonPage } from '../public/person-routes.ts'
import { validateWithZod, writeJson } from '../validate.ts'
import { bearerOf, identify, readChannel, unidentified } from './identify.ts'
import { portalReading, viewAfter, viewOf, viewWithNotice } from './portal-view.ts'
import { allowRequest, assertOwnSite, hearNamedSite } from './sites.ts'
import { fieldsSchema, type View, viewSchema } from './view-schema.ts'

export type PortalApiOptions = {
  readonly hub: Hub
  readonly texts: Texts
  readonly wakeMail: () => void
  readonly tokens: TokenParts
}

/** Forged tokens one address may try in a minute before it is told to wait; one that holds is never counted. */
export const forgedTokensPerMinuteMax = 60
/** More fields, and more values of one, than the largest page has. */
const fieldsMax = 200
const valuesMax = 2_000
const nameCharactersMax = 64

const query = z.object({
  lang: z.string().max(35).optional().meta({ description: 'nl, fr, de or en; else what the person is known to read.' }),
  // A site that names what the hub does not know gets a page about less, and not none.
  topic: z.string().max(nameCharactersMax).optional().meta({ description: 'The topic "stop only this" is about.' }),
  channel: z.string().max(nameCharactersMax).optional().meta({ description: 'The channel "stop only this" is about.' }),
})
type Asked = z.infer<typeof query>

const actBody = z
  .strictObject({
    act: z.enum(acts),
    fields: fieldsSchema
      .refine((fields) => Object.keys(fields).length <= fieldsMax, `Send at most ${fieldsMax} fields`)
      .refine((fields) => Object.values(fields).flat().length <= valuesMax, `Send at most ${valuesMax} values`)
      .meta({ description: 'As the part that was pressed names them, with what the person filled in.' }),
  })
  .meta({ id: 'PortalAct' })

/**
 * What the element asks and does, with a token in place of an API key and without cookies: looking changes nothing, and
 * the same act twice is the same act. Its problems are those of the API.
 */
export async function registerPortalApi(app: FastifyInstance, options: PortalApiOptions): Promise<void> {
  const { hub, tokens } = options
  app.setValidatorCompiler(validateWithZod)
  app.setSerializerCompiler(writeJson)
  readJsonBodies(app)
  const count = app.createRateLimit({ max: forgedTokensPerMinuteMax, timeWindow: 60_000 })
  app.addHook('onRequest', async (request, reply) => void (await hearNamedSite(hub, tokens.portals, request, reply)))
  const api = app.withTypeProvider<ZodTypeProvider>()
  const find = async (request: FastifyRequest, asked: Asked): Promise<OpenedLink> => {
    const channel = readChannel(asked.channel)
    const about = { ...(asked.topic && { topic: asked.topic }), ...(channel && { channel }) }
    const identified = await identify({ hub, tokens }, bearerOf(request), about)
    if ('link' in identified) {
      assertOwnSite(hub, request, identified.origins)
      return identified.link
    }
    if (identified.kind === 'refused') {
      const limit = await count(request)
      if (!limit.isAllowed && limit.isExceeded) throw tooManyForged(limit.ttlInSeconds)
    }
    throw unidentified(identified)
  }
  getPerson(api, options, find)
  postActs(api, options, find)
  for (const url of ['/portal/v1/person', '/portal/v1/acts']) {
    app.options(url, { schema: { hide: true } }, (_request, reply) => {
      const isHeard = reply.hasHeader('access-control-allow-origin')
      return (isHeard ? allowRequest(reply) : reply).code(204).send()
    })
  }
}

type Find = (request: FastifyRequest, asked: Asked) => Promise<OpenedLink>

function getPerson(app: ApiServer, { hub, texts }: PortalApiOptions, find: Find): void {
  app.get(
    '/portal/v1/person',
    {
      schema: {
        tags: ['portal'],
        summary: 'What stands for the person of a token, and what they can do about it',
        description:
          'Authenticated with a token that a portal signed, or with that of a personal link; an API key is of no use here. Addresses and names come masked.',
        querystring: query,
        response: { 200: answer('The page in sections.', viewSchema), ...problems({ body: false }) },
      },
    },
    async (request): Promise<View> => {
      const page = await readPersonPage(hub, await find(request, request.query))
      return viewOf(page, readingOf(texts, page, request, request.query))
    },
  )
}

function postActs(app: ApiServer, options: PortalApiOptions, find: Find): void {
  const { hub, texts, wakeMail } = options
  app.post(
    '/portal/v1/acts',
    {
      schema: {
        tags: ['portal'],
        summary: 'Do what a part of the page offers',
        description:
          'What a token of a portal opens holds at once: it is the person’s own, provable choice. The token of a personal link has the powers of that link. The same act twice is the same act.',
        querystring: query,
        body: actBody,
        response: {
          200: answer('Done; the page as it is now, with what came of the act before it.', viewSchema),
          ...problems({ body: true }),
          422: answer('Not done; the page says why.', viewSchema),
        },
      },
    },
    async (request, reply): Promise<View> => {
      const { act } = request.body
      const link = await find(request, request.query)
      await introduceFromPortal(hub, link)
      const before = await readPersonPage(hub, link)
      const reading = readingOf(texts, before, request, request.query)
      const form = formOf(request.body.fields)
      const done: ActDone =
        act === 'reason'
          ? await answerQuestions(hub, { link }, form)
          : await performAct(hub, act, before, form, reading)
      if (done.kind === 'refused') {
        reply.code(422)
        return viewWithNotice(before, reading, done.notice)
      }
      wakeMail()
      if (link.portal) await noteConnection(hub, portalConnection(link.portal.proof.portal), { kind: 'heard' })
      const after = await readPersonPage(hub, link)
      const now = readingOf(texts, after, request, request.query)
      return done.kind === 'done' ? viewAfter(hub, after, now, done) : viewOf(after, now)
    },
  )
}

function readingOf(
  texts: Texts,
  page: Parameters<typeof portalReading>[1],
  request: FastifyRequest,
  { lang }: Asked,
): ReturnType<typeof portalReading> {
  return portalReading(texts, page, readLanguage(lang), request.headers['accept-language'])
}

function formOf(fields: z.infer<typeof fieldsSchema>): FormFields {
  return new Map(Object.entries(fields).map(([name, values]) => [name, [values].flat()]))
}

function tooManyForged(retryAfterSeconds: number): HttpProblem {
  return new HttpProblem(
    {
      status: 429,
      code: 'too_many_failures',
      title: 'Too many tokens that do not hold',
      detail: 'Wait before trying another token. One that holds works all the time.',
    },
    { 'retry-after': String(retryAfterSeconds) },
  )
}
