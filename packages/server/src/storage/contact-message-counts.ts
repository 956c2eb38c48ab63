import type { Transaction } from './database.ts'

export type CountedMessage = 'sign_up' | 'opt_out_notice' | 'text_stopped' | 'text_start' | 'text_help'

const dayMs = 86_400_000

/**
 * Counts one more message of this kind to an address and returns how many that makes within the day that began with the
 * first of them. The row stays locked until the transaction ends, so whoever asks for the same address meanwhile waits.
 */
export async function countMessage(
  tx: Transaction,
  contactKey: string,
  kind: CountedMessage,
  now: number,
): Promise<number> {
  const text = `insert into contact_message_counts as counted (contact_key, kind, started_at, count)
    values ($1, $2, $3, 1)
    on conflict (contact_key, kind) do update set
      count = case when counted.started_at > $4 then counted.count + 1 else 1 end,
      started_at = case when counted.started_at > $4 then counted.started_at else excluded.started_at end
    returning count`
  const values = [contactKey, kind, new Date(now), new Date(now - dayMs)]
  return (await tx.query<{ count: number }>(text, values))[0]?.count ?? 1
}

/** Takes the count back where no message came of it; the row stays locked. */
export async function uncountMessage(tx: Transaction, contactKey: string, kind: CountedMessage): Promise<void> {
  await tx.execute('update contact_message_counts set count = count - 1 where contact_key = $1 and kind = $2', [
    contactKey,
    kind,
  ])
}

export async function deleteMessageCountsBefore(tx: Transaction, before: number): Promise<void> {
  await tx.execute('delete from contact_message_counts where started_at < $1', [new Date(before)])
}
