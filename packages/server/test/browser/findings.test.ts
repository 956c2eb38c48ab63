import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../src/adapters/http/pages/text.ts'
import { englishIn } from '../english-findings.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { isChromiumMissing, launchChromium, sizes } from './chromium.ts'
import { inspectRoom } from './inspect-room.ts'

const wrongMail = [
  'From: news@acme.example',
  'To: jan@voorbeeld.be',
  'List-Unsubscribe: <http://acme.example/a>, <http://acme.example/b c>',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=utf-8',
  '',
  `<p>${'Koop brood! '.repeat(50)}</p>`,
  '<p><a href="https://verzet.example/opt-out/acme" style="color:#888;font-size:8px">Afmelden</a></p>',
].join('\n')

describe.skipIf(isChromiumMissing)('what was found in a message or a page, in a real browser (chromium)', () => {
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
    const look = { viewport: sizes.desk, locale: `${language}-BE`, bypassCSP: true }
    const context = await browser.newContext({ baseURL, ...look })
    await context.addCookies([{ ...session, url: baseURL }])
    return context
  }

  const submit = (page: Page, name: string) =>
    Promise.all([page.waitForNavigation(), page.getByRole('button', { name, exact: true }).click()])

  it.each(languages)(
    'is told in the language of its reader, and fits a phone: %s',
    async (language) => {
      await using context = await marketerAt(language)
      const text = texts.for(language)
      const page = await context.newPage()
      await page.goto('/check')
      await page.getByLabel(text('check.message'), { exact: true }).fill(wrongMail)
      await submit(page, text('check.run'))
      await page.getByText(text('way-out-top.none', { characters: 300 })).waitFor()
      expect(englishIn(await page.content()).length > 0).toBe(language === 'en')
      await inspectRoom(page, 'check-findings', language)

      await page.goto('/content/acme/wording/nl/stop')
      await page.locator('#text-stopAll').fill('Misschien iets anders')
      await submit(page, text('content.publish'))
      await page.getByText(text('rule.exit-in-plain-words')).first().waitFor()
      expect(englishIn(await page.content()).length > 0).toBe(language === 'en')
      await inspectRoom(page, 'content-findings', language)
    },
    120_000,
  )
})
