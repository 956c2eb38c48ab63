import { type InsightQuestion, readInsight } from '../../../../services/insight/read-insight.ts'
import { readCadenceLives, readKept } from '../../../../services/insight/read-lives.ts'
import type { Queryable } from '../../../../storage/database.ts'
import type { Translate } from '../../pages/text.ts'
import type { NameOfValue } from './insight-words.ts'
import { alternativeName } from './lives-tables.tsx'

type Row = readonly (string | number)[]

/** A table as rows for a spreadsheet: a heading, then plain numbers that can be calculated with. */
export async function tableRows(
  db: Queryable,
  table: string,
  question: InsightQuestion,
  { text }: { readonly text: Translate },
  nameOf: NameOfValue,
): Promise<Row[]> {
  if (table === 'kept') {
    const heading = ['insight.alternative', 'insight.taken', 'insight.passed', 'insight.stayed'] as const
    const kept = await readKept(db, question.brand, question.period)
    return [
      heading.map((key) => text(key)),
      ...kept.map(({ alternative, taken, passed, stayed }) => [
        alternativeName(text, alternative),
        taken,
        passed,
        stayed,
      ]),
    ]
  }
  if (table === 'lives') {
    const lives = await readCadenceLives(db, question.brand)
    const columns = ['weeks', 'followed', 'left', 'share', 'low', 'high'] as const
    return [
      [text('insight.often'), ...columns.map((column) => text('insight.lives.column', { column }))],
      ...lives.flatMap(({ cadence, curve }) =>
        curve.map(({ time, atRisk, gone, share, low, high }) => [
          text('insight.cadence', { cadence }),
          time,
          atRisk,
          gone,
          ...[share, low, high].map((value) => Number(value.toFixed(4))),
        ]),
      ),
    ]
  }
  const asked = table === 'answers' ? ({ ...question, measure: 'asked', dimension: 'answer' } as const) : question
  const { lines, steps } = await readInsight(db, asked)
  const heading = [text('insight.dimension', { by: asked.dimension }), text('insight.count'), text('insight.before')]
  return [
    [...heading, text('insight.change'), text('insight.sentCount'), ...steps],
    ...lines.map(({ value, count, before, change, rate, series }) => [
      nameOf(asked.dimension, value),
      count,
      before,
      text('insight.changed', { change }),
      rate?.sent ?? '',
      ...series,
    ]),
  ]
}
