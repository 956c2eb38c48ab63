import { Gauge, type Registry } from 'prom-client'
import type { Clock } from '../../services/ports.ts'
import type { Queryable } from '../../storage/database.ts'
import { countOpenReviewItems, type ReviewCounts } from '../../storage/review-items.ts'

/** Counts the review list whenever it is asked; while the database does not answer, it says nothing rather than zero. */
export function measureReviews(registry: Registry, db: Queryable, clock: Clock): void {
  const gauge = (name: string, help: string, measured: (counts: ReviewCounts, now: number) => number): Gauge =>
    new Gauge({
      name,
      help,
      registers: [registry],
      async collect() {
        const now = clock()
        const counts = await countOpenReviewItems(db, now).catch(() => undefined)
        if (counts === undefined) this.reset()
        else this.set(measured(counts, now))
      },
    })
  gauge('verzet_review_open', 'Words that wait for a human.', ({ open }) => open)
  gauge('verzet_review_overdue', 'Of these, past their deadline.', ({ overdue }) => overdue)
  gauge('verzet_review_oldest_seconds', 'For how long the oldest has waited.', ({ oldestArrivedAt }, now) =>
    oldestArrivedAt === null ? 0 : Math.max(0, now - oldestArrivedAt) / 1_000,
  )
}
