import { describe, expect, it } from 'vitest'
import { elementDepthMax } from '../check-limits.ts'
import { broken, contextOf, page } from '../testing/context.ts'
import { htmlWith, mailWith } from '../testing/mails.ts'
import { readColour } from './css-colour.ts'
import { viewHtml } from './html-view.ts'
import { readEmail } from './read-email.ts'
import { checkWayOuts } from './way-out-rules.ts'

const words = 'Geen reclame meer of minder vaak'

/** What is wrong with a link that looks like this, everything else being right. */
function look(link: string, head = '', around: (link: string) => string = (inner) => inner) {
  const email = readEmail(mailWith({ html: htmlWith(around(link), head) }))
  if (email.kind === 'unreadable') throw new Error(email.reason)
  return checkWayOuts(contextOf(), email)
}
const styled = (style: string) => broken(look(`<a href="${page}" style="${style}">${words}</a>`))
const classed = (head: string) => broken(look(`<a class="out" href="${page}">${words}</a>`, head))
const hidden = ['both-choices', 'way-out-bottom', 'way-out-hidden', 'way-out-top']

describe('contrast', () => {
  it('of 4.5 to 1 is enough, and less is not', () => {
    expect(styled('color:#767676')).toEqual([])
    expect(styled('color:#777777')).toEqual(['readable-contrast'])
    expect(styled('color: rgb(200, 200, 200)')).toEqual(['readable-contrast'])
    expect(styled('color:rgba(0,0,0,.3)')).toEqual(['readable-contrast'])
    expect(styled('')).toEqual([])
  })

  it('is told against what lies behind, by attribute, by style and by class', () => {
    const dark = (open: string, close: string) =>
      broken(
        look(
          `<a href="${page}" style="color:#333">${words}</a>`,
          '.night{background-color:#222}',
          (link) => open + link + close,
        ),
      )
    expect(dark('<table bgcolor="#222222"><tr><td>', '</td></tr></table>')).toEqual(['readable-contrast'])
    expect(dark('<div style="background:#000 none">', '</div>')).toEqual(['readable-contrast'])
    expect(dark('<div class="night">', '</div>')).toEqual(['readable-contrast'])
  })

  it('is unknown before a picture, and said to be', () => {
    const findings = look(
      `<a href="${page}">${words}</a>`,
      '',
      (link) => `<div style="background:url(x.png)">${link}</div>`,
    )
    expect(findings.map(({ rule }) => rule)).toEqual(['contrast-unknown', 'contrast-unknown'])
  })

  it('is looked at in dark too', () => {
    expect(
      classed('.out{color:#0b5d3b} @media (prefers-color-scheme: dark){ body{background:#111} .out{color:#333} }'),
    ).toEqual(['readable-contrast'])
    expect(
      classed('.out{color:#0b5d3b} @media (prefers-color-scheme: dark){ body{background:#111} .out{color:#eee} }'),
    ).toEqual([])
  })
})

describe('size', () => {
  it('is 12 px or more, however it is said', () => {
    for (const style of ['font-size:12px', 'font-size:9pt', 'font:13px/1.5 Arial', 'font-size:small'])
      expect(styled(style)).toEqual([])
    for (const style of ['font-size:11px', 'font-size:8pt', 'font-size:.6em', 'font-size:x-small'])
      expect(styled(style)).toEqual(['readable-size'])
    expect(broken(look(`<small><small><a href="${page}">${words}</a></small></small>`))).toEqual(['readable-size'])
    expect(broken(look(`<font size="1"><a href="${page}">${words}</a></font>`))).toEqual(['readable-size'])
  })
})

describe('a hidden way out', () => {
  it('counts for nothing', () => {
    const ways = [
      'display:none',
      'visibility:hidden',
      'opacity:0',
      'font-size:1px',
      'color:#fefefe',
      'text-indent:-9999px',
      'height:0;overflow:hidden',
      'transform:scale(0)',
      'transform:scaleY(0.0)',
      'scale:0',
      'transform:translateX(-9999px)',
      'filter:opacity(0)',
      'filter:opacity(0%)',
      'clip-path:inset(50%)',
      'clip-path:circle(0)',
      'clip:rect(0,0,0,0)',
    ]
    for (const style of ['transform:scale(.9)', 'transform:none', 'filter:none', 'clip-path:inset(5%)', 'clip:auto'])
      expect(styled(style), style).toEqual([])
    for (const style of ways) expect(styled(style), style).toEqual(hidden)
    expect(classed('a.out{display:none!important}')).toEqual(hidden)
    expect(classed('#x .out{display:none}')).toEqual([])
  })

  it('is found on a narrow screen', () => {
    const findings = look(
      `<a class="out" href="${page}">${words}</a>`,
      '@media only screen and (max-width:600px){.out{display:none}}',
    )
    expect(findings.map(({ key, where }) => ({ key, where }))).toContainEqual({
      key: 'way-out-hidden.style',
      where: { kind: 'part', part: 'html', view: 'narrow' },
    })
    expect(classed('@media print{.out{display:none}} @media (min-width:900px){.out{font-size:9px}}')).toEqual([])
  })

  it('is a picture without words', () => {
    expect(broken(look(`<a href="${page}"><img src="stop.png"></a>`))).toEqual(['image-with-words'])
    expect(broken(look(`<a href="${page}"><img src="stop.png" alt="${words}"></a>`))).toEqual([])
  })
})

describe('hostile pages', () => {
  it('are refused when they nest without end, and never hang', () => {
    expect(viewHtml('<div>'.repeat(elementDepthMax + 1))).toEqual({ kind: 'too_large' })
    const startedAt = performance.now()
    for (const piece of ['<b>', '</i>', '<a href=x>', '/*', '<style>a{', '<!--', '&#', '<p style="', '<td>', '((((']) {
      expect(['views', 'too_large']).toContain(viewHtml(piece.repeat(512_000 / piece.length)).kind)
      expect(['views', 'too_large']).toContain(
        viewHtml(`<style>${piece.repeat(256_000 / piece.length)}</style><a class=x>y`).kind,
      )
    }
    expect(performance.now() - startedAt).toBeLessThan(20_000)
  }, 60_000)

  it('with a broken style are read as far as they go', () => {
    expect(classed('.out{color:#777 } } {{ .out{ color: } @media')).toEqual(['readable-contrast'])
    expect(readColour('hsl(1 2 3)')).toBeUndefined()
    expect(readColour('#12345')).toBeUndefined()
  })
})
