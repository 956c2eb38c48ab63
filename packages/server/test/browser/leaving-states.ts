import type { LeavingPolicy } from '@verzet/core'
import { everyAlternative, pageIn } from '../leaving.ts'
import type { State, Visit } from './states.ts'

/** What the brand of these tests says of itself, whatever it decides about leaving. */
export const contact = {
  contactEmail: 'privacy@acme.example',
  postalAddress: 'Acme NV, Voorbeeldstraat 1, 9000 Gent',
}

/** Does something while the brand asks in this way, and leaves the page of the browser as it then is. */
async function whileAsking(visit: Visit, policy: LeavingPolicy, act: () => Promise<void>): Promise<void> {
  const { pages } = visit
  // An earlier visit may have left mails that are not this one's.
  await pages.sendMails()
  await pages.configure({ ...contact, leaving: { policy, alternatives: everyAlternative } })
  await act()
  await pages.configure(contact)
}

const pressAlternative = (visit: Visit, id: string) =>
  Promise.all([visit.page.waitForNavigation(), visit.page.locator(`button[value="${id}"]`).click()])

export const leavingStates: readonly State[] = [
  {
    name: 'leaving-asked',
    reach: (visit) => whileAsking(visit, 'confirm_on_page', () => visit.stopAll()),
  },
  {
    name: 'leaving-by-mail',
    reach: (visit) =>
      whileAsking(visit, 'confirm_by_mail', async () => {
        // The link in the mail is another one than that of the message, which is older.
        visit.pages.pass(24 * 60 * 60_000)
        await visit.stopAll()
        visit.pages.pass(60_000)
        await visit.open(`${pageIn((await visit.pages.sendMails())[0])}/confirm`)
      }),
  },
  {
    name: 'leaving-confirmed',
    reach: (visit) =>
      whileAsking(visit, 'confirm_on_page', async () => {
        await visit.stopAll()
        await visit.press(visit.text('leaving.confirm'))
      }),
  },
  {
    name: 'leaving-narrowed',
    reach: (visit) =>
      whileAsking(visit, 'confirm_on_page', async () => {
        await visit.open()
        await visit.press(visit.text('stopTopic', { topic: visit.news }))
        await pressAlternative(visit, 'pause:30')
      }),
  },
  {
    name: 'leaving-other-channel',
    reach: (visit) =>
      whileAsking(visit, 'confirm_on_page', async () => {
        await visit.stopAll()
        await pressAlternative(visit, 'other_channel:sms')
      }),
  },
  {
    name: 'leaving-other-address',
    reach: (visit) =>
      whileAsking(visit, 'confirm_on_page', async () => {
        await visit.stopAll()
        await visit.pages.sendMails()
        await visit.page.locator('#other-address').fill('nieuw.adres@elders.example')
        await visit.press(visit.text('alternative.address.button'))
        await visit.open(await visit.confirmation())
      }),
  },
  {
    name: 'leaving-returned',
    reach: (visit) =>
      whileAsking(visit, 'confirm_on_page', async () => {
        await visit.stopAll()
        await visit.press(visit.text('leaving.stay'))
      }),
  },
  {
    name: 'reminder-set',
    async reach(visit) {
      await visit.open()
      await Promise.all([visit.page.waitForNavigation(), visit.page.locator('button[name=days][value="30"]').click()])
      await visit.page.getByRole('checkbox', { name: visit.text('reminder.label') }).check()
      await visit.press(visit.text('reminder.button'))
    },
  },
]
