import { brandSettings } from '../../../services/brand-settings.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { Outcome } from '../pages/outcome.ts'
import { defaultReasons, type ReasonModel } from '../pages/reason-form.tsx'
import type { PerformedAct } from './acts.ts'
import type { Reading } from './frame.ts'
import { broughtBy, type PersonPage, standsLines } from './person-model.ts'

/** As long as the API allows; the column holds no more. */
export const commentCharsMax = 2_000

/** Noes the page asks a reason for; never before them, and never twice. */
const asksReason: ReadonlySet<Outcome['kind']> = new Set([
  'all_stopped',
  'channel_stopped',
  'topic_stopped',
  'paused',
  'less_often',
  'preferences_saved',
])
const canBeUndone: ReadonlySet<Outcome['kind']> = asksReason

export function doneModel(page: PersonPage, personal: PersonalLink, reading: Reading, act: PerformedAct): DoneModel {
  const { outcome, result } = act
  const firstChoice = result?.choiceIds.at(-1)
  return {
    frame: reading.frame,
    link: personal,
    outcome,
    recordedAt: new Date(page.now),
    ...(result?.alreadySince !== undefined && { alreadySince: new Date(result.alreadySince) }),
    stands: standsLines(page, reading.language),
    ...(result !== undefined &&
      result.choiceIds.length > 0 &&
      canBeUndone.has(outcome.kind) && { undo: { choiceId: result.choiceIds.join('.') } }),
    ...(firstChoice !== undefined && asksReason.has(outcome.kind) && { reason: reasonModel(page, reading, firstChoice) }),
  }
}

function reasonModel(page: PersonPage, reading: Reading, choiceId: string): ReasonModel {
  const configured = brandSettings(page.link.brand).reasons
  const options =
    configured?.map(({ id, labels }) => ({ id, label: labels[reading.language] ?? labels.en ?? id })) ??
    defaultReasons(reading.text)
  return { choiceId, options, commentCharsMax, broughtBy: broughtBy(page.link, reading.language) }
}

