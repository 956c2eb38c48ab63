import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { everyAlternative, pageIn } from '../leaving.ts'
import { PublicPages } from '../public-pages.ts'
import { isChromiumMissing, launchChromium, type Size, sizes, tabTo } from './chromium.ts'
import { Visit } from './states.ts'

const everyWay = languages.flatMap((language) => [
  { language, size: 'phone', script: false } as const,
  { language, size: 'desk', script: true } as const,
])

describe.skipIf(isChromiumMissing)('leaving in a real browser (chromium)', () => {
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

  const open = async (language: Language, size: Size, script: boolean) => {
    const context = await browser.newContext({ baseURL, viewport: sizes[size], javaScriptEnabled: script })
    const page = await context.newPage()
    const visit = await Visit.begin(pages, page, language)
    const press = () => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
    return { context, page, visit, press, heading }
  }

  it.each(everyWay)(
    'by keyboard: $language on a $size, with script: $script',
    { timeout: 90_000 },
    async ({ language, size, script }) => {
      const { context, page, visit, press, heading } = await open(language, size, script)
      const { text, person } = visit
      await pages.configure({ leaving: { policy: 'confirm_on_page', alternatives: everyAlternative } })

      await visit.stopAll()
      await tabTo(page, 'button', text('leaving.confirm'))
      expect(await pages.decision(person)).toBe('deny objection')
      await press()
      await heading(text('done.confirmed'))
      expect(await pages.decision(person)).toBe('deny objection')

      await pages.post(`${visit.link}/stay`)
      expect(await pages.decision(person)).toBe('allow customer_relation')
      await visit.stopAll()
      await tabTo(page, 'button', text('alternative.digest', { topic: visit.news }))
      await press()
      await heading(text('done.digest', { topic: visit.news }))
      expect([await pages.decision(person), await pages.decision(person, 'email', 'offers')]).toEqual([
        'allow consent',
        'deny objection',
      ])
      await context.close()
    },
  )

  it('asks by mail, and only the press on the page behind it counts', { timeout: 60_000 }, async () => {
    const { context, page, visit, press, heading } = await open('nl', 'phone', true)
    await pages.sendMails()
    await pages.configure({ leaving: { policy: 'confirm_by_mail', alternatives: everyAlternative } })
    await visit.stopAll()
    await page.goto(`${pageIn((await pages.sendMails())[0])}/confirm`)
    // As long as a scanner waits for what a script might do.
    await page.waitForTimeout(1_000)
    const count = await pages.count(`leaves where state = 'confirmed'`)
    await tabTo(page, 'button', visit.text('leaving.confirm'))
    await press()
    await heading(visit.text('done.confirmed'))
    expect(await pages.count(`leaves where state = 'confirmed'`)).toBe(count + 1)
    await context.close()
  })
})
