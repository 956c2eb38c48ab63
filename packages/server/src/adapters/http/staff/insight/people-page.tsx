import { behindMax, type CountedNumber, type PersonBehind } from '../../../../services/insight/people-behind.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import type { Numbers } from './insight-numbers.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'
import type { NameOfValue } from './insight-words.ts'
import { alternativeName } from './lives-tables.tsx'
import { PeopleTable } from './people-table.tsx'

type Model = {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly value: string
  readonly number: CountedNumber
  readonly people: readonly PersonBehind[]
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
}

/** Who is behind a number, for those who may see people; masked, as everywhere they are listed. */
export function renderPeopleBehind(model: Model): string {
  const { frame, query, number, people, nameOf } = model
  const { text } = frame
  const isOfLives = number.kind === 'lives'
  return renderDocument(
    <StaffPage frame={frame} title={text('insight.people')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('insight.people')}</h1>
        <p>{whatIsCounted(model).join(' · ')}</p>
        <p>
          <a href={insightHref('/insight', query)}>{text('insight.back')}</a>
        </p>
        {number.kind === 'sent' ? <p class="hint">{text('insight.sent.unnamed')}</p> : null}
        {people.length === behindMax ? (
          <p class="hint">{text(isOfLives ? 'insight.people.some' : 'insight.people.cut', { max: behindMax })}</p>
        ) : null}
        <PeopleTable
          frame={frame}
          people={people}
          nameOf={nameOf}
          when={isOfLives ? 'insight.people.since' : 'insight.people.when'}
        />
      </section>
    </StaffPage>,
  )
}

const partTexts = { taken: 'insight.taken', passed: 'insight.passed', stayed: 'insight.stayed' } as const

function whatIsCounted({ frame, query, value, number, numbers, nameOf }: Model): string[] {
  const { text } = frame
  const period = text('insight.period', { from: numbers.day(query.period.from), to: numbers.day(query.period.to) })
  switch (number.kind) {
    case 'asked':
      return [text('insight.answers'), nameOf('answer', value), period]
    case 'kept':
      return [text('insight.kept'), alternativeName(text, value), text(partTexts[number.part]), period]
    case 'lives':
      return [text('insight.lives'), text('insight.cadence', { cadence: value })]
    case 'said':
    case 'sent': {
      const of =
        query.by === 'all'
          ? nameOf('all', '')
          : `${text('insight.dimension', { by: query.by })}: ${nameOf(query.by, value)}`
      return [text('insight.measure', { measure: query.measure }), of, period]
    }
  }
}
