import { createHash } from 'node:crypto'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Channel, Decision, Offer, SealRing } from '@verzet/core'
import type { FastifyInstance } from 'fastify'
import { pino } from 'pino'
import { inject } from 'vitest'
import { find, type PageElement, readPage } from '../src/adapters/http/pages/testing/read-page.ts'
import { loadTexts } from '../src/adapters/http/pages/text.ts'
import { registerPublicPages } from '../src/adapters/http/public/register.ts'
import { createHttpServer } from '../src/adapters/http/server.ts'
import { DemoMailbox, type DemoMailboxMail } from '../src/adapters/mail/demo-mailbox.ts'
import type { BrandSettings } from '../src/services/brand-settings.ts'
import { type MintedLinks, mintLinks } from '../src/services/mint-links.ts'
import { saveBrand } from '../src/services/save-brand.ts'
import { saveTopic, type TopicToSave } from '../src/services/save-topic.ts'
import { sendDueMails } from '../src/services/send-due-mails.ts'
import { openDatabase } from '../src/storage/database.ts'
import { createTestHub, type TestHub } from './hub.ts'
import { sendParts } from './mail.ts'
import { ask, email, keyed, type Point, saveTestRelation } from './people.ts'

export const texts = loadTexts(fileURLToPath(new URL('../locales', import.meta.url)))

export type Answer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export type LinkOptions = {
  readonly brand?: string
  readonly topic?: string
  readonly channel?: Channel
  readonly campaign?: string
  readonly offered?: readonly Offer[]
  readonly at?: number
  readonly ring?: SealRing
}

/** What the main part of a page says. */
export function said({ text }: Answer): string {
  return textsOf(find(readPage(text), 'main'))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}

function textsOf(element: PageElement): string[] {
  return element.children.flatMap((child) => (typeof child === 'string' ? [child] : textsOf(child)))
}

type Fields = Readonly<Record<string, string | readonly string[]>>

/** What a choice, a confirmation or a mail can leave behind. */
const tables = [
  'choices',
  'evidence',
  'changes',
  'outbound_mails',
  'confirmations',
  'standings',
  'contact_points',
  'relations',
  'relation_contact_points',
  'contact_point_relations',
  'partitions',
  'printed_codes',
  'campaigns',
  'sends',
]

/** The public pages on a hub of their own, with a clock that stands still until it is moved. */
export class PublicPages implements AsyncDisposable {
  readonly hub: TestHub
  readonly app: FastifyInstance
  readonly #clock: { now: number }
  readonly #logged: string[]
  #people = 0
  readonly mailbox = new DemoMailbox()

  private constructor(hub: TestHub, app: FastifyInstance, clock: { now: number }, logged: string[]) {
    this.hub = hub
    this.app = app
    this.#clock = clock
    this.#logged = logged
  }

  static async open(
    changes: Partial<Pick<TestHub, 'linkRing' | 'place'>> = {},
    shown: { element?: string } = {},
  ): Promise<PublicPages> {
    const clock = { now: Date.UTC(2026, 10, 21, 9) }
    const hub = { ...(await createTestHub({ now: () => clock.now })), ...changes }
    const logged: string[] = []
    const sink = new Writable({
      write(chunk, _encoding, done) {
        logged.push(String(chunk))
        done()
      },
    })
    const app = await createHttpServer(hub, {
      logger: pino({ level: 'trace' }, sink),
      version: '0.0.0',
      register: (server) => registerPublicPages(server, { hub, texts, wakeMail: () => {}, ...shown }),
    })
    return new PublicPages(hub, app, clock, logged)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close()
    await this.hub[Symbol.asyncDispose]()
  }

  get now(): number {
    return this.#clock.now
  }

  pass(durationMs: number): void {
    this.#clock.now += durationMs
  }

  /** The external id of the latest customer. */
  get externalId(): string {
    return `K-${this.#people}`
  }

  get log(): string {
    return this.#logged.join('')
  }

  /** Somebody who bought something in Belgium, so that Acme may write by e-mail and text until they say no. */
  async customer(more: readonly Point[] = [], details: { name?: string; language?: string } = {}): Promise<Point> {
    this.#people += 1
    const point = email(`jan.peeters${this.#people}@voorbeeld.be`)
    const words = { country: 'BE', customerSince: '2024-03-01', language: 'nl', name: 'Jan Peeters', ...details }
    await saveTestRelation(this.hub, this.externalId, [point, ...more], words)
    return point
  }

