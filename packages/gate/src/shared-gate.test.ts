import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type Standing, uuidV7 } from '@verzet/core'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createGate } from './create-gate.ts'
import { Fingerprinter } from './fingerprinter.ts'
import type { Gate } from './gate.ts'
import { GateShare } from './gate-share.ts'
import { fingerprintKey } from './scrub/testing/list-fixtures.ts'
import { openSharedGate } from './shared-gate.ts'
import { StandingIndex } from './standing-index.ts'
import { eventually, FakeFeed, fakePerson, saying, startFakeHub } from './testing/fake-hub.ts'
import type { ShareReport, ShareWork } from './testing/share-worker.ts'

let directory: string
let script: string
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'verzet-share-'))
  script = join(directory, 'worker.mjs')
  await build({
    entryPoints: [fileURLToPath(new URL('testing/share-worker.ts', import.meta.url))],
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: { '@verzet/core': fileURLToPath(new URL('../../core/src/index.ts', import.meta.url)) },
    outfile: script,
    logLevel: 'error',
  })
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

const catalog = {
  brands: [
    { id: 'shop', country: 'BE', topics: [{ id: 'news', purpose: 'marketing' as const }], pledgedRegisters: [] },
  ],
  registers: {},
}
const terms = { fingerprintKey, catalog, entries: 0, etag: undefined, feed: undefined }
const customer: Standing = { groups: [], customer: true }
const said = (id: number, scope: { brand?: string }): Standing => ({
  groups: [
    {
      relation: null,
      items: [{ id: `01890000-0000-7000-8000-${String(id).padStart(12, '0')}`, kind: 'objection', scope, at: id }],
    },
  ],
  customer: true,
})

/** The next message of a worker. */
function next<Message>(worker: Worker): Promise<Message> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

/** Whoever is asked about, and how often a no or its end was published about each. */
class Owner {
  readonly index = new StandingIndex()
  readonly people = Array.from({ length: 200 }, (_, index) => `person${index}@x.be`)
  readonly said = new Int32Array(new SharedArrayBuffer(4 * this.people.length))
  readonly stop = new Int32Array(new SharedArrayBuffer(4))
  readonly share = new GateShare()
  #changes = 0

  constructor() {
    for (const person of this.people) this.#set(person, customer)
    this.share.publish(this.index, terms)
    this.share.tell(true, 60_000)
  }

  start(): Worker {
    const handle = this.share.open()
    const workerData: ShareWork = { handle, people: this.people, said: this.said, stop: this.stop }
    return new Worker(script, { workerData, transferList: [handle.port] })
  }

  /** A no of one kind or the other, its end, and somebody nobody asks about, so that everything grows. */
  change(): void {
    this.#changes += 1
    const person = (this.#changes * 7) % this.people.length
    const address = this.people[person] ?? ''
    if (Atomics.load(this.said, person) % 2 === 1) {
      // Now and then one kind of no becomes the other, with no moment between them.
      if (this.#changes % 3 === 0) this.#set(address, said(this.#changes, this.#changes % 2 ? {} : { brand: 'shop' }))
      else {
        Atomics.add(this.said, person, 1)
        this.#set(address, customer)
      }
    } else {
      this.#set(address, said(this.#changes, this.#changes % 2 ? {} : { brand: 'shop' }))
      Atomics.add(this.said, person, 1)
    }
    this.#set(`stranger${this.#changes}@x.be`, said(this.#changes, this.#changes % 5 ? {} : { brand: 'shop' }))
  }

  #set(address: string, standing: Standing): void {
    const fingerprinter = new Fingerprinter(fingerprintKey)
    fingerprinter.take('email', address)
    this.index.set(fingerprinter.low, fingerprinter.high, standing)
  }
}

describe('a gate shared between threads', () => {
  it('answers as the gate itself, before it is ready, with every change, and after it is closed', async () => {
    const [jan, an] = [fakePerson(3), fakePerson(9)]
    const no = { kind: 'objection' as const, id: uuidV7(1, Buffer.alloc(10, 1)), scope: {}, at: 1_000 }
    const feed = new FakeFeed(new Map([[an, saying(no)]]), [[jan, saying(no)]])
    await using hub = await startFakeHub((_key, cursor, response) => void response.write(feed.from(cursor)))
    await using gate = createGate({ url: hub.url, key: 'x' })
    // A port may be used in the thread that made it as well.
    using early = openSharedGate(gate.share())
    const topic = { brand: 'acme', channel: 'email', topic: 'news' } as const
    const ask = (one: Pick<Gate, 'decide'>) =>
      [jan, an].map(({ value }) => one.decide({ type: 'email', value }, topic).reason)
    expect(ask(early)).toEqual(['stale', 'stale'])
    await gate.ready
    expect(await eventually(() => gate.position === feed.end && gate.state === 'fresh')).toBe(true)
    using late = openSharedGate(gate.share())
    expect([ask(gate), ask(early), ask(late)]).toEqual(Array.from({ length: 3 }, () => ['objection', 'objection']))
    await gate.close()
    expect([ask(early), ask(late)]).toEqual(Array.from({ length: 2 }, () => ['stale', 'stale']))
  })

  it('never allows after a no was published, whatever grows and moves meanwhile, and denies once it is closed', async () => {
    const owner = new Owner()
    const worker = owner.start()
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    const endAt = Date.now() + 2_000
    for (let changes = 0; Date.now() < endAt; changes += 1) {
      owner.change()
      if (changes % 500 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const reported = next<ShareReport>(worker)
    Atomics.store(owner.stop, 0, 1)
    const report = await reported
    expect(report.wrong).toBe(0)
    expect(report.allowed).toBeGreaterThan(100)
    expect(report.denied).toBeGreaterThan(100)
    expect(report.reasons).toEqual(['objection'])
    expect(owner.index.entries).toBeGreaterThan(3_000)
    const last = next<string>(worker)
    owner.share.close()
    Atomics.store(owner.stop, 0, 2)
    Atomics.notify(owner.stop, 0)
    expect(await last).toBe('stale')
    expect(await exited).toBe(0)
  }, 30_000)

  it('denies when nothing was told for too long, also when the thread of the owner stands still', async () => {
    const owner = new Owner()
    owner.share.tell(true, 150)
    const worker = owner.start()
    const online = new Promise((resolve) => worker.once('online', resolve))
    await online
    const reported = next<ShareReport>(worker)
    // Nobody tells anything: this thread is busy waiting.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 800)
    Atomics.store(owner.stop, 0, 1)
    expect((await reported).reasons).toContain('stale')
    await worker.terminate()
    owner.share.close()
  }, 30_000)
})
