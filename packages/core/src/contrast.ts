/**
 * Relative luminance of an opaque sRGB colour, from 0 (black) to 1 (white), as WCAG 2.2 defines it.
 * Takes `#rrggbb` in either case; NaN for anything else, so that no comparison with it ever passes.
 */
export function relativeLuminance(colour: string): number {
  const [red = Number.NaN, green = Number.NaN, blue = Number.NaN] = colourParts(colour).map((value) => {
    const share = value / 255
    // 0.04045 is the bend of IEC 61966-2-1; WCAG's older 0.03928 differs for no colour of eight bits.
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/**
 * The contrast ratio of two opaque colours, from 1 (the same) to 21 (black and white), in either order
 * (WCAG 2.2, "contrast ratio"). NaN when one of them is not `#rrggbb`.
 */
export function contrastRatio(one: string, other: string): number {
  const first = relativeLuminance(one)
  const second = relativeLuminance(other)
  return (Math.max(first, second) + 0.05) / (Math.min(first, second) + 0.05)
}

/** Red, green and blue from 0 to 255; empty for what is not `#rrggbb`. */
export function colourParts(colour: string): readonly number[] {
  if (!/^#[0-9a-f]{6}$/i.test(colour)) return []
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16))
}
