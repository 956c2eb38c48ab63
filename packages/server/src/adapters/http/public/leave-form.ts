import { builtInVersion } from '../../../services/forms/leave-form.ts'
import { readAnswers } from '../../../services/forms/read-answers.ts'
import { readFormShown, readPublishedForm } from '../../../services/forms/read-leave-form.ts'
import { saveAnswers } from '../../../services/forms/save-answers.ts'
import type { Hub } from '../../../services/hub.ts'
import type { OpenedLink } from '../../../services/open-link.ts'
import type { DoneModel } from '../pages/done-page.tsx'
import { type FormFields, field, fieldValues } from './form-body.ts'

/** `reason`: what was picked first, for what is offered next. */
export type LeaveFormOutcome =
  | { readonly kind: 'saved'; readonly reason: string | null }
  /** Leaving the questions alone is an answer too, and there is nothing to keep of it. */
  | { readonly kind: 'nothing_said' }
  | { readonly kind: 'not_theirs' }

/** Reads and keeps what was answered after a no. The questions are those that were shown, whatever was published since. */
export async function answerLeaveForm(hub: Hub, link: OpenedLink, form: FormFields): Promise<LeaveFormOutcome> {
  const choiceId = field(form, 'choice') ?? ''
  if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(choiceId)) return { kind: 'not_theirs' }
  const shown = await readFormShown(hub, link.brand, versionShown(field(form, 'form')))
  const answers = readAnswers(shown, (name) => fieldValues(form, name))
  if (answers.answers.length === 0) return { kind: 'nothing_said' }
  const isSaved = await saveAnswers(hub, { link, choiceId, formVersion: shown.version, answers })
  return isSaved ? { kind: 'saved', reason: answers.reason } : { kind: 'not_theirs' }
}

/** A page from before there were versions carries none: it asked what the product asks. */
function versionShown(value: string | undefined): number {
  return value !== undefined && /^\d{1,9}$/.test(value) ? Number(value) : builtInVersion
}

/** The page after an act, with the questions the brand asks now. */
export async function withLeaveForm(hub: Hub, link: OpenedLink, model: DoneModel): Promise<DoneModel> {
  if (model.reason === undefined) return model
  return { ...model, reason: { ...model.reason, form: await readPublishedForm(hub, link.brand) } }
}
