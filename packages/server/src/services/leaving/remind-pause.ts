import { createHash } from 'node:crypto'
import { uuidFromHex } from '@verzet/core'
import { findChoice, type StoredChoice } from '../../storage/choices.ts'
import { findContactPoints } from '../../storage/contact-points.ts'
import { type Queryable, transact } from '../../storage/database.ts'
import { insertOutboundMails } from '../../storage/outbound-mails.ts'
import { findStandings } from '../../storage/standings.ts'
import { originOf } from '../choices-by-link.ts'
import type { Hub } from '../hub.ts'
import type { OpenedLink } from '../open-link.ts'
import { reachesAllOf, refusalsTouching, restrictionsInForce } from '../read-person.ts'

const dayMs = 86_400_000
/** The day before, so that there is time to think of it and none to forget it. */
export const remindedBeforeMs = dayMs
/** A pause that ends sooner is still in mind. */
export const pauseWorthRemindingMs = 3 * dayMs

export type ReminderOutcome =
  | { readonly kind: 'will_remind'; readonly at: number; readonly until: number }
  /** The pause is over or was ended, ends too soon, or there is no mailbox to write to. */
  | { readonly kind: 'nothing_to_remind_of' }

/** Owes one mail for the day before a pause ends, to who asked for it; asking twice is asking once. */
export async function remindOfPause(hub: Hub, link: OpenedLink, choiceId: string): Promise<ReminderOutcome> {
  const now = hub.clock()
  const { contactPointKey: contactKey } = link.claims
  return transact(hub.db, async (tx) => {
    const pause = await findChoice(tx, [contactKey], choiceId)
    const point = (await findContactPoints(tx, [contactKey])).get(contactKey)
    const isReached = point?.type === 'email' && point.value !== null
    if (!isReached || !isWorthReminding(pause, now)) return { kind: 'nothing_to_remind_of' as const }
    const at = pause.until - remindedBeforeMs
    const details = { choiceId, subjectKey: contactKey, until: pause.until, origin: originOf(link), dueAt: at }
    const mail = { id: reminderId(choiceId), contactKey, kind: 'pause_reminder', details, dueAt: at }
    await insertOutboundMails(tx, [mail], now)
    return { kind: 'will_remind' as const, at, until: pause.until }
  })
}

function isWorthReminding(
  choice: StoredChoice | undefined,
  now: number,
): choice is StoredChoice & { kind: 'pause'; until: number } {
  return choice?.kind === 'pause' && choice.withdrawnAt === null && choice.until >= now + pauseWorthRemindingMs
}

/** One pause has one reminder, however often it is asked for. */
function reminderId(choiceId: string): string {
  return uuidFromHex(createHash('sha256').update(`pause reminder ${choiceId}`).digest('hex').slice(0, 32))
}

/** Looked at when the mail is about to leave: the pause still runs, and nothing wider was said since. */
export async function isStillPaused(
  db: Queryable,
  contactKey: string,
  choiceId: string,
  brandId: string,
  now: number,
): Promise<boolean> {
  const standing = (await findStandings(db, [contactKey])).get(contactKey)?.record
  if (standing === undefined) return false
  const isRefused = refusalsTouching(standing, {}).some(({ scope }) => reachesAllOf(scope, brandId))
  return !isRefused && restrictionsInForce(standing, now).some(({ id }) => id === choiceId)
}
