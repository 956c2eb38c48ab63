import { createHash, createHmac, randomUUID } from 'node:crypto'
import { type Channel, type Offer, sealLink } from '@verzet/core'
import type { FastifyInstance } from 'fastify'
import { SignJWT } from 'jose'
import { readReturnLine } from '../src/adapters/csv/return-row.ts'
import { registerPublicPages } from '../src/adapters/http/public/register.ts'
import { createHttpServer } from '../src/adapters/http/server.ts'
import { registerSmsWebhooks } from '../src/adapters/http/webhooks/sms-webhooks.ts'
import { handleIncomingMail } from '../src/adapters/intake/mail/handle-incoming-mail.ts'
import { readFixture } from '../src/adapters/intake/mail/testing/mail-fixtures.ts'
import { writeShortMessage } from '../src/adapters/smpp/pdu.ts'
import { SmppLink } from '../src/adapters/smpp/smpp-link.ts'
import { FakeSmsc } from '../src/adapters/smpp/testing/fake-smsc.ts'
import { createApiKey } from '../src/services/api-keys.ts'
import type { BrandSettings } from '../src/services/brand-settings.ts'
import { type MintedLinks, mintLinks } from '../src/services/mint-links.ts'
import { recordReturns } from '../src/services/print/record-returns.ts'
import { resolveReturns } from '../src/services/print/resolve-returns.ts'
import { saveBrand } from '../src/services/save-brand.ts'
import { addSmsAccount, type SmsVendor } from '../src/services/texts/sms-accounts.ts'
import type { TestHub } from './hub.ts'
import { customer, email, keyed, type Point, phone, saveTestRelation, say } from './people.ts'
import { openSharedPortal, type Signer } from './portal.ts'
import { texts } from './public-pages.ts'
import { hiddenFields, StaffDesk } from './staff-desk.ts'

const dayMs = 86_400_000
const secret = 'secret of the vendors in the tests'
const vendors = ['twilio', 'sinch', 'messagebird', 'cm', 'vonage'] as const
type Fields = Readonly<Record<string, string>>
type Headers = Readonly<Record<string, string>>

/** Somebody who can be reached on every channel, and asked for it yesterday. */
export type Person = {
  readonly externalId: string
  readonly mail: Point
  readonly number: Point
  readonly home: Point
  readonly device: Point
}

/** What proves who asks: another system, an agent, a portal. */
type Keys = { readonly api: string; readonly agent: string; readonly portal: Signer }

/** A hub with every intake it has, and a clock that stands still: what holds, holds in the same moment. */
export class EveryWay implements AsyncDisposable {
  readonly hub: TestHub
  readonly #desk: StaffDesk
  readonly #app: FastifyInstance
  readonly #keys: Keys
  readonly #smsc: FakeSmsc
  readonly #link: SmppLink
  #people = 0
  #messages = 0

  private constructor(desk: StaffDesk, app: FastifyInstance, keys: Keys, smsc: FakeSmsc, link: SmppLink) {
    this.hub = desk.hub
    this.#desk = desk
    this.#app = app
    this.#keys = keys
    this.#smsc = smsc
    this.#link = link
  }