  async mint(point: Point, options: LinkOptions = {}): Promise<MintedLinks> {
    const {
      brand: brandId = 'acme',
      topic: topicId = 'news',
      channel = 'email',
      campaign = 'spring',
      offered = [],
    } = options
    const { hub } = this
    const brand = hub.catalog.brand(brandId)
    const topic = hub.catalog.topic(brandId, topicId)
    if (brand === undefined || topic === undefined) throw new Error(`no ${topicId} of ${brandId}`)
    const { number } = await hub.catalog.campaign(brandId, campaign, this.now)
    const wanted = { keyed: keyed(hub, point), brand, topic, campaignNumber: number, channel, offered }
    const at = options.at ?? this.now
    const [links] = await mintLinks(hub.db, options.ring ?? hub.linkRing, hub.random, hub.place, [wanted], at)
    if (links === undefined) throw new Error('no link was made')
    return links
  }

  /** The path of a personal link. */
  async link(point: Point, options: LinkOptions = {}): Promise<string> {
    return new URL((await this.mint(point, options)).page).pathname
  }

  get(url: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send('GET', url, { headers })
  }

  /** A form as a browser sends it. */
  post(url: string, fields: Fields = {}, headers: Record<string, string> = {}): Promise<Answer> {
    const pairs = Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.send('POST', url, { headers: { ...type, ...headers }, payload: new URLSearchParams(pairs).toString() })
  }

  oneClick(url: string): Promise<Answer> {
    return this.post(url, { 'List-Unsubscribe': 'One-Click' })
  }

  async send(
    method: 'GET' | 'HEAD' | 'POST' | 'OPTIONS' | 'PUT' | 'DELETE',
    url: string,
    { headers = {}, payload }: { headers?: Record<string, string>; payload?: string | Buffer } = {},
  ): Promise<Answer> {
    const answer = await this.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
    return { status: answer.statusCode, headers: Object.fromEntries(entries), text: answer.payload }
  }

  gate(point: Point, channel: Channel = 'email', topic = 'news', brand = 'acme'): Promise<Decision> {
    return ask(this.hub, point, channel, topic, brand)
  }

  async decision(point: Point, channel: Channel = 'email', topic = 'news', brand = 'acme'): Promise<string> {
    const { decision, reason } = await this.gate(point, channel, topic, brand)
    return `${decision} ${reason}`
  }

  async count(table: string): Promise<number> {
    const [row] = await this.hub.db.query<{ count: number }>(`select count(*)::int as count from ${table}`)
    return row?.count ?? 0
  }

  /** How many rows each table has and a digest of all they hold. */
  async everything(): Promise<Record<string, string>> {
    const rows = await Promise.all(tables.map((table) => this.hub.db.query(`select * from ${table} order by 1, 2`)))
    const json = (value: unknown) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one))
    const digest = (value: unknown) => createHash('sha256').update(json(value)).digest('hex').slice(0, 16)
    return Object.fromEntries(tables.map((table, at) => [table, `${rows[at]?.length} ${digest(rows[at])}`]))
  }

  /** Sends what is owed; returns what was sent by this. */
  async sendMails(): Promise<readonly DemoMailboxMail[]> {
    const sent = new DemoMailbox()
    while ((await sendDueMails(sendParts(this.hub, sent))).leased > 0);
    return sent.list()
  }

  /** Sends what is owed and takes the path of the confirmation out of the mail. */
  async confirmation(): Promise<string> {
    const found = (await this.sendMails()).flatMap(
      ({ text }) => /https:\/\/verzet\.example(\/k\/[\w-]+)/.exec(text)?.[1] ?? [],
    )
    if (found[0] === undefined) throw new Error('no mail asked for a confirmation')
    return found[0]
  }

  /** As when the database server goes down: every connection ends and none can be made. */
  async loseDatabase(): Promise<void> {
    const { connectionString } = this.hub.testDatabase
    const name = new URL(connectionString).pathname.slice(1)
    await using server = await openDatabase({ connectionString: inject('testServerUrl'), poolSize: 1 })
    await server.execute(`drop database ${name} with (force)`)
  }

  async saveTopic(topic: TopicToSave): Promise<void> {
    await saveTopic(this.hub.db, this.hub.catalog, topic, this.now, 'test')
  }

  /** Changes what Acme decides for itself. */
  async configure(settings: Partial<BrandSettings>): Promise<void> {
    const brand = this.hub.catalog.brand('acme')
    if (brand === undefined) throw new Error('there is no brand')
    const { id, name, controller, country } = brand
    await saveBrand(this.hub.db, this.hub.catalog, { id, name, controller, country, settings }, this.now, 'test')
  }
}
