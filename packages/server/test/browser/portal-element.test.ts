import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { buildElement } from '../../../../scripts/build.mjs'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import type { Point } from '../people.ts'
import { openSharedPortal, type Signer } from '../portal.ts'
import { PublicPages, texts } from '../public-pages.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, sizes } from './chromium.ts'
import { bundled, openSite, type PortalSite, sitePage, style, tabInto } from './portal-site.ts'
import { shrinkPng } from './small-png.ts'

const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined

const inReact = `
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'
function Preferences() {
  const [outcome, tell] = useState('nothing')
  useEffect(() => document.addEventListener('verzet-outcome', (event) => tell(event.detail.outcome)), [])
  return <>
    <verzet-preferences getIdentity={() => fetch('/identity').then((answer) => answer.text())} topic="news">
      <a href="/hosted">Voorkeuren</a>
    </verzet-preferences>
    <output>{outcome}</output>
  </>
}
createRoot(document.getElementById('app')).render(<Preferences />)`

const inVue = `
import { createApp, h, ref } from 'vue'
createApp({
  setup() {
    const outcome = ref('nothing')
    return () => [
      h('verzet-preferences', { 'identity-url': '/identity', topic: 'news', onVerzetOutcome: (event) => { outcome.value = event.detail.outcome } },
        [h('a', { href: '/hosted' }, 'Voorkeuren')]),
      h('output', outcome.value),
    ]
  },
}).mount('#app')`

