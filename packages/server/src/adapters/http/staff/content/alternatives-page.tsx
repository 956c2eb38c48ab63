import { cadencePeriods, channels } from '@verzet/core'
import { type FormChoice, labelIn } from '../../../../services/forms/leave-form.ts'
import {
  type Alternative,
  alternativeId,
  labelCharactersMax,
  pauseDaysMax,
} from '../../../../services/leaving/leaving-settings.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow, TopicRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { channelName } from '../insight/insight-words.ts'
import { alternativeName } from '../insight/lives-tables.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { addableTo } from './alternative-form.ts'
import { faultInWords } from './form-fields.tsx'
import { LabelFields, Remove } from './questions-page.tsx'
import { Findings } from './wording-page.tsx'

export const alternativesRoute = '/content/:brand/alternatives'

export type AlternativesOutcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] }
  /** `fault` as the texts name it. */
  | { readonly kind: 'unusable'; readonly fault: string }
  /** Somebody else changed them meanwhile. */
  | { readonly kind: 'overtaken' }

export type AlternativesModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  readonly topics: readonly TopicRow[]
  /** What the brand's questions after a no offer as reasons. */
  readonly reasons: readonly FormChoice[]
  readonly alternatives: readonly Alternative[]
  /** Says which list the places in the form are places of. */
  readonly version: string
  readonly outcome?: AlternativesOutcome
}

/** What a brand offers in place of a no, after the no holds. */
export function renderAlternatives(model: AlternativesModel): string {
  const { frame, brand, alternatives, version, outcome } = model
  const { text, search } = frame
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
          <OneAlternative {...model} alternative={alternative} index={index} key={alternativeId(alternative)} />
        ))}
        <section class="card stack">
          <div class="field">
            <label for="add">{text('content.alternatives.add')}</label>
            <select id="add" name="add">
              <option value="">{text('content.alternatives.add.none')}</option>
              {addableTo(alternatives).map((one) => (
                <option value={alternativeId(one)} key={alternativeId(one)}>
                  {alternativeName(text, alternativeId(one))}
                </option>
              ))}
            </select>
          </div>
          <p>
            <label>
              <input type="checkbox" name="usual" value="yes" /> {text('content.alternatives.usual')}
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
          <p>{faultInWords(text, outcome.fault, labelCharactersMax)}</p>
        </section>
      )
    case 'overtaken':
      return (
        <p class="notice" role="alert">
          {text('content.overtaken')}
        </p>
      )
  }
}

type OneProps = AlternativesModel & { readonly alternative: Alternative; readonly index: number }

function OneAlternative(props: OneProps) {
  const { frame, alternative, index, reasons } = props
  const { text, language } = frame
  const name = `a${index}`
  return (
    <section class="card">
      <fieldset class="stack">
        <legend>{`${index + 1}. ${alternativeName(text, alternativeId(alternative))}`}</legend>
        <div class="asking">
          <NumberField label={text('content.question.order')} name={`${name}.order`} value={index + 1} />
          <Details {...props} />
        </div>
        <details class="stack" open={alternative.labels !== undefined}>
          <summary>{text('content.alternatives.words')}</summary>
          <LabelFields frame={frame} name={`${name}.label`} labels={alternative.labels ?? {}} />
        </details>
        {reasons.length === 0 ? null : (
          <details class="stack" open={alternative.reasons !== undefined}>
            <summary>{text('content.alternatives.reasons')}</summary>
            <fieldset class="choices">
              <legend>{text('content.alternatives.reasons.hint')}</legend>
              {reasons.map(({ id, labels }) => (
                <label class="choice" key={id}>
                  <input
                    type="checkbox"
                    name={`${name}.reason.${id}`}
                    value="yes"
                    checked={alternative.reasons?.includes(id) ?? false}
                  />
                  {labelIn(labels, language).text}
                </label>
              ))}
            </fieldset>
          </details>
        )}
        <Remove frame={frame} name={`${name}.remove`} />
      </fieldset>
    </section>
  )
}

/** What only this kind has. */
function Details({ frame, topics, alternative, index }: OneProps) {
  const { text, language } = frame
  const name = `a${index}`
  switch (alternative.kind) {
    case 'pause':
      return (
        <NumberField
          label={text('content.alternatives.days')}
          name={`${name}.days`}
          value={alternative.days}
          max={pauseDaysMax}
        />
      )
    case 'less':
      return (
        <>
          <NumberField
            label={text('content.alternatives.max')}
            name={`${name}.max`}
            value={alternative.max}
            max={100}
          />
          <SelectField
            label={text('content.alternatives.per')}
            name={`${name}.per`}
            value={alternative.per}
            of={cadencePeriods.map((per) => [per, text('content.alternatives.period', { per })])}
          />
        </>
      )
    case 'digest':
      return (
        <SelectField
          label={text('content.alternatives.topic')}
          name={`${name}.topic`}
          value={alternative.topic ?? ''}
          of={[
            ['', text('content.alternatives.topic.none')],
            ...topics.map(({ id, names }): [string, string] => [id, names[language] ?? names.en ?? id]),
          ]}
        />
      )
    case 'other_channel':
      return (
        <SelectField
          label={text('content.alternatives.channel')}
          name={`${name}.channel`}
          value={alternative.channel}
          of={channels.map((channel) => [channel, channelName(text, channel)])}
        />
      )
    case 'pause_until':
    case 'fewer_topics':
    case 'other_address':
      return null
  }
}

function NumberField({ label, name, value, max }: { label: string; name: string; value: number; max?: number }) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <input id={name} name={name} type="number" min="1" max={max} value={value} required />
    </div>
  )
}

type SelectProps = { label: string; name: string; value: string; of: readonly (readonly [string, string])[] }

function SelectField({ label, name, value, of }: SelectProps) {
  return (
    <div class="field">
      <label for={name}>{label}</label>
      <select id={name} name={name}>
        {of.map(([one, shown]) => (
          <option value={one} selected={one === value} key={one}>
            {shown}
          </option>
        ))}
      </select>
    </div>
  )
}
