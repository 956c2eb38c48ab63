import { make } from './dom.ts'
import { drawSection } from './draw.ts'
import { type Asked, act, look } from './hub-client.ts'
import { messagesIn } from './messages.ts'
import { styleSheet } from './style.ts'
import type { Fields, View } from './view.ts'

/** What stands alone with `stop-all`: to end everything, and what came of it. */
const stopAllSections: ReadonlySet<string> = new Set(['notice', 'done', 'stop'])

/** Where the script came from is where the hub is, unless the element says otherwise. */
const scriptSource = document.currentScript instanceof HTMLScriptElement ? document.currentScript.src : ''

/**
 * A person's own page inside a page of the site.
 *
 *   (nothing) ─ connected ─► asking ─► drawn ─ act ─► busy ─► drawn, with what came of it first
 *                              └ no answer ─► what the site put inside it, such as a link to the hub's page
 *
 * Attributes: `hub`, `identity` or `identity-url` or `token`, `lang`, `topic`, `channel`, `stop-all`, `heading-level`.
 * A site may set `getIdentity` instead, a function that resolves to a token.
 */
export class VerzetPreferences extends HTMLElement {
  static readonly observedAttributes = [
    'hub',
    'identity',
    'identity-url',
    'token',
    'lang',
    'topic',
    'channel',
    'stop-all',
  ]

  /** Asked for a token before each request, so that a page that stays open goes on working. */
  getIdentity: (() => Promise<string>) | undefined
  readonly #view = make('div', { class: 'view', part: 'view' })
  readonly #status = make('p', { role: 'status', class: 'unseen' })
  readonly #alert = make('p', { role: 'alert', part: 'alert' })
  readonly #fallback = make('slot')
  #token: string | undefined
  /** Counts the questions: an answer to an older one comes too late. */
  #turn = 0
  #isPlanned = false
  #isActing = false

  constructor() {
    super()
    const root = this.attachShadow({ mode: 'open' })
    root.adoptedStyleSheets = [styleSheet()]
    root.append(this.#status, this.#alert, this.#view, this.#fallback)
  }

  connectedCallback(): void {
    this.#plan()
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (before !== after && this.isConnected) this.#plan()
  }

  /** Asks the hub anew what stands. */
  refresh(): void {
    this.#plan()
  }

  /** A framework sets its attributes one by one: they are one question. */
  #plan(): void {
    if (this.#isPlanned) return
    this.#isPlanned = true
    queueMicrotask(() => {
      this.#isPlanned = false
      this.#token = undefined
      void this.#look()
    })
  }

  async #look(): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    const view = await look(this.#asked()).catch(() => undefined)
    if (turn !== this.#turn) return
    if (view === undefined) this.#showFallback()
    else this.#draw(view)
  }

  async #act(name: string, fields: Fields): Promise<void> {
    // A second press while the first is under way is the same act.
    if (this.#isActing) return
    this.#isActing = true
    this.#turn += 1
    const turn = this.#turn
    const messages = messagesIn(this.#language())
    this.#view.setAttribute('aria-busy', 'true')
    this.#status.textContent = messages.busy
    const view = await act(this.#asked(), name, fields).catch(() => undefined)
    this.#isActing = false
    this.#view.removeAttribute('aria-busy')
    if (turn !== this.#turn) return
    if (view === undefined) this.#tellFailure(messages.failed)
    else this.#draw(view)
  }

  #draw(view: View): void {
    const isAlone = this.hasAttribute('stop-all')
    const shown = isAlone ? view.sections.filter(({ id }) => stopAllSections.has(id)) : view.sections
    const headingLevel = Number(this.getAttribute('heading-level') ?? 2)
    const drawing = { headingLevel, onAct: (name: string, fields: Fields) => void this.#act(name, fields) }
    const isBare = (id: string) => isAlone && id === 'stop'
    this.#view.replaceChildren(...shown.map((section) => drawSection(section, drawing, isBare(section.id))))
    this.#view.lang = view.lang
    this.#fallback.hidden = true
    this.#alert.textContent = ''
    this.#status.textContent = ''
    if (view.outcome === undefined) return
    const first = shown[0]
    this.#status.lang = view.lang
    this.#status.textContent = first?.title ?? ''
    // What came of the act is read first, and Tab goes on from there.
    this.#view.querySelector<HTMLElement>('.heading, button')?.focus()
    const event = new CustomEvent('verzet-outcome', {
      bubbles: true,
      composed: true,
      detail: { outcome: view.outcome },
    })
    this.dispatchEvent(event)
  }

  /** What the person sees stays, so that they can press again; the site's own way out stands below it. */
  #tellFailure(words: string): void {
    this.#status.textContent = ''
    this.#alert.lang = this.#language()
    this.#alert.textContent = words
    this.#fallback.hidden = false
  }

  #showFallback(): void {
    this.#view.replaceChildren()
    this.#fallback.hidden = false
    this.dispatchEvent(new CustomEvent('verzet-unavailable', { bubbles: true, composed: true }))
  }

  #asked(): Asked {
    const query = new URLSearchParams({ lang: this.#language() })
    for (const name of ['topic', 'channel']) {
      const value = this.getAttribute(name)
      if (value) query.set(name, value)
    }
    const hub = this.getAttribute('hub') ?? new URL(scriptSource, location.href).origin
    return { hub: hub.replace(/\/+$/, ''), query, token: (isExpired) => this.#identify(isExpired) }
  }

  /** A token that was fetched is used until the hub says that it has expired; one in an attribute cannot be renewed. */
  async #identify(isExpired: boolean): Promise<string | undefined> {
    const given = this.getAttribute('identity') ?? this.getAttribute('token') ?? undefined
    const from = this.getAttribute('identity-url')
    const canRenew = this.getIdentity !== undefined || from !== null
    if (isExpired && !canRenew) return undefined
    if (!isExpired && (this.#token ?? given) !== undefined) return this.#token ?? given
    this.#token = this.getIdentity === undefined ? await fetchIdentity(from) : await this.getIdentity()
    return this.#token
  }

  /** Of the element, else of the page around it. */
  #language(): string {
    return this.lang || this.closest<HTMLElement>('[lang]')?.lang || document.documentElement.lang || ''
  }
}

/** The site's own address for it, asked with the session of the site: `{"token":"…"}`, or the token as text. */
async function fetchIdentity(address: string | null): Promise<string | undefined> {
  if (address === null) return undefined
  const answer = await fetch(address, { credentials: 'same-origin', cache: 'no-store' })
  if (!answer.ok) return undefined
  const text = (await answer.text()).trim()
  if (!text.startsWith('{')) return text
  const body: unknown = JSON.parse(text)
  return typeof body === 'object' && body !== null && 'token' in body ? String(body.token) : undefined
}
