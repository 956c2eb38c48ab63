import type { Hub } from '../../../services/hub.ts'
import type { PersonalLink } from '../pages/acts.tsx'
import type { DoneModel } from '../pages/done-page.tsx'
import type { PreferenceModel, PreferenceNotice } from '../pages/preference-page.tsx'
import type { Language, TextKey, Texts } from '../pages/text.ts'
import { chooseLanguage } from '../pages/text.ts'
import type { PerformedAct } from '../public/act-outcome.ts'
import { doneModel } from '../public/done-model.ts'
import { type Reading, readingIn } from '../public/frame.ts'
import { withLeaveForm } from '../public/leave-form.ts'
import { leavingParts } from '../public/leaving-model.ts'
import { type PersonPage, preferenceModel } from '../public/person-model.ts'
import { doneSections } from './done-sections.ts'
import { preferenceSections, words } from './preference-sections.ts'
import type { Section, View } from './view-schema.ts'

/** The element posts to the portal's own calls, and none of the forms on the page's addresses. */
const nowhere: PersonalLink = { base: '' }

const noticeKeys: Record<PreferenceNotice, TextKey> = {
  nothing_changed: 'notice.nothingChanged',
  choice_missing: 'notice.choiceMissing',
  date_refused: 'notice.dateRefused',
  email_refused: 'notice.emailRefused',
  name_refused: 'notice.nameRefused',
  undo_too_late: 'notice.undoTooLate',
  asked_often: 'notice.askedOften',
  no_mailbox: 'notice.noMailbox',
}

/** In the language of the site around it; where that is none of ours, in the one the person is known to read. */
export function portalReading(
  texts: Texts,
  { link, person }: PersonPage,
  asked: Language | undefined,
  acceptLanguage: string | undefined,
): Reading {
  const language = asked ?? chooseLanguage({ relation: person.relations[0]?.language, acceptLanguage })
  return readingIn(texts, link.brand, language, { languageSwitch: { kind: 'none' } })
}

export function viewOf(page: PersonPage, reading: Reading): View {
  return { lang: reading.language, sections: preferenceSections(modelOf(page, reading), reading) }
}

/** The same, with what is wrong before it; nothing was done. */
export function viewWithNotice(page: PersonPage, reading: Reading, notice: PreferenceNotice): View {
  const { text, language: lang } = reading
  const alert: Section = {
    id: 'notice',
    title: text('notice.title'),
    parts: [words(text(noticeKeys[notice]), 'alert')],
  }
  const rest = preferenceSections(modelOf(page, reading, notice), reading)
  return { outcome: notice, lang, sections: [alert, ...rest] }
}

/** What came of an act, and below it the person's page as it is now. */
export async function viewAfter(hub: Hub, page: PersonPage, reading: Reading, act: PerformedAct): Promise<View> {
  const leaving = await leavingParts(hub, page, reading, act)
  const model: DoneModel = { ...doneModel(page, nowhere, reading, act), ...leaving }
  const done = doneSections(await withLeaveForm(hub, page.link, model), reading)
  const rest = preferenceSections(modelOf(page, reading), reading)
  return { outcome: act.outcome.kind, lang: reading.language, sections: [...done, ...rest] }
}

/** At a portal no message brought the person here, so no channel is the one it came by. */
function modelOf(page: PersonPage, reading: Reading, notice?: PreferenceNotice): PreferenceModel {
  return preferenceModel(page, nowhere, reading, notice)
}
