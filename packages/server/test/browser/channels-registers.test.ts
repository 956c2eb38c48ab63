import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { languages } from '../../src/adapters/http/pages/text.ts'
import { noteConnection, smsConnection } from '../../src/services/channels/note-connection.ts'
import { addPortal } from '../../src/services/portal/portals.ts'
import { beginSnapshot, finishSnapshot, listBatch } from '../../src/services/registers/import-register.ts'
import { addSmsAccount } from '../../src/services/texts/sms-accounts.ts'
import { transact } from '../../src/storage/database.ts'
import { keyed, phone } from '../people.ts'
import { texts } from '../public-pages.ts'
import { StaffDesk } from '../staff-desk.ts'
import { isChromiumMissing, launchChromium, sizes, tabTo } from './chromium.ts'
import { inspectRoom } from './inspect-room.ts'

const dayMs = 86_400_000

describe.skipIf(isChromiumMissing)('channels and outside lists in a real browser (chromium)', () => {
  let desk: StaffDesk
  let browser: Browser
  let baseURL: string
  let session: { name: string; value: string }

  beforeAll(async () => {
    desk = await StaffDesk.open('http://127.0.0.1')
    await connect(desk)
    baseURL = await desk.app.listen({ host: '127.0.0.1', port: 0 })
    const [name = '', value = ''] = (await desk.member('piet@acme.example', 'privacy_officer')).cookie.split('=')
    session = { name, value }
    browser = await launchChromium()
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    await desk?.[Symbol.asyncDispose]()
  })

  it('are reached and read by keyboard and without script', async () => {
    await using context = await browser.newContext({ baseURL, javaScriptEnabled: false, locale: 'nl-BE' })
    await context.addCookies([{ ...session, url: baseURL }])
    const page = await context.newPage()
    const text = texts.for('nl')
    await page.goto('/channels')
    await tabTo(page, 'link', text('staff.room.registers'))
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')])
    expect(new URL(page.url()).pathname).toBe('/registers')
    await page.locator('details summary').first().focus()
    await page.keyboard.press('Enter')
    expect(await page.locator('code.command').first().isVisible()).toBe(true)
  })

  it.each(languages)(
    'are free of what axe finds, fit a phone and have targets to hit: %s',
    async (language) => {
      await using context = await browser.newContext({
        baseURL,
        viewport: sizes.desk,
        locale: `${language}-BE`,
        bypassCSP: true,
      })
      await context.addCookies([{ ...session, url: baseURL }])
      const page = await context.newPage()
      for (const room of ['channels', 'registers']) {
        await page.goto(`/${room}`)
        expect(await page.locator('html').getAttribute('lang')).toBe(language)
        // The picture in the docs is the page as it opens; the other languages are looked at with all of it unfolded.
        if (language !== 'nl')
          await page.evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = true })`)
        await inspectRoom(page, room, language)
      }
    },
    120_000,
  )
})

/** One account that works, one whose link is down, a portal that was never heard, one list read and one that is not. */
async function connect({ hub, now }: StaffDesk): Promise<void> {
  const account = { brand: 'acme', numbers: ['8850'], settings: {}, secrets: { webhook: 'a', sending: 'b' } }
  await addSmsAccount(hub, { ...account, id: 'acme-twilio', vendor: 'twilio' })
  await addSmsAccount(hub, { ...account, id: 'acme-operator', vendor: 'smpp' })
  await addPortal(hub, { name: 'https://my.acme.example', brand: 'acme', origins: [], key: { kind: 'shared_secret' } })
  await noteConnection(hub, smsConnection('acme-twilio'), { kind: 'heard' })
  await noteConnection(hub, smsConnection('acme-operator'), { kind: 'failed', reason: 'timeout' })
  const one = { register: 'bel-me-niet-meer', takenAt: now - 2 * dayMs }
  await beginSnapshot(hub.db, one, 'file', now)
  await transact(hub.db, (tx) => listBatch(tx, one, [keyed(hub, phone('+32470000001'))], now))
  await finishSnapshot(hub.db, one, { rows: 1, unreadable: 0, isTrusted: false }, now)
  await hub.catalog.reload()
}
