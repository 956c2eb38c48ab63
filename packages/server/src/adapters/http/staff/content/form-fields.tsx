import { printLeadDaysMax } from '../../../../services/brand-settings.ts'
import { choicesMax } from '../../../../services/forms/leave-form.ts'
import { pauseDaysMax } from '../../../../services/leaving/leaving-settings.ts'
import { reviewHoursMax } from '../../../../services/review/deadline.ts'
import type { TextKey, Translate } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'

/** What is wrong with a form, by the name of its field: that name, or another that says more. */
export type FieldFaults = ReadonlyMap<string, string>

/** `characters` are those of a text that the form in question takes. */
export function faultInWords(text: Translate, kind: string, characters = 0): string {
  const limits = { hours: reviewHoursMax, days: printLeadDaysMax, pause: pauseDaysMax, choices: choicesMax }
  return text('content.fault', { kind, characters, ...limits })
}

/** What a part of a list is wrong about, by the last of its names that the texts know. */
export function faultOfPart(path: readonly PropertyKey[]): string {
  return path.map(String).findLast((part) => partFaults.includes(part)) ?? 'other'
}
const partFaults = ['days', 'max', 'labels', 'choices']

/** What a field should have been, in the reader's own language; the schema's words are for programs. */
export function Fault({ frame, name, faults }: Pick<FieldProps, 'frame' | 'faults'> & { name: string }) {
  const kind = faults.get(name)
  if (kind === undefined) return null
  return (
    <p class="error" id={`${name}-error`}>
      {faultInWords(frame.text, kind)}
    </p>
  )
}

/** `type` is for the keyboard of a phone; what is written is judged by the hub. */
export type Field = {
  readonly name: string
  readonly type: 'text' | 'url' | 'email' | 'numeric'
  readonly required?: boolean
}

function fieldText(name: string): TextKey {
  return fieldTexts[name] ?? 'content.field.name'
}
export const fieldTexts: Readonly<Record<string, TextKey>> = {
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
      <Fault frame={frame} name={name} faults={faults} />
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
      <Fault frame={frame} name={name} faults={faults} />
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

/** The words of something that can be chosen; undefined for what nobody chooses from a list. */
export function choiceInWords(text: Translate, value: string): string | undefined {
  const key = choiceTexts[value]
  return key === undefined ? undefined : text(key)
}

export function Choice({ frame, name, label, values, of }: ChoiceProps) {
  const { text } = frame
  return (
    <div class="field">
      <label for={name}>{text(label)}</label>
      <select id={name} name={name}>
        {of.map((one) => (
          <option value={one} selected={one === values[name]} key={one}>
            {choiceInWords(text, one) ?? text(label)}
          </option>
        ))}
      </select>
    </div>
  )
}
