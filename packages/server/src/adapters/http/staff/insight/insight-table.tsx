import type { ComponentChildren } from 'preact'
import type { Insight, InsightLine } from '../../../../services/insight/read-insight.ts'
import type { StaffFrame } from '../layout.tsx'
import type { Numbers } from './insight-numbers.ts'
import { type InsightQuery, insightHref } from './insight-query.ts'
import type { NameOfValue } from './insight-words.ts'

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
  const { frame, insight, numbers, nameOf } = props
  const { text } = frame
  const { dimension, measure } = insight.question
  const hasRates = insight.total.rate !== undefined
  return (
    <Scrolling label={text('insight.table')}>
      <table class="numbers">
        <caption>{text('insight.chart', { what: measure, by: dimension })}</caption>
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
            <td>{numbers.count(insight.total.count)}</td>
            {hasRates ? <Rate line={insight.total} numbers={numbers} none={text('insight.noSends')} /> : null}
            <td>{numbers.count(insight.total.before)}</td>
            <td>{text('insight.changed', { change: insight.total.change })}</td>
          </tr>
        </tfoot>
      </table>
    </Scrolling>
  )
}

function Line(props: Props & { line: InsightLine; name: string; hasRates: boolean }) {
  const { frame, query, line, name, numbers, hasRates, seesPeople } = props
  const { measure, dimension } = props.insight.question
  const isBehind = seesPeople && measure !== 'sent' && measure !== 'asked' && line.count > 0
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        {isBehind ? (
          <a href={insightHref('/insight/people', query, { value: line.value })}>
            {numbers.count(line.count)}
            <span class="out-of-sight"> {frame.text('insight.people.of', { name: `${dimension}: ${name}` })}</span>
          </a>
        ) : (
          numbers.count(line.count)
        )}
      </td>
      {hasRates ? <Rate line={line} numbers={numbers} none={frame.text('insight.noSends')} /> : null}
      <td>{numbers.count(line.before)}</td>
      <td>{frame.text('insight.changed', { change: line.change })}</td>
    </tr>
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
