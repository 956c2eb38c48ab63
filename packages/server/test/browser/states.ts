import type { Page } from 'playwright-core'
import type { Language } from '../../src/adapters/http/pages/text.ts'
import { email, type Point, phone, say } from '../people.ts'
import { type PublicPages, texts } from '../public-pages.ts'

const minuteMs = 60_000

/** One state of the public pages, and how a person gets there from their link. */
export type State = { readonly name: string; reach(visit: Visit): Promise<void> }

/** Somebody with a page of their own, in one language, and the browser they read it in. */
export class Visit {
  readonly pages: PublicPages
  readonly page: Page
  readonly language: Language
  readonly person: Point
  readonly link: string

  private constructor(pages: PublicPages, page: Page, language: Language, person: Point, link: string) {
    this.pages = pages
    this.page = page
    this.language = language
    this.person = person
    this.link = link
  }

  static async begin(pages: PublicPages, page: Page, language: Language): Promise<Visit> {
    people += 1
    // A house of their own: what is said for an address that two people share holds for both.
    const home = { type: 'post', value: `Kerkstraat ${people}, 9000 Gent, België` } as const
    const number = phone(`+3247060${String(people).padStart(4, '0')}`)
    const person = await pages.customer([number, home], { language })
    return new Visit(pages, page, language, person, await pages.link(person))
  }

  get text() {
    return texts.for(this.language)
  }

  async open(path = this.link): Promise<void> {
    await this.page.goto(path)
  }

  async press(name: string): Promise<void> {
    await Promise.all([
      this.page.waitForNavigation(),
      this.page.getByRole('button', { name, exact: true }).first().click(),
    ])
  }

  async stopAll(): Promise<void> {
    await this.open()
    await this.press(this.text('stopAll'))
  }

  /** What the topic that brought the person is called. */
  get news(): string {
    return newsIn[this.language]
  }

  get offers(): string {
    return offersIn[this.language]
  }

  box(topic: string) {
    const channel = this.text('channel', { channel: 'email' })
    return this.page.getByRole('checkbox', { name: new RegExp(`^${topic}: ${channel}`, 'i') })
  }

  async confirmation(): Promise<string> {
    return this.pages.confirmation()
  }
}

let people = 0
const newsIn: Record<Language, string> = { nl: 'Nieuws', fr: 'Actualités', de: 'Neuigkeiten', en: 'News' }

const offersIn: Record<Language, string> = { nl: 'Aanbiedingen', fr: 'Offres', de: 'Angebote', en: 'Offers' }

async function askForRefusedBox(visit: Visit): Promise<void> {
  const { pages, person } = visit
  await say(pages.hub, person, { kind: 'objection', scope: { brand: 'acme', topic: 'news' } })
  pages.pass(60 * minuteMs)
  await pages.sendMails()
  await visit.open()
  await visit.box(visit.news).check()
  await visit.press(visit.text('grid.save'))
}

export const states: readonly State[] = [
  { name: 'preferences', reach: (visit) => visit.open() },
  { name: 'all-stopped', reach: (visit) => visit.stopAll() },
  {
    name: 'preferences-stopped',
    async reach(visit) {
      await visit.stopAll()
      await visit.open()
    },
  },
  {
    name: 'topic-stopped',
    async reach(visit) {
      await visit.open()
      await visit.press(visit.text('stopTopic', { topic: visit.news }))
    },
  },
  {
    name: 'paused',
    async reach(visit) {
      await visit.open()
      await Promise.all([visit.page.waitForNavigation(), visit.page.locator('button[name=days][value="30"]').click()])
    },
  },
  {
    name: 'preferences-limited',
    async reach(visit) {
      await visit.pages.post(`${visit.link}/pause`, { days: '30' })
      await visit.pages.post(`${visit.link}/less`, { cadence: '1/week' })
      await visit.open()
    },
  },
  {
    name: 'preferences-saved',
    async reach(visit) {
      await visit.open()
      await visit.box(visit.news).uncheck()
      await visit.press(visit.text('grid.save'))
    },
  },
  {
    name: 'nothing-left',
    async reach(visit) {
      await visit.open()
      for (const box of await visit.page.getByRole('checkbox').all()) await box.setChecked(false)
      await visit.press(visit.text('grid.save'))
    },
  },
  { name: 'waiting', reach: askForRefusedBox },
  {
    name: 'preferences-pending',
    async reach(visit) {
      await askForRefusedBox(visit)
      await visit.pages.post(`${visit.link}/add-contact`, { email: 'nieuw.adres@elders.example' })
      await visit.open()
    },
  },
  {
    name: 'confirm',
    async reach(visit) {
      await askForRefusedBox(visit)
      await visit.open(await visit.confirmation())
    },
  },
  {
    name: 'confirmed',
    async reach(visit) {
      await askForRefusedBox(visit)
      await visit.open(await visit.confirmation())
      await visit.press(visit.text('confirm.button', { what: 'undo' }))
    },
  },
  {
    name: 'confirm-expired',
    async reach(visit) {
      await askForRefusedBox(visit)
      const confirmation = await visit.confirmation()
      visit.pages.pass(8 * 24 * 60 * minuteMs)
      await visit.open(confirmation)
    },
  },
  {
    name: 'undone',
    async reach(visit) {
      await visit.stopAll()
      await visit.press(visit.text('undo'))
    },
  },
  {
    name: 'reason-saved',
    async reach(visit) {
      await visit.stopAll()
      await visit.page.getByRole('radio').first().check()
      await visit.press(visit.text('reason.send'))
    },
  },
  {
    name: 'details-saved',
    async reach(visit) {
      await visit.open()
      await visit.press(visit.text('person.save'))
    },
  },
  {
    name: 'address-added',
    async reach(visit) {
      await visit.open()
      await visit.page.getByRole('textbox', { name: visit.text('points.add.email') }).fill('nieuw.adres@elders.example')
      await visit.press(visit.text('points.add.button'))
    },
  },
  {
    name: 'erasure-asked',
    async reach(visit) {
      await visit.open()
      await visit.press(visit.text('erase.button'))
    },
  },
  {
    name: 'erased',
    async reach(visit) {
      await visit.pages.sendMails()
      await visit.pages.post(`${visit.link}/erase`)
      await visit.pages.post(await visit.confirmation())
      await visit.open(`${visit.link}?lang=${visit.language}`)
    },
  },
  {
    name: 'date-refused',
    async reach(visit) {
      await visit.open()
      await visit.page.locator('#until').evaluate((input) => input.removeAttribute('min'))
      await visit.page.locator('#until').fill('2020-01-01')
      await visit.press(visit.text('pause.date.button'))
    },
  },
  { name: 'code', reach: (visit) => visit.open(`/c?lang=${visit.language}`) },
  { name: 'code-refused', reach: (visit) => visit.open(`/c?lang=${visit.language}&code=ABCDE-12345`) },
  { name: 'link-unknown', reach: (visit) => visit.open(`/u/forged?lang=${visit.language}`) },
  {
    name: 'no-relation',
    async reach(visit) {
      people += 1
      const link = await visit.pages.link(email(`iemand${people}@voorbeeld.be`), { channel: 'email', topic: 'orders' })
      await visit.open(`${link}?lang=${visit.language}`)
    },
  },
]
