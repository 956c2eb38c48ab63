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
  const readable = /^#[0-9a-f]{6}$/.test(wanted) && contrast(wanted, lightPaper) >= contrastMin
  const light = readable ? wanted : ownAccent
  return { light, dark: lightened(light) }
}

/** The contrast ratio of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio"). */
export function contrast(one: string, other: string): number {
  const lighter = Math.max(luminance(one), luminance(other))
  const darker = Math.min(luminance(one), luminance(other))
  return (lighter + 0.05) / (darker + 0.05)
}

/** The same hue, mixed with white until it can be read on the dark page, with some room to spare. */
function lightened(colour: string): string {
  for (let share = 0; share < 1; share += 0.05) {
    const mixed = mixWithWhite(colour, share)
    if (contrast(mixed, darkSurface) >= contrastMin + 1) return mixed
  }
  return '#ffffff'
}

function mixWithWhite(colour: string, share: number): string {
  const mixed = channelsOf(colour).map((value) => Math.round(value + (255 - value) * share))
  return `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
