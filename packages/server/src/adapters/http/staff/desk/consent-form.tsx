import { type Channel, channelsServedBy } from '@verzet/core'
import type { Caller } from '../../../../services/desk/find-caller.ts'
import { wordsCharactersMax } from '../../../../services/desk/record-on-desk.ts'
import type { TextKey } from '../../pages/text.ts'
import { channelName } from '../../pages/wording.ts'
import { FormToken, type StaffFrame } from '../layout.tsx'

type Option = { readonly value: string; readonly name: string }

type ConsentProps = {
  readonly frame: StaffFrame
  readonly caller: Caller
  readonly topics: readonly Option[]
  readonly refused: RefusedConsent | undefined
}

export type ConsentFault = 'topic' | 'channel' | 'note'

/** What was sent and could not be recorded, and which fields say why. */
export type RefusedConsent = {
  readonly faults: readonly ConsentFault[]
  readonly topic: string
  readonly channel: string
  readonly note: string
}

const faultTexts = {
  topic: 'desk.consent.topicMissing',
  channel: 'desk.consent.channelMissing',
  note: 'desk.consent.noteMissing',
} as const satisfies Record<ConsentFault, TextKey>

/** The contact point a form is about, as the hub writes it. */
export function Subject({ caller: { keyed } }: { caller: Caller }) {
  return (
    <>
      <input type="hidden" name="type" value={keyed.contactPoint.type} />
      <input type="hidden" name="value" value={keyed.contactPoint.normalised} />
    </>
  )
}

/** Apart from the noes and closed: a yes is recorded only when the person asks for it, with how they did. */
export function ConsentForm({ frame, caller, topics, refused }: ConsentProps) {
  const { text, search } = frame
  const channels: readonly Channel[] = channelsServedBy(caller.keyed.contactPoint.type)
  return (
    <section class="card">
      <details open={refused !== undefined}>
        <summary>{text('desk.consent')}</summary>
        <form class="stack" method="post" action={`/desk/consent${search}`}>
          <p>{text('desk.consent.explained')}</p>
          <FormToken frame={frame} path="/desk/consent" />
          <Subject caller={caller} />
          <Select id="topic" frame={frame} label={text('desk.consent.topic')} options={topics} refused={refused} />
          <Select
            id="channel"
            frame={frame}
            label={text('desk.consent.channel')}
            options={channels.map((channel) => ({ value: channel, name: channelName(channel, text) }))}
            refused={refused}
          />
          <NoteField frame={frame} refused={refused} />
          <button type="submit" class="button">
            {text('desk.consent.save')}
          </button>
        </form>
      </details>
    </section>
  )
}

type FieldProps = Pick<ConsentProps, 'frame' | 'refused'>

function FaultLine({ frame, refused, fault }: FieldProps & { fault: ConsentFault }) {
  if (refused?.faults.includes(fault) !== true) return null
  return (
    <p class="error" role="alert" id={`${fault}-error`}>
      {frame.text(faultTexts[fault])}
    </p>
  )
}

function faultProps(refused: RefusedConsent | undefined, fault: ConsentFault) {
  const isFaulty = refused?.faults.includes(fault) === true
  return isFaulty ? ({ 'aria-describedby': `${fault}-error`, 'aria-invalid': 'true' } as const) : {}
}

function NoteField({ frame, refused }: FieldProps) {
  return (
    <div class="field">
      <label for="note">{frame.text('desk.consent.note')}</label>
      <FaultLine frame={frame} refused={refused} fault="note" />
      <textarea
        id="note"
        name="note"
        rows={2}
        maxLength={wordsCharactersMax}
        value={refused?.note}
        {...faultProps(refused, 'note')}
        required
      />
    </div>
  )
}

type SelectProps = FieldProps & {
  readonly id: 'topic' | 'channel'
  readonly label: string
  readonly options: readonly Option[]
}

function Select({ id, frame, label, options, refused }: SelectProps) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <FaultLine frame={frame} refused={refused} fault={id} />
      {/* Nothing is chosen beforehand: a yes is the person's own. */}
      <select id={id} name={id} {...faultProps(refused, id)} required>
        <option value=""> </option>
        {options.map(({ value, name }) => (
          <option value={value} selected={value === refused?.[id]} key={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
