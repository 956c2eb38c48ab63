import type { Posted } from './question-form.ts'

/** The field in which a form says which part of a list stands at a place: the list may be another by the time it is read. */
export const idField = 'id'

/** More places than any list has; a form that says more was not made by a page of ours. */
const placesMax = 200

/** The ids of the parts at `q0`, `q1` …, as the form was made with them. */
export function idsPosted(posted: Posted, prefix: string): readonly string[] {
  const ids: string[] = []
  for (let index = 0; index < placesMax; index += 1) {
    const id = posted(`${prefix}${index}.${idField}`)
    if (id === undefined) break
    ids.push(id)
  }
  return ids
}

/** What a form says at one place, under the names that follow it. */
export function postedAt(posted: Posted, place: string): Posted {
  return (name) => posted(`${place}.${name}`)
}

/** What a form says of the part with this id, wherever it stood; undefined where the form had no such part. */
export function typedOf(posted: Posted | undefined, prefix: string, id: string): Posted | undefined {
  if (posted === undefined) return undefined
  const index = idsPosted(posted, prefix).indexOf(id)
  return index === -1 ? undefined : postedAt(posted, `${prefix}${index}`)
}

/** The parts that a form had and that are in the list no more, each with what it says of them. */
export function lostParts(
  posted: Posted,
  prefix: string,
  ids: readonly string[],
): { readonly id: string; readonly typed: Posted }[] {
  return idsPosted(posted, prefix).flatMap((id, index) =>
    ids.includes(id) ? [] : [{ id, typed: postedAt(posted, `${prefix}${index}`) }],
  )
}

/** What a field shows: what was typed, else what is stored. */
export function valueIn(typed: Posted | undefined, name: string, stored: string | undefined): string | undefined {
  return typed?.(name) ?? stored
}

/** A box that is not ticked is not sent, so a form that was sent says both. */
export function isTicked(typed: Posted | undefined, name: string, isStored = false): boolean {
  return typed === undefined ? isStored : typed(name) === 'yes'
}
