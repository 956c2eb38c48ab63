import { leavingPolicies } from '@verzet/core'
import { type BrandSettings, brandSettings, oneClickScopes } from '../../../../services/brand-settings.ts'
import { alternativeId, leavingOf } from '../../../../services/leaving/leaving-settings.ts'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import { voluntaryRegisters } from '../../../../services/registers/known-registers.ts'
import type { BrandRow, TopicRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { alternativeName } from '../insight/lives-tables.tsx'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { AreaField, Choice, Fault, type Field, type FieldFaults, TextField } from './form-fields.tsx'
import { type DifferingField, FormVersion, Overtaken } from './form-version.tsx'
import { Findings, wordingPath } from './wording-page.tsx'

export type BrandFormModel = {
  readonly frame: StaffFrame
  readonly brand?: BrandRow
  /** As they stand, or as they were sent and could not be used. */
  readonly values: Readonly<Record<string, string>>
  readonly faults: FieldFaults
  readonly findings: readonly Finding[]
  readonly saved?: boolean
  /** Somebody else changed it since the form was made; nothing was saved, and this is where the two differ. */
  readonly overtaken?: readonly DifferingField[]
}

export const brandRoute = '/content/:brand'
export const brandsRoute = '/content'

const identity: readonly Field[] = [
  { name: 'name', type: 'text', required: true },
  { name: 'controller', type: 'text', required: true },
  { name: 'country', type: 'text', required: true },
]
const details: readonly Field[] = [
  { name: 'accent', type: 'text' },
  { name: 'timeZone', type: 'text' },
  { name: 'privacyUrl', type: 'url' },
  { name: 'contactEmail', type: 'email' },
  { name: 'privacyMail', type: 'email' },
  { name: 'reviewWithinHours', type: 'numeric' },
  { name: 'printLeadDays', type: 'numeric' },
]

/** The box of an outside list that the brand may hold itself to. */
export function pledgeField(register: string): string {
  return `pledged-${register}`
}

/** A brand as its form has it. */
export function brandValues(brand: BrandRow): Record<string, string> {
  const settings: BrandSettings = brandSettings(brand)
  const { name, controller, country } = brand
  const written = Object.fromEntries(
    details.map((field) => [field.name, String(Reflect.get(settings, field.name) ?? '')]),
  )
  return {
    name,
    controller,
    country,
    ...written,
    postalAddress: settings.postalAddress ?? '',
    siteOrigins: (settings.siteOrigins ?? []).join('\n'),
    oneClick: settings.oneClick,
    policy: leavingOf(brand).policy,
    ...Object.fromEntries(
      voluntaryRegisters.map((id) => [pledgeField(id), settings.pledgedRegisters?.includes(id) ? 'yes' : '']),
    ),
  }
}

export function renderBrands(
  frame: StaffFrame,
  brands: readonly { readonly brand: BrandRow; readonly topics: number }[],
  form: Omit<BrandFormModel, 'frame'>,
): string {
  const { text, search } = frame
  return renderDocument(
    <StaffPage frame={frame} title={text('staff.room.content')}>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{text('staff.room.content')}</h1>
        <ul class="plain">
          {brands.map(({ brand, topics }) => (
            <li class="row" key={brand.id}>
              <div>
                <p>
                  <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
                </p>
                <p class="hint">
                  {`${brand.controller}, ${brand.country} · `}
                  {text('content.topics.count', { count: topics })}
                </p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section class="card stack" aria-labelledby="add">
        <h2 id="add">{text('content.brand.add')}</h2>
        <Faults frame={frame} faults={form.faults} findings={form.findings} />
        <form class="stack" method="post" action={`/content${search}`}>
          <FormToken frame={frame} path={brandsRoute} />
          <TextField frame={frame} name="id" type="text" required values={form.values} faults={form.faults} />
          {identity.map((field) => (
            <TextField frame={frame} {...field} values={form.values} faults={form.faults} key={field.name} />
          ))}
          <button class="button first" type="submit">
            {text('content.brand.add')}
          </button>
        </form>
      </section>
    </StaffPage>,
  )
}

export function renderBrand(model: BrandFormModel & { brand: BrandRow; topics: readonly TopicRow[] }): string {
  const { frame, brand, topics, saved } = model
  const { text, search } = frame
  const home = `/content/${brand.id}`
  return renderDocument(
    <StaffPage frame={frame} title={brand.name}>
      <h1>{brand.name}</h1>
      {saved ? (
        <p class="state" role="status">
          {text('content.saved')}
        </p>
      ) : null}
      <nav class="card" aria-label={brand.name}>
        <p class="row-links">
          <a href={`${wordingPath(brand.id, frame.language, 'stop')}${search}`}>{text('content.wording')}</a>
          <a href={`${home}/questions${search}`}>{text('content.questions')}</a>
          <a href={`${home}/alternatives${search}`}>{text('content.alternatives')}</a>
          <a href={`${home}/kit/${frame.language}${search}`}>{text('content.kit')}</a>
          <a href={`${home}/history${search}`}>{text('content.history')}</a>
        </p>
      </nav>
      <Topics frame={frame} brand={brand} topics={topics} />
      <section class="card stack" aria-labelledby="settings">
        <h2 id="settings">{text('content.settings')}</h2>
        {model.overtaken === undefined ? null : <Overtaken frame={frame} differing={model.overtaken} />}
        <Faults frame={frame} faults={model.faults} findings={model.findings} />
        <SettingsForm {...model} />
      </section>
    </StaffPage>,
  )
}

function Topics({ frame, brand, topics }: { frame: StaffFrame; brand: BrandRow; topics: readonly TopicRow[] }) {
  const { text, search, language } = frame
  return (
    <section class="card stack" aria-labelledby="topics">
      <h2 id="topics">{text('content.topics')}</h2>
      {topics.length === 0 ? <p>{text('content.topics.none')}</p> : null}
      <ul class="plain">
        {topics.map((topic) => (
          <li class="row" key={topic.id}>
            <div>
              <p>
                <a href={`/content/${brand.id}/topics/${topic.id}${search}`}>
                  {topic.names[language] ?? topic.names.en ?? topic.id}
                </a>
              </p>
              <p class="hint">{`${topic.id} · ${text(`content.purpose.${topic.purpose}`)}`}</p>
            </div>
          </li>
        ))}
      </ul>
      <p>
        <a class="button fit" href={`/content/${brand.id}/topics${search}`}>
          {text('content.topic.add')}
        </a>
      </p>
    </section>
  )
}

function SettingsForm({ frame, brand, values, faults }: BrandFormModel & { brand: BrandRow }) {
  const { text, search } = frame
  return (
    <form class="stack" method="post" action={`/content/${brand.id}${search}`}>
      <FormToken frame={frame} path={brandRoute} />
      <FormVersion stored={brandValues(brand)} />
      {[...identity, ...details].map((field) => (
        <TextField frame={frame} {...field} values={values} faults={faults} key={field.name} />
      ))}
      <AreaField
        frame={frame}
        name="postalAddress"
        label="content.field.postalAddress"
        values={values}
        faults={faults}
      />
      <AreaField frame={frame} name="siteOrigins" label="content.field.siteOrigins" values={values} faults={faults} />
      <Choice frame={frame} name="oneClick" label="content.field.oneClick" values={values} of={oneClickScopes} />
      <Choice frame={frame} name="policy" label="content.field.policy" values={values} of={leavingPolicies} />
      <p class="hint">
        {`${text('content.alternatives')}: ${alternativesInWords(brand, frame)}. `}
        <a href={`/content/${brand.id}/alternatives${search}`}>{text('content.alternatives.change')}</a>
      </p>
      <Pledges frame={frame} values={values} faults={faults} />
      <button class="button first" type="submit">
        {text('content.save')}
      </button>
    </form>
  )
}

function alternativesInWords(brand: BrandRow, { text, language }: StaffFrame): string {
  const names = leavingOf(brand).alternatives.map((one) => alternativeName(text, alternativeId(one)))
  if (names.length === 0) return text('registers.none')
  return new Intl.ListFormat(language, { type: 'unit', style: 'long' }).format(names)
}

/** Outside lists that no law asks for: the gate then refuses whom they name. */
function Pledges({ frame, values, faults }: Pick<BrandFormModel, 'frame' | 'values' | 'faults'>) {
  const { text } = frame
  const isRefused = faults.has('pledgedRegisters')
  return (
    <fieldset class="choices" aria-describedby={isRefused ? 'pledgedRegisters-error pledged-hint' : 'pledged-hint'}>
      <legend>{text('content.field.pledgedRegisters')}</legend>
      <Fault frame={frame} name="pledgedRegisters" faults={faults} />
      <p class="hint" id="pledged-hint">
        {text('registers.pledge.hint')}
      </p>
      {voluntaryRegisters.map((id) => (
        <label class="choice" key={id}>
          <input type="checkbox" name={pledgeField(id)} value="yes" checked={values[pledgeField(id)] === 'yes'} />
          {id}
        </label>
      ))}
    </fieldset>
  )
}

export function Faults({
  frame,
  faults,
  findings,
}: {
  frame: StaffFrame
  faults: FieldFaults
  findings: readonly Finding[]
}) {
  const { text } = frame
  if (faults.size === 0 && findings.length === 0) return null
  return (
    <section class="notice stack" role="alert">
      <p>{text(findings.length > 0 ? 'content.refused' : 'content.unusable')}</p>
      {findings.length === 0 ? null : <Findings frame={frame} findings={findings} />}
    </section>
  )
}
