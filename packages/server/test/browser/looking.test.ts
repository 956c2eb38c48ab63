import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PublicPages } from '../public-pages.ts'
import { isChromiumMissing, launchChromium } from './chromium.ts'

/** As long as the scanners that wait for scripts are known to stay. */
const staysMs = 10_000

describe.skipIf(isChromiumMissing)('pages in a real browser (chromium): only looking', () => {
  let pages: PublicPages
  let browser: Browser
  let baseURL: string

  beforeAll(async () => {
    pages = await PublicPages.open()
    baseURL = await pages.app.listen({ host: '127.0.0.1', port: 0 })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await pages?.[Symbol.asyncDispose]()
  })

  it('Headless browser that loads and waits changes nothing', async () => {
    const jan = await pages.customer()
    const minted = await pages.mint(jan)
    const post = /<(https:[^>]+)>/.exec(minted.headers['List-Unsubscribe'] ?? '')?.[1] ?? ''
    await pages.post(`${new URL(minted.page).pathname}/add-contact`, { email: 'nieuw@elders.example' })
    const confirmation = await pages.confirmation()
    const mail = `<!doctype html><title>Lente bij Acme</title><p>Geen reclame meer:
      ${[minted.page, minted.stopAll, minted.preferences, minted.shortUrl, post, `https://verzet.example${confirmation}`].map((url) => `<a href="${url}">hier</a>`).join(' ')}</p>`
    const before = await pages.everything()

    const context = await browser.newContext({ baseURL })
    const reader = await context.newPage()
    await reader.setContent(mail)
    const urls = await reader.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href') ?? ''))
    expect(urls).toHaveLength(6)
    const opened = urls.map(async (url) => {
      const page = await context.newPage()
      const { pathname, hash } = new URL(url)
      const answer = await page.goto(`${pathname}${hash}`)
      await page.mouse.wheel(0, 5_000)
      await page.waitForTimeout(staysMs)
      return answer?.status()
    })
    expect(await Promise.all(opened)).toEqual(urls.map(() => 200))
    await context.close()

    expect(await pages.everything()).toEqual(before)
    expect(await pages.decision(jan)).toBe('allow customer_relation')
  }, 60_000)
})
