import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../storage/database.ts'
import { readPublicationState } from '../../storage/feed-publications.ts'

/**
 * How the publishing of the feed to a broker goes, asked for when somebody looks: another process may be the one that
 * publishes. Says nothing where none ever did, and nothing while the database cannot be asked.
 */
export function measurePublication(registry: Registry, db: Database): void {
  const state = () => readPublicationState(db).catch(() => undefined)
  new Gauge({
    name: 'verzet_feed_published_timestamp_seconds',
    help: 'When the whole change feed was last in the broker.',
    registers: [registry],
    async collect() {
      const announcedAt = (await state())?.announcedAt
      if (announcedAt) this.set(announcedAt.getTime() / 1_000)
      else this.remove()
    },
  })
  new Gauge({
    name: 'verzet_feed_lost_messages',
    help: 'Messages the broker had acknowledged and then lost; they were published again.',
    registers: [registry],
    async collect() {
      const publication = await state()
      if (publication) this.set(publication.lostMessages)
      else this.remove()
    },
  })
}
