/**
 * Rows of a list a second: `node bench/scrub.mjs [--rows 2000000] [--runs 3] [--duckdb DIRECTORY] [--only NAME,…] [--json]`. Each
 * competitor runs as a process of its own on the same files, one after the other, and writes what it keeps to a file; the
 * table has the median time, and the most memory it had. One row in ten is refused. What Verzet knows is in memory before
 * the clock starts, as in a hub; the others read the refused addresses as part of their work. DuckDB is measured where
 * DIRECTORY has `@duckdb/node-api` installed.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  createReadStream,
  createWriteStream,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { open } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { about, buildIndex, catalog, emailOf, fingerprintKey, loadGate } from './gate-bundle.mjs'
import { median } from './load.mjs'

const names = ['Jan Peeters', 'Marie Dubois', 'Els De Smet', 'Luc Maes', 'Sofie Janssens']
const towns = ['Antwerpen', 'Namur', 'Gent', 'Luik']

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    runs: { type: 'string', default: '3' },
    duckdb: { type: 'string' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    child: { type: 'string' },
    directory: { type: 'string' },
  },
})
const rows = Number(values.rows)

const shell = (command) => ({ kind: 'shell', command })
/** In the directory with list.csv, refused.txt and refused-sorted.txt; the result goes to kept. */
const competitors = {
  'verzet, everybody known': { kind: 'child' },
  'verzet, refusals only': { kind: 'child' },
  'verzet, refusals only, 2 threads': { kind: 'child' },
  'verzet, TypeScript scanner': { kind: 'child' },
  'wc -l (reads only)': shell('wc -l list.csv > kept'),
  'duckdb, 1 thread': { kind: 'child' },
  'duckdb, 2 threads': { kind: 'child' },
  'sort + comm (addresses only)': shell('cut -d, -f2 list.csv | sort | comm -23 - refused-sorted.txt > kept'),
  mawk: shell("mawk -F, 'NR==FNR{r[$1]=1;next} !($2 in r)' refused.txt list.csv > kept"),
  'grep -vFf': shell('grep -vFf refused.txt list.csv > kept'),
  'csv-parse + Set': { kind: 'child' },
}

if (values.child === undefined) await compare()
else await runChild(values.child, values.directory)

