import { asHex, black, type Colour, linkBlue, over, readColour, white } from './css-colour.ts'

/** How text within an element looks, as far as that can be told. */
export type ShownStyle = {
  readonly fontPx: number
  /** Undefined when it cannot be told. */
  readonly colour: Colour | undefined
  readonly background: Colour | undefined
  /** Why nobody sees it: the declaration that hides it, or `off_page`. */
  readonly hiddenBy: string | undefined
  /** `visibility` is inherited and can be taken back within; the rest cannot. */
  readonly isVisible: boolean
  /** `text-indent` draws it out of the page; inherited, and can be taken back within as well. */
  readonly isIndentedAway: boolean
}

const farAway = /^-\d{3,}/

export const pageStyle: ShownStyle = {
  fontPx: 16,
  colour: black,
  background: white,
  hiddenBy: undefined,
  isVisible: true,
  isIndentedAway: false,
}

const sizeWords: Readonly<Record<string, number>> = {
  'xx-small': 9,
  'x-small': 10,
  small: 13,
  medium: 16,
  large: 18,
  'x-large': 24,
  'xx-large': 32,
}
/** HTML §15.3.4: `<font size>` from 1 to 7. */
const fontSizesPx = [10, 13, 16, 18, 24, 32, 48]
/** Factors of the browsers' own sheet (HTML §15.3). */
const tagFactors: Readonly<Record<string, number>> = {
  small: 0.83,
  sub: 0.83,
  sup: 0.83,
  h1: 2,
  h2: 1.5,
  h3: 1.17,
  h5: 0.83,
  h6: 0.67,
}
/** Below this a letter is a dot. */
const fontPxSeen = 3
const opacitySeen = 0.1

export type StyledElement = {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly said: ReadonlyMap<string, string>
}

/** The style of an element within one of the style given. */
export function styleWithin(parent: ShownStyle, element: StyledElement): ShownStyle {
  const { tag, attributes, said } = element
  const fontPx = fontSize(parent.fontPx, element)
  const visibility = said.get('visibility')
  const isVisible = visibility === undefined ? parent.isVisible : visibility === 'visible'
  const indent = said.get('text-indent')
  return {
    fontPx,
    colour: colourOf(parent.colour, tag, attributes, said),
    background: backgroundOf(parent.background, attributes, said),
    hiddenBy: parent.hiddenBy ?? hiddenBy(attributes, said),
    isVisible,
    isIndentedAway: indent === undefined ? parent.isIndentedAway : farAway.test(indent),
  }
}

/** Why text of this style is not seen; undefined when it is. */
export function unseenBecause(style: ShownStyle): string | undefined {
  if (style.hiddenBy !== undefined) return style.hiddenBy
  if (!style.isVisible) return 'visibility'
  if (style.isIndentedAway) return 'off_page'
  if (style.fontPx < fontPxSeen) return 'font-size'
  return style.colour?.alpha === 0 ? 'color: transparent' : undefined
}

/** The two colours as they meet on the screen; undefined when one cannot be told. */
export function seenColours(style: ShownStyle): { readonly text: string; readonly ground: string } | undefined {
  const { colour, background } = style
  if (colour === undefined || background === undefined) return undefined
  return { text: asHex(over(colour, background)), ground: asHex(background) }
}

function fontSize(parentPx: number, { tag, attributes, said }: StyledElement): number {
  const written = said.get('font-size') ?? /(?:^|\s)(\d*\.?\d+(?:px|pt|em|rem|%))/i.exec(said.get('font') ?? '')?.[1]
  const own = written === undefined ? undefined : readSize(written.trim().toLowerCase(), parentPx)
  if (own !== undefined) return own
  if (tag === 'font' && attributes.size !== undefined) {
    const size = Number.parseInt(attributes.size, 10)
    return fontSizesPx[(/^[+-]/.test(attributes.size) ? 3 + size : size) - 1] ?? parentPx
  }
  return parentPx * (tagFactors[tag] ?? 1)
}

