import type { AlertView } from '../../../../services/alerts/read-alerts.ts'
import { may } from '../../../../services/staff/permissions.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { dayInWords, momentInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { Live, type LiveModel } from './live-sections.tsx'

export type TodayModel = LiveModel & {
  /** What the privacy officer has to look into; empty for everybody else. */
  readonly alerts: readonly AlertView[]
}

export function renderToday(model: TodayModel): string {
  const { frame, today } = model
  const { text, language, timeZone } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('today.title')} script="/today/live.js">
      <div class="stack">
        <h1>{text('today.title')}</h1>
        <p class="quiet-text">
          {dayInWords(new Date(today.at), language, timeZone)} ·{' '}
          <span
            id="live-note"
            data-live={text('today.live')}
            data-lost={text('today.live.lost')}
            data-ended={text('today.live.ended')}
          >
            {text('today.still')}
          </span>
        </p>
      </div>
      <div id="live" class="stack wide">
        <Live {...model} />
      </div>
      <Alerts {...model} />
    </StaffPage>,
  )
}

/** Who said what they never should have got, one by one, until somebody has looked into it. */
function Alerts({ frame, alerts }: TodayModel) {
  const { text, language, timeZone, search } = frame
  if (alerts.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="alerts">
      <h2 id="alerts">{text('today.alerts')}</h2>
      <p>{text('today.alerts.explained')}</p>
      <ul class="plain">
        {alerts.map(({ id, kinds, masked, campaign, raisedAt }) => (
          <li class="row" key={id}>
            <div>
              <p>
                <strong>{masked}</strong> · {kinds.map((kind) => text('today.alert', { kind })).join(' · ')}
              </p>
              <p class="hint">
                {momentInWords(raisedAt, language, timeZone)}
                {campaign === null ? '' : ` · ${campaign}`}
              </p>
            </div>
            <form method="post" action={`/today/seen${search}`}>
              <FormToken frame={frame} path="/today/seen" />
              <input type="hidden" name="alert" value={id} />
              <button type="submit" class="button">
                {text('today.alert.seen')} <span class="out-of-sight">{masked}</span>
              </button>
            </form>
          </li>
        ))}
      </ul>
    </section>
  )
}

export function maySeePeople(frame: StaffFrame): boolean {
  return frame.visit !== undefined && may(frame.visit.session.roles, 'people')
}
