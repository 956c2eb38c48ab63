import { brandSettings } from '../../../services/brand-settings.ts'
import { printLeadMs } from '../../../services/print/batch.ts'
import type { BrandRow } from '../../../storage/catalog.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { Outcome } from '../pages/outcome.ts'
import { defaultReasons, type Reason, type ReasonModel } from '../pages/reason-form.tsx'
import type { PerformedAct } from './act-outcome.ts'
import type { Reading } from './frame.ts'
import { broughtBy, type PersonPage, standsLines } from './person-model.ts'

/** As long as the API allows; the column holds no more. */
export const commentCharsMax = 2_000

const canBeUndone: ReadonlySet<Outcome['kind']> = new Set([
  'all_stopped',
  'channel_stopped',
  'topic_stopped',
  'paused',
  'less_often',
  'limited',
  'digest',
  'preferences_saved',
])

const alternatives: ReadonlySet<Outcome['kind']> = new Set(['paused', 'less_often', 'limited', 'digest'])

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
    ...(stopsPost(page, outcome) && printedParts(page)),
    stands: standsLines(page, reading.language),
    ...(choiceIds.length > 0 && canBeUndone.has(outcome.kind) && { undo: { choiceId: choiceIds.join('.') } }),
    ...(reason && { reason }),
  }
}

/** What left before the no may still come (RULE P-2): each run that this person is in, else what the brand's lead time says. */
function printedParts({ link, printed, now }: PersonPage): Pick<DoneModel, 'printed' | 'printedUntil'> {
  if (printed.length === 0) return { printedUntil: new Date(now + printLeadMs(link.brand)) }
  return {
    printed: printed.map(({ campaign, brand, printedAt, arrivesUntil }) => ({
      name: campaign ?? brand,
      on: printedAt,
      until: arrivesUntil,
    })),
  }
}

/** Only who is written to by post needs to know. */
function stopsPost({ person, link, printed }: PersonPage, outcome: Outcome): boolean {
  const isReachedByPost =
    printed.length > 0 || link.claims.channel === 'post' || person.contactPoints.some(({ type }) => type === 'post')
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
  const isAlternative = alternatives.has(outcome.kind)
  // Refusals are recorded first, and an alternative last: each is what the reason is about.
  const choiceId = isAlternative ? choiceIds.at(-1) : choiceIds[0]
  const isOnlyOn = outcome.kind === 'preferences_saved' && outcome.changes.every(({ to }) => to !== 'off')
  if (choiceId === undefined || !canBeUndone.has(outcome.kind) || isOnlyOn) return undefined
  return {
    about: isAlternative ? 'less' : 'leaving',
    choiceId,
    options: reasonOptions(page.link.brand, reading),
    commentCharsMax,
    // Nobody who signed in at a portal came by a message.
    ...(page.link.portal === undefined && { broughtBy: broughtBy(page, reading.language) }),
  }
}

/** The brand's own list in the reader's language, or the product's. */
export function reasonOptions(brand: BrandRow, { language, text }: Reading): readonly Reason[] {
  const configured = brandSettings(brand).reasons
  return (
    configured?.map(({ id, labels }) => ({ id, label: labels[language] ?? labels.en ?? id })) ?? defaultReasons(text)
  )
}
