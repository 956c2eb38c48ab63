import { noValues } from '../../../services/finding-text.ts'
import { contrast } from '../../http/pages/accent.ts'
import { contrastMin, contrastSeenMin, fontPxMin } from '../check-limits.ts'
import { type Finding, finding, type Place } from '../finding.ts'
import type { ViewedLink } from './body-view.ts'
import { type ShownStyle, seenColours, unseenBecause } from './shown-style.ts'

/** A link nobody sees offers nothing. */
export function isSeen(link: ViewedLink): boolean {
  return link.styles.length === 0 || link.styles.some((style) => whyUnseen(style) === undefined)
}

/** Whether the ways out can be read: seen, with enough contrast, large enough, and in words. */
export function checkReading(links: readonly ViewedLink[], where: Place): Finding[] {
  return links.flatMap((link) => {
    if (link.isWordless) return [finding('image-with-words.none', noValues, where)]
    if (!isSeen(link)) {
      const why = link.styles.map(whyUnseen).find((reason) => reason !== undefined)
      return [finding('way-out-hidden.style', { why: why ?? 'hidden' }, where)]
    }
    const seen = link.styles.filter((style) => whyUnseen(style) === undefined)
    return [...checkContrast(seen, where), ...checkSize(seen, where)]
  })
}

function whyUnseen(style: ShownStyle): string | undefined {
  const because = unseenBecause(style)
  if (because !== undefined) return because
  const ratio = contrastOf(style)
  return ratio !== undefined && ratio < contrastSeenMin ? 'background' : undefined
}

function contrastOf(style: ShownStyle): number | undefined {
  const colours = seenColours(style)
  return colours === undefined ? undefined : contrast(colours.text, colours.ground)
}

function checkContrast(seen: readonly ShownStyle[], where: Place): Finding[] {
  return seen.flatMap((style) => {
    const ratio = contrastOf(style)
    if (ratio === undefined) return [finding('contrast-unknown.colour', noValues, where)]
    if (ratio >= contrastMin) return []
    // Rounded down, so that 4.49 is not told as the 4.5 that it lacks.
    const shown = Math.floor(ratio * 10) / 10
    return [finding('readable-contrast.low', { ratio: shown, least: contrastMin }, where)]
  })
}

function checkSize(seen: readonly ShownStyle[], where: Place): Finding[] {
  const smallest = Math.min(...seen.map(({ fontPx }) => fontPx))
  if (smallest >= fontPxMin) return []
  return [finding('readable-size.small', { pixels: Math.floor(smallest), least: fontPxMin }, where)]
}
