import { ActForm, Button, type PersonalLink, pagePath } from './acts.tsx'
import { Page, type PageFrame, renderDocument } from './layout.tsx'
import { InsteadSection, type LeavingModel, LeavingQuestion } from './leaving-question.tsx'
import { changeInWords, explanation, headline, type Outcome } from './outcome.ts'
import { ReasonForm, type ReasonModel } from './reason-form.tsx'
import { type StandsLine, standsInWords } from './stands.ts'
import type { Translate } from './text.ts'
import { dayInWords, momentInWords } from './wording.ts'

/** The page after an act that was stored. It is never rendered for one that was not. */
export type DoneModel = {
  readonly frame: PageFrame
  readonly link: PersonalLink
  readonly outcome: Outcome
  /** When it was recorded. */
  readonly recordedAt: Date
  /** Set when the same had been said before: since when it holds. */
  readonly alreadySince?: Date
  /** The last day on which print that is already on its way may arrive. */
  readonly printedUntil?: Date
  /** Print runs with something for this person, when they were printed, and until when they may arrive. */
  readonly printed?: readonly { readonly name: string; readonly on: Date; readonly until: Date }[]
  readonly stands: readonly StandsLine[]
  /** The choice that the undo button takes back. */
  readonly undo?: { readonly choiceId: string }
  readonly reason?: ReasonModel
  /** After a no: the question whether it was meant, and the alternatives. */
  readonly leaving?: LeavingModel
  /** After a pause: the choice that one mail may remind of, the day before it ends. */
  readonly reminder?: { readonly choiceId: string }
}

/** What changed, from when, what still comes, undo, something narrower, and only then the optional reason. */
export function renderDonePage(model: DoneModel, text: Translate): string {
  const { frame, link } = model
  const title = headline(model.outcome, frame, text)
  return renderDocument(
    <Page frame={frame} text={text} title={`${title} · ${frame.brand.name}`}>
      <section class="card stack wide" aria-labelledby="title">
        <WhatChanged model={model} title={title} text={text} />
        <StopAllInstead model={model} text={text} />
        <Stands model={model} text={text} />
        {model.undo === undefined || model.leaving?.isAsked ? null : (
          <ActForm link={link} act="undo" hidden={{ choice: model.undo.choiceId }}>
            <Button>{text('undo')}</Button>
          </ActForm>
        )}
      </section>
      {model.reminder === undefined ? null : <Reminder choiceId={model.reminder.choiceId} link={link} text={text} />}
      <Instead model={model} text={text} />
      {model.reason === undefined ? null : <ReasonForm model={model.reason} frame={frame} link={link} text={text} />}
    </Page>,
  )
}

function Instead({ model, text }: { model: DoneModel; text: Translate }) {
  const { frame, link, leaving } = model
  const saysNarrow = model.outcome.kind === 'all_stopped'
  if (leaving?.isAsked) return <LeavingQuestion model={leaving} frame={frame} link={link} text={text} />
  if (leaving !== undefined && leaving.options.length > 0) {
    return <InsteadSection model={leaving} frame={frame} link={link} text={text} saysNarrow={saysNarrow} />
  }
  return (
    <section class="card stack" aria-label={text('grid.title')}>
      {/* "Do nothing and you get nothing" is true of this outcome alone. */}
      {saysNarrow ? <p>{text('narrow')}</p> : null}
      <p>
        <a class="button" href={pagePath(link)}>
          {text('grid.title')}
        </a>
      </p>
    </section>
  )
}

/** Nothing is sent unless it is asked for, and nothing is ticked beforehand. */
function Reminder({ choiceId, link, text }: { choiceId: string; link: PersonalLink; text: Translate }) {
  return (
    <section class="card stack" aria-labelledby="reminder">
      <h2 id="reminder">{text('reminder.title')}</h2>
      <ActForm link={link} act="remind" hidden={{ choice: choiceId }}>
        <label class="choice">
          <input type="checkbox" name="remind" value="1" />
          <span>{text('reminder.label')}</span>
        </label>
        <Button fit>{text('reminder.button')}</Button>
      </ActForm>
    </section>
  )
}

/** WCAG 2.2, 4.1.3: the outcome is a status, so that it is heard without being looked for. */
function WhatChanged({ model, title, text }: { model: DoneModel; title: string; text: Translate }) {
  const { frame, outcome } = model
  const waits = outcome.kind === 'waiting_for_confirmation' || outcome.kind === 'contact_point_added'
  return (
    <div role="status" class="stack">
      {waits ? null : <span class="seal" aria-hidden="true" />}
      <h1 id="title">{title}</h1>
      {model.alreadySince === undefined ? (
        explanation(outcome, text).map((sentence) => <p key={sentence}>{sentence}</p>)
      ) : (
        <p>{text('done.already', { date: dayInWords(model.alreadySince, frame.language, frame.timeZone) })}</p>
      )}
      {outcome.kind === 'preferences_saved' && outcome.changes.length > 0 ? (
        <ul class="plain ticks">
          {outcome.changes.map((change) => (
            <li key={`${change.channel}:${change.topic}`}>{changeInWords(change, text)}</li>
          ))}
        </ul>
      ) : null}
      {model.printedUntil === undefined ? null : (
        <p>{text('done.printed', { date: dayInWords(model.printedUntil, frame.language, frame.timeZone) })}</p>
      )}
      {model.printed?.map(({ name, on, until }) => {
        const day = (date: Date) => dayInWords(date, frame.language, frame.timeZone)
        return (
          <p key={`${name} ${on.getTime()}`}>
            {text('done.printed.run', { name, printed: day(on), date: day(until) })}
          </p>
        )
      })}
      <p class="hint">
        {text('done.recorded', { moment: momentInWords(model.recordedAt, frame.language, frame.timeZone) })}
      </p>
    </div>
  )
}

/** Unticking every box refuses what was in the list. Refusing everything is another act, and the person must know. */
function StopAllInstead({ model, text }: { model: DoneModel; text: Translate }) {
  if (model.outcome.kind !== 'preferences_saved' || !model.outcome.nothingLeft) return null
  return (
    <ActForm link={model.link} act="stop" hidden={{ scope: 'all' }}>
      <p class="notice">{text('done.nothingLeft')}</p>
      <Button first>{text('stopAll')}</Button>
    </ActForm>
  )
}

function Stands({ model, text }: { model: DoneModel; text: Translate }) {
  return (
    <div class="stack rule">
      <h2>{text('stands.title')}</h2>
      <ul class="plain ticks">
        {model.stands.map((line) => {
          const words = standsInWords(line, model.frame, text)
          return <li key={words}>{words}</li>
        })}
        <li>{text('stillComes')}</li>
      </ul>
    </div>
  )
}
