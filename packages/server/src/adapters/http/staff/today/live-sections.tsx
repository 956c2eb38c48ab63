import { renderToString } from 'preact-render-to-string'
import type { Catalog } from '../../../../services/catalog.ts'
import { may, type Permission } from '../../../../services/staff/permissions.ts'
import type { Today } from '../../../../services/today/read-today.ts'
import { channelName, momentInWords, sentenceCase } from '../../pages/wording.ts'
import { addressOf } from '../campaigns/campaign-parts.tsx'
import { whatInWords } from '../desk/stands-in-words.ts'
import type { StaffFrame } from '../layout.tsx'

export type LiveModel = {
  readonly frame: StaffFrame
  readonly today: Today
  readonly catalog: Pick<Catalog, 'brand' | 'brands' | 'topic'>
}

/** What is sent again whenever it changed: the same markup as in the page. */
export function renderLive(model: LiveModel): string {
  return renderToString(<Live {...model} />)
}

export function Live(model: LiveModel) {
  return (
    <>
      <Noes {...model} />
      <div class="stack wide beside">
        <div class="stack wide">
          <Waiting {...model} />
          <Warnings {...model} />
          <Health {...model} />
        </div>
        <Latest {...model} />
      </div>
    </>
  )
}

function Noes({ frame, today }: LiveModel) {
  const { text, language } = frame
  const number = new Intl.NumberFormat(language)
  const total = today.noes.reduce((sum, { noes }) => sum + noes, 0)
  const timed = today.noes.reduce((sum, one) => sum + one.timed, 0)
  const fast = today.noes.reduce((sum, one) => sum + one.withinSecond, 0)
  return (
    <section class="card stack" aria-labelledby="noes">
      <h2 id="noes">{text('today.noes')}</h2>
      <p class="total">
        <strong>{number.format(total)}</strong> {text('today.noes.unit', { count: total })}
      </p>
      {timed === 0 ? null : <p>{text('today.fast', { share: percent(fast, timed, language) })}</p>}
      {today.noes.length === 0 ? null : (
        <table class="figures">
          <caption>{text('today.noes.caption')}</caption>
          <thead>
            <tr>
              <th scope="col">{text('today.signal')}</th>
              <th scope="col">{text('today.channel')}</th>
              <th scope="col">{text('today.count')}</th>
              <th scope="col">{text('today.withinSecond')}</th>
              <th scope="col">{text('today.slowest')}</th>
            </tr>
          </thead>
          <tbody>
            {today.noes.map((one) => (
              <tr key={`${one.channel} ${one.signal}`}>
                <th scope="row">{text('signal', { signal: one.signal })}</th>
                <td data-name={text('today.channel')}>
                  {one.channel === null ? '–' : sentenceCase(channelName(one.channel, text), language)}
                </td>
                <td data-name={text('today.count')}>{number.format(one.noes)}</td>
                <td data-name={text('today.withinSecond')}>
                  {one.timed === 0 ? '–' : percent(one.withinSecond, one.timed, language)}
                </td>
                <td data-name={text('today.slowest')}>
                  {one.timed === 0 || one.slowestMs === null
                    ? '–'
                    : one.slowestMs < 1
                      ? text('today.atOnce')
                      : duration(one.slowestMs, language)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Latest({ frame, today, catalog }: LiveModel) {
  const { text, language, timeZone } = frame
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23', timeZone })
  return (
    <section class="card stack" aria-labelledby="latest">
      <h2 id="latest">{text('today.latest')}</h2>
      {today.latest.length === 0 ? <p class="quiet-text">{text('today.latest.none')}</p> : null}
      <ul class="plain">
        {today.latest.map(({ id, recordedAt, signal, scope }) => (
          <li key={id}>
            <span class="quiet-text">{time.format(recordedAt)}</span> {text('signal', { signal })}
            <br />
            <span class="hint">{whatInWords(scope, catalog, frame)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Waiting({ frame, today }: LiveModel) {
  const { text } = frame
  const { review, proposals, owed } = today.waiting
  const lines = [
    ...(review.open === 0
      ? []
      : [
          <Line frame={frame} mark={review.overdue > 0 ? 'bad' : 'note'} to="/review" needs="review" key="review">
            {text('today.waits.review', { open: review.open, overdue: review.overdue })}
          </Line>,
        ]),
    ...(proposals === 0
      ? []
      : [
          <Line frame={frame} mark="note" to="/approvals" needs="people_change" key="proposals">
            {text('today.waits.proposals', { count: proposals })}
          </Line>,
        ]),
    ...(owed.lateMails === 0
      ? []
      : [
          <Line frame={frame} mark="bad" key="mails">
            {text('today.waits.mails', { count: owed.lateMails })}
          </Line>,
        ]),
    ...(owed.lateTexts === 0
      ? []
      : [
          <Line frame={frame} mark="bad" key="texts">
            {text('today.waits.texts', { count: owed.lateTexts })}
          </Line>,
        ]),
  ]
  return (
    <section class="card stack" aria-labelledby="waits">
      <h2 id="waits">{text('today.waits')}</h2>
      {lines.length === 0 ? <p class="quiet-text">{text('today.waits.none')}</p> : <ul class="plain">{lines}</ul>}
    </section>
  )
}

function Warnings({ frame, today }: LiveModel) {
  const { text } = frame
  const { alerts, registers, campaigns, held, connections } = today.warnings
  const lines = [
    ...alerts.map(({ kind, open }) => (
      <Line frame={frame} mark="bad" key={kind}>
        {text('today.alert', { kind })}: {text('today.alert.open', { count: open })}
      </Line>
    )),
    ...registers.map(({ id, state }) => (
      <Line frame={frame} mark="bad" to="/registers" needs="registers" key={id}>
        {text('today.register', { register: id, state })}
      </Line>
    )),
    ...campaigns.map((one) => (
      <Line frame={frame} mark="bad" to={addressOf(one)} needs="campaigns" key={`complaints ${addressOf(one)}`}>
        {text('today.complaints', { campaign: one.campaign, level: one.complaints })}
      </Line>
    )),
    ...held.map((one) => (
      <Line frame={frame} mark="note" to={addressOf(one)} needs="campaigns" key={`held ${addressOf(one)}`}>
        {text('today.held', { campaign: one.campaign })}
      </Line>
    )),
    ...connections.map(({ kind, name }) => (
      <Line frame={frame} mark="bad" to="/channels" needs="channels" key={`${kind} ${name ?? ''}`}>
        {text('today.connection', { kind, name: name ?? '' })}
      </Line>
    )),
  ]
  return (
    <section class="card stack" aria-labelledby="warnings">
      <h2 id="warnings">{text('today.warnings')}</h2>
      {lines.length === 0 ? <p class="quiet-text">{text('today.warnings.none')}</p> : <ul class="plain">{lines}</ul>}
    </section>
  )
}

function Health({ frame, today }: LiveModel) {
  const { text, language, timeZone } = frame
  const { databaseMs, changedAt, gateEntries } = today.health
  const isMailFailing = today.warnings.connections.some(({ kind }) => kind === 'mail_out')
  const changed = changedAt === null ? undefined : momentInWords(new Date(changedAt), language, timeZone)
  return (
    <section class="card stack" aria-labelledby="health">
      <h2 id="health">{text('today.health')}</h2>
      <ul class="plain">
        <Line frame={frame} mark={databaseMs > slowDatabaseMs ? 'bad' : 'good'}>
          {text('today.health.database', { duration: duration(databaseMs, language) })}
        </Line>
        <Line frame={frame} mark={isMailFailing ? 'bad' : 'good'}>
          {text(isMailFailing ? 'today.health.mail.failing' : 'today.health.mail')}
        </Line>
        <Line frame={frame} mark="good">
          {changed === undefined ? text('today.health.feed.never') : text('today.health.feed', { moment: changed })}
        </Line>
        {gateEntries === undefined ? null : (
          <Line frame={frame} mark="good">
            {text('today.health.gate', { count: gateEntries })}
          </Line>
        )}
      </ul>
    </section>
  )
}

/** The smallest question takes a millisecond; at this a person who leaves begins to wait. */
const slowDatabaseMs = 250

const marks = { good: '✓', note: '•', bad: '▲' } as const

type LineProps = {
  frame: StaffFrame
  mark: keyof typeof marks
  to?: string
  needs?: Permission
  children: preact.ComponentChildren
}

/** The mark and a word for it say what colour alone would. A door is shown to those who may go through it. */
function Line({ frame, mark, to, needs, children }: LineProps) {
  const { text, search, visit } = frame
  const isOpen = to !== undefined && visit !== undefined && needs !== undefined && may(visit.session.roles, needs)
  return (
    <li class="mark">
      <span aria-hidden="true">{marks[mark]}</span>
      <span>
        {mark === 'bad' ? <span class="out-of-sight">{text('today.look')} </span> : null}
        {isOpen ? <a href={`${to}${search}`}>{children}</a> : children}
      </span>
    </li>
  )
}

function percent(part: number, whole: number, language: string): string {
  // Rounded down: one that was slow is never hidden behind 100 %.
  const share = part === whole ? 1 : Math.min(0.999, Math.floor((part / whole) * 1_000) / 1_000)
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share)
}

function duration(ms: number, language: string): string {
  const [value, unit] =
    ms < 1_000
      ? [ms, 'millisecond']
      : ms < 90_000
        ? [ms / 1_000, 'second']
        : ms < 5_400_000
          ? [ms / 60_000, 'minute']
          : [ms / 3_600_000, 'hour']
  const style = { style: 'unit', unit: String(unit), unitDisplay: 'long', maximumFractionDigits: 0 } as const
  return new Intl.NumberFormat(language, style).format(Number(value))
}
