import type { Caller } from '../../../../services/desk/find-caller.ts'
import type { DeskAct, DeskOutcome } from '../../../../services/desk/record-on-desk.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { offeredAnswers } from './desk-keys.ts'
import { actKeys, contactInWords, DigitField, SearchForm } from './desk-page.tsx'

export type RecordedModel = {
  readonly frame: StaffFrame
  readonly caller: Caller
  readonly act: DeskAct | 'consent'
  readonly outcome: DeskOutcome
  readonly stands: readonly string[]
}

/** What was recorded, with the way to take it back, and then what has still to be said of the call (rule 4). */
export function renderRecorded({ frame, caller, act, outcome, stands }: RecordedModel): string {
  const { text, language, timeZone } = frame
  const { contactPoint } = caller.keyed
  const day = (at: number) => dayInWords(new Date(at), language, timeZone)
  const { waitsUntil } = outcome
  const title = text(waitsUntil === undefined ? 'desk.recorded' : 'staff.approvals')
  const asksAboutCall = outcome.callId !== undefined && act !== 'no_objection' && act !== 'wrong_number'
  return renderDocument(
    <StaffPage frame={frame} title={title} script="/desk/keys.js">
      <section class="card stack" aria-labelledby="title">
        <div role="status" class="stack">
          {waitsUntil === undefined ? <span class="seal" aria-hidden="true" /> : null}
          <h1 id="title">{title}</h1>
          <p>
            <strong>{act === 'consent' ? text('desk.consent.recorded') : text(actKeys[act])}</strong>{' '}
            {contactInWords(contactPoint)}
          </p>
          {waitsUntil === undefined ? null : (
            <p class="notice">
              {text('desk.consent.waits', { until: momentInWords(new Date(waitsUntil), language, timeZone) })}
            </p>
          )}
          {outcome.until === undefined ? null : <p>{text('pause.until', { date: day(outcome.until) })}</p>}
          {outcome.alreadySince === undefined ? null : (
            <p>{text('desk.already', { since: day(outcome.alreadySince) })}</p>
          )}
        </div>
        <ul class="plain ticks">
          {stands.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        {outcome.choiceId === undefined ? null : (
          <Undo frame={frame} subjectKey={caller.keyed.key} choiceId={outcome.choiceId} />
        )}
      </section>
      {asksAboutCall ? <OfferedForm frame={frame} contactKey={caller.keyed.key} callId={outcome.callId ?? ''} /> : null}
      <section class="card stack" aria-labelledby="next">
        <h2 id="next">{text('desk.next')}</h2>
        <SearchForm frame={frame} hasFocus={!asksAboutCall} />
      </section>
    </StaffPage>,
  )
}

function Undo({ frame, subjectKey, choiceId }: { frame: StaffFrame; subjectKey: string; choiceId: string }) {
  return (
    <form method="post" action={`/desk/undo${frame.search}`}>
      <FormToken frame={frame} path="/desk/undo" />
      <input type="hidden" name="subject" value={subjectKey} />
      <input type="hidden" name="choice" value={choiceId} />
      <button type="submit" class="button fit">
        {frame.text('undo')}
      </button>
    </form>
  )
}

/** The question about the call once more, after an answer that is none. */
export function renderOfferedAgain(
  frame: StaffFrame,
  asked: { readonly contactKey: string; readonly callId: string; readonly digit: string },
): string {
  const { text } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('desk.offered')} script="/desk/keys.js">
      <h1 class="out-of-sight">{text('desk.offered')}</h1>
      <OfferedForm frame={frame} contactKey={asked.contactKey} callId={asked.callId} unknown={asked.digit} />
      <section class="card stack" aria-labelledby="next">
        <h2 id="next">{text('desk.next')}</h2>
        <SearchForm frame={frame} />
      </section>
    </StaffPage>,
  )
}

type OfferedProps = { frame: StaffFrame; contactKey: string; callId: string; unknown?: string }

/** Of a call somebody else began nothing has to be shown; of a sales call it does. */
function OfferedForm({ frame, contactKey, callId, unknown }: OfferedProps) {
  const { text, search } = frame
  return (
    <section class="card stack" aria-labelledby="offered">
      <h2 id="offered">{text('desk.offered')}</h2>
      <form class="stack" method="post" action={`/desk/call${search}`}>
        <FormToken frame={frame} path="/desk/call" />
        <input type="hidden" name="contact" value={contactKey} />
        <input type="hidden" name="call" value={callId} />
        {/* No answer has the focus: what is kept as proof is said on purpose. */}
        <DigitField text={text} button={text('desk.record')} unknown={unknown} />
        <div class="acts">
          {offeredAnswers.map(({ value, digit, key }) => (
            <button type="submit" name="offered" value={value} class="button" key={value}>
              <kbd>{digit}</kbd> <span>{text(key)}</span>
            </button>
          ))}
        </div>
      </form>
    </section>
  )
}
