import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

/** Set by `npm test` where Chromium could not be installed. */
export const isChromiumMissing = (process.env.VERZET_MISSING ?? '').split(',').includes('chromium')

/** A phone in the hand and a screen on a desk. */
export const sizes = { phone: { width: 360, height: 740 }, desk: { width: 1280, height: 900 } } as const
export type Size = keyof typeof sizes

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--disable-background-networking',
      '--no-first-run',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

/** A browser as a person has it who switched scripts off, or whose company did. */
export function withoutScript(browser: Browser, baseURL: string, size: Size): Promise<BrowserContext> {
  return browser.newContext({ baseURL, viewport: sizes[size], javaScriptEnabled: false, timezoneId: 'Europe/Brussels' })
}

type Role = Parameters<Page['getByRole']>[0]

/** Presses Tab until this element has the focus, as who uses no mouse does; throws when it is never reached. */
export async function tabTo(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, ...(typeof name === 'string' && { exact: true }) }).first()
  await wanted.waitFor()
  for (let stop = 0; stop < tabStopsMax; stop += 1) {
    await page.keyboard.press('Tab')
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return
  }
  throw new Error(`Tab never reached ${role} "${name}"`)
}

/** More than the longest page has. */
const tabStopsMax = 80

/** The accessible names of the first stops of Tab. */
export async function tabStops(page: Page, count: number): Promise<string[]> {
  const names: string[] = []
  for (let stop = 0; stop < count; stop += 1) {
    await page.keyboard.press('Tab')
    names.push(((await page.locator(':focus').textContent()) ?? '').trim())
  }
  return names
}
