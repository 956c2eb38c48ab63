import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { ask, customer, email, keyed, phone, saveTestRelation, say } from '../people.ts'
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
/** What stands out of the page, where anything does; what lies in a region that scrolls by itself does not. */
const tooWide = `document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
  .filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest('.wide-table table'))
  .map((one) => one.outerHTML.slice(0, 160))
  .concat(['the page'])`
/** WCAG 2.2, 2.5.8. */
const smallTargets = `[...document.querySelectorAll('button, a.button, nav a, summary, input:not([type=hidden]), select, textarea')]
  .filter((one) => one.checkVisibility() && Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < 24)
  .map((one) => one.outerHTML)`

describe.skipIf(isChromiumMissing)('the room of people in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let session: { name: string; value: string }
  let people = 0

  beforeAll(async () => {
    desk = await StaffDesk.open('http://127.0.0.1')
    baseURL = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const [name = '', value = ''] = (await desk.member('officer@acme.example', 'privacy_officer')).cookie.split('=')
    session = { name, value }
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  async function officerAt(language: Language, look: Parameters<Browser['newContext']>[0] = {}) {
    const context = await browser.newContext({ baseURL, viewport: sizes.desk, locale: `${language}-BE`, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  const settled = (page: Page, key: string) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)])
  const press = (page: Page, name: string) =>
    Promise.all([page.waitForNavigation(), page.getByRole('button', { name, exact: true }).click()])

  /** Somebody with a history, and the same person under another number. */
  async function somebody() {
    people += 1
    const els = email(`els.vandenberg${people}@voorbeeld.example`)
    const work = email(`e.vandenberg${people}@werk.example`)
    const number = phone(`+3247044${String(people).padStart(4, '0')}`)
    const details = { country: 'BE', language: 'nl', customerSince: '2024-01-01' }
    await saveTestRelation(desk.hub, `K-10${people}`, [els, number], { ...details, name: 'Els Van den Berg' })
    await saveTestRelation(desk.hub, `K-20${people}`, [work], { ...details, name: 'E. Vandenberg' })
    await say(desk.hub, els, { kind: 'consent', scope: { brand: 'acme', channel: 'email', topic: 'news' } })
    await say(desk.hub, number, { kind: 'objection', scope: { channel: 'phone' } })
    await say(desk.hub, work, { kind: 'objection', scope: { brand: 'acme' } })
    return { els, work, number }
  }

  it('records a no by letter with the keyboard alone, and without script', async () => {
    const { els, number } = await somebody()
    await using context: BrowserContext = await officerAt('nl', { javaScriptEnabled: false })
    const page = await context.newPage()
    const text = texts.for('nl')
    await page.goto('/people')
    await page.locator('#who:focus').waitFor()
    await page.keyboard.type(els.value)
    await settled(page, 'Enter')
    await page.locator('summary').focus()
    await page.keyboard.press('Enter')
    await tabTo(page, 'radio', text('people.record.no'))
    await page.keyboard.press('Space')
    await tabTo(page, 'textbox', text('people.record.note'))
    await page.keyboard.type('Brief van 3 november, scan 812')
    await tabTo(page, 'button', text('people.record.save'))
    await settled(page, 'Enter')
    await page.getByRole('status').getByText(text('people.recorded')).waitFor()
    expect(await ask(desk.hub, number, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
  })

  it.each(languages)(
    'every page is free of what axe finds, fits a phone and has targets to hit: %s',
    async (language) => {
      await using context = await officerAt(language, { bypassCSP: true })
      const page = await context.newPage()
      const text = texts.for(language)
      const look = (name: string) => inspect(page, name, language)
      const { els, work } = await somebody()
      await page.goto('/people')
      await look('people-search')
      await page.keyboard.type('vand')
      await settled(page, 'Enter')
      await look('people-found')
      await page.goto(`/people/${keyed(desk.hub, customer(`K-10${people}`)).key}`)
      await look('people-masked')
      await press(page, text('people.show'))
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      expect(await page.getByText(els.value).count()).toBeGreaterThan(0)
      await look('people-person')
      await page.locator('summary').click()
      await press(page, text('people.record.save'))
      await look('people-record-refused')
      await page.locator('#other').fill(work.value)
      await press(page, text('people.merge.compare'))
      await look('people-merge')
      await press(page, text('people.merge.do'))
      await look('people-merged')
      await press(page, text('people.erase.ask'))
      await look('people-erase')
    },
    120_000,
  )

  it('is as good in the dark', async () => {
    const { els } = await somebody()
    await using context = await officerAt('nl', { bypassCSP: true, colorScheme: 'dark' })
    const page = await context.newPage()
    await page.goto('/people')
    await page.keyboard.type(els.value)
    await settled(page, 'Enter')
    await inspect(page, 'people-dark', 'nl')
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1)
  }, 60_000)
})

async function inspect(page: Page, name: string, language: Language): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  expect(await page.evaluate(tooWide), `${name}, ${language}: scrolls sideways`).toEqual([])
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${name}, ${language}, ${size}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
    expect(await page.evaluate(smallTargets), `${name}, ${language}, ${size}: targets`).toEqual([])
    const isShown = language === 'nl' || (name === 'people-person' && size === 'phone')
    if (screensDir === undefined || !isShown) continue
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
