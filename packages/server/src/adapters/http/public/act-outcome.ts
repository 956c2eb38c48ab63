import { requestLift } from '../../../services/ask-by-link.ts'
import type { AskOutcome } from '../../../services/ask-confirmation.ts'
import type { Hub } from '../../../services/hub.ts'
import type { ActResult } from '../../../services/person-acts.ts'
import { liftFromPortal } from '../../../services/portal/lift-from-portal.ts'
import type { Outcome } from '../pages/outcome.ts'
import type { PreferenceNotice } from '../pages/preference-page.tsx'
import type { Reading } from './frame.ts'
import { type PersonPage, pauseDaysMax } from './person-model.ts'
import { readDay } from './read-day.ts'

const dayMs = 86_400_000

export type PerformedAct = {
  readonly kind: 'done'
  readonly outcome: Outcome
  readonly result?: ActResult
  /** The answer that was just given, and the choice it is about. */
  readonly answered?: { readonly choiceId: string; readonly reason?: string }
}
export type ActDone =
  | PerformedAct
  | { readonly kind: 'refused'; readonly notice: PreferenceNotice }
  /** Nothing to report: the page itself is the answer. */
  | { readonly kind: 'show_page' }

export const refused = (notice: PreferenceNotice): ActDone => ({ kind: 'refused', notice })
export const done = (outcome: Outcome, result?: ActResult): PerformedAct => ({
  kind: 'done',
  outcome,
  ...(result && { result }),
})

/** What came of an act that holds at once, unless an older no has to be lifted first. */
export async function afterLift(
  hub: Hub,
  page: PersonPage,
  result: ActResult,
  reading: Reading,
  outcome: Outcome,
): Promise<ActDone> {
  const asked = await askLift(hub, page, result, reading)
  if (asked === undefined) return done(outcome, result)
  if (asked.kind === 'lifted') return done(outcome, { choiceIds: [...result.choiceIds, ...asked.choiceIds] })
  return asked.kind === 'asked'
    ? done({ kind: 'waiting_for_confirmation', masked: asked.masked })
    : refused(noticeOf(asked))
}

/** Somebody who signed in at a portal has proven who they are: nothing is left to be confirmed. */
type Lifted = { readonly kind: 'lifted'; readonly choiceIds: readonly string[] }

/** Undefined when nothing has to be lifted. */
export async function askLift(
  hub: Hub,
  { link }: PersonPage,
  { lift }: ActResult,
  reading: Reading,
): Promise<AskOutcome | Lifted | undefined> {
  if (lift === undefined) return undefined
  if (link.portal === undefined) return requestLift(hub, link, lift, reading.language)
  return { kind: 'lifted', choiceIds: await liftFromPortal(hub, link, lift) }
}

export function noticeOf(outcome: Exclude<AskOutcome, { kind: 'asked' }>): PreferenceNotice {
  return outcome.kind === 'too_many' ? 'asked_often' : 'no_mailbox'
}

/** The end of a pause as days from now or as a day, where it lies within what the page allows. */
export function readPauseEnd(
  page: PersonPage,
  { frame }: Reading,
  days: string | undefined,
  day: string | undefined,
): number | undefined {
  const until = days === undefined ? readDay(day, frame.timeZone) : afterDays(page.now, days)
  return until !== undefined && until > page.now && until <= page.now + (pauseDaysMax + 1) * dayMs ? until : undefined
}

function afterDays(now: number, days: string): number | undefined {
  return /^[1-9]\d{0,2}$/.test(days) ? now + Number(days) * dayMs : undefined
}

export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)
}
