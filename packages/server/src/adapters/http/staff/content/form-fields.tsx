import type { TextKey } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'

/** What was wrong with a form, by the name of its field. */
export type FieldFaults = ReadonlyMap<string, string>

/** `type` is for the keyboard of a phone; what is written is judged by the hub. */
export type Field = {
  readonly name: string
  readonly type: 'text' | 'url' | 'email' | 'numeric'
  readonly required?: boolean
}

function fieldText(name: string): TextKey {
  return fieldTexts[name] ?? 'content.field.name'
}
const fieldTexts: Readonly<Record<string, TextKey>> = {
  id: 'content.field.id',
  name: 'content.field.name',
  controller: 'content.field.controller',
  country: 'content.field.country',
  accent: 'content.field.accent',
  timeZone: 'content.field.timeZone',
  privacyUrl: 'content.field.privacyUrl',
  contactEmail: 'content.field.contactEmail',
  privacyMail: 'content.field.privacyMail',
  reviewWithinHours: 'content.field.reviewWithinHours',
  printLeadDays: 'content.field.printLeadDays',
}

type FieldProps = {
  frame: StaffFrame
  values: Readonly<Record<string, string>>
  faults: FieldFaults
}

export function TextField({ frame, name, type, required = false, values, faults }: FieldProps & Field) {
  const { text } = frame
  const fault = faults.get(name)
  return (
    <div class="field">
      <label for={name}>{text(fieldText(name))}</label>
      {fault === undefined ? null : (
        <p class="error" id={`${name}-error`} lang="en">
          {fault}
        </p>
      )}
      <input
        id={name}
        name={name}
        type="text"
        inputMode={type}
        value={values[name]}
        required={required}
        aria-describedby={fault === undefined ? undefined : `${name}-error`}
        aria-invalid={fault === undefined ? undefined : true}
      />
    </div>
  )
}

export function AreaField({ frame, name, label, values, faults }: FieldProps & { name: string; label: TextKey }) {
  const fault = faults.get(name)
  return (
    <div class="field">
      <label for={name}>{frame.text(label)}</label>
      {fault === undefined ? null : (
        <p class="error" id={`${name}-error`} lang="en">
          {fault}
        </p>
      )}
      <textarea
        id={name}
        name={name}
        rows={3}
        value={values[name]}
        aria-describedby={fault === undefined ? undefined : `${name}-error`}
        aria-invalid={fault === undefined ? undefined : true}
      />
    </div>
  )
}

type ChoiceProps = {
  frame: StaffFrame
  name: 'oneClick' | 'policy'
  label: TextKey
  values: Readonly<Record<string, string>>
  of: readonly string[]
}
const choiceTexts: Readonly<Record<string, TextKey>> = {
  all: 'content.oneClick.all',
  channel: 'content.oneClick.channel',
  topic: 'content.oneClick.topic',
  immediate: 'content.policy.immediate',
  confirm_on_page: 'content.policy.confirmOnPage',
  confirm_by_mail: 'content.policy.confirmByMail',
}

export function Choice({ frame, name, label, values, of }: ChoiceProps) {
  const { text } = frame
  return (
    <div class="field">
      <label for={name}>{text(label)}</label>
      <select id={name} name={name}>
        {of.map((one) => (
          <option value={one} selected={one === values[name]} key={one}>
            {text(choiceTexts[one] ?? label)}
          </option>
        ))}
      </select>
    </div>
  )
}
