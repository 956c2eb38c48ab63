import { randomBytes } from 'node:crypto'
import { maskContactPoint } from '@verzet/core'
import { type AlertRow, findAlert, listAlerts, markAlertSeen } from '../../storage/alerts.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { type Database, type Queryable, transact } from '../../storage/database.ts'
import { findRelations } from '../../storage/relations.ts'
import { tiesOfContactPoints } from '../../storage/ties.ts'
import { appendStaffAct, staffOf } from '../staff/staff-evidence.ts'

/** More than anybody reads at once; the oldest that are left out come up once the newer ones are seen. */
export const alertsShownMax = 500

/** An alert with what the officer needs to look into it. */
export type AlertView = AlertRow & {
  /** Dots alone once the address was erased. */
  readonly masked: string
  /** The customer numbers the contact point belongs to. */
  readonly externalIds: readonly string[]
}

export async function readAlerts(
  db: Queryable,
  wanted: { readonly isOpen: boolean; readonly brand?: string },
): Promise<AlertView[]> {
  return withPeople(db, await listAlerts(db, { ...wanted, limit: alertsShownMax }))
}

/** Undefined when there is no such alert; seeing it again changes nothing. By a member of staff it is evidence. */
export async function seeAlert(db: Database, id: string, by: string, now: number): Promise<AlertView | undefined> {
  const row = await transact(db, async (tx) => {
    const isFirst = await markAlertSeen(tx, id, by, now)
    const alert = await findAlert(tx, id)
    if (alert !== undefined && isFirst && staffOf(by) !== undefined) {
      const act = { staffId: alert.contactKey, act: 'alert_seen', actor: by, object: id } as const
      await appendStaffAct(tx, randomBytes, act, now)
    }
    return alert
  })
  return row && (await withPeople(db, [row]))[0]
}

async function withPeople(db: Queryable, rows: readonly AlertRow[]): Promise<AlertView[]> {
  const keys = [...new Set(rows.map(({ contactKey }) => contactKey))]
  const [points, ties] = await Promise.all([findContactPoints(db, keys), tiesOfContactPoints(db, keys)])
  const current = ties.filter((tie) => tie.endedAt === null)
  const relations = await findRelations(db, [...new Set(current.map((tie) => tie.relationKey))])
  return rows.map((row) => {
    const point = points.get(row.contactKey)
    const value = point?.value ?? undefined
    const externalIds = current
      .filter((tie) => tie.contactKey === row.contactKey)
      .flatMap((tie) => relations.get(tie.relationKey)?.externalId ?? [])
    const isKnown = point !== undefined && value !== undefined
    return {
      ...row,
      masked: isKnown ? maskContactPoint({ type: point.type, normalised: value }) : '•••',
      externalIds: [...new Set(externalIds)].toSorted(),
    }
  })
}
