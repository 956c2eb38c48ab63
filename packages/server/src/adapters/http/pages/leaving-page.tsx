import type { PersonalLink } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import { type LeavingModel, LeavingQuestion } from './leaving-question.tsx'
import { headline, type Outcome } from './outcome.ts'
import type { Translate } from './text.ts'
import { dayInWords } from './wording.ts'

/** `GET /u/{token}/confirm`, where the mail after a no leads: what holds and since when, and the question. */
export type LeavingPageModel = {
  readonly frame: PageFrame
  readonly link: PersonalLink
  readonly masked: string
  readonly stopped: Extract<Outcome, { kind: 'all_stopped' | 'channel_stopped' | 'topic_stopped' }>
  readonly since: Date
  readonly leaving: LeavingModel
}

export function renderLeavingPage(model: LeavingPageModel, text: Translate): string {
  const { frame, link } = model
  const title = headline(model.stopped, frame, text)
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <p class="who">{text('page.who', { address: model.masked })}</p>
        <p>{text('stopped.since', { date: dayInWords(model.since, frame.language, frame.timeZone) })}</p>
      </section>
      <LeavingQuestion model={model.leaving} frame={frame} link={link} text={text} />
    </Page>,
  )
}
