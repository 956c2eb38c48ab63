/**
 * Decisions a second and bytes an entry of the gate's index: `node --expose-gc bench/gate-index.mjs [--entries
 * 1000000,10000000] [--runs 3] [--seconds 2] [--database URL] [--redis PORT] [--lmdb DIRECTORY] [--json]`. Half of the
 * questions are about people who refused everything. Beside it, where they are there: a JavaScript Set, PostgreSQL asked for
 * 1,000 keys at a time, Redis with SMISMEMBER of 1,000 (`--redis PORT` of a server that may be emptied), and LMDB with
 * 16-byte keys (DIRECTORY has `lmdb` installed). Each is filled once and asked `--runs` times; medians, by the clock and by
 * the processor time of this process. 100 million entries take 1.6 GB here, and more than most machines have elsewhere:
 * `--only verzet` leaves the others out.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { about, catalog, emailOf, fingerprintKey, loadGate, refusal } from './gate-bundle.mjs'
import { describeMachine } from './hub-process.mjs'
import { median } from './load.mjs'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '2' },
    database: { type: 'string' },
    redis: { type: 'string' },
    lmdb: { type: 'string' },
    runs: { type: 'string', default: '3' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const batch = 1_000
/** A Set of JavaScript holds no more. */
const setMax = 2 ** 24

const gate = await loadGate()
const results = []
for (const entries of values.entries.split(',').map(Number)) {
  await optional('verzet', entries, '', measureIndex)
  if (entries <= setMax) await optional('set', entries, '', measureSet)
  else if (isWanted('set')) results.push({ entries, name: 'JavaScript Set', problem: `ends at ${setMax} entries` })
  await optional('PostgreSQL', entries, values.database, measurePostgres)
  await optional('Redis', entries, values.redis, measureRedis)
  await optional('LMDB', entries, values.lmdb, measureLmdb)
}
const machine = await describeMachine()
if (values.json) console.log(JSON.stringify({ machine, runs: Number(values.runs), results }, null, 2))
else printTable()

function printTable() {
  console.log(`${machine}; median of ${values.runs} runs\n`)
  console.log('| | entries | questions/s | a processor second | bytes an entry |\n|---|---:|---:|---:|---:|')
  for (const { name, entries, problem, perSecond, perProcessorSecond, bytes } of results) {
    const figures = [entries, perSecond, perProcessorSecond].map((figure) =>
      Math.round(figure ?? 0).toLocaleString('en'),
    )
    if (problem !== undefined) console.log(`| ${name} | ${figures[0]} | ${problem} | | |`)
    else console.log(`| ${name} | ${figures.join(' | ')} | ${bytes.toFixed(1)} |`)
  }
}

function isWanted(name) {
  return values.only === undefined || values.only.split(',').some((part) => name.toLowerCase().includes(part))
}

async function measureIndex(entries) {
  const fingerprinter = new gate.Fingerprinter(fingerprintKey)
  const index = new gate.StandingIndex({ expectedEntries: entries, withChoiceIds: false })
  for (let person = 0; person < entries; person += 1) {
    fingerprinter.take('email', emailOf(2 * person))
    index.set(fingerprinter.low, fingerprinter.high, refusal)
  }
  const questions = new gate.Questions(index, fingerprinter, catalog)
  const asked = addresses(entries)
  const now = Date.now()
  const one = await rate(asked, (address) => {
    questions.answer({ type: 'email', value: address }, about, now)
  })
  show('Verzet, one by one from strings', entries, one, index.bytes / index.entries)
  const lists = Array.from({ length: asked.length / batch }, (_, list) => asked.slice(list * batch, (list + 1) * batch))
  const many = await rate(lists, (addresses) => {
    const points = addresses.map((value) => ({ type: 'email', value }))
    questions.answerMany(points, about, now)
  })
  show('Verzet, lists of 1,000 strings', entries, times(many, batch), index.bytes / index.entries)
  // Others each time: the same ones would be found in the processor's cache.
  const pieces = Array.from({ length: 64 }, () => new Uint32Array(Uint8Array.from(randomBytes(8 * 8_192)).buffer))
  const located = new Float64Array(8_192)
  const rounds = await rate(pieces, (pairs) => questions.locateMany(pairs, 8_192, located))
  show('Verzet, fingerprints 8,192 at a time', entries, times(rounds, 8_192), index.bytes / index.entries)
}

async function measureSet(entries) {
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const refused = new Set()
  for (let person = 0; person < entries; person += 1) refused.add(emailOf(2 * person))
  globalThis.gc?.()
  const bytes = process.memoryUsage().rss - before
  let found = 0
  const perSecond = await rate(addresses(entries), (address) => {
    if (refused.has(address.toLowerCase())) found += 1
  })
  show(`JavaScript Set${found > 0 ? '' : ' (found nobody)'}`, entries, perSecond, bytes / entries)
}

async function measurePostgres(entries, url) {
  const { Client } = await import('pg')
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    await client.query('create temporary table refused (address text primary key)')
    await client.query(
      `insert into refused select 'person' || 2 * n || '@mail' || (2 * n) % 97 || '.example.be'
       from generate_series(0, $1::int - 1) as n`,
      [entries],
    )
    const { rows } = await client.query("select pg_total_relation_size('refused') as bytes")
    const query = { name: 'find', text: 'select address from refused where address = any($1::text[])' }
    const perSecond = await rate(batches(entries), (asked) => client.query({ ...query, values: [asked] }))
    show('PostgreSQL, 1,000 at a time', entries, times(perSecond, batch), Number(rows[0].bytes) / entries)
  } finally {
    await client.end()
  }
}

