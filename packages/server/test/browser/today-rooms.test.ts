import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { holdCampaign } from '../../src/services/campaigns/hold-campaign.ts'
import { reportSends } from '../../src/services/campaigns/report-sends.ts'
import { ask, email, saveTestRelation } from '../people.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { openWords, passOver, sayAfter } from '../staff-rooms.ts'
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
/** Long enough for the next look of the stream, and for a busy machine. */
const soonMs = 10_000

describe.skipIf(isChromiumMissing)('today, the review list and campaigns in a real browser (chromium)', () => {
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

  type Look = Parameters<Browser['newContext']>[0]

  async function staffAt(language: Language, look: Look = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL, viewport: sizes.desk, locale: `${language}-BE`, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  const somebody = async () => {
    people += 1
    const point = email(`els.maes${people}@voorbeeld.be`)
    await saveTestRelation(desk.hub, `B-${people}`, [point], { country: 'BE', customerSince: '2024-01-01' })
    return point
  }
  const settled = (page: Page, key: string) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)])
  const focusedItem = (page: Page) => page.locator('article:focus').getAttribute('data-item')

  it('decides with one key, undoes with one, and the next item has the focus', async () => {
    await using context = await staffAt('nl')
    const page = await context.newPage()
    const [one, other] = [await somebody(), await somebody()]
    const first = await openWords(desk.hub, one)
    // The earlier one is due earlier.
    desk.pass(1_000)
    const second = await openWords(desk.hub, other, { text: 'Stuur dit nooit meer.' })
    await page.goto('/review')
    expect(await focusedItem(page)).toBe(first)
    await page.keyboard.press('j')
    expect(await focusedItem(page)).toBe(second)
    await page.keyboard.press('k')
    await settled(page, '1')
    expect(await focusedItem(page)).toBe(second)
    expect(await ask(desk.hub, one, 'email')).toMatchObject({ reason: 'objection' })
    await settled(page, 'u')
    expect(await ask(desk.hub, one, 'email')).toMatchObject({ reason: 'under_review' })
    await settled(page, '2')
    await page
      .getByRole('status')
      .getByText(texts.for('nl')('review.done', { decision: 'not_a_no' }))
      .waitFor()
    // A key outside of an item, or in a field, decides nothing.
    await page.locator('article').first().locator('summary').click()
    await page.locator('article').first().getByLabel(texts.for('nl')('review.note')).fill('1 2 u')
    await page.locator('h1').click()
    await page.keyboard.press('1')
    expect(await page.locator('article').count()).toBe(1)
    await page.locator('article').first().locator('summary').focus()
    await settled(page, '1')
  })

  it('decides by keyboard without script', async () => {
    await using context = await staffAt('nl', { javaScriptEnabled: false })
    const page = await context.newPage()
    const point = await somebody()
    await openWords(desk.hub, point)
    await page.goto('/review')
    await page.locator('article:focus').waitFor()
    await page.keyboard.press('Tab')
    await settled(page, 'Enter')
    expect(await ask(desk.hub, point, 'email')).toMatchObject({ reason: 'objection' })
  })

  it('shows a no as it comes in, without a reload, and waits while somebody reads by keyboard', async () => {
    await using context = await staffAt('nl')
    const page = await context.newPage()
    const text = texts.for('nl')
    await page.goto('/today')
    await page.locator('#live-note').getByText(text('today.live'), { exact: true }).waitFor({ timeout: soonMs })
    const total = async () => Number(await page.locator('.total strong').textContent())
    const before = await total()
    await sayAfter(desk.hub, await somebody(), { campaign: 'lente' })
    await expect.poll(total, { timeout: soonMs }).toBe(before + 1)
    await openWords(desk.hub, await somebody())
    await page.locator('#live a').first().focus({ timeout: soonMs })
    await sayAfter(desk.hub, await somebody(), { campaign: 'lente' })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(await total()).toBe(before + 1)
    await page.locator('h1').click()
    await expect.poll(total, { timeout: soonMs }).toBe(before + 2)
  })

  it('holds and releases a campaign by keyboard, without script', async () => {
    await using context = await staffAt('nl', { javaScriptEnabled: false })
    const page = await context.newPage()
    const text = texts.for('nl')
    await reportSends(desk.hub, { ...mailing, campaign: 'halt', sends: 10 })
    await page.goto('/campaigns/acme/halt')
    await tabTo(page, 'button', text('campaigns.hold'))
    await settled(page, 'Enter')
    await page.locator('h1').getByText(text('campaigns.held')).waitFor()
    await tabTo(page, 'button', text('campaigns.release'))
    await settled(page, 'Enter')
    expect(await page.locator('h1').getByText(text('campaigns.held')).count()).toBe(0)
  })

  const mailing = { brand: 'acme', channel: 'email', sentOn: '2026-11-21', source: 'mailer' } as const

  async function fill(): Promise<void> {
    const { hub } = desk
    await reportSends(hub, { ...mailing, campaign: 'lente-aanbieding', sends: 48_200 })
    await reportSends(hub, { ...mailing, campaign: 'herfst', sends: 2_000 })
    await reportSends(hub, { ...mailing, campaign: 'klantendag met een lange naam', sends: 400 })
    for (const signal of ['one_click', 'one_click', 'page', 'reply', 'complaint']) {
      await sayAfter(hub, await somebody(), { campaign: 'lente-aanbieding', signal })
    }
    for (const signal of ['complaint', 'complaint', 'complaint', 'complaint', 'complaint', 'complaint', 'page']) {
      await sayAfter(hub, await somebody(), { campaign: 'herfst', signal })
    }
    await sayAfter(hub, await somebody(), { campaign: 'lente-aanbieding', kind: 'pause' })
    await holdCampaign(hub, { brand: 'acme', campaign: 'herfst' }, 'command line')
    await passOver(hub, await somebody(), 'Is de winkel in Gent zondag open?')
    await passOver(hub, await somebody(), 'Bedankt voor de snelle levering!')
    await openWords(hub, await somebody(), {
      brand: 'acme',
      text: 'Beste,\n\nIk krijg elke dag een mail van u. Kan dat minder, of anders helemaal niet meer?\n\nGroeten, Els',
    })
    await openWords(hub, await somebody(), {
      language: 'fr',
      text: 'Bonjour, à quel moment ma commande arrive-t-elle ? Et cessez ces publicités, merci.',
      reason: 'cut_off',
    })
    await openWords(hub, await somebody(), {
      subjects: [],
      sender: undefined,
      proposedScope: undefined,
      reason: 'no_sender',
    })
  }

  it.each(languages)(
    'every page is free of what axe finds, fits a phone and has targets to hit: %s',
    async (language) => {
      if (language === 'nl') await fill()
      // Colours do not depend on the language.
      for (const colorScheme of language === 'nl' ? (['light', 'dark'] as const) : (['light'] as const)) {
        await using context = await staffAt(language, { bypassCSP: true, colorScheme })
        const page = await context.newPage()
        const look = (name: string) => inspect(page, name, language, colorScheme)
        await page.goto('/today')
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
        await look('today')
        await page.goto('/review')
        await page.locator('article summary').first().click()
        await look('review')
        await page.goto('/campaigns')
        await look('campaigns')
        await page.goto('/campaigns/acme/herfst')
        await look('campaign')
        await page.goto('/campaigns/acme/nobody-knows')
        await look('campaign-unknown')
      }
    },
    240_000,
  )
})

async function inspect(page: Page, name: string, language: Language, scheme: 'light' | 'dark'): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${name}, ${language}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${name}, ${language}, ${size}, ${scheme}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
    expect(await page.evaluate(smallTargets), `${name}, ${language}, ${size}: targets`).toEqual([])
    const isShown =
      name !== 'campaign-unknown' &&
      (scheme === 'light' ? language === 'nl' || language === 'fr' : language === 'nl' && size === 'phone')
    if (screensDir === undefined || !isShown) continue
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}${scheme === 'dark' ? '-dark' : ''}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
