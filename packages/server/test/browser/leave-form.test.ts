import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { type FormQuestion, questionsSchema } from '../../src/services/forms/leave-form.ts'
import { publishLeaveForm } from '../../src/services/forms/publish-leave-form.ts'
import { layOut, phone } from '../../src/services/page-lint/layout.ts'
import { exitOf, readPreview } from '../../src/services/page-lint/read-page.ts'
import type { BrandRow } from '../../src/storage/catalog.ts'
import { everyAlternative } from '../leaving.ts'
import type { Point } from '../people.ts'
import { PublicPages } from '../public-pages.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo, withoutScript } from './chromium.ts'
import { shrinkPng } from './small-png.ts'

const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined

const every = (nl: string, fr: string, de: string, en: string) => ({ nl, fr, de, en })
const questions: FormQuestion[] = questionsSchema.parse([
  {
    kind: 'single',
    id: 'why',
    labels: every(
      'Wat gaf de doorslag?',
      'Qu’est-ce qui a été décisif\u00a0?',
      'Was gab den Ausschlag?',
      'What decided it?',
    ),
    choices: [
      {
        id: 'much',
        labels: every('Te veel berichten', 'Trop de messages', 'Zu viele Nachrichten', 'Too many messages'),
      },
      {
        id: 'never',
        labels: every('Nooit gevraagd', 'Jamais demandé', 'Nie bestellt', 'Never asked'),
        alert: 'never_signed_up',
      },
    ],
  },
  {
    kind: 'multiple',
    id: 'what',
    labels: every('Welke berichten?', 'Quels messages\u00a0?', 'Welche Nachrichten?', 'Which messages?'),
    choices: [
      { id: 'news', labels: every('De nieuwsbrief', 'L’infolettre', 'Der Newsletter', 'The newsletter') },
      { id: 'offers', labels: every('De aanbiedingen', 'Les offres', 'Die Angebote', 'The offers') },
    ],
  },
  {
    kind: 'scale',
    id: 'mark',
    labels: every(
      'Hoe nuttig waren ze?',
      'Étaient-ils utiles\u00a0?',
      'Wie nützlich waren sie?',
      'How useful were they?',
    ),
    from: 1,
    to: 5,
    lowest: every('niet nuttig', 'pas utiles', 'nicht nützlich', 'not useful'),
    highest: every('heel nuttig', 'très utiles', 'sehr nützlich', 'very useful'),
  },
  {
    kind: 'text',
    id: 'words',
    labels: every(
      'Wat kan beter?',
      'Que pouvons-nous améliorer\u00a0?',
      'Was können wir besser machen?',
      'What could be better?',
    ),
  },
])

