import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { PublicPages } from '../public-pages.ts'
import { isChromiumMissing, launchChromium, type Size, sizes, tabStops, tabTo, withoutScript } from './chromium.ts'
import { Visit } from './states.ts'

const everyWay = languages.flatMap((language) =>
  (['phone', 'desk'] as const).map((size): [Language, Size] => [language, size]),
)

describe.skipIf(isChromiumMissing)('pages in a real browser (chromium): by keyboard, without script', () => {
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

  const press = (page: Page, key = 'Enter') => Promise.all([page.waitForNavigation(), page.keyboard.press(key)])

  it.each(everyWay)(
    'everything a person may do works: %s on a %s',
    async (language, size) => {
      await using context = await withoutScript(browser, baseURL, size)
      const page = await context.newPage()
      const visit = await Visit.begin(pages, page, language)
      const { text, link, person } = visit
      const offers = () => pages.decision(person, 'email', 'offers')
      const offersByMail = new RegExp(`^${visit.offers}: ${text('channel', { channel: 'email' })}`, 'i')
      const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

      await test('stop all comes first, and is on the first screen', async () => {
        await page.goto(link)
        expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(0)
        const stopAll = page.getByRole('button', { name: text('stopAll'), exact: true })
        const box = await stopAll.boundingBox()
        expect((box?.y ?? Number.POSITIVE_INFINITY) + (box?.height ?? 0)).toBeLessThanOrEqual(sizes[size].height)
        // The skip link, three other languages, "not you?", and then the one button.
        const stops = await tabStops(page, 6)
        expect([stops[0], stops[4], stops[5]]).toEqual([text('skip'), text('page.notYou'), text('stopAll')])
        await press(page)
        await heading(text('done.all', { controller: 'Acme NV' }))
        expect(await pages.decision(person)).toBe('deny objection')
      })

      await test('undo', async () => {
        await tabTo(page, 'button', text('undo'))
        await press(page, 'Space')
        await heading(text('done.undone'))
        expect(await pages.decision(person)).toBe('allow customer_relation')
      })

      await test('stop the topic, and say why', async () => {
        await page.goto(link)
        await tabTo(page, 'button', text('stopTopic', { topic: visit.news }))
        await press(page)
        await heading(text('done.topic', { topic: visit.news }))
        expect([await pages.decision(person), await offers()]).toEqual(['deny objection', 'allow customer_relation'])
        await tabTo(page, 'radio', text('reason.tooMany'))
        await page.keyboard.press('Space')
        await tabTo(page, 'textbox', text('reason.comment'))
        await page.keyboard.type(`Elke dag, ${language} ${size}`)
        await tabTo(page, 'button', text('reason.send'))
        await press(page)
        await heading(text('done.reason'))
        expect(
          await pages.count(`choices where reason = 'too_many' and comment = 'Elke dag, ${language} ${size}'`),
        ).toBe(1)
      })

      await test('a pause, and its end', async () => {
        await page.goto(`${link}#pause`)
        await tabTo(page, 'button', new RegExp(`^${text('pause.days', { days: 90 })}`))
        await press(page)
        expect(await offers()).toBe('defer pause')
        await page.goto(`${link}#pause`)
        await tabTo(page, 'button', text('pause.end'))
        await press(page)
        await heading(text('done.pauseEnded'))
        expect(await offers()).toBe('allow customer_relation')
      })

      await test('the grid', async () => {
        // As the link in a message leads there.
        await page.goto(`${link}#preferences`)
        await tabTo(page, 'checkbox', offersByMail)
        await page.keyboard.press('Space')
        await tabTo(page, 'button', text('grid.save'))
        await press(page)
        await heading(text('done.preferences'))
        expect(await offers()).toBe('deny objection')
      })

      await test('the page for a code, and the page behind it', async () => {
        const { code } = await pages.mint(person)
        await page.goto(`/c?lang=${language}`)
        await tabTo(page, 'textbox', text('code.label'))
        await page.keyboard.type(code.toLowerCase().replace('-', ' '))
        await press(page)
        await heading(text('page.title', { brand: 'Acme' }))
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
      })

      await test('the page that confirms', async () => {
        await pages.sendMails()
        pages.pass(31 * 60_000)
        await tabTo(page, 'checkbox', offersByMail)
        await page.keyboard.press('Space')
        await tabTo(page, 'button', text('grid.save'))
        await press(page)
        expect(await offers()).toBe('deny objection')
        await page.goto(await visit.confirmation())
        await tabTo(page, 'button', text('confirm.button', { what: 'undo' }))
        await press(page)
        await heading(text('confirm.done', { what: 'undo' }))
        expect(await offers()).toBe('allow consent')
      })
    },
    60_000,
  )
})

/** A step of the way, with its name in front of whatever goes wrong. */
async function test(name: string, step: () => Promise<void>): Promise<void> {
  try {
    await step()
  } catch (error) {
    throw new Error(name, { cause: error })
  }
}
