import { Gauge, type Registry } from 'prom-client'
import type { Database } from '../../storage/database.ts'
import { readMailboxState } from '../../storage/imap-mailboxes.ts'

/**
 * How the reading of the mailbox goes, asked for when somebody looks: another process may be the one that reads it. Says
 * nothing where no mailbox was ever read, and nothing while the database cannot be asked.
 */
export function measureMailbox(registry: Registry, db: Database): void {
  const state = () => readMailboxState(db).catch(() => undefined)
  new Gauge({
    name: 'verzet_mailbox_last_read_timestamp_seconds',
    help: 'When the mailbox for opt-out mail was last read to its end.',
    registers: [registry],
    async collect() {
      const readAt = (await state())?.readAt
      if (readAt) this.set(readAt.getTime() / 1_000)
      else this.remove()
    },
  })
  new Gauge({
    name: 'verzet_mailbox_set_aside',
    help: 'Mails in the mailbox that could not be heard yet and are tried again.',
    registers: [registry],
    async collect() {
      const mailbox = await state()
      if (mailbox) this.set(mailbox.setAside)
      else this.remove()
    },
  })
}
