import {
  type BrandRow,
  type CampaignRow,
  insertCampaign,
  listBrands,
  listCampaigns,
  listTopics,
  type TopicRow,
} from '../storage/catalog.ts'
import type { Database } from '../storage/database.ts'
import { listRegisters } from '../storage/registers.ts'
import { giveNumber } from './give-number.ts'

/** How old the copy of another process's change may be before it is read again. */
const refreshEveryMs = 1_000

/**
 * Brands, topics, campaigns and the age of the registers, held in memory because every question names or needs them.
 * A name or number that is not known is looked up once more in the database before it counts as unknown.
 */
export class Catalog implements AsyncDisposable {
  readonly #db: Database
  #brands = new Map<string, BrandRow>()
  #brandsByNumber = new Map<number, BrandRow>()
  #topics = new Map<string, readonly TopicRow[]>()
  #campaigns = new Map<string, CampaignRow>()
  #campaignsByNumber = new Map<number, CampaignRow>()
  #registers: Readonly<Record<string, number>> = {}
  #timer: NodeJS.Timeout | undefined
  #loading: Promise<void> | undefined

  private constructor(db: Database) {
    this.#db = db
  }

  static async open(db: Database): Promise<Catalog> {
    const catalog = new Catalog(db)
    await catalog.refresh()
    catalog.#timer = setInterval(() => void catalog.refresh().catch(() => {}), refreshEveryMs)
    catalog.#timer.unref()
    return catalog
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    await this.#loading?.catch(() => {})
  }

  refresh(): Promise<void> {
    this.#loading ??= this.#load().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  /** After a change of one's own: a load that began before it must not count. */
  async reload(): Promise<void> {
    while (this.#loading !== undefined) await this.#loading.catch(() => {})
    await this.refresh()
  }

  brands(): readonly BrandRow[] {
    return [...this.#brands.values()]
  }

  brand(id: string): BrandRow | undefined {
    return this.#brands.get(id)
  }

  topics(brandId: string): readonly TopicRow[] {
    return this.#topics.get(brandId) ?? []
  }

  topic(brandId: string, topicId: string): TopicRow | undefined {
    return this.topics(brandId).find((topic) => topic.id === topicId)
  }

  brandByNumber(number: number): BrandRow | undefined {
    return this.#brandsByNumber.get(number)
  }

  topicByNumber(brandId: string, number: number): TopicRow | undefined {
    return this.topics(brandId).find((topic) => topic.number === number)
  }

  campaignByNumber(number: number): CampaignRow | undefined {
    return this.#campaignsByNumber.get(number)
  }

  /** At most so many of a brand's campaigns, those named last; their numbers only grow. */
  newestCampaigns(brandId: string, max: number): readonly CampaignRow[] {
    return [...this.#campaigns.values()].filter(({ brand }) => brand === brandId).slice(-max)
  }

  /** True when a link, a mail or a claim has carried the name. */
  hasCampaign(brandId: string, id: string): boolean {
    return this.#campaigns.has(`${brandId} ${id}`)
  }

  /** When the snapshot in force of each outside list was taken, ms since 1970, by its id. */
  registers(): Readonly<Record<string, number>> {
    return this.#registers
  }

  /** The campaign's number; a campaign nobody named before gets one. */
  async campaign(brandId: string, id: string, now: number): Promise<CampaignRow> {
    const known = this.#campaigns.get(`${brandId} ${id}`)
    if (known !== undefined) return known
    await giveNumber(this.#db, (tx) => insertCampaign(tx, brandId, id, now))
    await this.reload()
    const added = this.#campaigns.get(`${brandId} ${id}`)
    if (added === undefined) throw new Error(`campaign ${id} could not be added`)
    return added
  }

  async #load(): Promise<void> {
    const [brands, topics, campaigns, registers] = await Promise.all([
      listBrands(this.#db),
      listTopics(this.#db),
      listCampaigns(this.#db),
      listRegisters(this.#db),
    ])
    this.#brands = new Map(brands.map((brand) => [brand.id, brand]))
    this.#brandsByNumber = new Map(brands.map((brand) => [brand.number, brand]))
    this.#topics = new Map(brands.map(({ id }) => [id, topics.filter((topic) => topic.brand === id)]))
    this.#campaigns = new Map(campaigns.map((campaign) => [`${campaign.brand} ${campaign.id}`, campaign]))
    this.#campaignsByNumber = new Map(campaigns.map((campaign) => [campaign.number, campaign]))
    this.#registers = Object.fromEntries(registers.map(({ id, takenAt }) => [id, takenAt.getTime()]))
  }
}
