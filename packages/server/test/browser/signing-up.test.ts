import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { email, say } from '../people.ts'
import { PublicPages, texts } from '../public-pages.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, type Size, sizes, tabTo, withoutScript } from './chromium.ts'
import { shrinkPng } from './small-png.ts'

/** `VERZET_SCREENS=1` also takes the screenshots in docs/screens. */
const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined
const topicNames: Record<Language, string> = { nl: 'Nieuws', fr: 'Actualités', de: 'Neuigkeiten', en: 'News' }
const hourMs = 3_600_000
/** WCAG 2.2, 1.4.10: no scrolling sideways at 320 pixels. */
const narrowest = { width: 320, height: 640 }

/** The path in the mails that are sent now. */
async function mailed(pages: PublicPages, kind: 's' | 'o'): Promise<string> {
  const found = new RegExp(`https://verzet\\.example(/${kind}/[\\w-]+)`)
  const [path] = (await pages.sendMails()).flatMap(({ text }) => found.exec(text)?.[1] ?? [])
  if (path === undefined) throw new Error('no mail with such a link was sent')
  return path
}

describe.skipIf(isChromiumMissing)('signing up and the public opt-out in a real browser (chromium)', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await launchChromium()
    if (screensDir !== undefined) mkdirSync(screensDir, { recursive: true })
  })
  afterAll(async () => browser?.close())

  const press = (page: Page) => Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])

  it.each(
    languages.flatMap((language) => (['phone', 'desk'] as const).map((size): [Language, Size] => [language, size])),
  )(
    'works by keyboard alone and without script: %s on a %s',
    async (language, size) => {
      await using pages = await PublicPages.open()
      const baseURL = await pages.app.listen({ host: '127.0.0.1', port: 0 })
      await using context = await withoutScript(browser, baseURL, size)
      const page = await context.newPage()
      const text = texts.for(language)
      const heading = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor()
      const anna = email('anna@voorbeeld.be')

      await page.goto(`/sign-up/acme?lang=${language}`)
      expect(await page.evaluate('document.querySelectorAll("script").length')).toBe(0)
      await tabTo(page, 'checkbox', topicNames[language])
      await page.keyboard.press('Space')
      await tabTo(page, 'textbox', text('signUp.email'))
      await page.keyboard.type(anna.value)
      // The field for programs is none that Tab reaches: it would answer the same and send nothing.
      await tabTo(page, 'button', text('signUp.button'))
      await press(page)
      await heading(text('signUp.sent'))
      expect(await pages.decision(anna)).toBe('deny no_basis')
      await page.goto(await mailed(pages, 's'))
      expect(await page.locator('html').getAttribute('lang')).toBe(language)
      await tabTo(page, 'button', text('signUp.confirm'))
      await press(page)
      await heading(text('signUp.done'))
      expect(await pages.decision(anna)).toBe('allow consent')

      await page.goto(`/opt-out?lang=${language}`)
      const button = await page
        .getByRole('button', { name: text('optOut.button'), exact: true })
        .first()
        .boundingBox()
      expect((button?.y ?? Number.POSITIVE_INFINITY) + (button?.height ?? 0)).toBeLessThanOrEqual(sizes[size].height)
      await tabTo(page, 'textbox', text('optOut.contact'))
      await page.keyboard.type(anna.value)
      await tabTo(page, 'button', text('optOut.button'))
      await press(page)
      await heading(text('optOut.done', { type: 'email', address: 'a•••a@v•••d.be' }))
      expect(await pages.decision(anna)).toBe('deny objection')
      await page.goto(await mailed(pages, 'o'))
      await tabTo(page, 'button', text('optOut.undo.button'))
      await press(page)
      await heading(text('done.undone'))
      expect(await pages.decision(anna)).toBe('allow consent')
    },
    60_000,
  )

  it.each(languages)(
    'has no violation of WCAG 2.2 AA that axe can find, and fits a phone: %s',
    async (language) => {
      await using pages = await PublicPages.open()
      const baseURL = await pages.app.listen({ host: '127.0.0.1', port: 0 })
      const locale = `${language}-BE`
      const options = { baseURL, bypassCSP: true, viewport: sizes.phone, locale, timezoneId: 'Europe/Brussels' }
      await using context = await browser.newContext(options)
      const page = await context.newPage()
      for (const [name, reach] of states) {
        await reach({ pages, page, language })
        expect([name, await page.locator('html').getAttribute('lang')]).toEqual([name, language])
        await inspect(page, `${name}, ${language}`)
        await takeScreens(page, name, language)
      }
    },
    120_000,
  )
})

