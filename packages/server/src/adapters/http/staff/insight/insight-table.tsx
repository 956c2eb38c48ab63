import type { ComponentChildren } from 'preact'
import { periodBefore } from '../../../../services/insight/days.ts'
import type { Insight, InsightLine } from '../../../../services/insight/read-insight.ts'
import type { StaffFrame } from '../layout.tsx'
import { CountLink } from './count-link.tsx'
import type { Numbers } from './insight-numbers.ts'
import type { InsightQuery } from './insight-query.ts'
import type { NameOfValue } from './insight-words.ts'
import { peopleHref } from './people-href.ts'

type Props = {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly insight: Insight
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
  /** Whether this reader may see who is behind a number. */
  readonly seesPeople: boolean
}

/** Every value with its count, its rate and what changed; a total under them. */
export function InsightTable(props: Props) {
  const { frame, insight, nameOf } = props
  const { text } = frame
  const { dimension, measure } = insight.question
  const hasRates = insight.total.rate !== undefined
  return (
    <Scrolling label={text('insight.table')}>
      <table class="numbers">
        <caption>
          {text('insight.chart', { what: measure, by: dimension })}
          {measure === 'sent' ? <small> {text('insight.sent.unnamed')}</small> : null}
        </caption>
        <thead>
          <tr>
            <th scope="col">{text('insight.dimension', { by: dimension })}</th>
            <th scope="col">{text('insight.count')}</th>
            {hasRates ? <th scope="col">{text('insight.rate')}</th> : null}
            <th scope="col">{text('insight.before')}</th>
            <th scope="col">{text('insight.change')}</th>
          </tr>
        </thead>
        <tbody>
          {insight.lines.map((line) => (
            <Line {...props} line={line} name={nameOf(dimension, line.value)} hasRates={hasRates} key={line.value} />
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{text('insight.total')}</th>
            <Counts {...props} line={insight.total} by="all" name={text('insight.total')} hasRates={hasRates} />
            <td>{text('insight.changed', { change: insight.total.change })}</td>
          </tr>
        </tfoot>
      </table>
    </Scrolling>
  )
}

type LineProps = Props & { line: InsightLine; name: string; hasRates: boolean }

function Line(props: LineProps) {
  const { frame, line, name } = props
  return (
    <tr>
      <th scope="row">{name}</th>
      <Counts {...props} by={props.insight.question.dimension} />
      <td>{frame.text('insight.changed', { change: line.change })}</td>
    </tr>
  )
}

/** Now and in the period before, each with its people. */
function Counts(props: LineProps & { by: InsightQuery['by'] }) {
  const { frame, query, line, name, numbers, hasRates, seesPeople, by } = props
  const of = `${frame.text('insight.dimension', { by })}: ${name}`
  const href = (count: number, period = query.period) =>
    seesPeople && count > 0 ? peopleHref(query, { by, value: line.value, period }) : undefined
  return (
    <>
      <td>
        <CountLink frame={frame} href={href(line.count)} shown={numbers.count(line.count)} of={of} />
      </td>
      {hasRates ? <Rate line={line} numbers={numbers} none={frame.text('insight.noSends')} /> : null}
      <td>
        <CountLink
          frame={frame}
          href={href(line.before, periodBefore(query.period))}
          shown={numbers.count(line.before)}
          of={`${of}, ${frame.text('insight.before')}`}
        />
      </td>
    </>
  )
}

function Rate({ line, numbers, none }: { line: InsightLine; numbers: Numbers; none: string }) {
  if (line.rate === undefined) return <td>{none}</td>
  return (
    <td>
      {numbers.perThousand(line.rate.share)} <small>({numbers.rangePerThousand(line.rate)})</small>
    </td>
  )
}

/** Wider than a phone: it scrolls by itself, by finger and by key, and the page does not. */
export function Scrolling({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by key (WCAG 2.2, 2.1.1)
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div class="scrolling" role="group" aria-label={label} tabIndex={0}>
      {children}
    </div>
  )
}

/** A chart that was drawn here, from numbers, with every text in it escaped. */
export function Drawing({ svg, label }: { svg: string; label: string }) {
  return (
    <Scrolling label={label}>
      <div class="drawing" dangerouslySetInnerHTML={{ __html: svg }} />
    </Scrolling>
  )
}
