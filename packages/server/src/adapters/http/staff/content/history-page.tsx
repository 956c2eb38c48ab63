import type { BrandRow } from '../../../../storage/catalog.ts'
import type { CatalogChangeRow } from '../../../../storage/catalog-changes.ts'
import { renderDocument } from '../../pages/layout.tsx'
import type { TextKey, Translate } from '../../pages/text.ts'
import { momentInWords } from '../../pages/wording.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { type Difference, placeSeparator } from './differences.ts'
import { fieldTexts } from './form-fields.tsx'

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

/** The parts of a place as the forms call them, which is how they were changed; the rest as it is stored. */
const partTexts: Readonly<Record<string, TextKey>> = {
  ...fieldTexts,
  postalAddress: 'content.field.postalAddress',
  siteOrigins: 'content.field.siteOrigins',
  oneClick: 'content.field.oneClick',
  policy: 'content.field.policy',
  pledgedRegisters: 'content.field.pledgedRegisters',
  names: 'content.topic.name',
  purpose: 'content.topic.purpose',
  alternatives: 'content.alternatives',
  days: 'content.alternatives.days',
  max: 'content.alternatives.max',
  per: 'content.alternatives.per',
  channel: 'content.alternatives.channel',
  topic: 'content.alternatives.topic',
  reasons: 'content.alternatives.reasons',
  kind: 'content.question.kind',
  choices: 'content.place.choices',
  labels: 'content.wording',
  nl: 'content.in.nl',
  fr: 'content.in.fr',
  de: 'content.in.de',
  en: 'content.in.en',
}
/** Where something is kept, which says nothing to who changed it. */
const unnamedParts = ['settings', 'leaving']

function placeInWords(text: Translate, name: string): string {
  const parts = name.split(placeSeparator).filter((part) => !unnamedParts.includes(part))
  const words = parts.map((part) => {
    const known = partTexts[part]
    if (known !== undefined) return text(known)
    // People count from one.
    return /^\d+$/.test(part) ? String(Number(part) + 1) : part
  })
  return words.join(placeSeparator)
}

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
            <dt>{placeInWords(text, name)}</dt>
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
