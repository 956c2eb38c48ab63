import { maskContactPoint } from '@verzet/core'
import { findContactPoints } from '../../storage/contact-points.ts'
import type { Queryable } from '../../storage/database.ts'
import { countOpenReviewItems } from '../../storage/review-items.ts'
import { listReviews, type ReviewItem } from './list.ts'
import { mayUndo } from './undo.ts'

/** What somebody reads in one sitting; the next come up as these are decided. */
export const boardItemsMax = 20
const decidedShownMax = 10
const passedOverShownMax = 20

/** An item as a reader sees it: whom it is about, without showing more of an address than is needed to know it again. */
export type BoardItem = ReviewItem & {
  /** Of those whose marketing waits; dots alone where only the key is known. */
  readonly masked: readonly string[]
  /** Who wrote it, where that is an address that is kept. */
  readonly maskedSender?: string
}

export type Board = {
  /** The most urgent first. */
  readonly open: readonly BoardItem[]
  readonly openCount: number
  readonly overdueCount: number
  /** The latest first. */
  readonly decided: readonly (BoardItem & { readonly mayUndo: boolean })[]
  /** The latest answers that were recognised as no no, whose words are still kept. */
  readonly passedOver: readonly BoardItem[]
}

const nothingKnown = '•••'

export async function readBoard(db: Queryable, now: number): Promise<Board> {
  const [open, decided, passedOver, counts] = await Promise.all([
    listReviews(db, { status: 'open', limit: boardItemsMax }),
    listReviews(db, { status: 'decided', limit: decidedShownMax }),
    listReviews(db, { status: 'passed_over', limit: passedOverShownMax }),
    countOpenReviewItems(db, now),
  ])
  const all = await describe(db, [...open.items, ...decided.items, ...passedOver.items])
  const decidedTo = open.items.length + decided.items.length
  return {
    open: all.slice(0, open.items.length),
    openCount: counts.open,
    overdueCount: counts.overdue,
    decided: all.slice(open.items.length, decidedTo).map((item) => ({ ...item, mayUndo: mayUndo(item.row, now) })),
    passedOver: all.slice(decidedTo).filter(({ row }) => row.forgottenAt === null),
  }
}

async function describe(db: Queryable, items: readonly ReviewItem[]): Promise<BoardItem[]> {
  const keys = [...new Set(items.flatMap(({ subjects }) => subjects.map(({ key }) => key)))]
  const points = await findContactPoints(db, keys)
  return items.map((item) => {
    const masked = item.subjects.map(({ key, type }) => {
      const value = points.get(key)?.value ?? undefined
      return value === undefined ? nothingKnown : maskContactPoint({ type, normalised: value })
    })
    const { sender } = item.row
    const maskedSender = sender?.includes('@') ? maskContactPoint({ type: 'email', normalised: sender }) : undefined
    return { ...item, masked: [...new Set(masked)], ...(maskedSender !== undefined && { maskedSender }) }
  })
}
