import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { PublicPages } from '../public-pages.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, type Size, sizes } from './chromium.ts'
import { contact, leavingStates } from './leaving-states.ts'
import { shrinkPng } from './small-png.ts'
import { states, Visit } from './states.ts'

/** `VERZET_SCREENS=1` also takes the screenshots in docs/screens. */
const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined
/** Taken in every language; the other states in Dutch. */
const shownInEveryLanguage = ['preferences', 'all-stopped', 'leaving-asked', 'leaving-by-mail']
const shownDark = ['preferences', 'all-stopped']
/** The grid and the rows of addresses are laid out anew on a wide screen; in the others only their width changes. */
const laidOutAnew = [
  'preferences',
  'preferences-stopped',
  'preferences-limited',
  'preferences-pending',
  'all-stopped',
  'erased',
  'date-refused',
  'leaving-asked',
]

/** WCAG 2.2, 1.4.10: no scrolling sideways at 320 pixels. */
const narrowest = { width: 320, height: 640 }
/** WCAG 2.2, 2.5.8. Links inside a sentence are exempt. */
const smallTargets = `[...document.querySelectorAll('button, a.button, .languages a, summary, input:not([type=hidden]), select, textarea')]
  .filter((one) => one.checkVisibility() && Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < 24)
  .map((one) => one.outerHTML)`

describe.skipIf(isChromiumMissing)('pages in a real browser (chromium): every state', () => {
  let pages: PublicPages
  let browser: Browser
  let baseURL: string

  beforeAll(async () => {
    pages = await PublicPages.open()
    baseURL = await pages.app.listen({ host: '127.0.0.1', port: 0 })
    await pages.configure(contact)
    browser = await launchChromium()
    if (screensDir !== undefined) mkdirSync(screensDir, { recursive: true })
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.[Symbol.asyncDispose]()
  })

  it.each(languages)(
    'has no violation of WCAG 2.2 AA that axe can find, fits a phone and has targets to hit: %s',
    async (language) => {
      // axe is a script of its own, which the policy of the pages would refuse; the flows run without any script.
      const context = await browser.newContext({
        baseURL,
        bypassCSP: true,
        viewport: sizes.phone,
        locale: `${language}-BE`,
        timezoneId: 'Europe/Brussels',
      })
      const page = await context.newPage()
      for (const { name, reach } of [...states, ...leavingStates]) {
        const visit = await Visit.begin(pages, page, language)
        await reach(visit)
        expect([name, await page.locator('html').getAttribute('lang')]).toEqual([name, language])
        await inspect(
          page,
          `${name}, ${language}`,
          language === 'nl' || laidOutAnew.includes(name) ? ['phone', 'desk'] : ['phone'],
        )
        await takeScreens(page, name, language)
      }
      await context.close()
    },
    240_000,
  )
})

async function inspect(page: Page, where: string, looks: readonly Size[]): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${where}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  for (const size of looks) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${where}, ${size}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
    expect(await page.evaluate(smallTargets), `${where}, ${size}: targets`).toEqual([])
  }
}

async function takeScreens(page: Page, state: string, language: Language): Promise<void> {
  if (screensDir === undefined || (language !== 'nl' && !shownInEveryLanguage.includes(state))) return
  const take = async (name: string) =>
    writeFile(`${screensDir}/${name}.png`, shrinkPng(await page.screenshot({ fullPage: true })))
  for (const size of language === 'nl' ? (['phone', 'desk'] as const) : (['phone'] as const)) {
    await page.setViewportSize(sizes[size])
    await take(`${state}-${language}-${sizes[size].width}`)
  }
  if (language !== 'nl' || !shownDark.includes(state)) return
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize(sizes.phone)
  await take(`${state}-${language}-${sizes.phone.width}-dark`)
  await page.emulateMedia({ colorScheme: 'light' })
}
