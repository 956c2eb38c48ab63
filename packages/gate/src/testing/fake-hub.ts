import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  decodePosition,
  encodePosition,
  partitionOf,
  partitionsCount,
  type Standing,
  type StandingItem,
} from '@verzet/core'
import { Fingerprinter } from '../fingerprinter.ts'

const fingerprintKey = Buffer.alloc(16, 'fake hub')
const tick = 15

/** Somebody whom the hub knows something about; those with numbers 64 apart share a partition. */
export type FakePerson = { readonly value: string; readonly key: string; readonly fingerprint: string }

export function fakePerson(number: number): FakePerson {
  const value = `p${number}@voorbeeld.be`
  const fingerprinter = new Fingerprinter(fingerprintKey)
  fingerprinter.take('email', value)
  const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0')
  const first = number.toString(16).padStart(2, '0')
  return {
    value,
    key: `${first}000000-0000-0000-0000-000000000000`,
    fingerprint: hex(fingerprinter.high) + hex(fingerprinter.low),
  }
}

export function saying(...items: readonly StandingItem[]): Standing {
  return { groups: [{ relation: null, items }] }
}

type Step = { readonly person: FakePerson; readonly standing: Standing | null; readonly last: readonly bigint[] }

/** What a hub sends that began with some standings and lived through some changes, as far as a gate asks for it. */
export class FakeFeed {
  readonly #before: ReadonlyMap<FakePerson, Standing>
  readonly #steps: readonly Step[]
  readonly #start: readonly bigint[] = Array.from({ length: partitionsCount }, () => 0n)

  constructor(before: ReadonlyMap<FakePerson, Standing>, changes: readonly (readonly [FakePerson, Standing | null])[]) {
    this.#before = before
    const last = [...this.#start]
    this.#steps = changes.map(([person, standing]) => {
      const partition = partitionOf(person.key)
      last[partition] = (last[partition] ?? 0n) + 1n
      return { person, standing, last: [...last] }
    })
  }

  get end(): string {
    return encodePosition({ last: this.#steps.at(-1)?.last ?? this.#start })
  }

  /** Of somebody who was following when the changes came. */
  get recorded(): string {
    return [
      ...this.#snapshot(this.#start, this.#before, ''),
      this.#position(this.#start),
      this.#after(this.#start),
    ].join('')
  }

  /** What a reader gets that comes now. */
  from(cursor: string | undefined): string {
    const position = cursor === undefined ? undefined : decodePosition(cursor)
    const last = position?.last ?? this.#steps.at(-1)?.last ?? this.#start
    if (position !== undefined && position.snapshotKey === undefined) return this.#after(last)
    return [...this.#snapshot(last, this.#now(), position?.snapshotKey ?? ''), this.#after(last)].join('')
  }

  #now(): ReadonlyMap<FakePerson, Standing> {
    const now = new Map(this.#before)
    for (const { person, standing } of this.#steps) {
      if (standing === null) now.delete(person)
      else now.set(person, standing)
    }
    return now
  }

  #snapshot(last: readonly bigint[], standings: ReadonlyMap<FakePerson, Standing>, afterKey: string): string[] {
    const rows = [...standings]
      .filter(([{ key }]) => key > afterKey)
      .toSorted(([one], [other]) => (one.key < other.key ? -1 : 1))
    return [
      ...rows.map(([{ key, fingerprint }, standing]) => {
        const contactPoint = { key, type: 'email' }
        return lineOf({
          type: 'standing',
          contactPoint,
          fingerprint,
          standing,
          position: encodePosition({ last, snapshotKey: key }),
        })
      }),
      lineOf({ type: 'snapshot_end', position: encodePosition({ last }) }),
    ]
  }

  #after(last: readonly bigint[]): string {
    const missing = this.#steps.filter(({ person, last: at }) => {
      const partition = partitionOf(person.key)
      return (at[partition] ?? 0n) > (last[partition] ?? 0n)
    })
    const reached = [...last]
    const lines = missing.map(({ person: { key, fingerprint }, standing, last: at }) => {
      const partition = partitionOf(key)
      reached[partition] = at[partition] ?? 0n
      const position = encodePosition({ last: reached })
      return lineOf({
        type: 'change',
        contactPoint: { key },
        fingerprint,
        standing,
        recordedAt: new Date(0).toISOString(),
        position,
      })
    })
    return [...lines, this.#position(reached)].join('')
  }

  #position(last: readonly bigint[]): string {
    return lineOf({ type: 'position', position: encodePosition({ last }) })
  }
}

function lineOf(line: object): string {
  return `${JSON.stringify(line)}\n`
}

export type FakeHub = AsyncDisposable & { readonly url: string }

/**
 * Answers a gate over HTTP. `feed` gets the API key, which names the gate, and writes what it likes; the connection stays
 * open until it ends it.
 */
export async function startFakeHub(
  feed: (key: string, cursor: string | undefined, response: ServerResponse) => void,
): Promise<FakeHub> {
  const terms = JSON.stringify({
    fingerprintKey: fingerprintKey.toString('base64'),
    entries: 10,
    brands: [{ id: 'acme', country: 'BE', pledgedRegisters: [], topics: [{ id: 'news', purpose: 'marketing' }] }],
    registers: {},
  })
  const server = createServer((request: IncomingMessage, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://hub')
    if (pathname === '/v1/gate/replica') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(terms)
      return
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    feed(key, searchParams.get('after') ?? undefined, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Looks again and again; false when it never came. */
export async function eventually(isTrue: () => boolean, withinMs = 10_000): Promise<boolean> {
  const giveUpAt = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > giveUpAt) return false
    await new Promise((resolve) => setTimeout(resolve, tick))
  }
  return true
}
