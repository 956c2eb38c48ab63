import { z } from 'zod'
import { listReviews, readReview, reviewPageMax, reviewStatuses } from '../../../services/review/list.ts'
import { notFound } from '../problem.ts'
import { type ApiParts, type ApiServer, answer, problems } from './api-server.ts'
import { reviewItem, showReviewItem } from './review-schema.ts'
import * as schemas from './schemas.ts'

const pageDefault = 50

const query = z.strictObject({
  status: z.enum(reviewStatuses).default('open'),
  limit: z.coerce.number().int().min(1).max(reviewPageMax).default(pageDefault),
  after: schemas.uuid.optional().meta({ description: 'The id of the last item of the page before.' }),
})
const page = z.strictObject({ items: z.array(reviewItem), hasMore: z.boolean() }).meta({ id: 'ReviewPage' })
export const reviewParams = z.strictObject({ id: schemas.uuid })

/** What waits for a human, and what humans decided. */
export function getReviews(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/review',
    {
      config: { scope: 'review:read' },
      schema: {
        tags: ['review'],
        summary: 'The review list',
        description:
          'What people wrote that may be a no: personal data, for those who decide. `passed_over` lists answers that were recognised as no no, as long as their words are kept.',
        querystring: query,
        response: {
          200: answer('Open items by deadline; decided ones, the latest first.', page),
          ...problems({ body: false }),
        },
      },
    },
    async (request) => {
      const { status, limit, after } = request.query
      const found = await listReviews(hub.db, { status, limit, ...(after !== undefined && { after }) })
      const now = hub.clock()
      return { items: found.items.map((item) => showReviewItem(item, now)), hasMore: found.hasMore }
    },
  )
}

export function getReview(app: ApiServer, { hub }: ApiParts): void {
  app.get(
    '/v1/review/:id',
    {
      config: { scope: 'review:read' },
      schema: {
        tags: ['review'],
        summary: 'One item of the review list',
        params: reviewParams,
        response: { 200: answer('The item.', reviewItem), ...problems({ body: false }, 404) },
      },
    },
    async (request) => {
      const found = await readReview(hub.db, request.params.id)
      if (found === undefined) throw unknownItem()
      return showReviewItem(found, hub.clock())
    },
  )
}

export function unknownItem() {
  return notFound('unknown_review_item', 'There is no such item; GET /v1/review lists them.')
}
