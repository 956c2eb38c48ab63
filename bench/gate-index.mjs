/**
 * Decisions a second and bytes an entry of the gate's index: `node --expose-gc bench/gate-index.mjs [--entries
 * 1000000,10000000] [--seconds 2] [--database URL] [--redis PORT]`. Half of the questions are about people who refused
 * everything. Beside it, where they are there: a JavaScript Set, PostgreSQL asked for 1,000 keys at a time, and Redis with
 * SMISMEMBER of 1,000 (`--redis PORT` of a server that may be emptied). 100 million entries take 3.2 GB: say so.
 */
import { randomBytes } from 'node:crypto'
import { connect } from 'node:net'
import { parseArgs } from 'node:util'
import { about, catalog, emailOf, fingerprintKey, loadGate, refusal } from './gate-bundle.mjs'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '2' },
    database: { type: 'string' },
    redis: { type: 'string' },
  },
})
const batch = 1_000
/** A Set of JavaScript holds no more. */
const setMax = 2 ** 24

const gate = await loadGate()
console.log('| | entries | questions/s | bytes an entry |\n|---|---:|---:|---:|')
for (const entries of values.entries.split(',').map(Number)) {
  await measureIndex(entries)
  if (entries <= setMax) await measureSet(entries)
  else console.log(`| JavaScript Set | ${entries.toLocaleString('en')} | ends at ${setMax.toLocaleString('en')} | |`)
  await optional('PostgreSQL', entries, values.database, measurePostgres)
  await optional('Redis', entries, values.redis, measureRedis)
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
  const pairs = new Uint32Array(randomBytes(8 * 8_192).buffer.slice(0, 8 * 8_192))
  const located = new Float64Array(8_192)
  const rounds = await rate(
    Array.from({ length: 64 }, () => 0),
    () => questions.locateMany(pairs, 8_192, located),
  )
  show('Verzet, fingerprints 8,192 at a time', entries, rounds * 8_192, index.bytes / index.entries)
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
    show('PostgreSQL, 1,000 at a time', entries, perSecond * batch, Number(rows[0].bytes) / entries)
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
  show('Redis, SMISMEMBER of 1,000, pipelined', entries, perSecond * 8 * batch, bytes / entries)
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

async function optional(name, entries, place, work) {
  if (place === undefined) return
  try {
    await work(entries, place)
  } catch (error) {
    console.log(`| ${name} | ${entries.toLocaleString('en')} | not measured: ${error.message} | |`)
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

/** How often a second, one turn over all of them before the clock starts. */
async function rate(items, ask) {
  const seconds = Number(values.seconds)
  let count = 0
  let startedAt = 0
  for (let turn = 0; turn === 0 || performance.now() - startedAt < seconds * 1000; turn += 1) {
    if (turn === 1) {
      startedAt = performance.now()
      count = 0
    }
    if (turn === 0) startedAt = Number.POSITIVE_INFINITY
    for (const item of items) {
      const asked = ask(item)
      if (asked instanceof Promise) await asked
    }
    count += items.length
    if (turn === 0) startedAt = performance.now()
  }
  return (count * 1000) / (performance.now() - startedAt)
}

function show(name, entries, perSecond, bytes) {
  const figures = [entries, Math.round(perSecond), Math.round(bytes)].map((figure) => figure.toLocaleString('en'))
  console.log(`| ${name} | ${figures.join(' | ')} |`)
}
