import { brandSettings } from '../../../services/brand-settings.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { Outcome } from '../pages/outcome.ts'
import { defaultReasons, type Reason, type ReasonModel } from '../pages/reason-form.tsx'
import type { PerformedAct } from './acts.ts'
import type { Reading } from './frame.ts'
import { broughtBy, type PersonPage, standsLines } from './person-model.ts'

/** As long as the API allows; the column holds no more. */
export const commentCharsMax = 2_000

/** Addressed print is handed over two to three weeks before it lands: what left before the no may still come (RULE P-2). */
const printLeadMs = 21 * 86_400_000

const canBeUndone: ReadonlySet<Outcome['kind']> = new Set([
  'all_stopped',
  'channel_stopped',
  'topic_stopped',
  'paused',
  'less_often',
  'preferences_saved',
])

export function doneModel(page: PersonPage, personal: PersonalLink, reading: Reading, act: PerformedAct): DoneModel {
  const { outcome, result } = act
  const choiceIds = result?.choiceIds ?? []
  const reason = reasonModel(page, reading, outcome, choiceIds)
  return {
    frame: reading.frame,
    link: personal,
    outcome,
    recordedAt: new Date(page.now),
    ...(result?.alreadySince !== undefined && { alreadySince: new Date(result.alreadySince) }),
    ...(stopsPost(page, outcome) && { printedUntil: new Date(page.now + printLeadMs) }),
    stands: standsLines(page, reading.language),
    ...(choiceIds.length > 0 && canBeUndone.has(outcome.kind) && { undo: { choiceId: choiceIds.join('.') } }),
    ...(reason && { reason }),
  }
}

/** Only who is written to by post needs to know. */
function stopsPost({ person, link }: PersonPage, outcome: Outcome): boolean {
  const isReachedByPost = link.claims.channel === 'post' || person.contactPoints.some(({ type }) => type === 'post')
  if (!isReachedByPost) return false
  switch (outcome.kind) {
    case 'all_stopped':
    case 'topic_stopped':
    case 'paused':
    case 'less_often':
    case 'erasure_asked':
      return true
    case 'channel_stopped':
      return outcome.channel === 'post'
    case 'preferences_saved':
      return outcome.changes.some(({ channel, to }) => channel === 'post' && to === 'off')
    default:
      return false
  }
}

/** Asked for a no, an alternative and a box that was cleared; never before them, and not of who comes back. */
function reasonModel(
  page: PersonPage,
  reading: Reading,
  outcome: Outcome,
  choiceIds: readonly string[],
): ReasonModel | undefined {
  const isAlternative = outcome.kind === 'paused' || outcome.kind === 'less_often'
  // Refusals are recorded first, and an alternative last: each is what the reason is about.
  const choiceId = isAlternative ? choiceIds.at(-1) : choiceIds[0]
  const isOnlyOn = outcome.kind === 'preferences_saved' && outcome.changes.every(({ to }) => to !== 'off')
  if (choiceId === undefined || !canBeUndone.has(outcome.kind) || isOnlyOn) return undefined
  return {
    about: isAlternative ? 'less' : 'leaving',
    choiceId,
    options: reasonOptions(page.link.brand, reading),
    commentCharsMax,
    broughtBy: broughtBy(page.link, reading.language),
  }
}

/** The brand's own list in the reader's language, or the product's. */
export function reasonOptions(brand: BrandRow, { language, text }: Reading): readonly Reason[] {
  const configured = brandSettings(brand).reasons
  return (
    configured?.map(({ id, labels }) => ({ id, label: labels[language] ?? labels.en ?? id })) ?? defaultReasons(text)
  )
}
