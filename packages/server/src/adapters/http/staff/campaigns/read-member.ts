/** A part of an address, as the framework read it; PostgreSQL takes no NUL, so a name that has one is nobody's. */
export function member(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const found: unknown = Object.getOwnPropertyDescriptor(value, name)?.value
  return typeof found === 'string' && found !== '' && !found.includes('\0') ? found : undefined
}
