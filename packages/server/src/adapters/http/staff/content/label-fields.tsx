import type { Labels } from '../../../../services/forms/leave-form.ts'
import { languages } from '../../pages/text.ts'
import type { StaffFrame } from '../layout.tsx'
import type { Posted } from './question-form.ts'
import { idField, isTicked, valueIn } from './typed-places.ts'

type PlaceProps = {
  readonly frame: StaffFrame
  /** Where in the form: `q0`, `q0.c1`, `a2`. */
  readonly place: string
  /** What was typed there and could not be kept. */
  readonly typed: Posted | undefined
}

/** Which part of the list the fields of a place are about. */
export function PlaceId({ place, id }: { place: string; id: string }) {
  return <input type="hidden" name={`${place}.${idField}`} value={id} />
}

/** `fault` in words. */
export function LabelFields({
  frame,
  place,
  typed,
  field = 'label',
  labels,
  fault,
}: PlaceProps & { field?: string; labels: Labels; fault?: string | undefined }) {
  const { text } = frame
  const name = `${place}.${field}`
  return (
    <>
      <PartFault place={name} fault={fault} />
      {languages.map((one) => (
        <div class="field" key={one}>
          <label for={`${name}.${one}`}>{text(`content.in.${one}`)}</label>
          <input
            id={`${name}.${one}`}
            name={`${name}.${one}`}
            type="text"
            lang={one}
            value={valueIn(typed, `${field}.${one}`, labels[one])}
            {...faultProps(name, fault)}
          />
        </div>
      ))}
    </>
  )
}

/** What is wrong with a part, beside its fields. */
export function PartFault({ place, fault }: { place: string; fault: string | undefined }) {
  if (fault === undefined) return null
  return (
    <p class="error" id={`${place}-error`}>
      {fault}
    </p>
  )
}

export function faultProps(place: string, fault: string | undefined) {
  return fault === undefined ? {} : ({ 'aria-describedby': `${place}-error`, 'aria-invalid': true } as const)
}

export function Remove({ frame, place, typed }: PlaceProps) {
  return (
    <p>
      <label>
        <input type="checkbox" name={`${place}.remove`} value="yes" checked={isTicked(typed, 'remove')} />{' '}
        {frame.text('content.remove')}
      </label>
    </p>
  )
}

/** Whether words were typed at a place that are not the stored ones: then nobody has to open it to see them. */
export function hasTypedWords(typed: Posted | undefined, field: string, labels: Labels): boolean {
  return languages.some((one) => {
    const words = typed?.(`${field}.${one}`)
    return words !== undefined && words.trim() !== (labels[one] ?? '')
  })
}
