import { colourParts, contrastRatio } from '@verzet/core'

export { contrastRatio as contrast } from '@verzet/core'

/** A brand's colour as the page uses it: checked, so that nothing of a brand's making can make the page unreadable. */
export type Accent = {
  /** Behind white text, and as text on the light page. */
  readonly light: string
  /** Behind dark text, and as text on the dark page. */
  readonly dark: string
}

/** The two backgrounds that accent-coloured text stands on; the style sheet is built from the same values. */
export const lightPaper = '#f6f4ef'
export const darkSurface = '#1d2226'

const ownAccent = '#0f4c5c'
/** WCAG 2.2, 1.4.3: text up to 24 px needs 4.5:1. */
const contrastMin = 4.5

/** Takes `#rrggbb`; anything else, and any colour too pale to read, becomes the product's own. */
export function checkedAccent(colour: string | undefined): Accent {
  const wanted = colour?.toLowerCase() ?? ownAccent
  const readable = /^#[0-9a-f]{6}$/.test(wanted) && contrastRatio(wanted, lightPaper) >= contrastMin
  const light = readable ? wanted : ownAccent
  return { light, dark: lightened(light) }
}

/** The same hue, mixed with white until it can be read on the dark page, with some room to spare. */
function lightened(colour: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mixWithWhite(colour, share)
    if (contrastRatio(mixed, darkSurface) >= contrastMin + 1) return mixed
  }
  return '#ffffff'
}

function mixWithWhite(colour: string, share: number): string {
  const mixed = colourParts(colour).map((value) => Math.round(value + (255 - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}
