import { createHash } from 'node:crypto'
import { type Channel, uuidFromHex, uuidV7 } from '@verzet/core'
import { type AlertKind, countAlertMails, insertAlert, insertAlertMail } from '../../storage/alerts.ts'
import type { BrandRow } from '../../storage/catalog.ts'
import type { Transaction } from '../../storage/database.ts'
import { brandSettings } from '../brand-settings.ts'
import type { Hub } from '../hub.ts'
import { chooseMailLanguage } from '../mail-language.ts'

/** More mails an hour than this are not read one by one; what comes on top is told in one mail at the hour's end. */
export const alertMailsPerHourMax = 5
const hourMs = 3_600_000

export type AlertToRaise = {
  readonly choiceId: string
  readonly contactKey: string
  readonly kinds: readonly AlertKind[]
  readonly brand: string
  readonly topic: string | null
  readonly channel: Channel
  readonly campaign: string | null
}

/**
 * Tells the privacy officer that somebody said "I never signed up" or "this is spam": GDPR art. 5(2) and 7(1) make the
 * controller show where the address came from. One alert an act; saying it again about the same no adds nothing.
 */
export async function raiseAlert(
  tx: Transaction,
  parts: Pick<Hub, 'random' | 'privacyMail'>,
  alert: AlertToRaise,
  brand: BrandRow,
  now: number,
): Promise<void> {
  const to = privacyAddressOf(brand, parts.privacyMail)
  const mail = to === undefined ? undefined : await mailFor(tx, parts, brand, now)
  const { choiceId, ...about } = alert
  const row = { ...about, id: choiceId, raisedAt: new Date(now), mailId: mail?.id ?? null }
  if (!(await insertAlert(tx, row)) || mail === undefined) return
  const details = { brand: brand.id, to, language: chooseMailLanguage([], brand.country) }
  await insertAlertMail(tx, { id: mail.id, contactKey: alert.contactKey, details, dueAt: mail.dueAt }, now)
}

/** Who answers for the brand's data: the address meant for this, the controller's, or the one printed on the page. */
export function privacyAddressOf(brand: BrandRow, ofController: string | undefined): string | undefined {
  const { privacyMail, contactEmail } = brandSettings(brand)
  return privacyMail ?? ofController ?? contactEmail
}

/** A mail of its own, or the one that gathers what the running hour brought beyond the limit. */
async function mailFor(tx: Transaction, parts: Pick<Hub, 'random'>, brand: BrandRow, now: number) {
  const hourStartsAt = now - (now % hourMs)
  if ((await countAlertMails(tx, brand.id, hourStartsAt)) < alertMailsPerHourMax) {
    return { id: uuidV7(now, parts.random(10)), dueAt: now }
  }
  // The same for everybody who comes within this hour, so that there is one.
  const digest = createHash('sha256').update(`privacy alerts of ${brand.id} in the hour from ${hourStartsAt}`)
  return { id: uuidFromHex(digest.digest('hex').slice(0, 32)), dueAt: hourStartsAt + hourMs }
}