async function measureRedis(entries, port) {
  const redis = openRedis(Number(port))
  await redis.send(['DEL', 'refused'])
  const before = await usedMemory(redis)
  for (let from = 0; from < entries; from += 10_000) {
    const members = Array.from({ length: Math.min(10_000, entries - from) }, (_, index) => emailOf(2 * (from + index)))
    await redis.send(['SADD', 'refused', ...members])
  }
  const bytes = (await usedMemory(redis)) - before
  // Eight on the way at once.
  const all = batches(entries)
  const perSecond = await rate(
    Array.from({ length: all.length / 8 }, (_, index) => all.slice(8 * index, 8 * index + 8)),
    (eight) => Promise.all(eight.map((asked) => redis.send(['SMISMEMBER', 'refused', ...asked]))),
  )
  show('Redis, SMISMEMBER of 1,000, pipelined', entries, times(perSecond, 8 * batch), bytes / entries)
  await redis.send(['DEL', 'refused'])
  redis.end()
}

/** Enough of the protocol for commands and whole answers: an answer ends where the socket has as many lines as announced. */
function openRedis(port) {
  const socket = connect(port, '127.0.0.1')
  const waiting = []
  let received = ''
  socket.setEncoding('latin1').on('data', (text) => {
    received += text
    for (let end = answerEnd(received); end > 0; end = answerEnd(received)) {
      waiting.shift()(received.slice(0, end))
      received = received.slice(end)
    }
  })
  const write = (parts) => `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join('')}`
  return {
    send: (parts) =>
      new Promise((resolve) => {
        waiting.push(resolve)
        socket.write(write(parts))
      }),
    end: () => socket.end(),
  }
}

function answerEnd(text) {
  const line = text.indexOf('\r\n')
  if (line < 0) return 0
  const count = Number(text.slice(1, line))
  if (text[0] === '$') return text.length >= line + 4 + count ? line + 4 + count : 0
  if (text[0] !== '*') return line + 2
  let end = line + 2
  for (let index = 0; index < count; index += 1) {
    const next = text.indexOf('\r\n', end)
    if (next < 0) return 0
    end = next + 2
  }
  return end
}

async function usedMemory(redis) {
  return Number(/used_memory:(\d+)/.exec(await redis.send(['INFO', 'memory']))?.[1])
}

/** Keys of 16 bytes, as a gate could keep them there; one transaction reads 1,000. */
async function measureLmdb(entries, directory) {
  const path = createRequire(join(directory, 'package.json')).resolve('lmdb')
  const { open } = await import(pathToFileURL(path).href)
  const place = mkdtempSync(join(tmpdir(), 'gate-index-lmdb-'))
  const database = open({
    path: join(place, 'data.mdb'),
    noSubdir: true,
    keyEncoding: 'binary',
    encoding: 'binary',
    noSync: true,
  })
  const keyOf = (address) => createHash('md5').update(address).digest()
  try {
    const yes = Buffer.of(1)
    for (let from = 0; from < entries; from += 100_000) {
      const last = Math.min(entries, from + 100_000)
      await database.transaction(() => {
        for (let person = from; person < last; person += 1) database.put(keyOf(emailOf(2 * person)), yes)
      })
    }
    let found = 0
    const perSecond = await rate(addresses(entries), (address) => {
      if (database.getBinaryFast(keyOf(address)) !== undefined) found += 1
    })
    const name = `LMDB, one by one${found > 0 ? '' : ' (found nobody)'}`
    show(name, entries, perSecond, statSync(join(place, 'data.mdb')).size / entries)
  } finally {
    await database.close()
    rmSync(place, { recursive: true, force: true })
  }
}

async function optional(name, entries, place, work) {
  if (place === undefined || !isWanted(name)) return
  try {
    await work(entries, place)
  } catch (error) {
    results.push({ entries, name, problem: `not measured: ${error.message}` })
  }
}

function addresses(entries) {
  // Flat strings, as they come from a parsed request.
  return Array.from({ length: 100_000 }, () => Buffer.from(emailOf(Math.floor(Math.random() * 2 * entries))).toString())
}

function batches(entries) {
  const all = addresses(entries)
  return Array.from({ length: all.length / batch }, (_, index) => all.slice(index * batch, (index + 1) * batch))
}

/** How often a second, the median of the runs, after one turn over all of them before the clock starts. */
async function rate(items, ask) {
  await turn(items, ask)
  const runs = []
  for (let run = 0; run < Number(values.runs); run += 1) {
    const startedAt = performance.now()
    const before = process.cpuUsage()
    let count = 0
    while (performance.now() - startedAt < Number(values.seconds) * 1000) {
      await turn(items, ask)
      count += items.length
    }
    const { user, system } = process.cpuUsage(before)
    runs.push({ clock: (count * 1e3) / (performance.now() - startedAt), processor: (count * 1e6) / (user + system) })
  }
  return { clock: median(runs.map((run) => run.clock)), processor: median(runs.map((run) => run.processor)) }
}

async function turn(items, ask) {
  for (const item of items) {
    const asked = ask(item)
    if (asked instanceof Promise) await asked
  }
}

function times({ clock, processor }, factor) {
  return { clock: clock * factor, processor: processor * factor }
}

function show(name, entries, { clock, processor }, bytes) {
  results.push({ entries, name, perSecond: clock, perProcessorSecond: processor, bytes })
}
