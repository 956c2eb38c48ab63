/** Red, green and blue from 0 to 255, and how much of it covers what is behind. */
export type Colour = { readonly red: number; readonly green: number; readonly blue: number; readonly alpha: number }

export const white: Colour = { red: 255, green: 255, blue: 255, alpha: 1 }
export const black: Colour = { red: 0, green: 0, blue: 0, alpha: 1 }
/** What browsers give a link that has no colour of its own (HTML §15.3.4). */
export const linkBlue: Colour = { red: 0, green: 0, blue: 238, alpha: 1 }

/** The names that mails use; one that is not here makes a contrast unknown, not wrong (CSS Color 4 §6.1). */
const named: Readonly<Record<string, string>> = {
  black: '000000',
  silver: 'c0c0c0',
  gray: '808080',
  grey: '808080',
  white: 'ffffff',
  maroon: '800000',
  red: 'ff0000',
  purple: '800080',
  fuchsia: 'ff00ff',
  magenta: 'ff00ff',
  green: '008000',
  lime: '00ff00',
  olive: '808000',
  yellow: 'ffff00',
  navy: '000080',
  blue: '0000ff',
  teal: '008080',
  aqua: '00ffff',
  cyan: '00ffff',
  orange: 'ffa500',
  pink: 'ffc0cb',
  brown: 'a52a2a',
  gold: 'ffd700',
  beige: 'f5f5dc',
  ivory: 'fffff0',
  crimson: 'dc143c',
  tomato: 'ff6347',
  coral: 'ff7f50',
  indigo: '4b0082',
  dimgray: '696969',
  dimgrey: '696969',
  darkgray: 'a9a9a9',
  darkgrey: 'a9a9a9',
  lightgray: 'd3d3d3',
  lightgrey: 'd3d3d3',
  gainsboro: 'dcdcdc',
  whitesmoke: 'f5f5f5',
  snow: 'fffafa',
  darkblue: '00008b',
  darkgreen: '006400',
  darkred: '8b0000',
  lightblue: 'add8e6',
  steelblue: '4682b4',
  royalblue: '4169e1',
  slategray: '708090',
  slategrey: '708090',
}

/** Reads a colour of CSS or of an HTML attribute; undefined for one that cannot be told here (`hsl()`, `var()`). */
export function readColour(text: string): Colour | undefined {
  const value = text.trim().toLowerCase()
  if (value === 'transparent') return { ...black, alpha: 0 }
  const hex = /^#?([0-9a-f]{3,8})$/.exec(value)?.[1] ?? named[value]
  if (hex !== undefined) return fromHex(hex)
  const parts = /^rgba?\(([^()]{1,60})\)$/
    .exec(value)?.[1]
    ?.split(/[\s,/]+/)
    .filter((part) => part !== '')
  if (parts === undefined || parts.length < 3 || parts.length > 4) return undefined
  const [red, green, blue] = parts.slice(0, 3).map((part) => share(part, 255))
  const alpha = parts[3] === undefined ? 1 : share(parts[3], 1)
  if (red === undefined || green === undefined || blue === undefined || alpha === undefined) return undefined
  return { red, green, blue, alpha }
}

function fromHex(hex: string): Colour | undefined {
  const isShort = hex.length === 3 || hex.length === 4
  const whole = isShort ? [...hex].map((digit) => digit + digit).join('') : hex
  if (whole.length !== 6 && whole.length !== 8) return undefined
  const at = (start: number) => Number.parseInt(whole.slice(start, start + 2), 16)
  return { red: at(0), green: at(2), blue: at(4), alpha: whole.length === 8 ? at(6) / 255 : 1 }
}

function share(text: string, whole: number): number | undefined {
  const number = Number.parseFloat(text)
  if (Number.isNaN(number)) return undefined
  const value = text.endsWith('%') ? (number / 100) * whole : number
  return Math.min(whole, Math.max(0, value))
}

/** What is seen when one lies on the other. */
export function over(top: Colour, below: Colour): Colour {
  const mix = (one: number, other: number) => Math.round(one * top.alpha + other * (1 - top.alpha))
  return {
    red: mix(top.red, below.red),
    green: mix(top.green, below.green),
    blue: mix(top.blue, below.blue),
    alpha: 1,
  }
}

export function asHex({ red, green, blue }: Colour): string {
  return `#${[red, green, blue].map((part) => Math.round(part).toString(16).padStart(2, '0')).join('')}`
}
