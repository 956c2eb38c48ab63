import { type Channel, channels } from '@verzet/core'
import { noteCharactersMax } from '../../../../services/people/record-for-person.ts'
import type { TextKey } from '../../pages/text.ts'
import { channelName, sentenceCase } from '../../pages/wording.ts'
import { FormToken, type StaffFrame } from '../layout.tsx'
import { type RecordFault, type RecordFields, type RecordKind, recordKinds } from './read-record.ts'

export type RecordModel = {
  readonly personKey: string
  /** The person as a whole first, where they are known by a number, then where they can be reached. */
  readonly subjects: readonly { readonly key: string; readonly name: string }[]
  readonly topics: readonly { readonly value: string; readonly name: string }[]
  /** The last day it can have been said on. */
  readonly today: string
  /** What was posted and refused, so that nobody types it twice. */
  readonly asked?: RecordFields
  readonly faults?: readonly RecordFault[]
}

const kindTexts = {
  objection: 'people.record.no',
  cadence: 'people.record.less',
  pause: 'people.record.pause',
  consent: 'people.record.yes',
} as const satisfies Record<RecordKind, TextKey>

const faultTexts = {
  kind: 'people.record.kindMissing',
  scope: 'people.record.yesNarrow',
  said: 'people.record.saidWrong',
  note: 'people.record.noteMissing',
} as const satisfies Record<RecordFault, TextKey>

/** Closed until it is wanted: most who look a person up only look. */
export function RecordForm({ frame, model }: { frame: StaffFrame; model: RecordModel }) {
  const { text, search } = frame
  const { asked, faults = [] } = model
  return (
    <section class="card" aria-labelledby="record">
      <h2 id="record">{text('people.record')}</h2>
      <details open={faults.length > 0}>
        <summary>{text('people.record.save')}</summary>
        <form class="stack" method="post" action={`/people/record${search}`} novalidate>
          <p>{text('people.record.explained')}</p>
          {faults.length === 0 ? null : (
            <p class="notice" role="alert">
              {text('people.record.refused')}
            </p>
          )}
          <FormToken frame={frame} path="/people/record" />
          <input type="hidden" name="key" value={model.personKey} />
          <Select
            id="subject"
            label={text('people.record.for')}
            options={model.subjects.map(({ key, name }) => ({ value: key, name }))}
            chosen={asked?.subject}
          />
          <Kinds frame={frame} model={model} />
          <Scope frame={frame} model={model} />
          <div class="field">
            <label for="said">{text('people.record.said')}</label>
            <FaultLine frame={frame} faults={faults} fault="said" />
            <input
              type="date"
              id="said"
              name="said"
              value={asked?.said}
              max={model.today}
              {...faultProps(faults, 'said')}
            />
          </div>
          <div class="field">
            <label for="note">{text('people.record.note')}</label>
            <FaultLine frame={frame} faults={faults} fault="note" />
            <textarea
              id="note"
              name="note"
              rows={3}
              maxLength={noteCharactersMax}
              required
              {...faultProps(faults, 'note')}
            >
              {asked?.note}
            </textarea>
          </div>
          <button type="submit" class="button first fit">
            {text('people.record.save')}
          </button>
        </form>
      </details>
    </section>
  )
}

/** Nothing is chosen beforehand: what is recorded is said on purpose. */
function Kinds({ frame, model: { asked, faults = [] } }: { frame: StaffFrame; model: RecordModel }) {
  return (
    <fieldset aria-describedby={faults.includes('kind') ? 'kind-error' : undefined}>
      <legend>{frame.text('people.record.kind')}</legend>
      <FaultLine frame={frame} faults={faults} fault="kind" />
      {recordKinds.map((kind) => (
        <label class="choice" key={kind}>
          <input type="radio" name="kind" value={kind} checked={asked?.kind === kind} />
          <span>{frame.text(kindTexts[kind])}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Scope({ frame, model: { topics, asked, faults = [] } }: { frame: StaffFrame; model: RecordModel }) {
  const { text, language } = frame
  const named = channels.map((channel: Channel) => ({
    value: channel,
    name: sentenceCase(channelName(channel, text), language),
  }))
  return (
    <div class="stack">
      <FaultLine frame={frame} faults={faults} fault="scope" />
      <div class="pair">
        <Select
          id="about"
          label={text('people.record.about')}
          options={[{ value: '', name: text('people.record.everything') }, ...topics]}
          chosen={asked?.about}
          fault={faults.includes('scope') ? 'scope' : undefined}
        />
        <Select
          id="channel"
          label={text('people.record.channel')}
          options={[{ value: '', name: text('people.record.everyChannel') }, ...named]}
          chosen={asked?.channel}
          fault={faults.includes('scope') ? 'scope' : undefined}
        />
      </div>
    </div>
  )
}

function FaultLine({
  frame,
  faults,
  fault,
}: {
  frame: StaffFrame
  faults: readonly RecordFault[]
  fault: RecordFault
}) {
  if (!faults.includes(fault)) return null
  return (
    <p class="error" id={`${fault}-error`}>
      {frame.text(faultTexts[fault])}
    </p>
  )
}

function faultProps(faults: readonly RecordFault[], fault: RecordFault) {
  return faults.includes(fault) ? ({ 'aria-invalid': 'true', 'aria-describedby': `${fault}-error` } as const) : {}
}

type SelectProps = {
  readonly id: string
  readonly label: string
  readonly options: readonly { readonly value: string; readonly name: string }[]
  readonly chosen: string | undefined
  readonly fault?: RecordFault | undefined
}

function Select({ id, label, options, chosen, fault }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={id} {...(fault === undefined ? {} : faultProps([fault], fault))}>
        {options.map(({ value, name }) => (
          <option value={value} selected={value === (chosen ?? options[0]?.value)} key={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
