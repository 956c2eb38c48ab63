import { z } from 'zod'
import { type LeaveForm, questionsSchema } from '../../../services/forms/leave-form.ts'
import { publishLeaveForm } from '../../../services/forms/publish-leave-form.ts'
import { formOf, readPublishedForm } from '../../../services/forms/read-leave-form.ts'
import { afterwards, countLeaveAnswers } from '../../../storage/leave-answers.ts'
import { listLeaveForms } from '../../../storage/leave-forms.ts'
import { actorOf } from '../authenticate.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { unknownBrand } from './brands.ts'
import { brokenPages } from './lint-problem.ts'
import * as schemas from './schemas.ts'

const brandParams = z.strictObject({ brand: schemas.brandId })

/** Lines of counts in one answer; narrow the period where there are more. */
const countsMax = 10_000
/** Two years, as long as answers are compared in practice. */
const periodMsMax = 732 * 86_400_000

const form = z
  .strictObject({
    version: z
      .int()
      .min(0)
      .meta({ description: '0: the questions that come with the product, or the list `reasons`.' }),
    questions: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
  })
  .meta({ id: 'LeaveForm', description: 'The questions asked after a no. None of them has to be answered.' })
const publishedForm = form.extend({ publishedAt: schemas.moment }).meta({ id: 'PublishedLeaveForm' })

const count = z
  .strictObject({
    formVersion: z.int().min(0),
    question: z.string(),
    picked: z.string().nullable().meta({ description: 'A choice, or a mark on a scale; null for free text.' }),
    topic: z.string().nullable(),
    channel: schemas.channel,
    campaign: z.string().nullable(),
    afterwards: z.enum(afterwards).meta({ description: 'What the person did last, as it is now.' }),
    count: z.int().min(1),
  })
  .meta({ id: 'AnswerCount' })

export function getLeaveForm(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/forms/leave',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['forms'],
        summary: 'The questions asked after a no',
        params: brandParams,
        response: { 200: answer('The version that is used now.', form), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      return showForm(await readPublishedForm(hub, brand))
    },
  )
}

export function putLeaveForm(app: ApiServer, { hub }: ApiParts): void {
  app.put(
    '/v1/brands/:brand/forms/leave',
    {
      config: { scope: 'catalog:write' },
      schema: {
        tags: ['forms'],
        summary: 'Publish the questions asked after a no',
        description:
          'Makes the next version; the earlier ones stay. Questions that break a rule of the pages are refused with 422 `page_lint`, each finding with the rule and its source. An empty list asks nothing.',
        params: brandParams,
        body: z.strictObject({ questions: questionsSchema }).meta({ id: 'NewLeaveForm' }),
        response: {
          200: answer('These questions were asked already.', form),
          201: answer('Published.', form),
          ...problems({ body: true }, 404, 422),
        },
      },
    },
    async (request, reply) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      const outcome = await publishLeaveForm(hub, brand, request.body.questions, actorOf(request))
      if (outcome.kind === 'refused') throw brokenPages(hub.sayInEnglish, 'form', outcome.findings)
      return reply.code(outcome.kind === 'published' ? 201 : 200).send(showForm(outcome.form))
    },
  )
}

export function getLeaveFormVersions(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/forms/leave/versions',
    {
      config: { scope: 'catalog:read' },
      schema: {
        tags: ['forms'],
        summary: 'Every version of the questions',
        params: brandParams,
        response: {
          200: answer('The newest first.', z.strictObject({ versions: z.array(publishedForm) })),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request) => {
      const brand = hub.catalog.brand(request.params.brand)
      if (brand === undefined) throw unknownBrand()
      const rows = await listLeaveForms(hub.db, brand.id)
      return {
        versions: rows.map((row) => ({ ...showForm(formOf(row)), publishedAt: row.publishedAt.toISOString() })),
      }
    },
  )
}

export function getLeaveAnswers(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/brands/:brand/forms/leave/answers',
    {
      config: { scope: 'answers:read' },
      schema: {
        tags: ['forms'],
        summary: 'How often each answer was given, and what people did afterwards',
        description: 'Counted by question, topic, channel and campaign; names nobody and holds nobody’s words.',
        params: brandParams,
        querystring: z.strictObject({ from: schemas.moment.optional(), to: schemas.moment.optional() }).meta({
          description: 'From the first moment up to and not including the second; the last two years without.',
        }),
        response: {
          200: answer('By question, the most frequent first.', z.strictObject({ counts: z.array(count) })),
          ...problems({ body: false }, 404),
        },
      },
    },
    async (request) => {
      const { brand } = request.params
      if (hub.catalog.brand(brand) === undefined) throw unknownBrand()
      const to = request.query.to === undefined ? hub.clock() + 1 : Date.parse(request.query.to)
      const from = request.query.from === undefined ? to - periodMsMax : Date.parse(request.query.from)
      return { counts: await countLeaveAnswers(hub.db, { brand, from, to, limit: countsMax }) }
    },
  )
}

function showForm({ version, questions }: LeaveForm): z.infer<typeof form> {
  return { version, questions: questions.map((question) => ({ ...question })) }
}
