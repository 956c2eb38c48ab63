import { randomInt } from 'node:crypto'
import { linkPathToken, sealLink } from '@verzet/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { composeHub } from '../../src/entry/compose.ts'
import { readConfig } from '../../src/entry/config.ts'
import type { Hub } from '../../src/services/hub.ts'
import { keyContactPoint } from '../../src/services/key-contact-point.ts'
import type { KeyedContactPoint } from '../../src/services/ports.ts'
import { saveBrand } from '../../src/services/save-brand.ts'
import { saveRelation } from '../../src/services/save-relation.ts'
import { saveTopic } from '../../src/services/save-topic.ts'
import { insertContactPoints } from '../../src/storage/contact-points.ts'
import { openDatabase, transact } from '../../src/storage/database.ts'
import { insertStandings } from '../../src/storage/standings.ts'
import { findFeedFaults, findForged, findHalfThere, readFourRecords } from './four-records.ts'
import {
  buildHub,
  embeddedConnectionString,
  type HubProcess,
  killIfAlive,
  makeDataDir,
  postmasterOf,
  startHub,
} from './hub-process.ts'
import { type Attempt, sayNoes } from './one-click-line.ts'

const rounds = 50
const connections = 200
const killWithinMs = 400
/** So that after a whole kill window there is still somebody left to say no. */
const linksPerRound = 1_000
/** One contact point in twenty-five belongs to a person with a second one, so that a no is more than one row. */
const relationEvery = 25
/** Every so many rounds the database server is killed as well, in turn before and after the hub. */
const killServerEvery = 5
const seed = Number(process.env.KILL_TEST_SEED ?? randomInt(2 ** 31))

/** After so many rounds all rows are looked at, and not only what was acknowledged in the round before. */
const auditEvery = 10

type Link = { readonly key: string; readonly path: string }
type Population = { readonly links: readonly Link[]; reachOf(key: string): readonly string[] }

let directory: Awaited<ReturnType<typeof makeDataDir>> | undefined
let dataDir: string
let population: Population

beforeAll(async () => {
  await buildHub()
  directory = await makeDataDir()
  dataDir = directory.path
  await using hub = await composeHub(readConfig({ data: dataDir }, {}))
  population = await makePopulation(hub, rounds * linksPerRound)
}, 120_000)

afterAll(() => directory?.[Symbol.asyncDispose]())

it('loses no acknowledged opt-out and leaves none half there, killed 50 times under 200 parallel opt-outs', async () => {
  process.stdout.write(`kill test: seed ${seed} (KILL_TEST_SEED repeats the moments)\n`)
  const random = generator(seed)
  const startedAt = performance.now()
  const attempts: Attempt[] = []
  let underWay = 0
  for (let round = 0; round < rounds; round += 1) {
    const isServerKilled = round % killServerEvery === killServerEvery - 1
    const kill = { afterMs: random() * killWithinMs, server: serverFate(isServerKilled, random()) }
    await using hub = await startQuietly()
    await audit(attempts, round % auditEvery === 0 ? 'all' : 'acknowledged')
    const said = await sayNoAndKill(
      hub,
      population.links.slice(round * linksPerRound, (round + 1) * linksPerRound),
      kill,
    )
    underWay += said.filter(({ answer }) => answer === 'sent').length
    attempts.push(...said)
  }
  await using _hub = await startQuietly()
  await audit(attempts, 'all')
  const acknowledged = attempts.filter(({ answer }) => answer === 'acknowledged').length
  const seconds = Math.round((performance.now() - startedAt) / 1_000)
  process.stdout.write(
    `kill test: ${acknowledged} acknowledged of ${attempts.length} sent in ${rounds} rounds, ${underWay} under way when killed, ${seconds} s\n`,
  )
  expect(underWay, 'the kills did not come while opt-outs were under way').toBeGreaterThan(rounds * 10)
}, 300_000)

type ServerFate = 'lives' | 'killed_before' | 'killed_after'
type Kill = { readonly afterMs: number; readonly server: ServerFate }

function serverFate(isKilled: boolean, random: number): ServerFate {
  if (!isKilled) return 'lives'
  return random < 0.5 ? 'killed_before' : 'killed_after'
}

function startQuietly(): Promise<HubProcess> {
  return startHub({ dataDir, env: { VERZET_LOG_LEVEL: 'error' } })
}

