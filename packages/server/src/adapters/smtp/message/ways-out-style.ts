const fontStack = '-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
const lineEnd = '\r\n'

/**
 * How the ways out look, whatever the sheet of the template says: a declaration in the element itself that is important
 * wins over every rule of a sheet (CSS Cascade 5 §6.1). First comes the look in plain declarations, for Outlook's Word
 * engine passes over important ones; then `all`, which takes back what has no line of its own here, for those who know
 * it; then what most often hides text, one by one, for those who do not. No more than that: Gmail cuts a mail off after
 * 102 kB, and with it what stands at the bottom.
 */
function styled(look: readonly string[], colour: string): string {
  const held = [
    'font-size:16px',
    'line-height:1.5',
    'visibility:visible',
    'opacity:1',
    `-webkit-text-fill-color:${colour}`,
    'text-indent:0',
    'letter-spacing:normal',
    'width:auto',
    'max-width:none',
    'height:auto',
    'max-height:none',
    'overflow:visible',
    'clip-path:none',
    'transform:none',
    'filter:none',
    // Above what a negative margin draws over it.
    'position:relative',
    'top:auto',
    'left:auto',
    'z-index:9999',
  ]
  const plain = look.map((one) => one.replace(fontStack, 'Arial,sans-serif'))
  return inShortLines([...plain, ...['all:initial', ...look, ...held].map((one) => `${one}!important`)])
}

/** Of 100 characters or a little more: a line of mail may have 998 (RFC 5322 §2.1.1), and 76 in quoted-printable. */
function inShortLines(declarations: readonly string[]): string {
  const lines = ['']
  for (const one of declarations) {
    const line = lines.at(-1) ?? ''
    if (line.length > lineCharactersWanted) lines.push(`${one};`)
    else lines[lines.length - 1] = `${line}${one};`
  }
  return lines.join(lineEnd).slice(0, -1)
}

const lineCharactersWanted = 80
const text = '#1d2226'
const ground = '#ffffff'

export const frameStyle = styled(
  [
    'display:block',
    'margin:0',
    'padding:8px 16px',
    `background:${ground}`,
    `color:${text}`,
    `font:16px/1.5 ${fontStack}`,
    'text-align:center',
  ],
  text,
)

export function linkStyle(accent: string): string {
  return styled(
    [
      'display:inline-block',
      'margin:0',
      'padding:8px',
      `background:${ground}`,
      `color:${accent}`,
      `font:16px/1.5 ${fontStack}`,
      'text-decoration:underline',
      'cursor:pointer',
    ],
    accent,
  )
}