function readSize(value: string, parentPx: number): number | undefined {
  const word = sizeWords[value]
  if (word !== undefined) return word
  if (value === 'smaller') return parentPx * 0.83
  if (value === 'larger') return parentPx * 1.2
  const match = /^(\d*\.?\d+)(px|pt|em|rem|%)?$/.exec(value)
  if (match === null) return undefined
  const number = Number(match[1])
  switch (match[2]) {
    case 'pt':
      return (number * 4) / 3
    case 'em':
      return number * parentPx
    case 'rem':
      return number * pageStyle.fontPx
    case '%':
      return (number / 100) * parentPx
    default:
      return number
  }
}

function colourOf(
  inherited: Colour | undefined,
  tag: string,
  attributes: Readonly<Record<string, string>>,
  said: ReadonlyMap<string, string>,
): Colour | undefined {
  const written = said.get('color')?.toLowerCase()
  if (written === 'inherit') return inherited
  if (written !== undefined) return readColour(written)
  const attribute = tag === 'font' ? attributes.color : tag === 'body' ? attributes.text : undefined
  if (attribute !== undefined) return readColour(attribute)
  return tag === 'a' && attributes.href !== undefined ? linkBlue : inherited
}

/** A picture behind the text, or a run of colours, is not told. */
function backgroundOf(
  below: Colour | undefined,
  attributes: Readonly<Record<string, string>>,
  said: ReadonlyMap<string, string>,
): Colour | undefined {
  const shorthand = said.get('background') ?? ''
  const picture = `${shorthand} ${said.get('background-image') ?? ''}`
  if (/url\(|gradient\(/i.test(picture) || attributes.background !== undefined) return undefined
  const colour = said.get('background-color') ?? colourIn(shorthand) ?? attributes.bgcolor
  if (colour === undefined || /^(?:inherit|initial|unset)$/i.test(colour)) return below
  const read = readColour(colour)
  if (read === undefined || read.alpha === 1) return read
  return below === undefined ? undefined : over(read, below)
}

function colourIn(shorthand: string): string | undefined {
  if (shorthand.trim() === '' || /^\s*none\s*$/i.test(shorthand)) return undefined
  return /rgba?\([^()]*\)|#[0-9a-f]{3,8}\b|[a-z]+(?:\([^()]*\))?/i.exec(shorthand)?.[0]
}

function hiddenBy(attributes: Readonly<Record<string, string>>, said: ReadonlyMap<string, string>): string | undefined {
  if (attributes.hidden !== undefined) return 'hidden'
  if (said.get('display')?.toLowerCase() === 'none') return 'display: none'
  const opacity = Number.parseFloat(said.get('opacity') ?? '1')
  if (opacity < opacitySeen) return 'opacity'
  const drawnAway = drawnAwayBy(said)
  if (drawnAway !== undefined) return drawnAway
  const isClipped = /hidden|clip/i.test(said.get('overflow') ?? '')
  const isFlat = ['height', 'max-height', 'width', 'max-width'].some((name) =>
    /^0*[01]?(?:px)?$/.test(said.get(name) ?? '-'),
  )
  if (isClipped && isFlat) return 'overflow: hidden'
  const isFarAway = ['left', 'top', 'margin-left', 'margin-top'].some((name) => farAway.test(said.get(name) ?? ''))
  return isFarAway ? 'off_page' : undefined
}

const nought = '0*(?:\\.0+)?(?:%|px)?'
const shrunk = new RegExp(`\\bscale(?:[xy3]|3d)?\\(\\s*${nought}\\s*[,)]`, 'i')
const faded = new RegExp(`\\bopacity\\(\\s*${nought}\\s*\\)`, 'i')
const cutOff = new RegExp(
  `^(?:inset\\(\\s*(?:[5-9]\\d|100)%|circle\\(\\s*${nought}\\s*[ )]|rect\\(\\s*${nought}[ ,]+${nought}[ ,])`,
  'i',
)

/** It has its place, and is drawn too small, too pale, cut off or elsewhere. */
function drawnAwayBy(said: ReadonlyMap<string, string>): string | undefined {
  const transform = said.get('transform') ?? ''
  if (shrunk.test(transform) || new RegExp(`^${nought}$`).test(said.get('scale') ?? '-')) return 'transform'
  if (/\btranslate(?:[xy]|3d)?\([^)]*-\d{3,}/i.test(transform)) return 'off_page'
  if (faded.test(said.get('filter') ?? '')) return 'filter'
  return ['clip-path', 'clip'].find((name) => cutOff.test(said.get(name) ?? ''))
}
