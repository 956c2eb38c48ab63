import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { type StaffFrame, StaffPage } from '../layout.tsx'
import { BrandField, InsightDoors, KeptFields } from './insight-form.tsx'
import type { InsightQuery } from './insight-query.ts'
import { ReportBody, type ReportParts } from './report-body.tsx'

type Model = ReportParts & {
  readonly frame: StaffFrame
  readonly query: InsightQuery
  readonly brands: readonly BrandRow[]
  /** The month is not over: what is counted is fewer days than what it is held against. */
  readonly isRunning: boolean
}

export function renderReport(model: Model): string {
  const { frame, query, brands, report, numbers, isRunning } = model
  const { text } = frame
  const title = text('insight.report.of', { month: numbers.month(`${report.month}-01`) })
  return renderDocument(
    <StaffPage frame={frame} title={title}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        <InsightDoors frame={frame} query={query} isOn="/insight/report" />
        <form class="asking" method="get" action="/insight/report">
          <KeptFields query={query} asks={['brand', 'month']} />
          {brands.length === 1 ? null : <BrandField frame={frame} brands={brands} chosen={query.brand} />}
          <div class="field">
            <label for="month">{text('insight.report.month')}</label>
            <input id="month" name="month" value={report.month} pattern="\d{4}-\d{2}" maxLength={7} />
          </div>
          <button class="button first" type="submit">
            {text('insight.show')}
          </button>
        </form>
        {isRunning ? <p class="notice">{text('insight.report.running')}</p> : null}
        <ReportBody {...model} />
        <p class="hint">{text('insight.report.mailed', { month: report.month })}</p>
      </section>
    </StaffPage>,
  )
}
