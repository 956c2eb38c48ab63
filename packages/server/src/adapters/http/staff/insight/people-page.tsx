import { behindMax, type PersonBehind } from '../../../../services/insight/people-behind.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import type { Numbers } from './insight-numbers.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'
import { Scrolling } from './insight-table.tsx'
import type { NameOfValue } from './insight-words.ts'

type Model = {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly value: string
  readonly people: readonly PersonBehind[]
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
}

/** Who is behind a number, for those who may see people; masked, as everywhere they are listed. */
export function renderPeopleBehind({ frame, query, value, people, numbers, nameOf }: Model): string {
  const { text, language, timeZone } = frame
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  const period = { from: numbers.day(query.period.from), to: numbers.day(query.period.to) }
  return renderDocument(
    <StaffPage frame={frame} title={text('insight.people')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('insight.people')}</h1>
        <p>
          {text('insight.measure', { measure: query.measure })} · {text('insight.dimension', { by: query.by })}:{' '}
          <strong>{nameOf(query.by, value)}</strong> · {text('insight.period', period)}
        </p>
        <p>
          <a href={insightHref('/insight', query)}>{text('insight.back')}</a>
        </p>
        {people.length === 0 ? <p>{text('insight.people.none')}</p> : null}
        {people.length === behindMax ? <p class="hint">{text('insight.people.cut', { max: behindMax })}</p> : null}
        {people.length === 0 ? null : (
          <Scrolling label={text('insight.people')}>
            <table class="numbers">
              <caption class="out-of-sight">{text('insight.people')}</caption>
              <thead>
                <tr>
                  <th scope="col">{text('insight.people.who')}</th>
                  <th scope="col">{text('insight.people.when')}</th>
                  <th scope="col">{text('insight.dimension', { by: 'signal' })}</th>
                  <th scope="col">{text('insight.dimension', { by: 'reason' })}</th>
                </tr>
              </thead>
              <tbody>
                {people.map((one) => (
                  <tr key={one.choiceId}>
                    <th scope="row">
                      <a href={`/people/${one.subjectKey}${frame.search}`}>{one.masked}</a>
                    </th>
                    <td>{format.format(one.recordedAt)}</td>
                    <td>{nameOf('signal', one.signal)}</td>
                    <td>{one.reason === '' ? '' : nameOf('reason', one.reason)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scrolling>
        )}
      </section>
    </StaffPage>,
  )
}