describe.skipIf(isChromiumMissing)('the portal element in a real browser (chromium)', () => {
  let pages: PublicPages
  let browser: Browser
  let context: BrowserContext
  let hub: string
  let site: PortalSite
  let sign: Signer
  let jan: Point
  let refused: string[]

  beforeAll(async () => {
    site = await openSite(() => hub)
    const place = { url: 'http://127.0.0.1:0', mailDomain: 'optout.verzet.example' }
    pages = await PublicPages.open({ place }, { element: await buildElement() })
    hub = await pages.app.listen({ host: '127.0.0.1', port: 0 })
    place.url = hub
    sign = await openSharedPortal(pages.hub, { origins: [site.origin] })
    site.pages.set('/style.css', { type: 'text/css', body: () => style })
    site.pages.set('/identity', { type: 'text/plain', body: () => sign({ sub: pages.externalId }) })
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    site?.server.close()
    await pages?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    pages.pass(86_400_000)
    jan = await pages.customer()
    refused = []
  })

  const script = () => `${hub}/embed/verzet-preferences.js`

  /** Opens a page of the portal; whatever its policy refuses is kept. */
  async function open(
    language: Language,
    body: string,
    scripts = [script()],
    size: keyof typeof sizes = 'phone',
  ): Promise<Page> {
    site.pages.set('/', { type: 'text/html; charset=utf-8', body: () => sitePage(language, body, scripts) })
    context = await browser.newContext({ viewport: sizes[size] })
    const page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error') refused.push(message.text())
    })
    await page.goto(`${site.origin}/`)
    return page
  }
  const element = (attributes = '') =>
    `<verzet-preferences identity-url="/identity" topic="news"${attributes}><a href="/hosted">Voorkeuren</a></verzet-preferences>`

  async function assertAccessible(page: Page, state: string): Promise<void> {
    await loadAxe(page)
    expect((await findViolations(page)).violations, state).toEqual([])
  }

  it.each(languages)(
    'has the whole page’s power by keyboard alone, under a strict policy, without cookies: %s',
    async (language) => {
      const text = texts.for(language)
      const page = await open(language, element())
      const stopAll = page.getByRole('button', { name: text('stopAll'), exact: true })
      await stopAll.waitFor()
      expect(await page.getByRole('button').first().textContent()).toBe(text('stopAll'))
      expect(await page.locator('[slot], verzet-preferences > a').isVisible()).toBe(false)
      await assertAccessible(page, `${language}, at first`)
      await take(page, 'portal', language, sizes.phone.width)

      await tabInto(
        page,
        'button',
        text('stopTopic', { topic: pages.hub.catalog.topic('acme', 'news')?.names[language] ?? '' }),
      )
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: text('done.topic', { topic: nameOf('news', language) }) }).waitFor()
      expect([await pages.decision(jan), await pages.decision(jan, 'email', 'offers')]).toEqual([
        'deny objection',
        'allow customer_relation',
      ])
      expect(await focused(page)).toBe(text('done.topic', { topic: nameOf('news', language) }))
      expect(await page.getByRole('status').textContent()).toBe(text('done.topic', { topic: nameOf('news', language) }))
      await assertAccessible(page, `${language}, after an act`)

      await tabInto(page, 'button', text('undo'))
      await page.keyboard.press('Space')
      await page.getByRole('heading', { name: text('done.undone') }).waitFor()
      expect(await pages.decision(jan)).toBe('allow customer_relation')

      await tabInto(page, 'checkbox', new RegExp(`^${nameOf('offers', language)}: `))
      await page.keyboard.press('Space')
      await tabInto(page, 'button', text('grid.save'))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: text('done.preferences') }).waitFor()
      expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')

      await tabInto(page, 'button', new RegExp(`^${text('pause.days', { days: 30 })}`))
      await page.keyboard.press('Enter')
      await page.getByText(text('pause.end')).waitFor()
      expect(await pages.decision(jan)).toBe('defer pause')

      await tabInto(page, 'textbox', text('person.name'))
      await page.keyboard.type('Anna Maes')
      await tabInto(page, 'button', text('person.save'))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: text('done.details') }).waitFor()

      await tabInto(page, 'button', text('stopAll'))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: text('done.all', { controller: 'Acme NV' }) }).waitFor()
      expect(await pages.decision(jan, 'email', 'offers')).toBe('deny objection')
      await tabInto(page, 'radio', text('reason.tooMany'))
      await page.keyboard.press('Space')
      await take(page, 'portal-stopped', language, sizes.phone.width)
      await assertAccessible(page, `${language}, all stopped`)
      await tabInto(page, 'button', text('reason.send'))
      await page.keyboard.press('Enter')
      await page.getByRole('heading', { name: text('done.reason') }).waitFor()
      expect(await pages.count(`choices where reason = 'too_many'`)).toBeGreaterThan(0)

      expect(await context.cookies()).toEqual([])
      expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0)
      expect(refused).toEqual([])
      await context.close()
    },
    60_000,
  )

  it('fits 320 pixels and a wide screen, and is styled by parts and properties', async () => {
    const page = await open('nl', element(), [script()], 'desk')
    const stopAll = page.getByRole('button', { name: 'Stop alle reclame', exact: true })
    await stopAll.waitFor()
    await assertAccessible(page, 'desk')
    await take(page, 'portal', 'nl', sizes.desk.width)
    expect(await stopAll.evaluate('(button) => getComputedStyle(button).letterSpacing', undefined)).not.toBe('normal')
    await page.evaluate(
      `document.querySelector('verzet-preferences').style.setProperty('--verzet-accent', 'rgb(1, 2, 3)')`,
    )
    expect(await colourOf(page)).toBe('rgb(1, 2, 3)')
    await page.setViewportSize({ width: 320, height: 640 })
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320)
    await context.close()
  }, 60_000)

  it('stands alone as the one button', async () => {
    const lone = '<verzet-stop-all identity-url="/identity"><a href="/hosted">Stop</a></verzet-stop-all>'
    const page = await open('nl', lone)
    await page.getByRole('button', { name: 'Stop alle reclame', exact: true }).waitFor()
    expect(await page.getByRole('button').count()).toBe(1)
    await assertAccessible(page, 'alone')
    await take(page, 'portal-stop-all', 'nl', sizes.phone.width)
    await tabInto(page, 'button', 'Stop alle reclame')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    expect(await page.getByRole('button').allTextContents()).toEqual(['Ongedaan maken'])
    await context.close()
  }, 60_000)

  it.each([
    ['React', inReact],
    ['Vue', inVue],
  ])(
    'works in a page of %s',
    async (name, source) => {
      const app = await bundled(source)
      site.pages.set('/app.js', { type: 'text/javascript', body: () => app })
      const page = await open('nl', '<div id="app"></div>', [script(), '/app.js'])
      await page.getByRole('button', { name: 'Stop alle reclame', exact: true }).click()
      await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
      await page.locator('output', { hasText: 'all_stopped' }).waitFor()
      expect(await pages.decision(jan), name).toBe('deny objection')
      await assertAccessible(page, name)
      expect(refused).toEqual([])
      await context.close()
    },
    60_000,
  )

  it('fetches another token when the first has expired, and the act still holds', async () => {
    const page = await open('nl', element())
    const stopAll = page.getByRole('button', { name: 'Stop alle reclame', exact: true })
    await stopAll.waitFor()
    pages.pass(20 * 60_000)
    await stopAll.click()
    await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    await context.close()
  }, 60_000)

  it('takes the token of a personal link where the site is one of the brand’s', async () => {
    await pages.configure({ siteOrigins: [site.origin] })
    const token = (await pages.link(jan)).split('/').at(-1)
    const linked = `<verzet-preferences token="${token}"><a href="/hosted">Voorkeuren</a></verzet-preferences>`
    const page = await open('nl', linked)
    await page.getByRole('button', { name: 'Stop alle reclame', exact: true }).click()
    await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    await context.close()
  }, 60_000)

  it('leaves what stood there to whoever has no token, no hub or no script', async () => {
    const page = await open('nl', element().replace('identity-url="/identity"', 'identity="a.b.c"'))
    await page.waitForLoadState('networkidle')
    expect(await page.getByRole('link', { name: 'Voorkeuren' }).isVisible()).toBe(true)
    expect(await page.getByRole('button').count()).toBe(0)
    await context.close()
    const without = await browser.newContext({ javaScriptEnabled: false })
    const plain = await without.newPage()
    await plain.goto(`${site.origin}/`)
    expect(await plain.getByRole('link', { name: 'Voorkeuren' }).isVisible()).toBe(true)
    await without.close()
  }, 60_000)

  it('says that nothing was stored when the hub is lost, keeps the buttons, and shows the other way', async () => {
    const page = await open('nl', element())
    const stopAll = page.getByRole('button', { name: 'Stop alle reclame', exact: true })
    await stopAll.waitFor()
    await page.route(`${hub}/portal/**`, (route) => route.abort())
    await stopAll.click()
    await page.getByRole('alert').filter({ hasText: 'Er is niets veranderd' }).waitFor()
    expect(await page.getByRole('link', { name: 'Voorkeuren' }).isVisible()).toBe(true)
    await assertAccessible(page, 'lost')
    await page.unroute(`${hub}/portal/**`)
    await stopAll.click()
    await page.getByRole('heading', { name: 'U krijgt geen reclame meer van Acme NV.' }).waitFor()
    expect(await pages.decision(jan)).toBe('deny objection')
    await context.close()
  }, 60_000)

  function nameOf(topic: string, language: Language): string {
    return pages.hub.catalog.topic('acme', topic)?.names[language] ?? topic
  }
})

/** The text of what has the focus, inside the element. */
async function focused(page: Page): Promise<unknown> {
  return page.evaluate('document.activeElement.shadowRoot.activeElement.textContent')
}

function colourOf(page: Page): Promise<unknown> {
  const button = `document.querySelector('verzet-preferences').shadowRoot.querySelector('.first')`
  return page.evaluate(`getComputedStyle(${button}).backgroundColor`)
}

async function take(page: Page, state: string, language: Language, width: number): Promise<void> {
  if (screensDir === undefined || (language !== 'nl' && language !== 'fr')) return
  const picture = shrinkPng(await page.screenshot({ fullPage: true }))
  await writeFile(`${screensDir}/${state}-${language}-${width}.png`, picture)
}