async function sayNoAndKill(hub: HubProcess, chosen: readonly Link[], { afterMs, server }: Kill): Promise<Attempt[]> {
  const queue = chosen.values()
  const lines = Array.from({ length: connections }, () => sayNoes(Number(new URL(hub.ready.url).port), queue))
  await Promise.all(lines.map(({ ready }) => ready))
  const postmaster = postmasterOf(dataDir) ?? 0
  expect(postmaster).toBeGreaterThan(1)
  for (const line of lines) line.begin()
  await new Promise((resolve) => setTimeout(resolve, afterMs))
  if (server === 'killed_before') killIfAlive(postmaster, 'SIGKILL')
  hub.kill('SIGKILL')
  if (server === 'killed_after') killIfAlive(postmaster, 'SIGKILL')
  expect(await hub.ended).toEqual({ code: null, signal: 'SIGKILL' })
  return (await Promise.all(lines.map(({ ended }) => ended))).flat()
}

/** Looked at while the hub runs again, as everybody else would. */
async function audit(attempts: readonly Attempt[], what: 'acknowledged' | 'all'): Promise<void> {
  const db = await openDatabase({ connectionString: embeddedConnectionString(dataDir), poolSize: 1 })
  try {
    const recorded = new Set(
      (await db.query<{ key: string }>('select subject_key::text as key from choices')).map(({ key }) => key),
    )
    expect(
      attempts.filter(({ key, answer }) => answer === 'acknowledged' && !recorded.has(key)),
      'lost',
    ).toEqual([])
    if (what === 'acknowledged') return
    const said = new Set(attempts.map(({ key }) => key))
    expect(
      [...recorded].filter((key) => !said.has(key)),
      'said by nobody',
    ).toEqual([])
    const records = await readFourRecords(db)
    expect(records.choices.size, 'two choices for one opt-out').toBe(recorded.size)
    expect(findHalfThere(records, population.reachOf)).toEqual([])
    expect(await findForged(db)).toEqual([])
    expect(await findFeedFaults(db)).toEqual([])
  } finally {
    await db[Symbol.asyncDispose]()
  }
}

/** People with a link each, made as `verzet links` makes them but for the printed codes; some are a known relation with a phone number too. */
async function makePopulation(hub: Hub, count: number): Promise<Population> {
  const now = Date.now()
  const { brand } = await saveBrand(
    hub.db,
    hub.catalog,
    { id: 'proef', name: 'Proef', controller: 'Proef NV', country: 'BE', settings: {} },
    now,
    'test',
  )
  await saveTopic(
    hub.db,
    hub.catalog,
    { brand: brand.id, id: 'nieuws', purpose: 'marketing', names: { en: 'News' } },
    now,
    'test',
  )
  const people = Array.from({ length: count }, (_, index) => named(hub, 'email', `p${index}@voorbeeld.be`))
  for (let from = 0; from < people.length; from += 5_000) {
    const rows = people.slice(from, from + 5_000).map(({ key, fingerprint, contactPoint }) => ({
      key,
      contactKey: key,
      type: contactPoint.type,
      value: contactPoint.normalised,
      fingerprint,
    }))
    await transact(hub.db, async (tx) => {
      await insertContactPoints(tx, rows, now)
      await insertStandings(tx, rows)
    })
  }
  const reach = await addRelations(
    hub,
    people.filter((_, index) => index % relationEvery === 0),
  )
  const links = people.map(({ key }) => {
    const claims = {
      contactPointKey: key,
      brandNumber: brand.number,
      topicNumber: 1,
      campaignNumber: 0,
      channel: 'email' as const,
      offered: [],
      mintedAt: now,
    }
    return { key, path: `/u/${linkPathToken(sealLink(hub.linkRing, claims))}` }
  })
  return { links, reachOf: (key) => reach.get(key) ?? [key] }
}

async function addRelations(hub: Hub, people: readonly KeyedContactPoint[]): Promise<Map<string, readonly string[]>> {
  const reach = new Map<string, readonly string[]>()
  const work = people.entries()
  const addSome = async () => {
    for (const [index, person] of work) {
      const { key, fingerprint } = named(hub, 'customer', `K-${index}`)
      const second = named(hub, 'phone', `+3247${String(1_000_000 + index)}`)
      const relation = { key, fingerprint, externalId: `K-${index}`, contactPoints: [person, second] }
      await transact(hub.db, (tx) => saveRelation(tx, hub.random, relation, Date.now(), 'test'))
      reach.set(person.key, [person.key, key, second.key])
    }
  }
  await Promise.all(Array.from({ length: 8 }, addSome))
  return reach
}

function named(hub: Hub, type: 'email' | 'customer' | 'phone', value: string): KeyedContactPoint {
  const result = keyContactPoint(hub.secrets, { type, value }, 'BE')
  if (result.kind !== 'ok') throw new Error(result.hint)
  return result.keyed
}

/** Mulberry32: the same moments for the same seed. */
function generator(start: number): () => number {
  let state = start >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
