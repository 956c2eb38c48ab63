import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../src/adapters/http/pages/text.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo } from './chromium.ts'
import { inspectRoom } from './inspect-room.ts'

describe.skipIf(isChromiumMissing)('brands and texts in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let session: { name: string; value: string }

  beforeAll(async () => {
    desk = await StaffDesk.open('http://127.0.0.1')
    baseURL = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const [name = '', value = ''] = (await desk.member('mia@acme.example', 'marketer')).cookie.split('=')
    session = { name, value }
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  type Look = Parameters<Browser['newContext']>[0]

  async function marketerAt(language: string, look: Look = {}): Promise<BrowserContext> {
    const context = await browser.newContext({ baseURL, viewport: sizes.desk, locale: `${language}-BE`, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  const stopTexts = '/content/acme/wording/nl/stop'

  it('shows a sentence on the page while it is typed, and what it would break', async () => {
    await using context = await marketerAt('nl')
    const page = await context.newPage()
    await page.goto(stopTexts)
    await page.locator('#text-stopAll').fill('Misschien iets anders')
    const preview = page.frameLocator('iframe[name=preview]')
    await preview.getByRole('button', { name: 'Misschien iets anders' }).waitFor()
    await page.frameLocator('iframe[name=findings]').getByText('exit-in-plain-words').first().waitFor()
    expect(await page.locator('#text-stopAll').inputValue()).toBe('Misschien iets anders')
    expect(desk.hub.catalog.brand('acme')?.wording ?? null).toBeNull()
  })

  it('does the same by keyboard and without script', async () => {
    await using context = await marketerAt('nl', { javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(stopTexts)
    await page.locator('#text-stopAll').focus()
    await page.keyboard.type('Stop nu alle reclame')
    await tabTo(page, 'button', texts.for('nl')('content.preview'))
    await page.keyboard.press('Enter')
    await page.frameLocator('iframe[name=preview]').getByRole('button', { name: 'Stop nu alle reclame' }).waitFor()
    await page.locator('#text-stopAll').focus()
    await tabTo(page, 'button', texts.for('nl')('content.publish'))
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    await page.getByText(texts.for('nl')('content.published', { version: 1 })).waitFor()
    expect(desk.hub.catalog.brand('acme')?.wording?.texts.nl?.stopAll).toBe('Stop nu alle reclame')
  })

  it.each(languages)(
    'is free of what axe finds and fits a phone: %s',
    async (language) => {
      await using context = await marketerAt(language, { bypassCSP: true })
      const page = await context.newPage()
      const rooms: readonly [string, string][] = [
        ['/content', 'content'],
        ['/content/acme', 'content-brand'],
        ['/content/acme/topics/news', 'content-topic'],
        [`/content/acme/wording/${language}/stop`, 'content-wording'],
        ['/content/acme/questions', 'content-questions'],
        ['/content/acme/alternatives', 'content-alternatives'],
        [`/content/acme/kit/${language}`, 'content-kit'],
        ['/content/acme/history', 'content-history'],
      ]
      for (const [path, name] of rooms) {
        await page.goto(path)
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
        await inspectRoom(page, name, language)
      }
    },
    180_000,
  )
})
