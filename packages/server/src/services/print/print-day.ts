import type { Queryable } from '../../storage/database.ts'
import { findPrintCards, listBatchesMadeAt } from '../../storage/print.ts'
import type { OpenedLink } from '../open-link.ts'

/** A link keeps the minute it was made in. */
const minuteMs = 60_000

/**
 * When the letter that a link stands on was printed, as its run says; undefined where no run knows of it. The day the
 * link was made says nothing: cards are made days before they are printed.
 */
export async function findPrintDay(
  db: Queryable,
  { claims, brand, topic, campaign }: OpenedLink,
): Promise<Date | undefined> {
  if (claims.channel !== 'post') return undefined
  const batches = (await listBatchesMadeAt(db, claims.mintedAt, claims.mintedAt + minuteMs)).filter(
    (batch) =>
      batch.brand === brand.id &&
      (topic === undefined || batch.topic === topic.id) &&
      (campaign === undefined || batch.campaign === campaign.id),
  )
  const cards = await findPrintCards(
    db,
    [claims.contactPointKey],
    batches.map(({ id }) => id),
  )
  const own = new Set(cards.map(({ batchId }) => batchId))
  const days = new Set(batches.filter(({ id }) => own.has(id)).map(({ printedAt }) => printedAt.getTime()))
  const [day] = days
  // Two runs at once for the same person: which of the letters this is, nobody knows.
  return day === undefined || days.size > 1 ? undefined : new Date(day)
}
