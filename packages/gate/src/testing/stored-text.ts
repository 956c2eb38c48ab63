/** JSON as PostgreSQL writes `jsonb`: the shorter names first, a space behind each comma and colon. */
export function storedText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(storedText).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  entries.sort(([one], [other]) => one.length - other.length || (one < other ? -1 : 1))
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}: ${storedText(one)}`).join(', ')}}`
}
