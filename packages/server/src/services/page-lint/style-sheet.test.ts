import { describe, expect, it } from 'vitest'
import { lengthPx } from './layout.ts'
import { elementsOf, readHtml, wordsOf } from './read-html.ts'
import { readStyleSheet, styleOf } from './style-sheet.ts'

const sheet = readStyleSheet(`
/* Not {a: rule} */
:root{--ink:#000}
.button{color:var(--ink);padding:1rem}
.button.first{color:#fff}
.card .button,aside>.button{margin:0}
button:hover,.button::after{color:red}
input:not([type=checkbox]){width:100%}
[lang="fr"]{quotes:none}
@media (prefers-color-scheme:dark){:root{--ink:#fff}}
@media (min-width:42rem){.button{padding:9rem}}`)

function styleIn(html: string, tag: string, rules = sheet.light) {
  const element = elementsOf(readHtml(html)).find((one) => one.tag === tag)
  if (element === undefined) throw new Error(`no ${tag}`)
  return Object.fromEntries(styleOf(rules, element))
}

describe('the style sheet of a page', () => {
  it('gives an element what the strongest rule says, whatever came last', () => {
    expect(styleIn('<button class="first button">x</button>', 'button')).toEqual({ color: '#fff', padding: '1rem' })
  })
  it('follows descendants and children', () => {
    expect(styleIn('<div class="card"><p><a class="button">x</a></p></div>', 'a')).toHaveProperty('margin')
    expect(styleIn('<aside><a class="button">x</a></aside>', 'a')).toHaveProperty('margin')
    expect(styleIn('<aside><p><a class="button">x</a></p></aside>', 'a')).not.toHaveProperty('margin')
  })
  it('reads attributes, and those that must be missing', () => {
    expect(styleIn('<input type="text">', 'input')).toEqual({ width: '100%' })
    expect(styleIn('<input type="checkbox">', 'input')).toEqual({})
    expect(styleIn('<p lang="fr">x</p>', 'p')).toEqual({ quotes: 'none' })
  })
  it('leaves out what shows only in passing and what is for wider screens', () => {
    expect(styleIn('<button>x</button>', 'button')).toEqual({})
    expect(styleIn('<a class="button">x</a>', 'a')).toMatchObject({ padding: '1rem' })
  })
  it('knows what the dark page changes', () => {
    expect(styleIn('<html></html>', 'html')).toEqual({ '--ink': '#000' })
    expect(styleIn('<html></html>', 'html', sheet.dark)).toEqual({ '--ink': '#fff' })
  })
})

describe('a length', () => {
  it.each([
    ['1.5rem', 24],
    ['2em', 20],
    ['10vw', 36],
    ['0', 0],
    ['clamp(1rem,.5rem + 5vw,3rem)', 26],
    ['clamp(1rem,50vw,3rem)', 48],
    ['auto', undefined],
    ['100%', undefined],
  ])('%s is %s pixels on a phone', (value, expected) => {
    expect(lengthPx(value, 10)).toBe(expected)
  })
})

describe('the words of a page', () => {
  it('are those a reader sees, a line a block', () => {
    const html = '<p>One <b>two</b></p><style>p{}</style><p hidden>no</p><ul><li>three&amp;</li><li> four </li></ul>'
    expect(wordsOf(readHtml(html))).toBe('One two\nthree&\nfour')
  })
})