  static async open(): Promise<EveryWay> {
    const desk = await StaffDesk.open()
    const { hub } = desk
    const app = await createHttpServer(hub, {
      logger: false,
      version: '0.0.0',
      register: async (root) => {
        await registerPublicPages(root, { hub, texts, wakeMail: () => {} })
        await root.register((scope) => registerSmsWebhooks(scope, { hub, wakeTexts: () => {} }))
      },
    })
    const account = { brand: 'acme', numbers: ['+32460000001'], settings: {}, secrets: { webhook: secret } }
    for (const vendor of vendors) await addSmsAccount(hub, { ...account, id: `acme-${vendor}`, vendor })
    const { key: api } = await createApiKey(hub.db, { name: 'test', scopes: ['*'] }, hub.clock(), hub.random)
    const { cookie: agent } = await desk.member('agent@acme.example', 'agent')
    const smsc = await FakeSmsc.start()
    const operator = { id: 'acme-operator', brand: 'acme', vendor: 'smpp' as const, numbers: ['8850'] }
    const bind = { settings: { host: smsc.address, user: 'acme' }, secrets: { sending: secret } }
    const link = new SmppLink(
      hub,
      { ...operator, ...bind },
      { holder: randomUUID(), wakeTexts: () => {}, log: () => {} },
    )
    const portal = await openSharedPortal(hub)
    return new EveryWay(desk, app, { api, agent, portal }, smsc, link)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]()
    await this.#smsc[Symbol.asyncDispose]()
    await this.#app.close()
    await this.#desk[Symbol.asyncDispose]()
  }

  get isBound(): boolean {
    return this.#link.isBound
  }

  async person(): Promise<Person> {
    this.#people += 1
    const n = this.#people
    const person = {
      externalId: `P-${n}`,
      mail: email(`lezer${n}@voorbeeld.be`),
      number: phone(`+3247${String(1_000_000 + n)}`),
      home: { type: 'post', value: `Kerkstraat ${n}, 9000 Gent, BE` },
      device: { type: 'push', value: `device-${n}` },
    } as const
    const points = [person.mail, person.number, person.home, person.device]
    await saveTestRelation(this.hub, person.externalId, points, { country: 'BE', language: 'nl' })
    await say(this.hub, customer(person.externalId), { kind: 'consent', saidAt: this.hub.clock() - dayMs })
    return person
  }

  /** What the gate answers over HTTP. */
  async gate(person: Person, channel: Channel, topic = 'news'): Promise<string> {
    const point = { email: person.mail, post: person.home, push: person.device }[String(channel)] ?? person.number
    const answer = await this.api('/v1/gate', { contactPoint: point, brand: 'acme', channel, topic })
    const { decision, reason } = JSON.parse(answer.payload)
    return `${decision} ${reason}`
  }

  async configure(settings: Partial<BrandSettings>): Promise<void> {
    const brand = this.hub.catalog.brand('acme')
    if (brand === undefined) throw new Error('there is no brand')
    const { id, name, controller, country } = brand
    const brandWith = { id, name, controller, country, settings }
    await saveBrand(this.hub.db, this.hub.catalog, brandWith, this.hub.clock(), 'test')
  }

  api(url: string, body: unknown) {
    return this.#post(url, JSON.stringify(body), {
      'content-type': 'application/json',
      authorization: `Bearer ${this.#keys.api}`,
    })
  }

  form(url: string, fields: Fields, headers: Headers = {}) {
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#post(url, new URLSearchParams(fields).toString(), { ...type, ...headers })
  }

  async links(point: Point, channel: Channel, offered: readonly Offer[] = []): Promise<MintedLinks> {
    const { hub } = this
    const [brand, topic] = [hub.catalog.brand('acme'), hub.catalog.topic('acme', 'news')]
    if (brand === undefined || topic === undefined) throw new Error('the catalog is empty')
    const wanted = { keyed: keyed(hub, point), brand, topic, campaignNumber: 0, channel, offered }
    const [links] = await mintLinks(hub.db, hub.linkRing, hub.random, hub.place, [wanted], hub.clock())
    if (links === undefined) throw new Error('no link was made')
    return links
  }

  async page(point: Point, channel: Channel, offered: readonly Offer[] = []): Promise<string> {
    return new URL((await this.links(point, channel, offered)).page).pathname
  }

  /** The page behind a code as somebody types it from paper. */
  async typed(code: string): Promise<string> {
    const answer = await this.#app.inject({ method: 'GET', url: `/c?code=${code.toLowerCase().replace('-', ' ')}` })
    return String(answer.headers.location)
  }

  /** A recorded mail, with the person's own address and token in it. */
  async mail(name: string, { mail }: Person): Promise<void> {
    const sealed = sealLink(this.hub.linkRing, {
      contactPointKey: keyed(this.hub, mail).key,
      brandNumber: this.hub.catalog.brand('acme')?.number ?? 0,
      topicNumber: 0,
      campaignNumber: 0,
      channel: 'email',
      offered: [],
      mintedAt: this.hub.clock(),
    })
    const text = readFixture(name, sealed).toString('latin1').replaceAll('jan.peeters@voorbeeld.example', mail.value)
    await this.rawMail(text.replace(/^Message-ID: <?/im, (found) => `${found}${this.#messageId()}.`))
  }

  async rawMail(text: string): Promise<void> {
    await handleIncomingMail(this.hub, { raw: Buffer.from(text, 'latin1'), receivedAt: this.hub.clock() })
  }

  twilio(fields: Fields) {
    const all: Fields = { MessageSid: this.#messageId(), ...fields }
    const sorted = Object.entries(all).toSorted(([one], [other]) => (one < other ? -1 : 1))
    const text = `${this.#webhook('twilio')}${sorted.map(([name, value]) => `${name}${value}`).join('')}`
    const signature = createHmac('sha1', secret).update(text).digest('base64')
    return this.form('/in/sms/twilio/acme-twilio', all, { 'x-twilio-signature': signature })
  }

  sinch(body: object) {
    const raw = JSON.stringify({ id: this.#messageId(), ...body })
    const timestamp = String(Math.floor(this.hub.clock() / 1_000))
    const signature = createHmac('sha256', secret).update(`${raw}.nonce.${timestamp}`).digest('base64')
    return this.#vendor('sinch', raw, {
      'x-sinch-webhook-signature': signature,
      'x-sinch-webhook-signature-nonce': 'nonce',
      'x-sinch-webhook-signature-timestamp': timestamp,
    })
  }

  async messagebird(body: object) {
    const raw = JSON.stringify({ id: this.#messageId(), ...body })
    const claims = { iss: 'MessageBird', url_hash: sha256(this.#webhook('messagebird')), payload_hash: sha256(raw) }
    return this.#vendor('messagebird', raw, { 'messagebird-signature-jwt': await signToken(claims) })
  }

  cm(body: object) {
    return this.#vendor('cm', JSON.stringify(body), {}, `?key=${encodeURIComponent(secret)}`)
  }

  async vonage(body: object) {
    const raw = JSON.stringify({ message_uuid: this.#messageId(), ...body })
    const claims = { iat: Math.floor(this.hub.clock() / 1_000), payload_hash: sha256(raw) }
    return this.#vendor('vonage', raw, { authorization: `Bearer ${await signToken(claims)}` })
  }

  /** Resolves when the hub has acknowledged the text to the operator. */
  smpp({ number }: Person, text: string): Promise<number> {
    const octets = Buffer.from(text)
    return this.#smsc.deliver(
      writeShortMessage({ source: number.value, destination: '8850', esmClass: 0, coding: 0, octets }),
    )
  }

  /** An agent types the number and presses a digit. */
  async desk(contact: Point, digit: string): Promise<void> {
    const { agent } = this.#keys
    const look = await this.#desk.get('/desk', agent)
    const wanted = { ...hiddenFields(look, '/desk/search'), contact: contact.value }
    const found = await this.#desk.post('/desk/search', wanted, agent)
    const answer = await this.#desk.post('/desk/record', { ...hiddenFields(found, '/desk/record'), digit }, agent)
    if (answer.status !== 200) throw new Error(`the desk answered ${answer.status}`)
  }

  /** One line of a file of scans, read and recorded. */
  async returned(fields: readonly string[], offered: readonly Offer[] = []): Promise<void> {
    const { hub } = this
    const columns = { header: ['code', 'remark', 'post'], contacts: { post: [2] }, codeColumn: 0, markColumn: 1 }
    const reading = { ...columns, mark: 'silent', country: 'BE' } as const
    const { taken, reasons } = readReturnLine(hub.secrets, reading, fields, hub.clock())
    if (taken.length === 0) throw new Error(reasons.join())
    const pile = await resolveReturns(hub, taken, { offered, file: this.#messageId() })
    await recordReturns(hub, pile, { actor: 'test', unaddressedTopic: 'offers' }, async () => {})
  }

  async portal({ externalId }: Person, act: string, fields: Fields, query = ''): Promise<void> {
    const token = await this.#keys.portal({ sub: externalId })
    await this.#post(`/portal/v1/acts${query}`, JSON.stringify({ act, fields }), {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
    })
  }

  #vendor(vendor: SmsVendor, payload: string, headers: Headers, query = '') {
    const url = `/in/sms/${vendor}/acme-${vendor}${query}`
    return this.#post(url, payload, { 'content-type': 'application/json', ...headers })
  }

  #webhook(vendor: SmsVendor): string {
    return `${this.hub.place.url}/in/sms/${vendor}/acme-${vendor}`
  }

  #messageId(): string {
    this.#messages += 1
    return `message-${this.#messages}`
  }

  async #post(url: string, payload: string, headers: Headers) {
    const answer = await this.#app.inject({ method: 'POST', url, headers: { ...headers }, payload })
    if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${answer.payload}`)
    return answer
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function signToken(claims: Record<string, unknown>): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(secret))
}
