// Durable opt-outs a second over HTTP, beside the engine's own one-row inserts and a plain server, in one run.
import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { measureGate } from './gate.mjs'
import { makeDataDir, readColumn, runVerzet, startHub, writePeople } from './hub-process.mjs'
import { httpRequest, median, sendAll } from './load.mjs'

const clients = 64
const restMs = 3_000
const brand = { name: 'Bench', controller: 'Bench NV', country: 'BE', settings: {} }

/** One row of results for a hub that knows `people` people. */
export async function measureAt({ people, optOuts, runs, log }) {
  const { dataDir, remove } = makeDataDir()
  try {
    const filled = await fill(dataDir, { people, wanted: Math.min(people, optOuts * runs), log })
    const hub = await startHub(dataDir)
    try {
      const loadedAfterMs = await gateLoaded(hub)
      log(`the gate's index was loaded ${loadedAfterMs} ms after the start`)
      const measured = await measureOptOuts({ hub, dataDir, pages: filled.pages, runs, log })
      const gate = await measureGate({ hub, people, seconds: 5, runs })
      log(JSON.stringify(gate))
      return {
        people,
        importRowsPerSecond: filled.importRowsPerSecond,
        linkRowsPerSecond: filled.linkRowsPerSecond,
        ...measured,
        ...gate,
      }
    } finally {
      await hub.stop()
    }
  } finally {
    remove()
  }
}

