import type { Hub } from '../../../../services/hub.ts'
import { type MonthReport, readMonthReport } from '../../../../services/insight/read-report.ts'
import type { BrandRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { Language, Texts } from '../../pages/text.ts'
import { numbersIn } from './insight-numbers.ts'
import { namesOfValues } from './insight-words.ts'
import { ReportBody, type ReportParts, reportAsText } from './report-body.tsx'

/** Plain enough for every mail reader; one column, so that a phone shows it whole. */
const sheet = `body{font:16px/1.5 sans-serif;color:#1c1e21;background:#fff;max-width:44rem;margin:0 auto;padding:1rem}
table{border-collapse:collapse;width:100%;margin:1rem 0}caption{text-align:left;font-weight:bold;padding:.25rem 0}
th,td{border-top:1px solid #dedad1;padding:.375rem .5rem .375rem 0;text-align:left;vertical-align:top}.scrolling{overflow-x:auto}`

export type ReportMail = { readonly subject: string; readonly html: string; readonly text: string }

/** A month's report as a document of its own, for a mail or a file; undefined for what is no month. */
export async function reportMail(
  hub: Pick<Hub, 'db' | 'insightDb' | 'catalog' | 'pages'>,
  texts: Texts,
  wanted: { readonly brand: BrandRow; readonly month: string; readonly language: Language },
): Promise<ReportMail | undefined> {
  const { brand, month, language } = wanted
  const report = await readMonthReport(hub, brand, month)
  if (report === undefined) return undefined
  const text = texts.for(language)
  const parts = { report, text, numbers: numbersIn(language), nameOf: await namesOfValues(hub, brand, language, text) }
  const subject = text('insight.report.subject', { brand: brand.name, month: parts.numbers.month(`${month}-01`) })
  return { subject, html: renderMail(parts, report, language, subject), text: `${subject}\n\n${reportAsText(parts)}` }
}

function renderMail(parts: ReportParts, report: MonthReport, language: Language, subject: string): string {
  return renderDocument(
    <html lang={language}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{subject}</title>
        <style dangerouslySetInnerHTML={{ __html: sheet }} />
      </head>
      <body>
        <main>
          <h1>{parts.text('insight.report.of', { month: parts.numbers.month(`${report.month}-01`) })}</h1>
          <p>{report.brand.name}</p>
          <ReportBody {...parts} />
        </main>
      </body>
    </html>,
  )
}
