import type { Insight } from '../../../../services/insight/read-insight.ts'
import type { CadenceLife } from '../../../../services/insight/read-lives.ts'
import type { Translate } from '../../pages/text.ts'
import { type Chart, chartLinesMax } from './chart.ts'
import type { Numbers } from './insight-numbers.ts'
import type { NameOfValue } from './insight-words.ts'

/** A year after the first four weeks: beyond it few were seen long enough. */
const weeksShownMax = 52

/** The largest values over time, each a line. */
export function linesChart(insight: Insight, text: Translate, numbers: Numbers, nameOf: NameOfValue): Chart {
  const { question, steps, stepKind, lines, total } = insight
  const shown = lines.filter(({ count }) => count > 0).slice(0, chartLinesMax)
  const largest = shown[0]
  const title = text('insight.chart', { what: question.measure, by: question.dimension })
  return {
    id: 'lines',
    title,
    summary: text('insight.chart.summary', {
      from: numbers.day(question.period.from),
      to: numbers.day(question.period.to),
      total: total.count,
      largest: largest === undefined ? '' : nameOf(question.dimension, largest.value),
      count: largest?.count ?? 0,
    }),
    labels: steps.map((step) => (stepKind === 'month' ? numbers.shortMonth(step) : numbers.shortDay(step))),
    lines: shown.map(({ value, series }) => ({ name: nameOf(question.dimension, value), values: series })),
    format: numbers.count,
  }
}

/** How many are still there, week after week, a step each time somebody left. */
export function survivalChart(lives: readonly CadenceLife[], text: Translate, numbers: Numbers): Chart {
  const weeks = Math.min(weeksShownMax, Math.max(1, ...lives.flatMap(({ curve }) => curve.map(({ time }) => time))))
  const labels = Array.from({ length: weeks + 1 }, (_, week) => String(week))
  return {
    id: 'lives',
    title: text('insight.lives'),
    summary: text('insight.lives.summary', { groups: lives.length }),
    labels,
    isStep: true,
    max: 1,
    lines: lives.map(({ cadence, curve }) => ({
      name: text('insight.cadence', { cadence }),
      values: labels.map((_, week) => curve.findLast(({ time }) => time <= week)?.share ?? 1),
    })),
    format: numbers.percent,
  }
}