/** Until then the database answers the gate's questions, and the loading takes processor time from everything else. */
async function gateLoaded(hub) {
  const startedAt = performance.now()
  for (;;) {
    const text = await (await fetch(`${hub.url}/metrics`)).text()
    if (/^verzet_gate_memory_entries [1-9]/m.test(text)) return Math.round(performance.now() - startedAt)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function fill(dataDir, { people, wanted, log }) {
  const csv = join(dataDir, 'people.csv')
  const head = join(dataDir, 'head.csv')
  const linked = join(dataDir, 'linked.csv')
  await writePeople(csv, people)
  await writePeople(head, wanted)
  await prepareCatalog(dataDir)
  log(`importing ${people} people`)
  const basis = ['--basis', 'customer', '--customer-since', '2024-01-01', '--brand', 'bench']
  const importRowsPerSecond = await rate(people, () => runVerzet(dataDir, ['import', csv, ...basis]))
  log(`${importRowsPerSecond} rows/s`)
  const about = ['--brand', 'bench', '--topic', 'news', '--campaign', 'c1', '--out', linked]
  const linkRowsPerSecond = await rate(wanted, () => runVerzet(dataDir, ['links', head, ...about]))
  return { importRowsPerSecond, linkRowsPerSecond, pages: await readColumn(linked, 'optout_page') }
}

async function rate(rows, work) {
  const startedAt = performance.now()
  await work()
  return Math.round((rows / (performance.now() - startedAt)) * 1000)
}

async function measureOptOuts({ hub, dataDir, pages, runs, log }) {
  const share = Math.floor(pages.length / runs)
  const rows = []
  for (let run = 0; run < runs; run += 1) {
    // What the engine was made to write before is still on its way to the disk.
    await new Promise((resolve) => setTimeout(resolve, restMs))
    const requests = pages.slice(run * share, (run + 1) * share).map((page) => oneClick(new URL(page).pathname))
    const verzet = await sendAll({ port: hub.port, clients, requests })
    if (verzet.statuses[200] !== share)
      throw new Error(`not every opt-out was answered: ${JSON.stringify(verzet.statuses)}`)
    const { perSecond, p50Ms, p99Ms } = verzet
    const engine = await measureEngine(dataDir, clients)
    const plain = await measurePlainServer(dataDir, share)
    const engineRows = await measureEngineRows(dataDir, clients)
    rows.push({ engine, engineRows, plain: plain.perSecond, plainP99Ms: plain.p99Ms, verzet: perSecond, p50Ms, p99Ms })
    log(JSON.stringify(rows.at(-1)))
  }
  const middle = (name) => median(rows.map((row) => row[name]))
  const names = ['engine', 'engineRows', 'plain', 'plainP99Ms', 'verzet', 'p50Ms', 'p99Ms']
  return Object.fromEntries(names.map((name) => [name, middle(name)]))
}

async function prepareCatalog(dataDir) {
  const hub = await startHub(dataDir)
  const call = async (path, body) => {
    const headers = { authorization: `Bearer ${hub.apiKey}`, 'content-type': 'application/json' }
    const response = await fetch(`${hub.url}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  }
  await call('/v1/brands/bench', brand)
  await call('/v1/brands/bench/topics/news', { purpose: 'marketing', names: { en: 'News' } })
  await hub.stop()
}

function oneClick(path) {
  return httpRequest(
    'POST',
    path,
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'List-Unsubscribe=One-Click',
  )
}

/** One-row durable inserts by pgbench (C, prepared) on the very server the hub uses, in a table of its own. */
async function measureEngine(dataDir, connections) {
  const server = serverOf(dataDir)
  psql(
    server,
    `create table if not exists bench_rows (key uuid primary key, at timestamptz not null, body text not null)
       with (autovacuum_enabled = false)`,
  )
  const insert = "insert into bench_rows (key, at, body) values (gen_random_uuid(), now(), repeat('x', 200));\n"
  return runPgbench(dataDir, server, connections, insert)
}

/** People whose standings the engine rewrites; as many rows as the hub has at its smaller size. */
const enginePeople = 10_000

/**
 * The rows of an opt-out in one statement a transaction, without HTTP, without asking whom it reaches and without the
 * feed's numbers in order: what the engine would do if the hub were nothing at all.
 */
async function measureEngineRows(dataDir, connections) {
  const server = serverOf(dataDir)
  psql(
    server,
    `create table if not exists bench_written (kind int, key uuid, at timestamptz, body text, primary key (kind, key))
       with (autovacuum_enabled = false);
     create table if not exists bench_changes (seq bigserial primary key, key int, record jsonb, at timestamptz)
       with (autovacuum_enabled = false);
     create table if not exists bench_standings (key int primary key, seq bigint not null, record jsonb not null)
       with (autovacuum_enabled = false);
     insert into bench_standings select key, 0, '{"groups":[]}' from generate_series(1, ${3 * enginePeople}) key
       on conflict do nothing`,
  )
  const statement = `\\set person random(1, ${enginePeople})
with written as (
  insert into bench_written select kind, gen_random_uuid(), now(), repeat('x', 300) from generate_series(1, 3) kind
), rewritten as (
  update bench_standings set seq = seq + 1,
    record = jsonb_build_object('groups', jsonb_build_array(jsonb_build_object('relation', gen_random_uuid(),
      'items', jsonb_build_array(jsonb_build_object('kind', 'objection', 'id', gen_random_uuid(), 'at', 1790000000000)))))
  where key in (:person, :person + ${enginePeople}, :person + ${2 * enginePeople}) returning key, record
)
insert into bench_changes (key, record, at) select key, record, now() from rewritten;
`
  return runPgbench(dataDir, server, connections, statement)
}

function runPgbench(dataDir, { socket, port }, connections, statement) {
  const script = join(dataDir, 'pgbench.sql')
  writeFileSync(script, statement)
  const out = execFileSync(
    pgbench(),
    ['-n', '-M', 'prepared', '-c', String(connections), '-j', '2', '-T', '5', '-f', script, ...target(socket, port)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    },
  )
  return Math.round(Number(/tps = ([\d.]+)/.exec(out)?.[1]))
}

/** What one would write first: a Node server that inserts one row for each request. */
async function measurePlainServer(dataDir, requests) {
  const { socket, port } = serverOf(dataDir)
  const path = fileURLToPath(new URL('./plain-server.mjs', import.meta.url))
  const child = spawn(process.execPath, [path, socket, String(port)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const listening = await new Promise((resolve) => child.stdout.once('data', (chunk) => resolve(Number(String(chunk)))))
  const body = httpRequest(
    'POST',
    '/u/x',
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    'List-Unsubscribe=One-Click',
  )
  const result = await sendAll({ port: listening, clients, requests: Array.from({ length: requests }, () => body) })
  child.kill()
  return result
}

function serverOf(dataDir) {
  const out = execFileSync('node', ['-e', findSocket, join(dataDir, 'postgres')], { encoding: 'utf8' })
  return JSON.parse(out)
}

/** postmaster.pid (PostgreSQL): fourth line the port, fifth the socket directory. */
const findSocket = `const l=require('fs').readFileSync(process.argv[1]+'/postmaster.pid','utf8').split('\\n');
process.stdout.write(JSON.stringify({port:Number(l[3]),socket:l[4]}))`

function target(socket, port) {
  return ['-h', socket, '-p', String(port), '-U', 'verzet', 'verzet']
}

function psql({ socket, port }, statement) {
  execFileSync('psql', [...target(socket, port), '-q', '-c', statement], { stdio: ['ignore', 'ignore', 'ignore'] })
}

function pgbench() {
  const found = execFileSync('sh', ['-c', 'command -v pgbench || ls /usr/lib/postgresql/*/bin/pgbench | tail -1'], {
    encoding: 'utf8',
  })
  return found.trim()
}
