import { decodePosition, type Position, type Standing } from '@verzet/core'
import { FeedUnreadable } from './feed-line.ts'
import { codeOfCountry } from './gate-record.ts'
import type { LoadedStanding, Replica } from './replica.ts'
import {
  type Block,
  BlockReader,
  blockEntriesMax,
  blockKinds,
  commonTextBytesMax,
  commonTextsMax,
  repeatMark,
  type StandingHead,
  wordsOfPayload,
} from './standing-stream.ts'

const codeMask = 7
const wordsPerPair = 2
const wordsPerId = 4
const decoder = new TextDecoder('utf-8', { fatal: true })

/** Fills a replica with every standing of a hub, from the bytes of standing-stream.ts. */
export class StandingLoader {
  readonly #replica: Replica
  readonly #blocks = new BlockReader()
  readonly #common: LoadedStanding[] = []
  #head: (StandingHead & { readonly at: Position }) | undefined
  /** By the hub's codes, ours. */
  #codes: readonly number[] = []
  /** Where the refusals were put whose ids are to come. */
  #slots: Int32Array | undefined
  #entries = 0

  constructor(replica: Replica) {
    this.#replica = replica
  }

  /** @throws {FeedUnreadable} when a byte is not what was sent: what is in the replica by then is not everything. */
  take(piece: Uint8Array): void {
    for (const block of this.#blocks.read(piece)) this.#apply(block)
  }

  /** The cursor to go on after. @throws {FeedUnreadable} when not everything came. */
  end(): string {
    if (this.#head === undefined || !this.#blocks.hasEnded) throw new FeedUnreadable('the standings ended too early')
    this.#replica.standAt(this.#head.at)
    return this.#head.position
  }

  #apply(block: Block): void {
    if ((this.#head === undefined) !== (block.kind === blockKinds.head)) throw misplaced()
    if (this.#slots !== undefined && block.kind !== blockKinds.ids && this.#replica.index.hasChoiceIds)
      throw misplaced()
    if (block.entries > blockEntriesMax) throw misplaced()
    switch (block.kind) {
      case blockKinds.head:
        this.#open(block.payload)
        return
      case blockKinds.refusals:
        this.#takeRefusals(block)
        return
      case blockKinds.ids:
        this.#takeIds(block)
        return
      case blockKinds.records:
        this.#takeRecords(block)
        return
      case blockKinds.end:
        this.#close(block.payload)
        return
      default:
        throw misplaced()
    }
  }

  #open(payload: Uint8Array): void {
    const head = readHead(payload)
    this.#head = head
    this.#codes = head.countries.map((country) => codeOfCountry(country ?? undefined))
  }

  #takeRefusals({ entries, payload }: Block): void {
    const pairs = wordsOfPayload(payload)
    if (pairs.length !== wordsPerPair * entries) throw misplaced()
    for (let index = 1; index < pairs.length; index += wordsPerPair) {
      const word = pairs[index] ?? 0
      const code = this.#codes[word & codeMask]
      if ((word & codeMask) === 0 || code === undefined) throw misplaced()
      pairs[index] = ((word & ~codeMask) | code) >>> 0
    }
    this.#slots = this.#replica.loadRefusals(pairs)
    this.#entries += entries
  }

  #takeIds({ entries, payload }: Block): void {
    const slots = this.#slots
    this.#slots = undefined
    const words = wordsOfPayload(payload)
    if (slots === undefined || slots.length !== entries || words.length !== wordsPerId * entries) throw misplaced()
    this.#replica.index.putChoiceIds(slots, words)
  }

  #takeRecords({ entries, payload }: Block): void {
    const words = wordsOfPayload(payload)
    let at = 0
    for (let index = 0; index < entries; index += 1) {
      const [low, high, length] = [words[at], words[at + 1], words[at + 2]]
      if (low === undefined || high === undefined || length === undefined) throw misplaced()
      at += 3
      if (length >= repeatMark) {
        this.#load(low, high, this.#common[length - repeatMark])
        continue
      }
      const end = at + Math.ceil(length / 4)
      if (end > words.length) throw misplaced()
      const text = new Uint8Array(words.buffer, words.byteOffset + 4 * at, length)
      const standing = readStanding(text)
      const isCommon = length <= commonTextBytesMax && this.#common.length < commonTextsMax
      const loaded = { standing, record: this.#replica.index.prepare(standing, isCommon ? undefined : text) }
      if (isCommon) this.#common.push(loaded)
      this.#load(low, high, loaded)
      at = end
    }
    if (at !== words.length) throw misplaced()
    this.#entries += entries
  }

  #load(low: number, high: number, loaded: LoadedStanding | undefined): void {
    if (loaded === undefined) throw misplaced()
    this.#replica.loadStanding(low, high, loaded)
  }

  #close(payload: Uint8Array): void {
    const [low = 0, high = 0] = wordsOfPayload(payload)
    if (low + high * 2 ** 32 !== this.#entries) throw new FeedUnreadable('some of the standings are missing')
  }
}

function readHead(payload: Uint8Array): StandingHead & { readonly at: Position } {
  const { position, countries, entries }: Record<string, unknown> = parseObject(payload)
  const at = typeof position === 'string' ? decodePosition(position) : undefined
  const isList = Array.isArray(countries) && countries.every((one) => one === null || typeof one === 'string')
  if (typeof position !== 'string' || at === undefined || !isList || typeof entries !== 'number') throw misplaced()
  return { position, at, countries: countries.map((one) => (one === null ? null : String(one))), entries }
}

/** As of a line of the feed: that it is what `decide` takes is the hub's to see to. */
function readStanding(bytes: Uint8Array): Standing {
  const value = parseObject(bytes)
  if (!Array.isArray(value.groups)) throw misplaced()
  return value as Standing
}

function parseObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(decoder.decode(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  } catch {
    // Said below, as what is no object.
  }
  throw misplaced()
}

function misplaced(): FeedUnreadable {
  return new FeedUnreadable('the standings are not in an order that can be read')
}