async function compare() {
  const directory = mkdtempSync(join(tmpdir(), 'scrub-bench-'))
  try {
    writeLists(directory)
    const megabytes = (statSync(join(directory, 'list.csv')).size / 1e6).toFixed(0)
    const results = []
    for (const [name, competitor] of Object.entries(competitors)) {
      if (values.only !== undefined && !values.only.split(',').some((part) => name.includes(part))) continue
      const runs = []
      for (let run = 0; run < Number(values.runs); run += 1) runs.push(measure(name, competitor, directory))
      const problem = runs.find((one) => one.problem !== undefined)?.problem
      if (problem !== undefined) results.push({ name, problem })
      else {
        results.push({
          name,
          seconds: median(runs.map((one) => one.seconds)),
          processorSeconds: median(runs.map((one) => one.processorSeconds)),
          megabytes: Math.max(...runs.map((one) => one.megabytes)),
          rowsKept: Number(keptRows(directory)),
        })
      }
    }
    if (values.json) console.log(JSON.stringify({ rows, runs: Number(values.runs), results }, null, 2))
    else printTable(megabytes, results)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

function printTable(megabytesOfList, results) {
  console.log(`${rows.toLocaleString('en')} rows, ${megabytesOfList} MB; median of ${values.runs} runs\n`)
  console.log('| | seconds | rows/s | processor seconds | memory, MB | rows kept |\n|---|---:|---:|---:|---:|---:|')
  for (const { name, problem, seconds, processorSeconds, megabytes, rowsKept } of results) {
    if (problem !== undefined) console.log(`| ${name} | ${problem} | | | | |`)
    else {
      const perSecond = Math.round(rows / seconds).toLocaleString('en')
      const figures = `${seconds.toFixed(2)} | ${perSecond} | ${processorSeconds.toFixed(2)}`
      console.log(`| ${name} | ${figures} | ${Math.round(megabytes) || ''} | ${rowsKept} |`)
    }
  }
}

function writeLists(directory) {
  const list = openSync(join(directory, 'list.csv'), 'w')
  const refused = openSync(join(directory, 'refused.txt'), 'w')
  writeSync(list, 'id,email,name,town\n')
  for (let from = 0; from < rows; from += 10_000) {
    let listPart = ''
    let refusedPart = ''
    for (let index = from; index < Math.min(rows, from + 10_000); index += 1) {
      // Lists come in no order of ours.
      const person = (index * 7_368_787) % rows
      listPart += `${person},${emailOf(person)},${names[person % names.length]},${towns[person % towns.length]}\n`
      if (person % 10 === 0) refusedPart += `${emailOf(person)}\n`
    }
    writeSync(list, listPart)
    writeSync(refused, refusedPart)
  }
  closeSync(list)
  closeSync(refused)
  const env = { ...process.env, LC_ALL: 'C' }
  execFileSync('sort', ['-o', 'refused-sorted.txt', 'refused.txt'], { cwd: directory, env })
}

function measure(name, competitor, directory) {
  // Giving the space of an older file back would be part of the time.
  rmSync(join(directory, 'kept'), { force: true })
  const env = { ...process.env, LC_ALL: 'C' }
  if (competitor.kind === 'shell') {
    // The shell itself says how much processor time its children took.
    const command = ['-c', `${competitor.command}; times >&2`]
    const startedAt = performance.now()
    const { status, stderr } = spawnSync('sh', command, { cwd: directory, env, encoding: 'utf8' })
    const seconds = (performance.now() - startedAt) / 1000
    const times = [...stderr.matchAll(/(\d+)m([\d.]+)s/g)].map(
      ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
    )
    const processorSeconds = times.reduce((sum, one) => sum + one, 0)
    return status === 0
      ? { seconds, processorSeconds, megabytes: 0 }
      : { problem: `not measured: ${stderr.trim().split('\n')[0]}` }
  }
  const passed = process.argv.slice(2)
  const args = [fileURLToPath(import.meta.url), ...passed, '--child', name, '--directory', directory]
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout)
  return { problem: `not measured: ${stderr.trim().split('\n').at(-1)}` }
}

function keptRows(directory) {
  return execFileSync('wc', ['-l', 'kept'], { cwd: directory, encoding: 'utf8' }).trim().split(' ')[0]
}

async function runChild(name, directory) {
  process.chdir(directory)
  const result = name.startsWith('verzet')
    ? await runVerzet(name)
    : name.startsWith('duckdb')
      ? await runDuckdb(name.includes('2') ? 2 : 1)
      : await runCsvParse()
  console.log(JSON.stringify(result))
}

/** The time of the work, and the most memory the process had beyond what it had before. */
async function timed(work, megabytesBefore = 0) {
  const startedAt = performance.now()
  const before = process.cpuUsage()
  await work()
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(before)
  return {
    seconds,
    processorSeconds: (user + system) / 1e6,
    megabytes: process.resourceUsage().maxRSS / 1024 - megabytesBefore,
  }
}

async function runVerzet(name) {
  const gate = await loadGate()
  const index = buildIndex(gate, rows, { withCustomers: !name.includes('refusals only') })
  const known = new gate.Questions(index, new gate.Fingerprinter(fingerprintKey), catalog)
  // No rule pack lets mail go to strangers: here silence is taken for yes, to compare with plain lists of refusals.
  const silenceAllows = {
    fingerprintKey: known.fingerprintKey,
    sift: () => known.sift(),
    locateMany: (...all) => known.locateMany(...all),
    answerLocated: (located) =>
      located === 0 ? { decision: 'allow', reason: 'opt_out_regime' } : { decision: 'deny', reason: 'objection' },
  }
  const questions = name.includes('refusals only') ? silenceAllows : known
  const megabytesBefore = process.memoryUsage().rss / 1e6
  return timed(async () => {
    const output = createWriteStream('kept')
    const written = (bytes) =>
      new Promise((resolve, reject) => output.write(bytes, (error) => (error ? reject(error) : resolve())))
    const list = await open('list.csv')
    await gate.scrub(
      new gate.ListFile(list),
      { borrows: true, write: written },
      {
        about,
        questions: () => questions,
        chooseColumns: (header) => ({ email: [header.indexOf('email')], phone: [] }),
        clock: Date.now,
        useKernel: !name.includes('TypeScript'),
        threads: name.includes('2 threads') ? 2 : 1,
      },
    )
    await list.close()
    output.end()
    await once(output, 'finish')
  }, megabytesBefore)
}

async function runDuckdb(threads) {
  if (values.duckdb === undefined) throw new Error('say --duckdb DIRECTORY')
  const path = createRequire(join(values.duckdb, 'package.json')).resolve('@duckdb/node-api')
  const { DuckDBInstance } = await import(pathToFileURL(path).href)
  const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) })
  const connection = await instance.connect()
  return timed(() =>
    connection.run(`copy (
      select list.* from read_csv('list.csv', header = true, all_varchar = true) as list
      anti join read_csv('refused.txt', header = false, columns = {'email': 'varchar'}) as refused
        on lower(list.email) = refused.email
    ) to 'kept' (header true)`),
  )
}

async function runCsvParse() {
  const { parse } = await import('csv-parse')
  return timed(async () => {
    const refused = new Set(readFileSync('refused.txt', 'utf8').split('\n'))
    const output = createWriteStream('kept')
    for await (const fields of createReadStream('list.csv').pipe(parse())) {
      if (refused.has(fields[1].toLowerCase())) continue
      if (!output.write(`${fields.join(',')}\n`)) await once(output, 'drain')
    }
    output.end()
    await once(output, 'finish')
  })
}
