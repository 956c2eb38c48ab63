import { z } from 'zod'
import { type AlertKind, listAlertsOfMail } from '../../storage/alerts.ts'
import type { Queryable } from '../../storage/database.ts'
import type { OutboundMailRow } from '../../storage/outbound-mails.ts'
import { mailLanguages } from '../mail-language.ts'

/** One mail tells of this many by name; and says when there are more. */
const alertsNamedMax = 50

/** An alert as the officer reads it. It names nobody: who it is, the hub tells to who may ask it. */
export type AlertInMail = {
  readonly id: string
  readonly kinds: readonly AlertKind[]
  readonly raisedAt: number
  readonly campaign?: string
  readonly topic?: string
}

export const alertMailSchema = z.object({ brand: z.string(), to: z.string(), language: z.enum(mailLanguages) })

/** What a mail to the privacy officer is about; undefined when everything in it was seen before it could be sent. */
export async function readAlertMail(db: Queryable, row: OutboundMailRow) {
  const { brand, to, language } = alertMailSchema.parse(row.details)
  const rows = await listAlertsOfMail(db, row.id, alertsNamedMax + 1)
  const open = rows.slice(0, alertsNamedMax).filter((alert) => alert.seenAt === null)
  if (open.length === 0) return undefined
  const alerts = open.map(
    ({ id, kinds, raisedAt, campaign, topic }): AlertInMail => ({
      id,
      kinds,
      raisedAt: raisedAt.getTime(),
      ...(campaign !== null && { campaign }),
      ...(topic !== null && { topic }),
    }),
  )
  return { brand, to, language, alerts, isMore: rows.length > alertsNamedMax }
}
