import { type Channel, confirmationFromPath, type Decision, openConfirmation } from '@verzet/core'
import { DemoMailbox, type DemoMailboxMail } from '../src/adapters/mail/demo-mailbox.ts'
import { type AskOutcome, askConfirmation, type ConfirmationRequest } from '../src/services/ask-confirmation.ts'
import { askGate } from '../src/services/ask-gate.ts'
import { type ConfirmOutcome, confirm } from '../src/services/confirm.ts'
import type { KeyedContactPoint } from '../src/services/ports.ts'
import { type ConfirmationOutcome, readConfirmation } from '../src/services/read-confirmations.ts'
import { sendDueMails } from '../src/services/send-due-mails.ts'
import { transact } from '../src/storage/database.ts'
import { createTestHub, type TestHub } from './hub.ts'
import { introduce, keyed, saveTestRelation, sendParts } from './mail.ts'

/** The message of Acme that brings people to their page. */
const origin = { brand: 'acme', topic: 'news', channel: 'email' } as const

/** What a confirmation could touch. */
const tables = [
  'confirmations',
  'choices',
  'evidence',
  'standings',
  'contact_points',
  'relations',
  'relation_contact_points',
  'changes',
]

/** People who ask for something through their link and read the mail that comes of it, on a clock of their own. */
export class ConfirmationBench implements AsyncDisposable {
  readonly hub: TestHub
  readonly #clock: { now: number }
  #people = 0

  private constructor(hub: TestHub, clock: { now: number }) {
    this.hub = hub
    this.#clock = clock
  }

  static async open(): Promise<ConfirmationBench> {
    const clock = { now: Date.UTC(2026, 11, 3, 9) }
    return new ConfirmationBench(await createTestHub({ now: () => clock.now }), clock)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]()
  }

  get now(): number {
    return this.#clock.now
  }

  pass(durationMs: number): void {
    this.#clock.now += durationMs
  }

  newAddress(): KeyedContactPoint {
    this.#people += 1
    return keyed(this.hub, 'email', `jan${this.#people}@voorbeeld.be`)
  }

  phone(number: string): KeyedContactPoint {
    return keyed(this.hub, 'phone', number)
  }

  /** Somebody who is known by an address alone. */
  stranger(): Promise<KeyedContactPoint> {
    return introduce(this.hub, this.newAddress())
  }

  /** Jan, who reads Dutch. */
  async customer(...more: KeyedContactPoint[]): Promise<{ email: KeyedContactPoint; relation: string }> {
    const email = this.newAddress()
    const words = { name: 'Jan', language: 'nl' }
    return { email, relation: await saveTestRelation(this.hub, `C-${this.#people}`, [email, ...more], words) }
  }

  ask(subjectKey: string, request: ConfirmationRequest): Promise<AskOutcome> {
    this.pass(1_000)
    const asked = { subjectKey, request, origin, language: 'en' }
    return transact(this.hub.db, (tx) => askConfirmation(tx, this.hub.random, asked, this.now))
  }

  /** Asks, sends what is owed, and takes the link out of the mail. */
  async askAndRead(
    subjectKey: string,
    request: ConfirmationRequest,
  ): Promise<{ token: string; id: string; mail: DemoMailboxMail }> {
    const outcome = await this.ask(subjectKey, request)
    const mail = (await this.sendAll()).find(({ text }) => text.includes('/k/'))
    if (mail === undefined) throw new Error(`no mail came of it: ${outcome.kind}`)
    this.pass(1_000)
    const token = /https:\/\/verzet\.example\/k\/([\w-]+)/.exec(mail.text)?.[1] ?? ''
    const claims = openConfirmation(this.hub.confirmationRing, confirmationFromPath(token) ?? Buffer.alloc(0))
    return { token, id: claims?.confirmationId ?? '', mail }
  }

  async sendAll(): Promise<readonly DemoMailboxMail[]> {
    const mailbox = new DemoMailbox()
    while ((await sendDueMails(sendParts(this.hub, mailbox))).leased > 0);
    return mailbox.list()
  }

  press(token: string): Promise<ConfirmOutcome> {
    return confirm(this.hub, token, this.now)
  }

  look(token: string): Promise<ConfirmationOutcome> {
    return readConfirmation(this.hub, this.hub.db, token, this.now)
  }

  async gate(point: KeyedContactPoint, channel: Channel = 'email', topic = 'news'): Promise<Decision['decision']> {
    const { type, normalised } = point.contactPoint
    const question = { contactPoint: { type, value: normalised }, brand: 'acme', channel, topic }
    const { db, catalog, secrets } = this.hub
    return (await askGate(db, catalog, secrets, [question], this.now))[0]?.decision ?? 'deny'
  }

  /** Every row that a confirmation could touch, to see that none was. */
  async everything(): Promise<string> {
    const rows = await Promise.all(tables.map((table) => this.hub.db.query(`select * from ${table} order by 1, 2`)))
    return JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? String(value) : value))
  }
}
