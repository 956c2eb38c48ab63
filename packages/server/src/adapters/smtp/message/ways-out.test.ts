import { describe, expect, it } from 'vitest'
import { mailLanguages } from '../../../services/mail-language.ts'
import { checkedAccent, contrast } from '../../http/pages/accent.ts'
import { applyTextSplices } from './splices.ts'
import { wayOut } from './testing/fixtures.ts'
import { placeInHtml, placeInText, type WaysOut, waysOutHtml, waysOutText } from './ways-out.ts'

const way = wayOut('nl')
const { stopAll, preferences, page } = way.links

function inHtml(html: string, ways: WaysOut = way): string {
  const placed = placeInHtml(html, ways)
  return placed.kind === 'no_place' ? 'no place' : applyTextSplices(html, placed.splices)
}

function inText(text: string, isFlowed = false): string {
  const placed = placeInText(text, way, isFlowed)
  return placed.kind === 'no_place' ? 'no place' : applyTextSplices(text, placed.splices)
}

describe.each(mailLanguages)('in %s', (language) => {
  const ways = wayOut(language)

  it('both choices are said, in both forms, with their addresses', () => {
    const colon = language === 'fr' ? ' :' : ':'
    expect(waysOutText(ways).split('\r\n')).toEqual([
      `${ways.labels.stop}${colon}`,
      ways.links.stopAll,
      `${ways.labels.preferences}${colon}`,
      ways.links.preferences,
    ])
    expect(waysOutHtml(ways)).toContain(`lang="${language}" dir="ltr"`)
  })

  it('the HTML is ASCII, in short lines, without a table', () => {
    const html = waysOutHtml(ways)
    expect(html).toMatch(/^[\x20-\x7e\r\n]+$/)
    expect(html).not.toMatch(/<table/i)
    expect(Math.max(...html.split('\r\n').map((line) => line.length))).toBeLessThan(200)
  })
})

describe('the look', () => {
  it.each([undefined, '#0b5d3b', '#ffee00', 'red;background:url(x)', '#FFF'])(
    'can be read on white with accent %s',
    (accent) => {
      const html = waysOutHtml({ ...way, ...(accent === undefined ? {} : { accent }) })
      const colours = [...html.matchAll(/[;"\n](?:-webkit-text-fill-)?color:(#[0-9a-f]{6})/g)].map(
        (match) => match[1] ?? '',
      )
      // Of the frame and of each link: plain, important, and as the fill of its letters.
      expect(colours).toHaveLength(9)
      for (const colour of colours) expect(contrast(colour, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(html).toContain('background:#ffffff')
      expect(html).toContain('font:16px/1.5')
    },
  )

  it('is said in the elements themselves, and nothing of it can be overruled by a sheet', () => {
    for (const [, style = ''] of waysOutHtml(way).matchAll(/style="([^"]*)"/g)) {
      const names = style.split(/;\s*/).map((one) => /^([\w-]+):.+?(!important)?$/.exec(one))
      const important = new Set(names.flatMap((match) => (match?.[2] === undefined ? [] : [match[1]])))
      expect(names.filter((match) => !important.has(match?.[1]))).toEqual([])
      expect([...important]).toEqual(
        expect.arrayContaining(['display', 'visibility', 'opacity', 'color', 'background', 'font', 'position']),
      )
    }
  })

  it('carries the brand accent', () => {
    expect(waysOutHtml({ ...way, accent: '#0B5D3B' })).toContain(`color:${checkedAccent('#0b5d3b').light}`)
  })

  it('escapes what a label or an address holds', () => {
    const html = waysOutHtml({ ...way, labels: { stop: '<b>"é"', preferences: 'a&b' } })
    expect(html).toContain('&#60;b&#62;&#34;&#233;&#34;')
    expect(html).toContain('a&#38;b')
  })
})

describe('placeholders in HTML', () => {
  it('take the address in a link, a link in text, a label within a link', () => {
    const html =
      '<body><a href="{{verzet_stop}}">weg</a> {{verzet_preferences}} <a href="{{optout_url}}">{{verzet_stop}}</a></body>'
    expect(inHtml(html)).toBe(
      `<body><a href="${stopAll}">weg</a> <a href="${preferences}">${way.labels.preferences}</a> <a href="${page}">${way.labels.stop}</a></body>`,
    )
  })

  it('work in the markup that only Outlook reads, and stay where nobody reads', () => {
    const html =
      '<a href="{{optout_url}}">x</a><!--[if mso]><v:rect href="{{optout_url}}"/><![endif]--><!-- {{optout_url}} -->'
    expect(inHtml(html)).toBe(
      `<a href="${page}">x</a><!--[if mso]><v:rect href="${page}"/><![endif]--><!-- {{optout_url}} -->`,
    )
  })

  it.each([
    ['only one of the two choices', '<body><a href="{{verzet_stop}}">x</a></body>'],
    ['a choice that Outlook alone is shown', '<body><!--[if mso]><a href="{{optout_url}}">x</a><![endif]--></body>'],
    ['an attribute nobody follows', '<body><img alt="{{optout_url}}"></body>'],
  ])('do not do for %s: the ways out are added as well', (_what, html) => {
    expect(placeInHtml(html, way).kind).toBe('added')
    expect(inHtml(html).split(waysOutHtml(way))).toHaveLength(3)
  })
})

describe('in a text', () => {
  const block = waysOutText(way)

  it('they stand first and last, a line apart', () => {
    expect(inText('Hallo\r\n')).toBe(`${block}\r\n\r\nHallo\r\n\r\n${block}\r\n`)
    expect(inText('Hallo')).toBe(`${block}\r\n\r\nHallo\r\n\r\n${block}`)
  })

  it('a flowed last line is closed first, so that it does not swallow ours (RFC 3676 §4.1)', () => {
    expect(inText('Hallo \r\n', true)).toBe(`${block}\r\n\r\nHallo \r\n\r\n\r\n${block}\r\n`)
  })

  it('no line of ours flows, quotes or needs stuffing (RFC 3676 §4.2, §4.4)', () => {
    for (const language of mailLanguages) {
      expect(
        waysOutText(wayOut(language))
          .split('\r\n')
          .filter((line) => /^(?: |>|From )| $/.test(line)),
      ).toEqual([])
    }
  })

  it('placeholders take the addresses, and nothing is added', () => {
    expect(inText('{{verzet_stop}} {{verzet_preferences}}')).toBe(`${stopAll} ${preferences}`)
    expect(inText('{{optout_url}}')).toBe(page)
  })
})
