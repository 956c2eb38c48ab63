import { type FormChoice, labelIn } from '../../../../services/forms/leave-form.ts'
import { type Alternative, alternativeId, labelCharactersMax } from '../../../../services/leaving/leaving-settings.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow, TopicRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { alternativeName } from '../insight/lives-tables.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { type DetailField, detailFields } from './alternative-details.ts'
import { addableTo, typedAlternatives } from './alternative-form.ts'
import { faultInWords } from './form-fields.tsx'
import { type DifferingField, Overtaken } from './form-version.tsx'
import { faultProps, hasTypedWords, LabelFields, PartFault, PlaceId, Remove } from './label-fields.tsx'
import type { Posted } from './question-form.ts'
import { isTicked, valueIn } from './typed-places.ts'
import { Findings } from './wording-page.tsx'

export const alternativesRoute = '/content/:brand/alternatives'

export type AlternativesOutcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  /** `fault` as the texts name it, `place` where in the form; what is added has no place. */
  | { readonly kind: 'unusable'; readonly fault: string; readonly place?: number }
  /** Somebody else changed them meanwhile. */
  | { readonly kind: 'overtaken'; readonly differing: readonly DifferingField[] }

export type AlternativesModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  readonly topics: readonly TopicRow[]
  /** What the brand's questions after a no offer as reasons. */
  readonly reasons: readonly FormChoice[]
  /** As they are stored: places in the page are places in this list. */
  readonly alternatives: readonly Alternative[]
  /** What was sent and could not be kept. */
  readonly typed?: Posted
  /** Says which list the places in the form are places of. */
  readonly version: string
  readonly outcome?: AlternativesOutcome
}

/** What a brand offers in place of a no, after the no holds. */
export function renderAlternatives(model: AlternativesModel): string {
  const { frame, brand, alternatives, version, typed: posted, outcome } = model
  const { text, search } = frame
  const typed = posted && typedAlternatives(alternatives, posted).kept
  return renderDocument(
    <StaffPage frame={frame} title={`${text('content.alternatives')} · ${brand.name}`}>
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <h1>{text('content.alternatives')}</h1>
      <p>{text('content.alternatives.intro')}</p>
      {outcome === undefined ? null : <Outcome frame={frame} outcome={outcome} />}
      <form class="stack" method="post" action={`/content/${brand.id}/alternatives${search}`}>
        <FormToken frame={frame} path={alternativesRoute} />
        <input type="hidden" name="version" value={version} />
        {alternatives.length === 0 ? <p>{text('content.alternatives.none')}</p> : null}
        {alternatives.map((alternative, index) => (
          <OneAlternative
            {...model}
            alternative={alternative}
            index={index}
            own={typed?.[index]}
            key={alternativeId(alternative)}
          />
        ))}
        <section class="card stack">
          <div class="field">
            <label for="add">{text('content.alternatives.add')}</label>
            <select id="add" name="add">
              <option value="">{text('content.alternatives.add.none')}</option>
              {addableTo(alternatives).map((one) => (
                <option
                  value={alternativeId(one)}
                  selected={alternativeId(one) === posted?.('add')}
                  key={alternativeId(one)}
                >
                  {alternativeName(text, alternativeId(one))}
                </option>
              ))}
            </select>
          </div>
          <p>
            <label>
              <input type="checkbox" name="usual" value="yes" checked={isTicked(posted, 'usual')} />{' '}
              {text('content.alternatives.usual')}
            </label>
          </p>
        </section>
        <button class="button first" type="submit">
          {text('content.save')}
        </button>
      </form>
    </StaffPage>,
  )
}

