import { readFile } from 'node:fs/promises'
import type { ContactPoint } from '@verzet/core'
import type { FeedSource } from './feed-client.ts'
import { Fingerprinter } from './fingerprinter.ts'
import type { GateOptions } from './gate-options.ts'
import { LinkMinter, LinkRefused, type LinksAbout, type OfflineLinks } from './links.ts'
import { nameCampaignAtHub, readLinkKey, tellContactPoints } from './links-client.ts'
import { type LinkKey, parseLinkKey } from './links-key.ts'
import type { GivenContactPoint, Questions } from './questions.ts'

/** What the hub takes in one call. */
const toldAtOnceMax = 1_000
/** Contact points waiting to be told, some 10 MB; more are refused until the hub has heard of these. */
const waitingMax = 50_000
/** Contact points that were told lately and need not be told again. */
const toldKeptMax = 50_000
const tellAfterMs = 50
const retryMs = 2_000

/**
 * Links made by a gate. The hub is told of the contact points it may not know, in the background: a no through a link
 * holds by its key at once, but reaches replicas by fingerprint, which the hub can only make of the contact point itself.
 */
export class GateLinks {
  readonly #source: FeedSource
  readonly #options: Pick<GateOptions, 'linkKey' | 'onError'>
  readonly #questions: () => Questions | undefined
  readonly #closing = new AbortController()
  #key: LinkKey | undefined
  #etag: string | undefined
  #minter: LinkMinter | undefined
  #fingerprinter: Fingerprinter | undefined
  readonly #named: { brand: string; id: string; number: number }[] = []
  readonly #waiting = new Map<string, GivenContactPoint>()
  readonly #told = new Set<string>()
  #toldAtOnce = toldAtOnceMax
  #timer: NodeJS.Timeout | undefined
  #telling: Promise<void> | undefined

  /** @param questions The replica: whom it holds a standing of the hub knows. */
  constructor(
    source: FeedSource,
    options: Pick<GateOptions, 'linkKey' | 'onError'>,
    questions: () => Questions | undefined,
  ) {
    this.#source = source
    this.#options = options
    this.#questions = questions
  }

  /** Reads the link key again. Without word of a new one the old one goes on: what it seals opens for ever. */
  async refresh(): Promise<void> {
    const { linkKey } = this.#options
    try {
      if (linkKey === undefined) return
      if (linkKey !== 'hub') {
        this.#take(parseLinkKey(JSON.parse(await readFile(linkKey.file, 'utf8'))))
        return
      }
      const read = await readLinkKey(this.#source, this.#etag, this.#closing.signal)
      if (read === undefined) return
      this.#etag = read.etag
      this.#take(read.key)
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#report(error)
    }
  }

  /** @throws {LinkRefused} */
  links(given: GivenContactPoint, about: LinksAbout): OfflineLinks {
    return this.#ready().links(given, about, Date.now(), this.#note)
  }

  linksMany(contactPoints: readonly GivenContactPoint[], about: LinksAbout): (OfflineLinks | undefined)[] {
    return this.#ready().linksMany(contactPoints, about, Date.now(), this.#note)
  }

  /** @throws {HubUnreachable} */
  async nameCampaign(brand: string, campaign: string): Promise<void> {
    const number = await nameCampaignAtHub(this.#source, { brand, campaign }, this.#closing.signal)
    this.#named.push({ brand, id: campaign, number })
    if (this.#key !== undefined) this.#take(this.#key)
  }

  /** Resolves when the hub knows everybody links were made for. @throws {HubUnreachable} */
  async told(): Promise<void> {
    while (this.#waiting.size > 0) await this.#tell()
  }

  /** Tells the hub what is waiting, if it listens, and ends. */
  async close(): Promise<void> {
    await this.told().catch((error) => this.#report(error))
    clearTimeout(this.#timer)
    this.#closing.abort()
  }

  #ready(): LinkMinter {
    if (this.#minter !== undefined) return this.#minter
    const what = 'there is no link key: set linkKey, await gate.ready, and see what onError was told'
    throw new LinkRefused('no_link_key', what)
  }

  #take(key: LinkKey): void {
    this.#key = key
    this.#minter = new LinkMinter(withCampaigns(key, this.#named))
  }

  readonly #note = (contactPoint: ContactPoint): void => {
    if (this.#isHeld(contactPoint)) return
    const { type, normalised } = contactPoint
    const name = `${type}:${normalised}`
    if (this.#told.has(name) || this.#waiting.has(name)) return
    if (this.#waiting.size >= waitingMax) {
      throw new LinkRefused(
        'too_many_unknown',
        'links were made for more people than the hub has been told of: await gate.linksTold(), or import them first',
      )
    }
    this.#waiting.set(name, { type, value: normalised })
    this.#tellAfter(tellAfterMs)
  }

  #isHeld({ type, normalised }: ContactPoint): boolean {
    const questions = this.#questions()
    if (questions === undefined) return false
    if (this.#fingerprinter?.key !== questions.fingerprintKey) {
      this.#fingerprinter = new Fingerprinter(questions.fingerprintKey)
    }
    this.#fingerprinter.take(type, normalised)
    return questions.locate(this.#fingerprinter.low, this.#fingerprinter.high) !== 0
  }

  #tellAfter(ms: number): void {
    if (this.#timer !== undefined || this.#closing.signal.aborted) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.told().catch((error) => {
        this.#report(error)
        this.#tellAfter(retryMs)
      })
    }, ms)
    this.#timer.unref()
  }

  #report(error: unknown): void {
    this.#options.onError?.(error instanceof Error ? error : new Error(String(error)))
  }

  #tell(): Promise<void> {
    this.#telling ??= this.#tellSome().finally(() => {
      this.#telling = undefined
    })
    return this.#telling
  }

  /** What a hub of another version refuses is found by telling one at a time, so that it does not keep the others back. */
  async #tellSome(): Promise<void> {
    const some: [string, GivenContactPoint][] = []
    for (const entry of this.#waiting) {
      if (some.length === this.#toldAtOnce) break
      some.push(entry)
    }
    const contactPoints = some.map(([, contactPoint]) => contactPoint)
    const isTaken = await tellContactPoints(this.#source, contactPoints, this.#closing.signal)
    if (!isTaken && some.length > 1) {
      this.#toldAtOnce = 1
      return
    }
    if (!isTaken) this.#report(new Error('the hub does not take a contact point a link was made for'))
    this.#toldAtOnce = Math.min(toldAtOnceMax, 2 * this.#toldAtOnce)
    for (const [name] of some) {
      this.#waiting.delete(name)
      this.#told.add(name)
    }
    if (this.#told.size > toldKeptMax) this.#told.clear()
  }
}

/** Those named since the key was read. */
function withCampaigns(key: LinkKey, named: readonly { brand: string; id: string; number: number }[]): LinkKey {
  return {
    ...key,
    brands: key.brands.map((brand) => ({
      ...brand,
      campaigns: [...brand.campaigns, ...named.filter((one) => one.brand === brand.id)],
    })),
  }
}
