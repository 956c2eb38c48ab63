import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../src/adapters/http/pages/text.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { isChromiumMissing, launchChromium, sizes } from './chromium.ts'
import { inspectRoom } from './inspect-room.ts'

describe.skipIf(isChromiumMissing)('what staff typed, in a real browser (chromium)', () => {
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

  async function marketerAt(language: string): Promise<BrowserContext> {
    const context = await browser.newContext({
      baseURL,
      viewport: sizes.desk,
      locale: `${language}-BE`,
      bypassCSP: true,
    })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  /** A colleague saves while this page is open, and then this page is sent. */
  async function overtaken(context: BrowserContext, url: string, field: string, words: readonly [string, string]) {
    const [mine, theirs] = [await context.newPage(), await context.newPage()]
    await mine.goto(url)
    await theirs.goto(url)
    for (const [page, written] of [
      [theirs, words[0]],
      [mine, words[1]],
    ] as const) {
      await page.locator(`[name="${field}"]`).fill(written)
      await Promise.all([page.waitForNavigation(), page.locator('main form[method=post] .button.first').last().click()])
    }
    await theirs.close()
    return mine
  }

  it.each(languages)(
    'stays in a form that was overtaken, which nothing is wrong with: %s',
    async (language) => {
      await using context = await marketerAt(language)
      const forms = [
        ['/content/acme', 'controller', 'content-brand-overtaken'],
        [`/content/acme/wording/${language}/page`, 'text page.title', 'content-wording-overtaken'],
        ['/content/acme/questions', `q0.label.${language}`, 'content-questions-overtaken'],
        ['/content/acme/alternatives', 'a0.days', 'content-alternatives-overtaken'],
      ] as const
      // The forms of the four languages follow each other: each begins from other words than the last left.
      const turn = languages.indexOf(language)
      for (const [url, field, name] of forms) {
        const isNumber = field === 'a0.days'
        const theirs = isNumber ? String(31 + turn) : `Acme ${language} 1`
        const mine = isNumber ? String(61 + turn) : `Acme ${language} 2`
        const page = await overtaken(context, url, field, [theirs, mine])
        await page.getByText(texts.for(language)('content.overtaken.caption')).waitFor()
        expect(await page.locator(`[name="${field}"]`).inputValue()).toBe(mine)
        expect(await page.locator('main table').first().textContent()).toContain(theirs)
        await inspectRoom(page, name, language)
        await page.close()
      }
    },
    180_000,
  )
})
