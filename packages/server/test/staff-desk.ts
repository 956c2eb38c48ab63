import type { FastifyInstance } from 'fastify'
import { find, findAll, readPage } from '../src/adapters/http/pages/testing/read-page.ts'
import { createHttpServer } from '../src/adapters/http/server.ts'
import { registerStaffPages } from '../src/adapters/http/staff/register.ts'
import type { StaffParts } from '../src/adapters/http/staff/staff-reading.ts'
import type { StaffRoute } from '../src/adapters/http/staff/staff-route.ts'
import { addStaff } from '../src/services/staff/accounts.ts'
import type { Role } from '../src/services/staff/permissions.ts'
import { choosePassword } from '../src/services/staff/use-link.ts'
import { createTestHub, type TestHub } from './hub.ts'
import { texts } from './public-pages.ts'

export type DeskAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

export type DeskSettings = Pick<TestHub, 'staffPasswords' | 'hasFourEyes'> &
  Pick<StaffParts, 'provider' | 'insightElsewhere'> & { readonly routes?: readonly StaffRoute[]; readonly now?: number }

/** Hashing takes 100 ms by design: each role signs in once a file. */
export const password = 'een zin die niemand raadt'

/** The rooms of staff on a hub of their own, with a clock that stands still until it is moved. */
export class StaffDesk implements AsyncDisposable {
  readonly hub: TestHub
  readonly app: FastifyInstance
  readonly #clock: { now: number }

  private constructor(hub: TestHub, app: FastifyInstance, clock: { now: number }) {
    this.hub = hub
    this.app = app
    this.#clock = clock
  }

  /** Everybody has a password, so that a test signs in without a browser; `settings` says otherwise. */
  static async open(url = 'https://verzet.example', settings: DeskSettings = {}): Promise<StaffDesk> {
    const clock = { now: settings.now ?? Date.UTC(2026, 10, 21, 9) }
    const place = { url, mailDomain: 'verzet.example' }
    const staffPasswords = settings.staffPasswords ?? 'everyone'
    const { hasFourEyes = false, provider, insightElsewhere, routes } = settings
    const hub = { ...(await createTestHub({ now: () => clock.now })), place, staffPasswords, hasFourEyes }
    const app = await createHttpServer(hub, {
      logger: false,
      version: '0.0.0',
      register: (server) =>
        registerStaffPages(
          server,
          { hub, texts, ...(provider && { provider }), ...(insightElsewhere && { insightElsewhere }) },
          routes,
        ),
    })
    return new StaffDesk(hub, app, clock)
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

  /** Adds somebody with these roles and signs them in; the cookie as a browser sends it. */
  async member(email: string, ...roles: Role[]): Promise<{ cookie: string; staffId: string }> {
    const added = await addStaff(this.hub, email, roles, 'test')
    if (added.kind !== 'done' || added.link === undefined) throw new Error(added.kind)
    const chosen = await choosePassword(this.hub, added.link.token, password)
    if (chosen.kind !== 'chosen') throw new Error(chosen.kind)
    const name = this.hub.place.url.startsWith('https:') ? '__Host-verzet-session' : 'verzet-session'
    return { cookie: `${name}=${chosen.session}`, staffId: added.staff.id }
  }

  async send(
    method: 'GET' | 'POST' | 'HEAD' | 'PUT',
    url: string,
    headers: Record<string, string> = {},
    payload?: string,
  ): Promise<DeskAnswer> {
    const answer = await this.app.inject({ method, url, headers, ...(payload !== undefined && { payload }) })
    const entries = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
    return { status: answer.statusCode, headers: Object.fromEntries(entries), text: answer.payload }
  }

  get(url: string, cookie = ''): Promise<DeskAnswer> {
    return this.send('GET', url, { cookie, 'accept-language': 'nl' })
  }

  /** A form as a browser sends it from a page of ours. */
  post(url: string, fields: Record<string, string>, cookie = '', headers: Record<string, string> = {}) {
    const type = { 'content-type': 'application/x-www-form-urlencoded', 'accept-language': 'nl' }
    const origin = { origin: this.hub.place.url }
    return this.send('POST', url, { ...type, ...origin, cookie, ...headers }, new URLSearchParams(fields).toString())
  }
}

/** The hidden fields of the form on a page that posts to this path. */
export function hiddenFields({ text }: DeskAnswer, action: string): Record<string, string> {
  const form = findAll(readPage(text), 'form').find(({ attributes }) => attributes.action?.split('?')[0] === action)
  if (form === undefined) throw new Error(`no form posts to ${action}`)
  const hidden = findAll(form, 'input').filter(({ attributes }) => attributes.type === 'hidden')
  return Object.fromEntries(hidden.map(({ attributes }) => [attributes.name ?? '', attributes.value ?? '']))
}

export function mainOf(answer: DeskAnswer): string {
  const texts = (element: ReturnType<typeof find>): string[] =>
    element.children.flatMap((child) => (typeof child === 'string' ? [child] : texts(child)))
  return texts(find(readPage(answer.text), 'main'))
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim()
}
