import { purposes } from '@verzet/core'
import type { Finding } from '../../../../services/page-lint/rules.ts'
import type { BrandRow, TopicRow } from '../../../../storage/catalog.ts'
import { renderDocument } from '../../pages/layout.tsx'
import { languages } from '../../pages/text.ts'
import { FormToken, type StaffFrame, StaffPage } from '../layout.tsx'
import { Faults } from './brand-page.tsx'
import { Fault, type FieldFaults, TextField } from './form-fields.tsx'
import { type DifferingField, FormVersion, Overtaken } from './form-version.tsx'

export const newTopicRoute = '/content/:brand/topics'
export const topicRoute = '/content/:brand/topics/:topic'

export type TopicModel = {
  readonly frame: StaffFrame
  readonly brand: BrandRow
  /** Absent while one is being added. */
  readonly topic?: TopicRow
  /** `id`, `purpose` and `name.nl` … `name.en`. */
  readonly values: Readonly<Record<string, string>>
  readonly faults: FieldFaults
  readonly findings: readonly Finding[]
  readonly saved?: boolean
  /** Somebody else changed it since the form was made; nothing was saved, and this is where the two differ. */
  readonly overtaken?: readonly DifferingField[]
}

export function topicValues({ id, purpose, names }: TopicRow): Record<string, string> {
  return { id, purpose, ...Object.fromEntries(Object.entries(names).map(([key, name]) => [`name.${key}`, name])) }
}

export function renderTopic(model: TopicModel): string {
  const { frame, brand, topic, values, faults, findings, saved } = model
  const { text, search } = frame
  const title = topic === undefined ? text('content.topic.add') : (topic.names[frame.language] ?? topic.id)
  const base = `/content/${brand.id}/topics`
  const action = topic === undefined ? base : `${base}/${topic.id}`
  return renderDocument(
    <StaffPage frame={frame} title={`${title} · ${brand.name}`}>
      <p>
        <a href={`/content/${brand.id}${search}`}>{brand.name}</a>
      </p>
      <section class="card stack" aria-labelledby="title">
        <h1 id="title">{title}</h1>
        {saved ? (
          <p class="state" role="status">
            {text('content.saved')}
          </p>
        ) : null}
        {model.overtaken === undefined ? null : <Overtaken frame={frame} differing={model.overtaken} />}
        <Faults frame={frame} faults={faults} findings={findings} />
        <form class="stack" method="post" action={`${action}${search}`}>
          <FormToken frame={frame} path={topic === undefined ? newTopicRoute : topicRoute} />
          {topic === undefined ? null : <FormVersion stored={topicValues(topic)} />}
          {topic === undefined ? (
            <TextField frame={frame} name="id" type="text" required values={values} faults={faults} />
          ) : null}
          <fieldset class="stack">
            <legend>{text('content.topic.name')}</legend>
            {languages.map((one) => (
              <div class="field" key={one}>
                <label for={`name-${one}`}>{text(`content.in.${one}`)}</label>
                <input id={`name-${one}`} name={`name.${one}`} type="text" lang={one} value={values[`name.${one}`]} />
              </div>
            ))}
            <Fault frame={frame} name="names" faults={faults} />
          </fieldset>
          <div class="field">
            <label for="purpose">{text('content.topic.purpose')}</label>
            <p class="hint" id="purpose-hint">
              {text('content.topic.purpose.hint')}
            </p>
            <select id="purpose" name="purpose" aria-describedby="purpose-hint">
              {purposes.map((one) => (
                <option value={one} selected={one === values.purpose} key={one}>
                  {text(`content.purpose.${one}`)}
                </option>
              ))}
            </select>
          </div>
          <Warned {...model} />
          <button class="button first" type="submit">
            {text('content.save')}
          </button>
        </form>
      </section>
    </StaffPage>,
  )
}

/** Service messages pass every no: calling advertising that takes a second, deliberate act. */
function Warned({ frame, topic, values, faults }: TopicModel) {
  const { text } = frame
  const turns = topic?.purpose === 'marketing' && values.purpose === 'service'
  const isMissed = faults.has('sure')
  if (!turns && !isMissed) return null
  return (
    <div class="notice">
      <Fault frame={frame} name="sure" faults={faults} />
      <label>
        <input type="checkbox" name="sure" value="yes" aria-describedby={isMissed ? 'sure-error' : undefined} />{' '}
        {text('content.topic.sure')}
      </label>
    </div>
  )
}
