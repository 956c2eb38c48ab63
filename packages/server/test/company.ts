import { createApiKey } from '../src/services/api-keys.ts'
import { importRelations } from '../src/services/import-relations.ts'
import type { ImportOrigin } from '../src/services/person-to-import.ts'
import { at } from './api.ts'
import { customer, keyed, type Point } from './people.ts'
import type { PublicPages } from './public-pages.ts'

const origin: ImportOrigin = { basis: 'consent', actor: 'test', file: 'customers.csv' }

/** The organisation beside its public pages: it asks the gate, and brings people in. */
export class Company {
  readonly #pages: PublicPages
  readonly #key: string

  private constructor(pages: PublicPages, key: string) {
    this.#pages = pages
    this.#key = key
  }

  static async of(pages: PublicPages): Promise<Company> {
    const { db, random } = pages.hub
    return new Company(pages, (await createApiKey(db, { name: 'test', scopes: ['*'] }, pages.now, random)).key)
  }

  async call(method: 'GET' | 'POST' | 'PUT' | 'DELETE', url: string, body?: unknown) {
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const type = payload === undefined ? undefined : { 'content-type': 'application/json' }
    const headers = { authorization: `Bearer ${this.#key}`, ...type }
    const answer = await this.#pages.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    const isJson = answer.payload.startsWith('{')
    return { status: answer.statusCode, text: answer.payload, body: isJson ? (answer.json() as unknown) : undefined }
  }

  question(contactPoint: Point, topic = 'news') {
    return { contactPoint, brand: 'acme', channel: 'email', topic }
  }

  async ask(contactPoint: Point, topic = 'news'): Promise<unknown> {
    return at((await this.call('POST', '/v1/gate', this.question(contactPoint, topic))).body, 'decision')
  }

  /** Asks and counts the send. */
  async claim(contactPoint: Point, topic = 'news'): Promise<unknown> {
    return at((await this.call('POST', '/v1/gate/claim', this.question(contactPoint, topic))).body, 'decision')
  }

  /** The same person once more, with a consent of today for each address. */
  async bringIn(externalId: string, points: readonly Point[]) {
    const { hub, now } = this.#pages
    const contactPoints = points.map((point) => keyed(hub, point))
    const consents = contactPoints.map((point, index) => ({
      id: `01930f0e-0000-7000-8000-${String(now + index)
        .padStart(12, '0')
        .slice(-12)}`,
      contactKey: point.key,
      scope: {},
      saidAt: now,
      source: 'shop',
    }))
    const details = { name: 'Jan Peeters', language: 'nl', country: 'BE', customerSince: '2020-01-01' }
    const relation = { keyed: keyed(hub, customer(externalId)), ...details }
    const tools = { pepper: hub.secrets.pepper, random: hub.random }
    return importRelations(hub.db, tools, [{ relation, contactPoints, consents }], origin, now)
  }
}
