import { type Scope, uuidV7 } from '@verzet/core'
import { askGate } from '../src/services/ask-gate.ts'
import { importRelations } from '../src/services/import-relations.ts'
import { keyContactPoint } from '../src/services/key-contact-point.ts'
import type { ImportOrigin, PersonToImport } from '../src/services/person-to-import.ts'
import type { KeyedContactPoint } from '../src/services/ports.ts'
import { createTestHub, type TestHub } from './hub.ts'

export const importOrigin: ImportOrigin = { basis: 'consent', actor: 'test', file: 'a file' }

/** A hub with a clock of its own, on which people are brought in, say things, and are asked about. */
export class People implements AsyncDisposable {
  readonly hub: TestHub
  readonly #clock: { now: number }
  #consents = 0

  private constructor(hub: TestHub, clock: { now: number }) {
    this.hub = hub
    this.#clock = clock
  }

  static async create(): Promise<People> {
    const clock = { now: Date.UTC(2026, 10, 21) }
    return new People(await createTestHub({ now: () => clock.now }), clock)
  }

  get now(): number {
    return this.#clock.now
  }

  get tools() {
    return { pepper: this.hub.secrets.pepper, random: this.hub.random }
  }

  wait(ms: number): void {
    this.#clock.now += ms
  }

  key(type: 'email' | 'phone' | 'customer', value: string): KeyedContactPoint {
    const named = keyContactPoint(this.hub.secrets, { type, value }, 'BE')
    if (named.kind !== 'ok') throw new Error(named.hint)
    return named.keyed
  }

  /** With a consent of that date for each e-mail address. */
  person(nr: string | undefined, addresses: string[], saidAt: number | null = this.now): PersonToImport {
    const contactPoints = addresses.map((address) => this.key(address.includes('@') ? 'email' : 'phone', address))
    const emails = contactPoints.filter(({ contactPoint }) => contactPoint.type === 'email')
    return {
      ...(nr !== undefined && { relation: { keyed: this.key('customer', nr), name: `Name ${nr}`, country: 'BE' } }),
      contactPoints,
      consents: emails.map((point) => this.#consent(point, saidAt)),
    }
  }

  bringIn(...people: PersonToImport[]) {
    return importRelations(this.hub.db, this.tools, people, importOrigin, this.now)
  }

  sayNo(point: KeyedContactPoint, scope: Scope = {}): Promise<void> {
    return this.say(point, 'objection', scope)
  }

  async say(point: KeyedContactPoint, kind: 'objection' | 'consent', scope: Scope): Promise<void> {
    this.wait(1_000)
    const { type, normalised } = point.contactPoint
    await this.hub.committer.record([
      {
        id: uuidV7(this.now, this.hub.random(10)),
        evidenceId: uuidV7(this.now, this.hub.random(10)),
        subjectKey: point.key,
        subject: { type, value: normalised, fingerprint: point.fingerprint },
        words: { kind, scope, author: 'person', saidAt: this.now },
        context: { signal: 'test' },
        recordedAt: this.now,
        actor: 'test',
      },
    ])
    this.wait(1_000)
  }

  /** `allow consent`, about news of acme, by e-mail or by text message. */
  async ask(address: string): Promise<string> {
    const type = address.includes('@') ? 'email' : 'phone'
    const channel = type === 'email' ? 'email' : 'sms'
    const question = { contactPoint: { type, value: address }, brand: 'acme', channel, topic: 'news' } as const
    const [answer] = await askGate(this.hub.db, this.hub.catalog, this.hub.secrets, [question], this.now)
    return `${answer?.decision} ${answer?.reason}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.hub[Symbol.asyncDispose]()
  }

  #consent(point: KeyedContactPoint, saidAt: number | null) {
    this.#consents += 1
    const id = uuidV7(1, Buffer.from(String(this.#consents).padStart(10, '0')))
    return { id, contactKey: point.key, scope: { channel: 'email' as const }, saidAt, source: 'form' }
  }
}
