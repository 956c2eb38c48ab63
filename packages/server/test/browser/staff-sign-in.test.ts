import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Language, languages } from '../../src/adapters/http/pages/text.ts'
import { createApiKey } from '../../src/services/api-keys.ts'
import { addStaff } from '../../src/services/staff/accounts.ts'
import { proposeLift } from '../../src/services/staff/four-eyes.ts'
import { savePermissionSet } from '../../src/services/staff/permission-sets.ts'
import { freshForMs } from '../../src/services/staff/sessions.ts'
import { keyed, phone, say } from '../people.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { findViolations, loadAxe } from './axe.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo } from './chromium.ts'
import { shrinkPng } from './small-png.ts'

/** `VERZET_SCREENS=1` also takes the screenshots in docs/screens. */
const screensDir = process.env.VERZET_SCREENS
  ? fileURLToPath(new URL('../../../../docs/screens', import.meta.url))
  : undefined
/** WCAG 2.2, 1.4.10: no scrolling sideways at 320 pixels. */
const narrowest = { width: 320, height: 640 }
const text = texts.for('nl')

describe.skipIf(isChromiumMissing)('passkeys in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let admin: { cookie: string; staffId: string }

  beforeAll(async () => {
    // Passkeys need a host with a name; on this machine that is localhost.
    desk = await StaffDesk.open('http://localhost', { staffPasswords: 'first-administrator', hasFourEyes: true })
    const address = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    baseURL = `http://localhost:${new URL(address).port}`
    admin = await desk.member('admin@acme.example', 'administrator')
    desk.pass(1_000)
    browser = await launchChromium()
  })
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  const settled = (page: Page, key: string) => Promise.all([page.waitForNavigation(), page.keyboard.press(key)])

  /** A browser with an authenticator that knows its holder by their finger. */
  async function withAuthenticator(
    isVerified = true,
  ): Promise<{ context: BrowserContext; page: Page; refuse(): Promise<void> }> {
    const context = await browser.newContext({ baseURL, locale: 'nl-BE', viewport: sizes.desk })
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: isVerified,
        automaticPresenceSimulation: true,
      },
    })
    const refuse = () =>
      devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false }).then(() => {})
    return { context, page, refuse }
  }

  async function linkFor(email: string): Promise<string> {
    const added = await addStaff(desk.hub, email, ['privacy_officer'], 'test')
    return `/sign-in/link/${added.kind === 'done' ? added.link?.token : ''}`
  }

  it('opens an account by its link, signs in without a name and confirms, all by keyboard', {
    timeout: 60_000,
  }, async () => {
    const { context, page } = await withAuthenticator()
    await page.goto(await linkFor('els@acme.example'))
    expect(await page.locator('input[type=password]').count()).toBe(0)
    await tabTo(page, 'textbox', text('staff.passkey.name'))
    await page.keyboard.type('laptop')
    await tabTo(page, 'button', text('staff.passkey.make'))
    await settled(page, 'Enter')
    expect(new URL(page.url()).pathname).toBe('/account')
    await page.getByText('laptop', { exact: true }).waitFor()
    await tabTo(page, 'button', text('staff.signOut'))
    await settled(page, 'Enter')
    await page.locator('h1').click()
    await page.getByRole('button', { name: text('staff.passkey.signIn') }).focus()
    await settled(page, 'Enter')
    await page.goto('/account')
    await page.getByText('els@acme.example').waitFor()
    desk.pass(freshForMs)
    await page.goto('/account')
    await page.getByText(text('staff.passkey.add'), { exact: true }).click()
    // The script is told to have its reader confirm first, and goes there.
    await page.locator('form[action="/account/passkeys/add"] button').click()
    await page.waitForURL('**/account/confirm?next=%2Faccount')
    await page.getByRole('button', { name: text('staff.confirm.passkey') }).focus()
    await settled(page, 'Enter')
    expect(new URL(page.url()).pathname).toBe('/account')
    await context.close()
  })

  it('does not let in who is not verified, and says so on the page', { timeout: 60_000 }, async () => {
    const { context, page, refuse } = await withAuthenticator()
    await page.goto(await linkFor('mia@acme.example'))
    await page.getByRole('button', { name: text('staff.passkey.make') }).focus()
    await settled(page, 'Enter')
    await context.clearCookies()
    await refuse()
    await page.goto('/sign-in')
    await page.getByRole('button', { name: text('staff.passkey.signIn') }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('alert').waitFor()
    expect(await page.getByRole('alert').textContent()).toBe(text('staff.passkey.refused'))
    await context.close()
  })

  it('says without script what is missing', async () => {
    await using context = await browser.newContext({ baseURL, javaScriptEnabled: false, locale: 'nl-BE' })
    const page = await context.newPage()
    await page.goto('/sign-in')
    await page.getByRole('button', { name: text('staff.passkey.signIn') }).focus()
    await settled(page, 'Enter')
    expect(await page.getByRole('alert').textContent()).toBe(text('staff.passkey.refused'))
  })

  it.each(languages)(
    'every page of staff and keys is free of what axe finds and fits a phone: %s',
    async (language) => {
      const [name = '', value = ''] = admin.cookie.split('=')
      for (const colorScheme of language === 'nl' ? (['light', 'dark'] as const) : (['light'] as const)) {
        await using context = await browser.newContext({
          baseURL,
          viewport: sizes.desk,
          locale: `${language}-BE`,
          bypassCSP: true,
          colorScheme,
        })
        await context.addCookies([{ name, value, url: baseURL }])
        const page = await context.newPage()
        await fill()
        for (const [screen, path] of screens) {
          await page.goto(path === '/staff/member' ? `/staff/member/${admin.staffId}` : path)
          expect(await page.locator('html').getAttribute('lang')).toBe(language)
          await inspect(page, `${screen}${colorScheme === 'dark' ? '-dark' : ''}`, language)
        }
        await context.clearCookies()
        await page.goto('/sign-in')
        await inspect(page, `staff-sign-in${colorScheme === 'dark' ? '-dark' : ''}`, language)
        await page.goto(await linkFor(`link-${language}-${colorScheme}@acme.example`))
        await inspect(page, `staff-link${colorScheme === 'dark' ? '-dark' : ''}`, language)
      }
    },
    240_000,
  )

  const screens = [
    ['staff-list', '/staff'],
    ['staff-member', '/staff/member'],
    ['staff-sets', '/staff/sets'],
    ['api-keys', '/api-keys'],
    ['staff-approvals', '/approvals'],
    ['staff-account', '/account'],
    ['staff-confirm', '/account/confirm'],
  ] as const

  let isFilled = false
  /** A team, a set, a key and something that waits, once. */
  async function fill(): Promise<void> {
    if (isFilled) return
    isFilled = true
    const { hub } = desk
    for (const [email, role] of [
      ['joris@acme.example', 'agent'],
      ['nora.van.den.bergh@acme.example', 'marketer'],
    ] as const) {
      await addStaff(hub, email, [role], 'test')
    }
    await savePermissionSet(hub, { name: 'Callcenter', permissions: ['desk', 'people'] }, 'test')
    await createApiKey(
      hub.db,
      { name: 'Nieuwsbriefpakket', scopes: ['gate:read', 'links:write'] },
      desk.now,
      hub.random,
    )
    const caller = phone('+32470112233')
    await say(hub, caller, { kind: 'objection', scope: {} })
    const agent = await addStaff(hub, 'sam@acme.example', ['agent'], 'test')
    if (agent.kind !== 'done') throw new Error(agent.kind)
    await proposeLift(hub, {
      contactKey: keyed(hub, caller).key,
      scope: { brand: 'acme', channel: 'sms', topic: 'news' },
      note: 'Belde zelf: wil de nieuwtjes per sms weer krijgen.',
      signal: 'desk',
      saidAt: desk.now,
      staffId: agent.staff.id,
    })
  }
})

async function inspect(page: Page, name: string, language: Language): Promise<void> {
  await loadAxe(page)
  await page.setViewportSize(narrowest)
  const width = await page.evaluate('document.documentElement.scrollWidth')
  expect(width, `${name}, ${language}: scrolls sideways`).toBeLessThanOrEqual(narrowest.width)
  for (const size of ['phone', 'desk'] as const) {
    await page.setViewportSize(sizes[size])
    const { violations, passed } = await findViolations(page)
    expect(violations, `${name}, ${language}, ${size}`).toEqual([])
    expect(passed).toBeGreaterThan(10)
    const isShown = language === 'nl' && (!name.endsWith('dark') || name.startsWith('staff-list'))
    if (screensDir === undefined || !isShown) continue
    const path = `${screensDir}/${name}-${language}-${sizes[size].width}.png`
    await writeFile(path, shrinkPng(await page.screenshot({ fullPage: true })))
  }
}
