import { createHash } from 'node:crypto'
import { canonicalJson } from '@verzet/core'
import type { FastifyRequest } from 'fastify'
import { postedField } from '../access.ts'
import type { StaffFrame } from '../layout.tsx'

type JsonValue = Parameters<typeof canonicalJson>[0]

const versionField = 'version'

/** Which state of what is stored a form was made from: saved over somebody else's change, it would undo that unseen. */
export function versionOf(stored: JsonValue): string {
  return createHash('sha256').update(canonicalJson(stored)).digest('base64url').slice(0, 16)
}

export function FormVersion({ stored }: { stored: JsonValue }) {
  return <input type="hidden" name={versionField} value={versionOf(stored)} />
}

/** Whether what is stored is no longer what the form was made from. */
export function isOvertaken(request: FastifyRequest, stored: JsonValue): boolean {
  return postedField(request, versionField) !== versionOf(stored)
}

/** A field that says something else in a form than what is stored by now. */
export type DifferingField = {
  /** As the form calls it. */
  readonly name: string
  readonly stored: string
  readonly typed: string
  /** Of the words, and of the name, where they are written in another language than the room is read in. */
  readonly lang?: string
  readonly nameLang?: string
}

type Values = Readonly<Record<string, string | undefined>>

/** The fields of a form that differ from what is stored, in the form's order; an empty field is as good as none. */
export function differingFields(
  stored: Values,
  typed: Values,
  inWords: (field: string, value: string) => string,
  nameOf: (field: string) => Pick<DifferingField, 'name' | 'lang' | 'nameLang'>,
): DifferingField[] {
  const fields = [...new Set([...Object.keys(stored), ...Object.keys(typed)])]
  return fields.flatMap((field) => {
    const [one, other] = [asTyped(stored[field]), asTyped(typed[field])]
    if (one === other) return []
    return [{ ...nameOf(field), stored: inWords(field, one), typed: inWords(field, other) }]
  })
}

/** A browser sends the ends of lines its own way (HTML §4.10.22.4). */
function asTyped(value = ''): string {
  return value.replaceAll('\r\n', '\n').trim()
}

/**
 * Said over a form that somebody else overtook: what was typed is still in it, with the version that is stored now, so
 * that who saves again decides to; and this says what they would put in its place.
 */
export function Overtaken({ frame, differing }: { frame: StaffFrame; differing: readonly DifferingField[] }) {
  const { text } = frame
  return (
    <section class="notice stack">
      <p role="alert">{text(differing.length === 0 ? 'content.overtaken.same' : 'content.overtaken')}</p>
      {differing.length === 0 ? null : (
        <div class="wide-table stacking">
          <table>
            <caption>{text('content.overtaken.caption')}</caption>
            <thead>
              <tr>
                <th scope="col">{text('content.overtaken.field')}</th>
                <th scope="col">{text('content.overtaken.now')}</th>
                <th scope="col">{text('content.overtaken.typed')}</th>
              </tr>
            </thead>
            <tbody>
              {differing.map((one, index) => (
                <tr key={`${index} ${one.name}`}>
                  <th scope="row" lang={one.nameLang}>
                    {one.name}
                  </th>
                  <Value frame={frame} label={text('content.overtaken.now')} lang={one.lang} value={one.stored} />
                  <Value frame={frame} label={text('content.overtaken.typed')} lang={one.lang} value={one.typed} />
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  )
}

type ValueProps = { frame: StaffFrame; label: string; lang: string | undefined; value: string }

function Value({ frame, label, lang, value }: ValueProps) {
  if (value === '') return <td data-label={label}>{frame.text('content.overtaken.empty')}</td>
  return (
    <td data-label={label} lang={lang}>
      {value}
    </td>
  )
}