function Outcome({ frame, outcome }: { frame: StaffFrame; outcome: AlternativesOutcome }) {
  const { text } = frame
  switch (outcome.kind) {
    case 'saved':
      return (
        <p class="state" role="status">
          {text('content.saved')}
        </p>
      )
    case 'refused':
      return (
        <section class="notice stack" role="alert">
          <p>{text('content.refused')}</p>
          <Findings frame={frame} findings={outcome.findings} />
        </section>
      )
    case 'unusable':
      return (
        <section class="notice stack" role="alert">
          <p>{text('content.unusable')}</p>
          {outcome.place === undefined ? <p>{faultInWords(text, outcome.fault, labelCharactersMax)}</p> : null}
        </section>
      )
    case 'overtaken':
      return <Overtaken frame={frame} differing={outcome.differing} />
  }
}

type OneProps = AlternativesModel & {
  readonly alternative: Alternative
  readonly index: number
  /** What was typed of this one. */
  readonly own: Posted | undefined
}

function OneAlternative(props: OneProps) {
  const { frame, topics, alternative, index, own, outcome } = props
  const { text } = frame
  const place = `a${index}`
  const fault = outcome?.kind === 'unusable' && outcome.place === index ? outcome.fault : undefined
  const words = fault && faultInWords(text, fault, labelCharactersMax)
  const details = detailFields(frame, alternative, topics)
  const hasOwnField = fault === 'labels' || details.some(({ name }) => name === fault)
  const labels = alternative.labels ?? {}
  return (
    <section class="card">
      <fieldset class="stack">
        <legend>{`${index + 1}. ${alternativeName(text, alternativeId(alternative))}`}</legend>
        <PlaceId place={place} id={alternativeId(alternative)} />
        {hasOwnField ? null : <PartFault place={place} fault={words} />}
        <div class="asking">
          <Detail
            detail={{ kind: 'number', name: 'order', label: text('content.question.order'), value: String(index + 1) }}
            place={place}
            typed={own}
          />
          {details.map((detail) => (
            <Detail
              detail={detail}
              place={place}
              typed={own}
              fault={detail.name === fault ? words : undefined}
              key={detail.name}
            />
          ))}
        </div>
        <details
          class="stack"
          open={alternative.labels !== undefined || fault === 'labels' || hasTypedWords(own, 'label', labels)}
        >
          <summary>{text('content.alternatives.words')}</summary>
          <LabelFields
            frame={frame}
            place={place}
            typed={own}
            labels={labels}
            fault={fault === 'labels' ? words : undefined}
          />
        </details>
        <Reasons {...props} />
        <Remove frame={frame} place={place} typed={own} />
      </fieldset>
    </section>
  )
}

function Reasons({ frame, reasons, alternative, index, own }: OneProps) {
  const { text, language } = frame
  if (reasons.length === 0) return null
  const isOffered = (id: string) => isTicked(own, `reason.${id}`, alternative.reasons?.includes(id))
  return (
    <details class="stack" open={alternative.reasons !== undefined || reasons.some(({ id }) => isOffered(id))}>
      <summary>{text('content.alternatives.reasons')}</summary>
      <fieldset class="choices">
        <legend>{text('content.alternatives.reasons.hint')}</legend>
        {reasons.map(({ id, labels }) => (
          <label class="choice" key={id}>
            <input type="checkbox" name={`a${index}.reason.${id}`} value="yes" checked={isOffered(id)} />
            {labelIn(labels, language).text}
          </label>
        ))}
      </fieldset>
    </details>
  )
}

type DetailProps = { detail: DetailField; place: string; typed: Posted | undefined; fault?: string | undefined }

function Detail({ detail, place, typed, fault }: DetailProps) {
  const name = `${place}.${detail.name}`
  const value = valueIn(typed, detail.name, detail.value)
  return (
    <div class="field">
      <label for={name}>{detail.label}</label>
      <PartFault place={name} fault={fault} />
      {detail.kind === 'number' ? (
        <input
          id={name}
          name={name}
          type="number"
          min="1"
          max={detail.max}
          value={value}
          required
          {...faultProps(name, fault)}
        />
      ) : (
        <select id={name} name={name} {...faultProps(name, fault)}>
          {detail.of.map(([one, shown]) => (
            <option value={one} selected={one === value} key={one}>
              {shown}
            </option>
          ))}
        </select>
      )}
    </div>
  )
}
