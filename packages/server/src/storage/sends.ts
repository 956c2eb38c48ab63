import type { Channel, Send } from '@verzet/core'
import type { Queryable, Transaction } from './database.ts'

type SendRow = { subjectKey: string; id: string; sentAt: Date; brand: string; channel: Channel; topic: string }

/** A counted message and the subject it is counted under; one message to a person may stand under several. */
export type CountedSend = Send & { readonly subjectKey: string; readonly id: string }

const listRecent = {
  name: 'sends-recent',
  text: `select subject_key as "subjectKey", id, sent_at as "sentAt", brand, channel, topic from sends
    where subject_key = any($1::uuid[]) and sent_at > $2`,
}

/** Counted messages to any of these subjects since a moment. */
export async function listSends(db: Queryable, subjectKeys: readonly string[], since: number): Promise<CountedSend[]> {
  const rows = await db.query<SendRow>(listRecent, [subjectKeys, new Date(since)])
  return rows.map(({ sentAt, ...row }) => ({ ...row, at: sentAt.getTime() }))
}

/**
 * Counts one message, under every relation it concerns. The campaign stands beside the first of them alone, the contact
 * point, so that a message is one message of its campaign.
 */
export async function insertSend(
  tx: Transaction,
  subjectKeys: readonly string[],
  id: string,
  send: Send & { readonly campaign?: string },
): Promise<void> {
  await tx.execute(
    `insert into sends (subject_key, id, sent_at, brand, channel, topic, campaign)
     select subject, $2, $3, $4, $5, $6, case when place = 1 then $7 end
     from unnest($1::uuid[]) with ordinality as counted (subject, place) on conflict (subject_key, id) do nothing`,
    [subjectKeys, id, new Date(send.at), send.brand, send.channel, send.topic, send.campaign ?? null],
  )
}

/** Deletes what was counted before a moment; returns how many. */
export async function deleteSendsBefore(tx: Transaction, before: number): Promise<number> {
  return tx.execute('delete from sends where sent_at < $1', [new Date(before)])
}
