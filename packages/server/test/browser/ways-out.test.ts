import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contrast } from '../../src/adapters/http/pages/accent.ts'
import { applyTextSplices } from '../../src/adapters/smtp/message/splices.ts'
import { wayOut } from '../../src/adapters/smtp/message/testing/fixtures.ts'
import { hidingSheets, templateWith } from '../../src/adapters/smtp/message/testing/hiding-templates.ts'
import { placeInHtml } from '../../src/adapters/smtp/message/ways-out.ts'
import { isChromiumMissing, launchChromium, type Size, sizes } from './chromium.ts'

const way = wayOut('nl')
/** WCAG 2.2, 1.4.3 and 2.5.8; the links are made higher than it asks. */
const contrastMin = 4.5
const heightPxMin = 38
const widthPxMin = 100

function relayed(html: string): string {
  const placed = placeInHtml(html, way)
  if (placed.kind === 'no_place') throw new Error(placed.kind)
  return applyTextSplices(html, placed.splices)
}

type Seen = {
  readonly width: number
  readonly height: number
  readonly left: number
  readonly right: number
  readonly opacity: number
  readonly fontPx: number
  readonly isVisible: boolean
  readonly isOnTop: boolean
  readonly colour: string
  readonly ground: string
}

/** Each of our links as it is drawn: where it lies, whether anything lies over it, and in which colours. */
function look(page: Page): Promise<readonly Seen[]> {
  return page.locator('a').evaluateAll((links) =>
    links.map((link) => {
      link.scrollIntoView({ block: 'center' })
      const { left, top, right, width, height } = link.getBoundingClientRect()
      const style = getComputedStyle(link)
      const hex = (rgb: string) =>
        `#${(rgb.match(/\d+/g) ?? [])
          .slice(0, 3)
          .map((part) => Number(part).toString(16).padStart(2, '0'))
          .join('')}`
      let opacity = 1
      for (let one: Element | null = link; one !== null; one = one.parentElement) {
        opacity *= Number(getComputedStyle(one).opacity)
      }
      const isOnTop = link.contains(document.elementFromPoint(left + width / 2, top + height / 2))
      const isVisible = style.visibility === 'visible' && style.clipPath === 'none' && style.textIndent === '0px'
      const colour = hex(style.getPropertyValue('-webkit-text-fill-color'))
      const fontPx = Number.parseFloat(style.fontSize)
      return {
        width,
        height,
        left,
        right,
        opacity,
        fontPx,
        isVisible,
        isOnTop,
        colour,
        ground: hex(style.backgroundColor),
      }
    }),
  )
}

describe.skipIf(isChromiumMissing)('the ways out of a relayed mail in a real browser (chromium)', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser.close())

  describe.each(Object.keys(sizes) as Size[])('on a %s', (size) => {
    it.each(Object.entries(hidingSheets))('are seen in a template with %s', async (_what, sheet) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await using page = await browser.newPage({ viewport: sizes[size], colorScheme, javaScriptEnabled: true })
        await page.setContent(relayed(templateWith(sheet)))
        const links = await look(page)
        expect(links).toHaveLength(4)
        for (const link of links) {
          expect(link).toMatchObject({ opacity: 1, isVisible: true, isOnTop: true, fontPx: 16 })
          expect(link.height).toBeGreaterThanOrEqual(heightPxMin)
          expect(link.width).toBeGreaterThanOrEqual(widthPxMin)
          expect(link.left).toBeGreaterThanOrEqual(0)
          expect(link.right).toBeLessThanOrEqual(sizes[size].width)
          expect(contrast(link.colour, link.ground)).toBeGreaterThanOrEqual(contrastMin)
        }
      }
    })
  })

  it('are not seen where the whole page is away, which proves that the test can tell', async () => {
    await using page = await browser.newPage({ viewport: sizes.phone })
    await page.setContent(relayed(templateWith('body{opacity:0}')))
    expect((await look(page)).every(({ opacity }) => opacity === 0)).toBe(true)
    await page.setContent(
      templateWith('a{display:none}').replace('</body>', `<a href="${way.links.page}">x</a></body>`),
    )
    expect(await look(page)).toMatchObject([{ width: 0, isOnTop: false }])
  })
})
