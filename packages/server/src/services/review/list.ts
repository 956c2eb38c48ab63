import { assertNever, type ContactPointType } from '@verzet/core'
import type { Queryable } from '../../storage/database.ts'
import {
  findReviewItem,
  listDecidedReviewItems,
  listOpenReviewItems,
  listReviewSubjects,
  type ReviewItemRow,
} from '../../storage/review-items.ts'

/** `passed_over`: recognised as no no by the reader of words, and kept for who doubts that. */
export const reviewStatuses = ['open', 'decided', 'passed_over'] as const
export type ReviewStatus = (typeof reviewStatuses)[number]

/** A page that a human still reads. */
export const reviewPageMax = 200

/** An item with the contact points whose marketing waits for it. */
export type ReviewItem = {
  readonly row: ReviewItemRow
  readonly subjects: readonly { readonly key: string; readonly type: ContactPointType }[]
}

/** One page, open items by deadline, decided ones the latest first; `after` is the id of the last item seen. */
export async function listReviews(
  db: Queryable,
  wanted: { readonly status: ReviewStatus; readonly limit: number; readonly after?: string },
): Promise<{ readonly items: readonly ReviewItem[]; readonly hasMore: boolean }> {
  const rows = await rowsOf(db, wanted.status, wanted.limit + 1, wanted.after)
  const items = []
  for (const row of rows.slice(0, wanted.limit)) items.push(await withSubjects(db, row))
  return { items, hasMore: rows.length > wanted.limit }
}

function rowsOf(db: Queryable, status: ReviewStatus, limit: number, after?: string): Promise<ReviewItemRow[]> {
  switch (status) {
    case 'open':
      return listOpenReviewItems(db, limit, after)
    case 'decided':
      return listDecidedReviewItems(db, limit, after, 'human')
    case 'passed_over':
      return listDecidedReviewItems(db, limit, after, 'reader')
    default:
      return assertNever(status)
  }
}

export async function readReview(db: Queryable, id: string): Promise<ReviewItem | undefined> {
  const row = await findReviewItem(db, id)
  return row && withSubjects(db, row)
}

async function withSubjects(db: Queryable, row: ReviewItemRow): Promise<ReviewItem> {
  const subjects = await listReviewSubjects(db, row.id)
  return { row, subjects: subjects.map(({ contactKey: key, type }) => ({ key, type })) }
}