describe.skipIf(isChromiumMissing)('the leave form in a real browser (chromium)', () => {
  let pages: PublicPages
  let browser: Browser
  let hub: string
  let site: Server
  let siteOrigin: string
  let sitePage = ''
  let jan: Point
  let link: string

  beforeAll(async () => {
    // The organisation's own site, under a policy that lets in the hub's script and nothing inline.
    site = createServer((_request, response) => {
      const policy = `default-src 'none'; script-src ${hub}; connect-src ${hub}; form-action ${hub} 'self'`
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy })
      response.end(sitePage)
    })
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
    const address = site.address()
    siteOrigin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    const place = { url: 'http://127.0.0.1:0', mailDomain: 'optout.verzet.example' }
    pages = await PublicPages.open({ place })
    hub = await pages.app.listen({ host: '127.0.0.1', port: 0 })
    place.url = hub
    await pages.configure({ siteOrigins: [siteOrigin], privacyMail: 'dpo@acme.example' })
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    site?.close()
    await pages?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    jan = await pages.customer()
    link = await pages.link(jan)
  })

  function brand(changes: Partial<BrandRow> = {}): BrandRow {
    const acme = pages.hub.catalog.brand('acme')
    if (acme === undefined) throw new Error('there is no brand')
    return { ...acme, ...changes }
  }

  function pageWithForm(): string {
    return `<!doctype html><html lang="nl"><meta charset="utf-8"><title>Acme</title><main><h1>Acme</h1>
      <div data-verzet-leave><a href="/contact">Schrijf ons</a></div></main>
      <script src="${hub}/embed/leave.js" defer></script></html>`
  }

  it('has its exit where the lint expects it, and never lower', async () => {
    const context = await browser.newContext({ viewport: { width: phone.widthPx, height: phone.heightPx } })
    const page = await context.newPage()
    const long = 'Bakkerij en Banketbakkerij De Gouden Korenaar van Gent en Omstreken'
    const missed: string[] = []
    const middling = brand({ name: 'Duinroos Wonen & Tuin', controller: 'Duinroos Groep' })
    for (const one of [brand(), middling, brand({ name: long, controller: `${long} NV` })]) {
      const previews = pages.hub.pages.preview(one, pages.hub.pages.builtInForm(one), [])
      for (const preview of previews.filter(({ name }) => name === 'preferences')) {
        const linted = readPreview(preview)
        const exit = exitOf(linted)
        const estimate = exit && layOut(linted.root, linted.sheet.light).get(exit)
        await page.setContent(preview.html)
        const bottom = Number(
          await page.evaluate(`document.querySelector('#stop .button').getBoundingClientRect().bottom`),
        )
        const share = (estimate?.bottomPx ?? 0) / bottom
        // Too high an estimate refuses a page that is right; too low a one lets through a page that is wrong.
        if (share < 0.99 || share > 1.25) missed.push(`${preview.language}: ${estimate?.bottomPx} for ${bottom}`)
      }
    }
    expect(missed).toEqual([])
    await context.close()
  }, 60_000)

  it.each(languages)(
    'asks in every kind, breaks nothing axe can find, and fits a phone: %s',
    async (language) => {
      await publishLeaveForm(pages.hub, brand(), questions, 'test')
      jan = await pages.customer([], { language })
      link = await pages.link(jan)
      const context = await browser.newContext({ baseURL: hub, bypassCSP: true, viewport: sizes.phone })
      const page = await context.newPage()
      await page.goto(link)
      await Promise.all([page.waitForNavigation(), page.locator('#stop button').click()])
      for (const size of ['phone', 'desk'] as const) {
        await page.setViewportSize(sizes[size])
        await loadAxe(page)
        expect((await findViolations(page)).violations, `${language}, ${size}`).toEqual([])
        await take(page, 'leave-form', language, sizes[size].width)
      }
      await page.setViewportSize({ width: 320, height: 640 })
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
      expect(await page.locator('input:checked').count()).toBe(0)
      expect(await page.locator('form[action*="/reason"] [required]').count()).toBe(0)
      await context.close()
    },
    60_000,
  )

  it('is answered by keyboard alone and without any script', async () => {
    await publishLeaveForm(pages.hub, brand(), questions, 'test')
    const context = await withoutScript(browser, hub, 'phone')
    const page = await context.newPage()
    await page.goto(link)
    await tabTo(page, 'button', 'Stop alle reclame')
    await page.keyboard.press('Enter')
    await tabTo(page, 'checkbox', 'De nieuwsbrief')
    await page.keyboard.press('Space')
    await tabTo(page, 'textbox', 'Wat kan beter?')
    await page.keyboard.type('Minder')
    await tabTo(page, 'button', 'Antwoord versturen')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Bedankt. Uw antwoord is opgeslagen.' }).waitFor()
    const rows = await pages.hub.db.query('select picked from leave_answers where question = $1', ['what'])
    expect(rows).toContainEqual({ picked: ['news'] })
    await context.close()
  }, 60_000)

  it('is drawn by script on another site under a strict policy, acts, and asks after that', async () => {
    await publishLeaveForm(pages.hub, brand(), questions, 'test')
    sitePage = pageWithForm()
    const context = await browser.newContext({ viewport: sizes.phone })
    const page = await context.newPage()
    const refused: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text())
    })
    await page.goto(`${siteOrigin}/afmelden#verzet=${link.split('/').at(-1)}`)
    const exit = page.getByRole('button', { name: 'Stop alle reclame', exact: true })
    await exit.waitFor()
    expect(await page.getByRole('button').first().textContent()).toBe('Stop alle reclame')
    expect(await page.getByRole('radio').count()).toBe(0)
    await take(page, 'embedded', 'nl', sizes.phone.width)
    await exit.click()
    await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    await page.getByRole('radio', { name: 'Nooit gevraagd' }).check()
    await take(page, 'embedded-questions', 'nl', sizes.phone.width)
    await page.getByRole('button', { name: 'Antwoord versturen' }).click()
    await page.getByRole('heading', { name: 'Bedankt. Uw antwoord is opgeslagen.' }).waitFor()
    expect(new URL(page.url()).origin).toBe(siteOrigin)
    expect(await context.cookies()).toEqual([])
    expect(refused).toEqual([])
    expect(await pages.hub.db.query(`select kinds from alerts`)).toContainEqual({ kinds: ['never_signed_up'] })
    await context.close()
  }, 60_000)

  it('asks on another site whether the no was meant, and takes an alternative there', async () => {
    const alternatives = everyAlternative ?? []
    const leaving = { policy: 'confirm_on_page' as const, alternatives }
    await pages.configure({ siteOrigins: [siteOrigin], privacyMail: 'dpo@acme.example', leaving })
    sitePage = pageWithForm()
    const context = await browser.newContext({ viewport: sizes.phone })
    const page = await context.newPage()
    await page.goto(`${siteOrigin}/afmelden#verzet=${link.split('/').at(-1)}`)
    await page.getByRole('button', { name: 'Stop alle reclame', exact: true }).click()
    await page.getByRole('heading', { name: 'Is dit wat u wilt?' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    await loadAxe(page)
    // How large a button is drawn is for the style of the site, and this one has none.
    const { violations } = await findViolations(page)
    expect(violations.filter((one) => !one.startsWith('target-size'))).toEqual([])
    expect(await page.getByLabel('Of pauzeren tot een datum').getAttribute('min')).toMatch(/^\d{4}-\d\d-\d\d$/)
    await take(page, 'embedded-question', 'nl', sizes.phone.width)
    await page.getByRole('button', { name: '30 dagen pauzeren' }).click()
    await page.getByRole('checkbox', { name: /Stuur mij één e-mail/ }).waitFor()
    expect(await pages.decision(jan)).toBe('defer pause')
    expect(await page.locator('input:checked').count()).toBe(0)
    expect(new URL(page.url()).origin).toBe(siteOrigin)
    await pages.configure({ siteOrigins: [siteOrigin], privacyMail: 'dpo@acme.example' })
    await context.close()
  }, 60_000)

  it('leaves what stood there to whoever has no link, and posts as a browser does where it may not read', async () => {
    const context = await browser.newContext({ viewport: sizes.phone })
    const page = await context.newPage()
    await page.goto(`${siteOrigin}/afmelden#verzet=forged`)
    await page.waitForLoadState('networkidle')
    expect(await page.getByRole('link', { name: 'Schrijf ons' }).count()).toBe(1)
    await page.goto('about:blank')
    await page.goto(`${siteOrigin}/afmelden#verzet=${link.split('/').at(-1)}`)
    const exit = page.getByRole('button', { name: 'Stop alle reclame', exact: true })
    await exit.waitFor()
    await pages.configure({ siteOrigins: [] })
    await exit.click()
    await page.waitForURL(`${hub}/**`)
    expect(await pages.decision(jan)).toBe('deny objection')
    await pages.configure({ siteOrigins: [siteOrigin], privacyMail: 'dpo@acme.example' })
    await context.close()
  }, 60_000)

  it('works as a plain form on another site, and comes back', async () => {
    sitePage = `<!doctype html><html lang="nl"><meta charset="utf-8"><title>Acme</title><main>
      <form method="post" action="${hub}${link}/stop"><input type="hidden" name="scope" value="all">
      <input type="hidden" name="return" value="${siteOrigin}/bedankt"><button>Stop alle reclame</button></form></main></html>`
    const context = await withoutScript(browser, siteOrigin, 'phone')
    const page = await context.newPage()
    await page.goto('/afmelden')
    await page.getByRole('button', { name: 'Stop alle reclame' }).click()
    await page.waitForURL(`${siteOrigin}/bedankt?verzet=all_stopped&choice=*`)
    expect(await pages.decision(jan)).toBe('deny objection')
    await context.close()
  }, 60_000)
})

async function take(page: Page, state: string, language: Language, width: number): Promise<void> {
  if (screensDir === undefined || (language !== 'nl' && width !== sizes.phone.width)) return
  const picture = shrinkPng(await page.screenshot({ fullPage: true }))
  await writeFile(`${screensDir}/${state}-${language}-${width}.png`, picture)
}
