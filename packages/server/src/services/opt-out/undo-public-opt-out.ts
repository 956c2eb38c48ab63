import { confirmationFromPath, evidenceEntry, maskContactPoint, openConfirmation, uuidV7 } from '@verzet/core'
import type { BrandRow } from '../../storage/catalog.ts'
import { listChoices, markWithdrawn, type StoredChoice } from '../../storage/choices.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { type Queryable, type Transaction, transact } from '../../storage/database.ts'
import { appendEvidence } from '../../storage/evidence-log.ts'
import {
  findOptOutNotice,
  lockOptOutNotice,
  markOptOutUndone,
  type OptOutNoticeRow,
} from '../../storage/opt-out-notices.ts'
import { lockReach } from '../../storage/ties.ts'
import type { Hub } from '../hub.ts'
import { brandOf, personalPage } from '../personal-page.ts'
import { refoldStandings } from '../refold-standings.ts'
import { publicOptOutSignal } from './record-public-opt-out.ts'

export type OptOutNoticeView = {
  readonly brand: BrandRow
  readonly language: string
  readonly saidAt: number
  readonly masked: string
  /** The reader's own page: the notice went to their mailbox. */
  readonly page: string
}

/** `done` when there is nothing left to undo: it was undone before, or lifted in another way. */
export type OptOutNoticeState =
  | { readonly kind: 'open' | 'expired' | 'done'; readonly view: OptOutNoticeView }
  | { readonly kind: 'unknown' }
export type UndoPublicOptOutOutcome =
  | { readonly kind: 'undone'; readonly view: OptOutNoticeView }
  | Exclude<OptOutNoticeState, { kind: 'open' }>

type Parts = Pick<Hub, 'catalog' | 'confirmationRing' | 'linkRing' | 'place'>
const maskedNothing = '•••'

/** What `GET /o/{token}` shows. Looking changes nothing: this only reads (rule 5). */
export async function readOptOutNotice(
  parts: Parts,
  db: Queryable,
  token: string,
  now: number,
): Promise<OptOutNoticeState> {
  const claims = openToken(parts, token)
  const row = claims && (await findOptOutNotice(db, claims.subjectKey, claims.confirmationId))
  return row === undefined ? { kind: 'unknown' } : describe(parts, db, row, now)
}

/**
 * `POST /o/{token}`: the reader of the address says that the no of the form was not theirs. It is taken back as if it
 * had not been said, and whatever held before holds again, no more and no less; what the reader refused in any other
 * way stays. A stranger who does it again is undone by the same link, as long as it is valid.
 */
export async function undoPublicOptOut(hub: Hub, token: string): Promise<UndoPublicOptOutOutcome> {
  const claims = openToken(hub, token)
  if (claims === undefined) return { kind: 'unknown' }
  const now = hub.clock()
  return transact(hub.db, async (tx) => {
    const row = await lockOptOutNotice(tx, claims.subjectKey, claims.confirmationId)
    if (row === undefined) return { kind: 'unknown' }
    const state = await describe(hub, tx, row, now)
    if (state.kind !== 'open') return state
    for (const choice of await noesOfTheForm(tx, row)) await takeBack(hub, tx, choice, row, now)
    await markOptOutUndone(tx, row.subjectKey, row.id, now)
    return { kind: 'undone', view: state.view }
  })
}

function openToken({ confirmationRing }: Parts, token: string) {
  const sealed = confirmationFromPath(token)
  return sealed && openConfirmation(confirmationRing, sealed)
}

async function describe(parts: Parts, db: Queryable, row: OptOutNoticeRow, now: number): Promise<OptOutNoticeState> {
  const brand = brandOf(parts.catalog, row.brand ?? undefined)
  if (brand === undefined) return { kind: 'unknown' }
  const value = (await findContactPoints(db, [row.subjectKey])).get(row.subjectKey)?.value
  const isOpen = (await noesOfTheForm(db, row)).length > 0
  const view = {
    brand,
    language: row.language,
    saidAt: row.saidAt.getTime(),
    masked: value ? maskContactPoint({ type: 'email', normalised: value }) : maskedNothing,
    page: await personalPage(parts, row.subjectKey, brand, { brand: brand.id, channel: 'email' }, row.saidAt.getTime()),
  }
  if (!isOpen) return { kind: 'done', view }
  return { kind: row.expiresAt.getTime() <= now ? 'expired' : 'open', view }
}

/** What the form recorded for this address since the notice, and nobody took back. */
async function noesOfTheForm(db: Queryable, row: OptOutNoticeRow): Promise<StoredChoice[]> {
  return (await listChoices(db, [row.subjectKey])).filter(
    (choice) =>
      choice.context.signal === publicOptOutSignal &&
      choice.withdrawnAt === null &&
      choice.recordedAt >= row.saidAt.getTime(),
  )
}

async function takeBack(hub: Hub, tx: Transaction, choice: StoredChoice, notice: OptOutNoticeRow, now: number) {
  const { subjectKey } = notice
  const { rows } = await lockReach(tx, [subjectKey], choice.recordedAt)
  if (!(await markWithdrawn(tx, subjectKey, choice.id, now))) return
  await refoldStandings(tx, [...rows.values()], now)
  const details = { choice: choice.id, signal: 'confirmation', actor: 'person', notice: notice.id }
  const id = uuidV7(now, hub.random(10))
  await appendEvidence(tx, [evidenceEntry({ id, subjectKey, kind: 'withdrawal', recordedAt: now, details })])
}
