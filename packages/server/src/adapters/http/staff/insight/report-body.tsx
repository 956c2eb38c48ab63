import type { Insight } from '../../../../services/insight/read-insight.ts'
import { type MonthReport, reportLinesMax } from '../../../../services/insight/read-report.ts'
import type { Translate } from '../../pages/text.ts'
import type { Numbers } from './insight-numbers.ts'
import { Scrolling } from './insight-table.tsx'
import type { NameOfValue } from './insight-words.ts'
import { alternativeName } from './lives-tables.tsx'

export type ReportParts = {
  readonly report: MonthReport
  readonly text: Translate
  readonly numbers: Numbers
  readonly nameOf: NameOfValue
  /** Where the people behind a number are; left out in a mail, and for who may not see them. */
  readonly hrefs?: {
    line(insight: Insight, value: string, isBefore: boolean): string
    kept(alternative: string): string
  }
}

/** A month in sentences and tables: the same on a page and in a mail, and readable without any style. */
export function ReportBody(parts: ReportParts) {
  const { report, text } = parts
  const [first] = report.splits
  return (
    <>
      <p>{text('insight.report.text')}</p>
      {first === undefined ? null : <ReportHead {...parts} insight={first} />}
      {report.splits.map((insight) => (
        <SplitTable {...parts} insight={insight} key={insight.question.dimension} />
      ))}
      <KeptLines {...parts} />
      <WordLines {...parts} />
      <p>{text('insight.howRead.text')}</p>
    </>
  )
}

function ReportHead({ insight, text, numbers, hrefs }: ReportParts & { insight: Insight }) {
  const { total, scanner } = insight
  return (
    <>
      <p>
        <strong>
          <Open href={total.count > 0 ? hrefs?.line(allOf(insight), '', false) : undefined}>
            {numbers.count(total.count)}
          </Open>{' '}
          {text('insight.measured', { measure: 'left', count: total.count })}
        </strong>
        {total.rate === undefined ? '' : ` · ${rateInWords(total.rate, text, numbers)}`}
      </p>
      <p>{text('insight.against', { before: total.before, change: total.change })}</p>
      {scanner === 0 ? null : <p>{text('insight.scanner', { count: scanner, shown: numbers.count(scanner) })}</p>}
    </>
  )
}

/** The same question for all of its values together. */
function allOf(insight: Insight): Insight {
  return { ...insight, question: { ...insight.question, dimension: 'all' } }
}

function rateInWords(rate: NonNullable<Insight['total']['rate']>, text: Translate, numbers: Numbers): string {
  const words = { rate: numbers.perThousand(rate.share), range: numbers.rangePerThousand(rate), sent: rate.sent }
  return text('insight.perThousand', words)
}

function SplitTable({ insight, text, numbers, nameOf, hrefs }: ReportParts & { insight: Insight }) {
  const { dimension } = insight.question
  const lines = insight.lines.slice(0, reportLinesMax)
  if (lines.length === 0) return null
  const caption = text('insight.chart', { what: 'left', by: dimension })
  return (
    <Scrolling label={caption}>
      <table class="numbers">
        <caption>{caption}</caption>
        <thead>
          <tr>
            <th scope="col">{text('insight.dimension', { by: dimension })}</th>
            <th scope="col">{text('insight.count')}</th>
            <th scope="col">{text('insight.rate')}</th>
            <th scope="col">{text('insight.before')}</th>
            <th scope="col">{text('insight.change')}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ value, count, before, rate, change }) => (
            <tr key={value}>
              <th scope="row">{nameOf(dimension, value)}</th>
              <td>
                <Open href={count > 0 ? hrefs?.line(insight, value, false) : undefined}>{numbers.count(count)}</Open>
              </td>
              <td>{rate === undefined ? text('insight.noSends') : numbers.perThousand(rate.share)}</td>
              <td>
                <Open href={before > 0 ? hrefs?.line(insight, value, true) : undefined}>{numbers.count(before)}</Open>
              </td>
              <td>{text('insight.changed', { change })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scrolling>
  )
}

function Open({ href, children }: { href: string | undefined; children: string }) {
  return href === undefined ? children : <a href={href}>{children}</a>
}

function KeptLines({ report, text, numbers, hrefs }: ReportParts) {
  if (report.kept.length === 0) return null
  return (
    <>
      <h2>{text('insight.kept')}</h2>
      <ul class="ticks">
        {report.kept.map(({ alternative, taken }) => (
          <li key={alternative}>
            {alternativeName(text, alternative)}: <Open href={hrefs?.kept(alternative)}>{numbers.count(taken)}</Open>
          </li>
        ))}
      </ul>
    </>
  )
}

function WordLines({ report, text, numbers }: ReportParts) {
  if (report.keywords.length === 0) return null
  return (
    <>
      <h2>{text('insight.report.words')}</h2>
      <p>
        {report.keywords.map(({ word, language, comments }, index) => (
          <span key={`${language} ${word}`}>
            {index === 0 ? '' : ', '}
            <span lang={language}>{word}</span> ({numbers.count(comments.length)})
          </span>
        ))}
      </p>
    </>
  )
}

/** The same for who reads mail as plain text. */
export function reportAsText({ report, text, numbers, nameOf }: ReportParts): string {
  const [first] = report.splits
  const head =
    first === undefined
      ? []
      : [
          `${numbers.count(first.total.count)} ${text('insight.measured', { measure: 'left', count: first.total.count })}`,
          text('insight.against', { before: first.total.before, change: first.total.change }),
        ]
  const tables = report.splits.flatMap((insight) => [
    '',
    text('insight.chart', { what: 'left', by: insight.question.dimension }),
    ...insight.lines.slice(0, reportLinesMax).map((line) => {
      const name = nameOf(insight.question.dimension, line.value)
      const rate = line.rate === undefined ? '' : ` · ${text('insight.rate')}: ${numbers.perThousand(line.rate.share)}`
      const change = text('insight.changed', { change: line.change })
      return `- ${name}: ${numbers.count(line.count)} (${text('insight.before')}: ${numbers.count(line.before)}; ${change})${rate}`
    }),
  ])
  return `${[text('insight.report.text'), '', ...head, ...tables].join('\n')}\n`
}
