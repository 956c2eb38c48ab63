import { type DeskAct, deskActs } from '../../../../services/desk/record-on-desk.ts'
import type { TextKey } from '../../pages/text.ts'

/** The last act is what ends a call in which nothing was refused; it has the key furthest from the noes. */
const digits: ReadonlyMap<DeskAct, string> = new Map(
  deskActs.map((act, index) => [act, act === 'no_objection' ? '0' : String(index + 1)]),
)

export function digitOf(act: DeskAct): string {
  return digits.get(act) ?? ''
}

/** A button by its name, or the digit that was typed; undefined for anything else. */
export function readAct(name: string | undefined, digit: string | undefined): DeskAct | undefined {
  if (name !== undefined) return deskActs.find((act) => act === name)
  return deskActs.find((act) => digitOf(act) === digit?.trim())
}

/** Whether the right to object was offered in a call; `none` is said of a call that sold nothing, and nothing is kept. */
export const offeredAnswers = [
  { value: 'yes', digit: '1', key: 'desk.offered.yes' },
  { value: 'no', digit: '2', key: 'desk.offered.no' },
  { value: 'none', digit: '3', key: 'desk.offered.none' },
] as const satisfies readonly { value: string; digit: string; key: TextKey }[]

export function readOffered(name: string | undefined, digit: string | undefined): 'yes' | 'no' | 'none' | undefined {
  return offeredAnswers.find(({ value, digit: key }) => (name === undefined ? key === digit?.trim() : value === name))
    ?.value
}
