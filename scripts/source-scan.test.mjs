import { describe, expect, it } from 'vitest'
import { importsOf, withoutComments } from './source-scan.mjs'

describe('taking comments away', () => {
  it('keeps lines and positions', () => {
    const text = 'a // b\n/* c\nd */ e'
    expect(withoutComments(text)).toBe('a     \n    \n     e')
  })

  it('leaves alone what only looks like a comment', () => {
    for (const text of ["'https://a'", '"/* a */"', '`//${a}`', 'a.replace(/\\/\\/["\']/g, b)', "x = /[/'`]*/"]) {
      expect(withoutComments(text)).toBe(text)
    }
  })

  it('gets over a lonely quote in JSX text and over a division', () => {
    expect(withoutComments("<p>l'un</p>\n// b")).toBe("<p>l'un</p>\n    ")
    expect(withoutComments('a / b // c')).toBe('a / b     ')
  })
})

describe('reading imports', () => {
  it('tells those of types from those that last', () => {
    const code = [
      "import type { A } from './a.ts'",
      "import b, { type B } from './b.ts'",
      "import * as c from 'c'",
      "import 'd'",
      "export type { E } from './e.ts'",
      "export { f } from './f.ts'",
      "const g = await import('./g.ts')",
    ].join('\n')
    expect(importsOf(code).map(({ specifier, typeOnly }) => [specifier, typeOnly])).toEqual([
      ['./a.ts', true],
      ['./b.ts', false],
      ['c', false],
      ['d', false],
      ['./e.ts', true],
      ['./f.ts', false],
      ['./g.ts', false],
    ])
  })

  it('does not take an export for part of the import after it', () => {
    const code = "export const a = 1\nimport type { B } from './b.ts'"
    expect(importsOf(code)).toEqual([{ specifier: './b.ts', typeOnly: true, line: 2 }])
  })
})
