import type { Insight } from '../../../../services/insight/read-insight.ts'
import type { CadenceLife, KeptBy } from '../../../../services/insight/read-lives.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import type { KeptPart } from '../../../../storage/insight-leaves.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { momentInWords } from '../../pages/wording.ts'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { CountLink } from './count-link.tsx'
import { InsightDoors, InsightForm } from './insight-form.tsx'
import type { Numbers } from './insight-numbers.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'
import { Drawing, InsightTable, Scrolling } from './insight-table.tsx'
import type { NameOfValue } from './insight-words.ts'
import { AnswersTable, KeptTable, LivesTable } from './lives-tables.tsx'
import { peopleHref, tablePeopleHref } from './people-href.ts'

export type InsightModel = {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly brands: readonly BrandRow[]
  readonly insight: Insight
  readonly answers: Insight
  readonly kept: readonly KeptBy[]
  readonly lives: readonly CadenceLife[]
  readonly linesSvg: string
  readonly livesSvg: string
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
  readonly seesPeople: boolean
  /** When the counts were last brought up to date. */
  readonly countedAt?: Date
}

/** What is counted, beside the period before; then what came of what was offered instead, and how long people stay. */
export function renderInsight(model: InsightModel): string {
  const { frame, query, insight, numbers } = model
  const { text } = frame
  const period = { from: numbers.day(query.period.from), to: numbers.day(query.period.to) }
  return renderDocument(
    <StaffPage frame={frame} title={text('insight.title')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('insight.title')}</h1>
        <InsightDoors frame={frame} query={query} isOn="/insight" />
        <InsightForm frame={frame} query={query} brands={model.brands} />
      </section>
      <section class="card stack" aria-labelledby="numbers">
        <h2 id="numbers">{text('insight.period', period)}</h2>
        <Headline {...model} />
        {insight.lines.length === 0 ? <p>{text('insight.nothing')}</p> : <Answer {...model} />}
        <Scanner {...model} />
        <Counted {...model} />
      </section>
      <Kept {...model} />
      <Lives {...model} />
    </StaffPage>,
  )
}

function Headline({ frame, query, insight, numbers, seesPeople }: InsightModel) {
  const { text } = frame
  const { count, before, change, rate } = insight.total
  const href = seesPeople && count > 0 ? peopleHref(query, { by: 'all', value: '', period: query.period }) : undefined
  return (
    <div class="state stack">
      <p class="said">
        <strong>
          <CountLink frame={frame} href={href} shown={numbers.count(count)} of={text('insight.total')} />
        </strong>{' '}
        {text('insight.measured', { measure: insight.question.measure, count })}
        {rate === undefined
          ? ''
          : ` · ${text('insight.perThousand', { rate: numbers.perThousand(rate.share), range: numbers.rangePerThousand(rate), sent: rate.sent })}`}
      </p>
      <p>{text('insight.against', { before, change })}</p>
    </div>
  )
}

function Answer(model: InsightModel) {
  const { frame, query, linesSvg } = model
  const { text } = frame
  return (
    <>
      <Drawing svg={linesSvg} label={text('insight.drawing')} />
      <InsightTable {...model} />
      <p class="row-links">
        <a href={insightHref('/insight/table.csv', query)}>{text('insight.csv')}</a>
        <a href={insightHref('/insight/chart.png', query, { chart: 'lines' })}>{text('insight.png')}</a>
      </p>
      <details>
        <summary>{text('insight.howRead')}</summary>
        <p>{text('insight.howRead.text')}</p>
      </details>
    </>
  )
}

/** Shown apart: nobody can say which of these a person meant, and leaving them out would hide a no. */
function Scanner({ frame, query, insight, numbers }: InsightModel) {
  if (insight.scanner === 0 || query.measure !== 'left') return null
  const { text } = frame
  return (
    <p class="notice">
      {text('insight.scanner', { count: insight.scanner, shown: numbers.count(insight.scanner) })}{' '}
      <a href={insightHref('/insight', query, { what: 'scanner', by: 'campaign' })}>{text('insight.scanner.look')}</a>
    </p>
  )
}

function Counted({ frame, countedAt }: InsightModel) {
  const { text, language, timeZone } = frame
  if (countedAt === undefined) return <p class="hint">{text('insight.notCounted')}</p>
  return <p class="hint">{text('insight.counted', { at: momentInWords(countedAt, language, timeZone) })}</p>
}

function Kept({ frame, query, kept, answers, numbers, nameOf, seesPeople }: InsightModel) {
  const { text } = frame
  const hrefs = seesPeople && {
    kept: (value: string, part: KeptPart) => tablePeopleHref(query, 'kept', value, part),
    answer: (value: string) => tablePeopleHref(query, 'answers', value),
  }
  return (
    <section class="card stack" aria-labelledby="kept">
      <h2 id="kept">{text('insight.kept')}</h2>
      <p>{text('insight.kept.text')}</p>
      {kept.length === 0 ? (
        <p>{text('insight.kept.none')}</p>
      ) : (
        <>
          <Scrolling label={text('insight.kept')}>
            <KeptTable frame={frame} kept={kept} numbers={numbers} {...(hrefs && { hrefOf: hrefs.kept })} />
          </Scrolling>
          <p>
            <a href={insightHref('/insight/table.csv', query, { table: 'kept' })}>{text('insight.csv')}</a>
          </p>
        </>
      )}
      <h3>{text('insight.answers')}</h3>
      <p>{text('insight.answers.text')}</p>
      {answers.lines.length === 0 ? (
        <p>{text('insight.answers.none')}</p>
      ) : (
        <>
          <Scrolling label={text('insight.answers')}>
            <AnswersTable
              frame={frame}
              answers={answers}
              numbers={numbers}
              nameOf={nameOf}
              {...(hrefs && { hrefOf: hrefs.answer })}
            />
          </Scrolling>
          <p>
            <a href={insightHref('/insight/table.csv', query, { table: 'answers' })}>{text('insight.csv')}</a>
          </p>
        </>
      )}
    </section>
  )
}

function Lives({ frame, query, lives, livesSvg, numbers, seesPeople }: InsightModel) {
  const { text } = frame
  const hrefs = seesPeople && { hrefOf: (value: string) => tablePeopleHref(query, 'lives', value) }
  return (
    <section class="card stack" aria-labelledby="lives">
      <h2 id="lives">{text('insight.lives')}</h2>
      <p>{text('insight.lives.text')}</p>
      {lives.length === 0 ? (
        <p>{text('insight.lives.none')}</p>
      ) : (
        <>
          <Drawing svg={livesSvg} label={text('insight.lives.drawing')} />
          <Scrolling label={text('insight.lives.table')}>
            <LivesTable frame={frame} lives={lives} numbers={numbers} {...hrefs} />
          </Scrolling>
          <p class="row-links">
            <a href={insightHref('/insight/table.csv', query, { table: 'lives' })}>{text('insight.csv')}</a>
            <a href={insightHref('/insight/chart.png', query, { chart: 'lives' })}>{text('insight.png')}</a>
          </p>
        </>
      )}
    </section>
  )
}
