/** What a template can carry in place of a way out; the relay puts the recipient's own in. */
export const placeholderNames = ['verzet_stop', 'verzet_preferences', 'optout_url'] as const
export type PlaceholderName = (typeof placeholderNames)[number]

export type Placeholder = { readonly name: PlaceholderName; readonly start: number; readonly end: number }

/** Editors write the braces of a link's address as %7B%7B. White space within is bounded, so that scanning stays linear. */
const pattern =
  /(?:\{\{|%7b%7b)(?:\s|%20){0,3}(verzet_stop|verzet_preferences|optout_url)(?:\s|%20){0,3}(?:\}\}|%7d%7d)/gi

export function findPlaceholders(text: string): readonly Placeholder[] {
  const found: Placeholder[] = []
  for (const match of text.matchAll(pattern)) {
    const written = match[1]?.toLowerCase()
    const name = placeholderNames.find((known) => known === written)
    if (name !== undefined) found.push({ name, start: match.index, end: match.index + match[0].length })
  }
  return found
}

/**
 * Whether these let a reader do both: leave, and change what they get. The page behind `optout_url` offers both; the
 * others offer one each.
 */
export function offerBoth(names: readonly PlaceholderName[]): boolean {
  return names.includes('optout_url') || (names.includes('verzet_stop') && names.includes('verzet_preferences'))
}