type Visit = { readonly pages: PublicPages; readonly page: Page; readonly language: Language }

async function submit(page: Page, name: string): Promise<void> {
  await Promise.all([page.waitForNavigation(), page.getByRole('button', { name, exact: true }).first().click()])
}

async function signUp({ pages, page, language }: Visit, address: string): Promise<void> {
  const text = texts.for(language)
  await pages.sendMails()
  await page.goto(`/sign-up/acme?lang=${language}`)
  await page.getByRole('checkbox', { name: topicNames[language] }).check()
  await page.getByRole('textbox', { name: text('signUp.email') }).fill(address)
  await submit(page, text('signUp.button'))
}

/** Somebody who refused everything, and then something again. */
async function comeBack(visit: Visit, address: string): Promise<void> {
  const { pages, page } = visit
  await say(pages.hub, email(address), { kind: 'objection' })
  pages.pass(30 * 24 * hourMs)
  await say(pages.hub, email(address), { kind: 'objection', scope: { brand: 'acme', channel: 'email', topic: 'news' } })
  pages.pass(hourMs)
  await signUp(visit, address)
  await page.goto(await mailed(pages, 's'))
}

async function optOut({ pages, page, language }: Visit, contact: string, post = ''): Promise<void> {
  const text = texts.for(language)
  await pages.sendMails()
  await page.goto(`/opt-out?lang=${language}`)
  await page.getByRole('textbox', { name: text('optOut.contact') }).fill(contact)
  await page.getByRole('textbox', { name: text('optOut.post') }).fill(post)
  await submit(page, text('optOut.button'))
}

const states: readonly (readonly [string, (visit: Visit) => Promise<void>])[] = [
  ['sign-up', async ({ page, language }) => void (await page.goto(`/sign-up/acme?lang=${language}`))],
  [
    'sign-up-refused',
    async ({ page, language }) => {
      await page.goto(`/sign-up/acme?lang=${language}`)
      await submit(page, texts.for(language)('signUp.button'))
    },
  ],
  ['sign-up-sent', (visit) => signUp(visit, 'anna.peeters@voorbeeld.be')],
  ['sign-up-confirm', (visit) => comeBack(visit, 'bea.peeters@voorbeeld.be')],
  [
    'sign-up-confirmed',
    async (visit) => {
      await comeBack(visit, 'carl.peeters@voorbeeld.be')
      await submit(visit.page, texts.for(visit.language)('signUp.confirm'))
    },
  ],
  [
    'sign-up-expired',
    async (visit) => {
      await comeBack(visit, 'dirk.peeters@voorbeeld.be')
      visit.pages.pass(80 * hourMs)
      await visit.page.reload()
    },
  ],
  ['opt-out', async ({ page, language }) => void (await page.goto(`/opt-out?lang=${language}`))],
  ['opt-out-refused', (visit) => optOut(visit, '0470 12 34 56')],
  ['opt-out-done', (visit) => optOut(visit, 'eva.peeters@voorbeeld.be')],
  ['opt-out-both', (visit) => optOut(visit, '+32 470 12 34 56', 'Kerkstraat 1, 9000 Gent, België')],
  [
    'opt-out-undo',
    async (visit) => {
      await optOut(visit, 'fons.peeters@voorbeeld.be')
      await visit.page.goto(await mailed(visit.pages, 'o'))
    },
  ],
  [
    'opt-out-undone',
    async (visit) => {
      await optOut(visit, 'gust.peeters@voorbeeld.be')
      await visit.page.goto(await mailed(visit.pages, 'o'))
      await submit(visit.page, texts.for(visit.language)('optOut.undo.button'))
    },
  ],
]

async function inspect(page: Page, where: string): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${where}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${where}, ${size}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
  }
}

async function takeScreens(page: Page, state: string, language: Language): Promise<void> {
  if (screensDir === undefined || (language !== 'nl' && state !== 'opt-out' && state !== 'sign-up-confirm')) return
  for (const size of language === 'nl' ? (['phone', 'desk'] as const) : (['phone'] as const)) {
    await page.setViewportSize(sizes[size])
    const file = `${screensDir}/${state}-${language}-${sizes[size].width}.png`
    await writeFile(file, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
