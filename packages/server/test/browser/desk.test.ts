import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { addStaff } from '../../src/services/staff/accounts.ts'
import { ask, email, phone, saveTestRelation, say } from '../people.ts'
import { texts } from '../public-pages.ts'
import { password, StaffDesk } from '../staff-desk.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo } from './chromium.ts'
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

describe.skipIf(isChromiumMissing)('the desk in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let session: { name: string; value: string }
  let people = 0

  beforeAll(async () => {
    desk = await StaffDesk.open('http://127.0.0.1')
    baseURL = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const [name = '', value = ''] = (await desk.member('agent@acme.example', 'agent')).cookie.split('=')
    session = { name, value }
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  type Look = Parameters<Browser['newContext']>[0]

  async function agentAt(language: Language, look: Look = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL, viewport: sizes.desk, locale: `${language}-BE`, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  const newNumber = () => {
    people += 1
    return phone(`+3247088${String(people).padStart(4, '0')}`)
  }
  const settled = (page: Page, key: string) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)])

  it.each([
    ['with script', true],
    ['without script', false],
  ])('takes three keystrokes from the number to the recorded no, %s', async (_, javaScriptEnabled) => {
    await using context = await agentAt('nl', { javaScriptEnabled })
    const page = await context.newPage()
    const caller = newNumber()
    await page.goto('/desk')
    // The field has the focus: nothing is clicked, nothing is tabbed to.
    await page.locator('#contact:focus').waitFor()
    await page.keyboard.type(caller.value)
    await settled(page, 'Enter')
    await page.locator('#digit:focus').waitFor()
    await page.keyboard.press('2')
    await settled(page, 'Enter')
    await page.getByRole('heading', { level: 1, name: texts.for('nl')('desk.recorded') }).waitFor()
    expect(await ask(desk.hub, caller, 'sms')).toMatchObject({ decision: 'deny', reason: 'objection' })
    // Two more for the question about the call; the next number can then be typed.
    await page.locator('#digit:focus').waitFor()
    await page.keyboard.press('1')
    await settled(page, 'Enter')
    await page.locator('#contact:focus').waitFor()
    await page.keyboard.type('x')
    expect(await page.locator('#contact').inputValue()).toBe('x')
  })

  it('sends a digit to its field from anywhere but a text', async () => {
    await using context = await agentAt('nl')
    const page = await context.newPage()
    await page.goto('/desk')
    await page.keyboard.type(newNumber().value)
    await settled(page, 'Enter')
    await page.locator('#words').focus()
    await page.keyboard.type('3 keer gevraagd')
    expect(await page.locator('#digit').inputValue()).toBe('')
    await tabTo(page, 'textbox', texts.for('nl')('desk.search'))
    await page.locator('h1').click()
    await page.keyboard.press('1')
    expect(await page.locator('#digit').inputValue()).toBe('1')
    await page.locator('h1').click()
    await page.keyboard.press('/')
    expect(await page.evaluate('document.activeElement.id')).toBe('contact')
  })

  it('signs in from the link to the desk and out again, by keyboard and without script', {
    timeout: 40_000,
  }, async () => {
    const added = await addStaff(desk.hub, 'new@acme.example', ['agent'], 'test')
    await using context = await browser.newContext({ baseURL, javaScriptEnabled: false, locale: 'nl-BE' })
    const page = await context.newPage()
    await page.goto(`/sign-in/link/${added.kind === 'done' ? added.link?.token : ''}`)
    const text = texts.for('nl')
    await page.locator('#password:focus').waitFor()
    await page.keyboard.type(password)
    await tabTo(page, 'textbox', text('staff.choose.again'))
    await page.keyboard.type(password)
    await settled(page, 'Enter')
    await tabTo(page, 'button', text('staff.signOut'))
    await settled(page, 'Enter')
    await page.locator('#email:focus').waitFor()
    await page.keyboard.type('new@acme.example')
    await page.keyboard.press('Tab')
    await page.keyboard.type(password)
    await settled(page, 'Enter')
    expect(new URL(page.url()).pathname).toBe('/desk')
  })

  it.each(languages)(
    'every page is free of what axe finds, fits a phone and has targets to hit: %s',
    async (language) => {
      await using context = await agentAt(language, { bypassCSP: true })
      const page = await context.newPage()
      const text = texts.for(language)
      const look = (name: string) => inspect(page, name, language)
      await page.goto('/desk')
      await look('desk-search')
      await page.keyboard.type('abc')
      await settled(page, 'Enter')
      await look('desk-unreadable')
      const caller = newNumber()
      await saveTestRelation(desk.hub, `B-${people}`, [caller, email(`b${people}@voorbeeld.example`)], {
        country: 'BE',
        name: 'Els Maes',
        language: 'nl',
        customerSince: '2024-01-01',
      })
      await say(desk.hub, caller, { kind: 'objection', scope: { channel: 'phone' } })
      await page.locator('#contact').fill(caller.value)
      await settled(page, 'Enter')
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await look('desk-caller')
      await page.getByText(text('desk.consent'), { exact: true }).click()
      await look('desk-consent')
      await page.locator('#digit').fill('4')
      await page.locator('#digit').focus()
      await settled(page, 'Enter')
      await look('desk-recorded')
      await page.goto('/account')
      await look('desk-account')
      await context.clearCookies()
      await page.goto('/sign-in')
      await look('desk-sign-in')
      await page.locator('#email').fill('agent@acme.example')
      await page.locator('#password').fill('niet dit wachtwoord')
      await settled(page, 'Enter')
      await look('desk-refused')
    },
    120_000,
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
    expect(await page.evaluate(smallTargets), `${name}, ${language}, ${size}: targets`).toEqual([])
    const isShown = language === 'nl' || (name === 'desk-caller' && size === 'phone')
    if (screensDir === undefined || !isShown) continue
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
