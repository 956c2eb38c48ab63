import type { BrandRow } from '../../../../storage/catalog.ts'
import type { CatalogChangeRow } from '../../../../storage/catalog-changes.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey } from '../../pages/text.ts'
import { momentInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import type { Difference } from './differences.ts'

export const historyRoute = '/content/:brand/history'

export type HistoryLine = {
  readonly change: CatalogChangeRow
  /** Who changed it, in words. */
  readonly who: string
  readonly differences: readonly Difference[]
}

export type HistoryModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  readonly lines: readonly HistoryLine[]
  readonly outcome?: 'restored' | 'refused'
}

const whatTexts = {
  brand: 'content.what.brand',
  topic: 'content.what.topic',
  wording: 'content.wording',
  questions: 'content.questions',
} as const satisfies Record<CatalogChangeRow['what'], TextKey>

/** Every change of a brand: when, by whom, what stood before and what stood after, and the way back. */
export function renderHistory({ frame, brand, lines, outcome }: HistoryModel): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={`${text('content.history')} · ${brand.name}`}>
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('content.history')}</h1>
        {outcome === undefined ? null : (
          <p class={outcome === 'restored' ? 'state' : 'notice'} role="status">
            {text(outcome === 'restored' ? 'content.restored' : 'content.refused')}
          </p>
        )}
        {lines.length === 0 ? <p>{text('content.history.none')}</p> : null}
        <ol class="plain">
          {lines.map((line) => (
            <li class="row" key={line.change.number}>
              <Change frame={frame} brand={brand} line={line} />
            </li>
          ))}
        </ol>
      </section>
    </StaffPage>,
  )
}

function Change({ frame, brand, line }: { frame: StaffFrame; brand: BrandRow; line: HistoryLine }) {
  const { text, language, timeZone, search } = frame
  const { change, who, differences } = line
  const title = `${text(whatTexts[change.what])}${change.topic === null ? '' : ` ${change.topic}`}`
  return (
    <div class="stack">
      <h2>{`${change.number}. ${title}`}</h2>
      <p class="hint">{`${momentInWords(change.changedAt, language, timeZone)} · ${who}`}</p>
      <dl class="differences">
        {differences.map(({ name, before, after }) => (
          <div key={name}>
            <dt>{name}</dt>
            {before === undefined ? null : (
              <dd>
                <del>{before}</del>
              </dd>
            )}
            {after === undefined ? null : (
              <dd>
                <ins>{after}</ins>
              </dd>
            )}
          </div>
        ))}
      </dl>
      {change.before === null ? null : (
        <form method="post" action={`/content/${brand.id}/history${search}`}>
          <FormToken frame={frame} path={historyRoute} />
          <input type="hidden" name="number" value={change.number} />
          <button class="button fit" type="submit">
            {text('content.bringBack', { number: change.number })}
          </button>
        </form>
      )}
    </div>
  )
}
