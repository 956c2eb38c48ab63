import { type Channel, channelsServedBy } from '@verzet/core'
import type { Caller } from '../../../../services/desk/find-caller.ts'
import { wordsCharactersMax } from '../../../../services/desk/record-on-desk.ts'
import type { Translate } from '../../pages/text.ts'
import { channelName } from '../../pages/wording.ts'
import { FormToken, type StaffFrame } from '../layout.tsx'

type Option = { readonly value: string; readonly name: string }

type ConsentProps = {
  readonly frame: StaffFrame
  readonly caller: Caller
  readonly topics: readonly Option[]
  readonly isNoteMissing: boolean
}

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
export function ConsentForm({ frame, caller, topics, isNoteMissing }: ConsentProps) {
  const { text, search } = frame
  const channels: readonly Channel[] = channelsServedBy(caller.keyed.contactPoint.type)
  return (
    <section class="card">
      <details open={isNoteMissing}>
        <summary>{text('desk.consent')}</summary>
        <form class="stack" method="post" action={`/desk/consent${search}`}>
          <p>{text('desk.consent.explained')}</p>
          <FormToken frame={frame} path="/desk/consent" />
          <Subject caller={caller} />
          <Select id="topic" label={text('desk.consent.topic')} options={topics} />
          <Select
            id="channel"
            label={text('desk.consent.channel')}
            options={channels.map((channel) => ({ value: channel, name: channelName(channel, text) }))}
          />
          <NoteField text={text} isMissing={isNoteMissing} />
          <button type="submit" class="button">
            {text('desk.consent.save')}
          </button>
        </form>
      </details>
    </section>
  )
}

function NoteField({ text, isMissing }: { text: Translate; isMissing: boolean }) {
  return (
    <div class="field">
      <label for="note">{text('desk.consent.note')}</label>
      {isMissing ? (
        <p class="error" role="alert" id="note-error">
          {text('desk.consent.noteMissing')}
        </p>
      ) : null}
      <textarea
        id="note"
        name="note"
        rows={2}
        maxLength={wordsCharactersMax}
        aria-describedby={isMissing ? 'note-error' : undefined}
        aria-invalid={isMissing ? 'true' : undefined}
        required
      />
    </div>
  )
}

function Select({ id, label, options }: { id: string; label: string; options: readonly Option[] }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {/* Nothing is chosen beforehand: a yes is the person's own. */}
      <select id={id} name={id} required>
        <option value=""> </option>
        {options.map(({ value, name }) => (
          <option value={value} key={value}>
            {name}
          </option>
        ))}
      </select>
    </div>
  )
}
