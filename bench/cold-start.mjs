/**
 * How soon a gate answers: `node bench/cold-start.mjs [--entries 10000000] [--runs 3] [--refused 90] [--json]`.
 *
 * A hub of its own is filled with so many standings by SQL, `--refused` percent of them refusals of everything, the others
 * customers. Each run starts the hub anew and measures, in processes of their own: the first gate that starts (the hub reads
 * its database for it), a second one within the same minute (the hub has it at hand), and one with the snapshot file the
 * second left behind. From `createGate` to `ready`, medians; processor seconds are those of the gate alone.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { ensureBuilt } from '../scripts/build.mjs'
import { loadGate } from './gate-bundle.mjs'
import { describeMachine, makeDataDir, startHub } from './hub-process.mjs'
import { median } from './load.mjs'

const { values } = parseArgs({
  options: {
    entries: { type: 'string', default: '10000000' },
    runs: { type: 'string', default: '3' },
    refused: { type: 'string', default: '90' },
    json: { type: 'boolean', default: false },
    child: { type: 'string' },
    url: { type: 'string' },
    key: { type: 'string' },
    cache: { type: 'string' },
    'choice-ids': { type: 'boolean', default: false },
  },
})
const insertedAtOnce = 500_000

if (values.child === undefined) await compare()
else await runChild()

async function compare() {
  await ensureBuilt()
  const results = []
  for (const entries of values.entries.split(',').map(Number)) results.push(...(await measureAt(entries)))
  const report = { machine: await describeMachine(), runs: Number(values.runs), results }
  if (values.json) {
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
    return
  }
  process.stdout.write(`${report.machine}; median of ${report.runs} runs\n\n`)
  process.stdout.write('| entries | start | seconds | processor seconds | memory, MB | bytes an entry | file, MB |\n')
  process.stdout.write('|---:|---|---:|---:|---:|---:|---:|\n')
  for (const { entries, name, seconds, processorSeconds, megabytes, bytesPerEntry, fileMegabytes } of results) {
    const figures = [seconds.toFixed(2), processorSeconds.toFixed(2), Math.round(megabytes), bytesPerEntry.toFixed(1)]
    process.stdout.write(
      `| ${entries.toLocaleString('en')} | ${name} | ${figures.join(' | ')} | ${fileMegabytes ?? ''} |\n`,
    )
  }
}

async function measureAt(entries) {
  const { dataDir, remove } = makeDataDir()
  const cacheDir = mkdtempSync(join(tmpdir(), 'verzet-cold-start-'))
  const found = new Map()
  const note = (name, result) => found.set(name, [...(found.get(name) ?? []), result])
  try {
    const first = await startHub(dataDir)
    await fill(dataDir, entries)
    await first.stop()
    for (let run = 0; run < Number(values.runs); run += 1) {
      for (const ids of [true, false]) {
        const cache = join(cacheDir, `gate-${ids}`)
        const hub = await startHub(dataDir)
        const about = ids ? 'with choice ids' : 'without choice ids'
        rmSync(cache, { force: true })
        note(`hub, first gate, ${about}`, start(hub, ids))
        note(`hub, next gate, ${about}`, start(hub, ids, cache))
        const fileMegabytes = Math.round(statSync(cache).size / 1e6)
        note(`snapshot file, ${about}`, { ...start(hub, ids, cache), fileMegabytes })
        await hub.stop()
      }
    }
  } finally {
    remove()
    rmSync(cacheDir, { recursive: true, force: true })
  }
  return [...found].map(([name, runs]) => ({
    entries,
    name,
    seconds: median(runs.map((run) => run.seconds)),
    processorSeconds: median(runs.map((run) => run.processorSeconds)),
    megabytes: Math.max(...runs.map((run) => run.megabytes)),
    bytesPerEntry: runs[0].bytes / runs[0].entries,
    ...(runs[0].fileMegabytes !== undefined && { fileMegabytes: runs[0].fileMegabytes }),
  }))
}

function start(hub, ids, cache) {
  const own = ['--child', 'gate', '--url', hub.url, '--key', hub.apiKey]
  const rest = [...(cache === undefined ? [] : ['--cache', cache]), ...(ids ? ['--choice-ids'] : [])]
  const args = [fileURLToPath(import.meta.url), ...own, ...rest]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 20 }))
}

/** As the hub would have written them; keys in order, since only their number matters here. */
async function fill(dataDir, entries) {
  // postmaster.pid (PostgreSQL): fourth line the port, fifth the socket directory.
  const lines = findPidFile(dataDir).split('\n')
  const client = new pg.Client({ host: lines[4], port: Number(lines[3]), user: 'verzet', database: 'verzet' })
  await client.connect()
  try {
    await client.query('set synchronous_commit = off')
    for (let from = 0; from < entries; from += insertedAtOnce) {
      await client.query(
        `insert into standings (contact_key, type, fingerprint, seq, record)
         select lpad(to_hex(n), 32, '0')::uuid, 'email', ('x' || substr(md5('f' || n), 1, 16))::bit(64)::bigint, 0,
           case when n % 100 < $3::int then jsonb_build_object('groups', jsonb_build_array(jsonb_build_object(
               'relation', null, 'items', jsonb_build_array(jsonb_build_object(
                 'at', 1700000000000 + n, 'id', gen_random_uuid(), 'kind', 'objection', 'scope', '{}'::jsonb)))))
             else '{"groups": [], "country": "BE", "customer": true}'::jsonb end
         from generate_series($1::bigint, $2::bigint - 1) as n`,
        [from, Math.min(entries, from + insertedAtOnce), Number(values.refused)],
      )
    }
    await client.query('vacuum analyze standings')
  } finally {
    await client.end()
  }
}

function findPidFile(dataDir) {
  const find = ['-L', join(dataDir, 'postgres'), '-name', 'postmaster.pid']
  const [path] = execFileSync('find', find, { encoding: 'utf8' }).trim().split('\n')
  return readFileSync(path, 'utf8')
}

async function runChild() {
  const { createGate } = await loadGate()
  const startedAt = performance.now()
  const before = process.cpuUsage()
  const gate = createGate({
    url: values.url,
    key: values.key,
    choiceIds: values['choice-ids'],
    bytesMax: 16 * 1024 ** 3,
    ...(values.cache !== undefined && { cacheFile: values.cache }),
  })
  await gate.ready
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  const { entries, bytes } = gate.metrics()
  const processorSeconds = (user + system) / 1e6
  const megabytes = process.resourceUsage().maxRSS / 1024
  process.stdout.write(JSON.stringify({ seconds, processorSeconds, megabytes, entries, bytes }))
  await gate.close()
}
