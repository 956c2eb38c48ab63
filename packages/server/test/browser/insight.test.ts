import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { reportMail } from '../../src/adapters/http/staff/insight/report-mail.tsx'
import { demoBrand, fillDemo } from '../../src/entry/demo-data.ts'
import { fillDemoYear } from '../../src/entry/demo-year.ts'
import { countInsight } from '../../src/services/insight/count-insight.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo } from './chromium.ts'
import { shrinkPng } from './small-png.ts'

/** `VERZET_SCREENS=1` also takes the screenshots in docs/screens. */
const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined
/** WCAG 2.2, 1.4.10: no scrolling sideways at 320 pixels. */
const narrowest = { width: 320, height: 640 }
const period = 'from=2025-11-22&to=2026-11-21'
const pages = {
  insight: `/insight?brand=${demoBrand.id}&by=reason&${period}`,
  'insight-words': `/insight/words?brand=${demoBrand.id}&${period}`,
  'insight-report': `/insight/report?brand=${demoBrand.id}&month=2026-10`,
  'insight-people': `/insight/people?brand=${demoBrand.id}&by=reason&value=too_many&${period}`,
} as const

describe.skipIf(isChromiumMissing)('insight in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let session: { name: string; value: string }

  beforeAll(async () => {
    desk = await StaffDesk.open('http://127.0.0.1')
    await fillDemo(desk.hub)
    await fillDemoYear(desk.hub, () => {})
    await countInsight(desk.hub.db, desk.now)
    baseURL = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const [name = '', value = ''] = (await desk.member('pol@acme.example', 'privacy_officer')).cookie.split('=')
    session = { name, value }
    browser = await launchChromium()
  }, 400_000)
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  async function officerAt(
    language: Language,
    look: Parameters<Browser['newContext']>[0] = {},
  ): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL, viewport: sizes.desk, locale: `${language}-BE`, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  it('is asked and answered by keyboard and without script, from the form to the people behind a number', async () => {
    await using context = await officerAt('nl', { javaScriptEnabled: false })
    const page = await context.newPage()
    const text = texts.for('nl')
    await page.goto(pages.insight)
    await tabTo(page, 'combobox', text('insight.by'))
    await page.keyboard.press('ArrowUp')
    await tabTo(page, 'button', text('insight.show'))
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(new URL(page.url()).searchParams.get('by')).toBe('signal')
    await tabTo(page, 'link', /Eigen pagina|Eén klik/)
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(text('insight.people'))
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(10)
  }, 60_000)

  it.each(languages)(
    'every page is free of what axe finds, light and dark, and fits a phone: %s',
    async (language) => {
      // Colours do not depend on the language.
      for (const colorScheme of language === 'nl' ? (['light', 'dark'] as const) : (['light'] as const)) {
        await using context = await officerAt(language, { bypassCSP: true, colorScheme })
        const page = await context.newPage()
        for (const [name, path] of Object.entries(pages)) {
          // Every colour of the room is on its first page.
          if (colorScheme === 'dark' && name !== 'insight') continue
          await page.goto(path)
          expect(await page.locator('html').getAttribute('lang')).toBe(language)
          await inspect(page, `${name}${colorScheme === 'dark' ? '-dark' : ''}`, language)
        }
        if (language !== 'nl' || colorScheme === 'dark') continue
        const brand = desk.hub.catalog.brand(demoBrand.id)
        const mail = brand && (await reportMail(desk.hub, texts, { brand, month: '2026-10', language }))
        await page.setContent(mail?.html ?? '')
        expect(await page.locator('h1').count()).toBe(1)
        await inspect(page, 'insight-mail', language)
      }
    },
    180_000,
  )
})

async function inspect(page: Page, name: string, language: Language): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${name}, ${language}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${name}, ${language}, ${size}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
    const isShown = language === 'nl' ? !name.endsWith('-dark') || name === 'insight-dark' : name === 'insight'
    if (screensDir === undefined || !isShown) continue
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
