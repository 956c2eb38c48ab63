/** One part of a thing that is not what it was; undefined where it was not there. */
export type Difference = { readonly name: string; readonly before?: string; readonly after?: string }

/** Between the parts of the path to a leaf. */
export const placeSeparator = ' · '

/** Longer values are cut: who needs them whole reads them where they stand. */
const shownCharactersMax = 300

/** What differs between two JSON values, by the path of each leaf. */
export function differencesOf(before: unknown, after: unknown): Difference[] {
  const [was, is] = [leavesOf(before), leavesOf(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return names.flatMap((name) => {
    const [one, other] = [was.get(name), is.get(name)]
    if (one === other) return []
    return [{ name, ...(one !== undefined && { before: one }), ...(other !== undefined && { after: other }) }]
  })
}

function leavesOf(value: unknown, name = ''): Map<string, string> {
  if (value === null || value === undefined) return new Map()
  if (typeof value !== 'object') return new Map([[name, String(value).slice(0, shownCharactersMax)]])
  const parts = Object.entries(value)
  return new Map(
    parts.flatMap(([key, part]) => [...leavesOf(part, name === '' ? key : `${name}${placeSeparator}${key}`)]),
  )
}
