import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { findViolations, loadAxe } from './axe.ts'
import { sizes } from './chromium.ts'
import { shrinkPng } from './small-png.ts'

/** `VERZET_SCREENS=1` also takes the screenshots in docs/screens. */
const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined
/** WCAG 2.2, 1.4.10: no scrolling sideways at 320 pixels. */
const narrowest = { width: 320, height: 640 }
/** WCAG 2.2, 2.5.8. */
const smallTargets = `[...document.querySelectorAll('button, a.button, nav a, summary, input:not([type=hidden]), select, textarea')]
  .filter((one) => one.checkVisibility() && Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < 24)
  .map((one) => one.outerHTML)`

/** Colours pass into each other for a moment. */
const settleMs = 250

/**
 * What every page of staff keeps: nothing that axe finds, no scrolling sideways on the narrowest screen, targets that can
 * be hit; at phone and desktop width, and in Dutch light and dark.
 */
export async function inspectRoom(page: Page, name: string, language: string): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${name}, ${language}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  // Colours do not depend on the language.
  const isWhole = language === 'nl'
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    for (const colorScheme of isWhole ? (['light', 'dark'] as const) : (['light'] as const)) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.waitForTimeout(settleMs)
      const { violations, passed } = await findViolations(page)
      expect(violations, `${name}, ${language}, ${size}, ${colorScheme}`).toEqual([])
      expect(passed).toBeGreaterThan(10)
    }
    expect(await page.evaluate(smallTargets), `${name}, ${language}, ${size}: targets`).toEqual([])
    if (screensDir === undefined || !isWhole) continue
    await page.emulateMedia({ colorScheme: 'light' })
    await page.waitForTimeout(settleMs)
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
