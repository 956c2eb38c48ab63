/**
 * The join of docs/operate/warehouse.md in DuckDB, held against the gate, and the Parquet export measured:
 * `node bench/warehouse-join.mjs [--rows 1000000] [--duckdb DIRECTORY]`. DuckDB is no dependency of the project: give a
 * directory where `npm install @duckdb/node-api` was run. Without it only the export is measured. Ends with 1 when an
 * answer differs.
 */
import { createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { root } from '../scripts/install.mjs'

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, duckdb: { type: 'string' } },
})
const peopleCount = 10_000
const pageRows = 5_000
const mebibyte = 1024 ** 2
const directory = mkdtempSync(join(tmpdir(), 'verzet-warehouse-'))
const { core, gate, keyFunctionSql, StandingParquet } = await loadParts()
const secrets = core.hashSecrets(Buffer.alloc(32, 'pepper of the benchmark '))
const about = { brand: 'bench', channel: 'email', topic: 'news' }
const brands = [{ id: 'bench', country: 'BE', topics: [{ id: 'news', purpose: 'marketing' }] }]

/** As in entry/key-function-sql.test.ts: plain ones first, then those that only the gate can read. */
const spellings = [
  (n) => ['email', `person${n}@mail${n % 97}.example.be`],
  (n) => ['email', `JAN${n}@VOORBEELD.BE`],
  (n) => ['email', `  Piet.Peeters+${n}@Post.Example `],
  (n) => ['phone', `+32470${String(n).padStart(6, '1')}`],
  (n) => ['phone', `0471/${String(n).padStart(6, '1')}`],
  (n) => ['phone', `+31 6-${String(n).padStart(8, '1')}`],
  (n) => ['phone', `+352 621 ${String(n).padStart(6, '1')}`],
  (n) => ['email', `jan${n}@müller${n % 7}.example`],
  (n) => ['email', `jän${n}@voorbeeld.be`],
  (n) => ['email', `\u0130bo${n}@voorbeeld.be`],
  (n) => ['email', `"jan piet ${n}"@voorbeeld.be`],
  (n) => ['phone', `+32 (0)472 ${String(n).padStart(6, '1')}`],
]
const plainSpellings = 7

try {
  if (values.duckdb !== undefined) await proveJoin(values.duckdb)
  await measureExport(Number(values.rows))
} finally {
  rmSync(directory, { recursive: true, force: true })
}

async function proveJoin(place) {
  const require = createRequire(join(place, 'package.json'))
  const { DuckDBInstance } = await import(pathToFileURL(require.resolve('@duckdb/node-api')).href)
  const database = await (await DuckDBInstance.create(':memory:')).connect()
  await database.run(keyFunctionSql(secrets, 'duckdb'))
  const rowsOf = async (sql) => (await database.runAndReadAll(sql)).getRowsJson()
  const index = new gate.StandingIndex({})
  const fingerprinter = new gate.Fingerprinter(secrets.fingerprintKey)
  const questions = new gate.Questions(index, fingerprinter, { brands, registers: {} })
  const people = Array.from({ length: peopleCount }, (_, n) => {
    const [type, value] = spellings[n % spellings.length](n)
    const { contactPoint } = core.normaliseContactPoint({ type, value }, { country: 'BE' })
    return { n, type, value, contactPoint, standing: standingOf(n) }
  })
  for (const { contactPoint, standing } of people) {
    if (standing === undefined) continue
    fingerprinter.take(contactPoint.type, contactPoint.normalised)
    index.set(fingerprinter.low, fingerprinter.high, standing)
  }
  let differing = 0
  let read = 0
  for (const [type, channel, reader] of [
    ['email', 'email', 'verzet_email(given)'],
    ['phone', 'sms', "verzet_phone(given, 'BE')"],
  ]) {
    const asked = people.filter((person) => person.type === type)
    const now = Date.now()
    const answers = asked.map(({ value }) => questions.answer({ type, value }, { ...about, channel }, now))
    const standing = asked.flatMap((person, place) => (person.standing ? [exportedOf(person, answers[place])] : []))
    const file = join(directory, `${type}.parquet`)
    await writeParquet(file, standing, { ...about, channel })
    const list = asked.map(({ n, value }) => `(${n}, '${value.replaceAll("'", "''")}')`).join(', ')
    const others = core.decide(
      { ...about, channel, contactPointType: type, purpose: 'marketing', registers: {} },
      undefined,
      core.chooseRulePack('BE'),
      now,
    )
    const joined = await rowsOf(
      `with people as (select n, ${reader} as normalised from (values ${list}) as written (n, given))
       select people.n, people.normalised, coalesce(standing.decision, '${others.decision}'), other.decision
       from people left join read_parquet('${file}') as standing on standing.contact_key = verzet_key('${type}', people.normalised)
       left join read_parquet('${file}') as other on other.fingerprint = verzet_fingerprint('${type}', people.normalised)
       order by people.n`,
    )
    for (const [place, [n, normalised, byKey, byFingerprint]] of joined.entries()) {
      const isPlain = n % spellings.length < plainSpellings
      if (normalised !== null) read += 1
      const isRight =
        normalised === null
          ? !isPlain
          : isPlain &&
            normalised === asked[place].contactPoint.normalised &&
            byKey === answers[place].decision &&
            (byFingerprint ?? others.decision) === byKey
      if (!isRight) differing += 1
    }
  }
  const [[version]] = await rowsOf('select version()')
  console.log(
    `DuckDB ${version}: ${peopleCount} people, ${read} read in SQL, ${differing} answered otherwise than the gate`,
  )
  if (differing > 0) process.exitCode = 1
}

function standingOf(n) {
  const item = { id: core.uuidV7(n, Buffer.alloc(10)), scope: {}, at: 1 }
  const said = [{ ...item, kind: 'objection' }, { ...item, kind: 'consent', lifts: true }, undefined][n % 3]
  return said && { groups: [{ relation: null, items: [said] }] }
}

function exportedOf({ contactPoint }, decision) {
  const fingerprint = core.gateFingerprint(secrets.fingerprintKey, contactPoint)
  return {
    key: core.contactPointKey(secrets, contactPoint),
    fingerprint: fingerprint.toString(16).padStart(16, '0'),
    type: contactPoint.type,
    decision,
  }
}

async function writeParquet(path, rows, { brand, channel, topic }) {
  const sheet = new StandingParquet({ brand, channel, topic }, 'bench')
  const stream = createWriteStream(path)
  for await (const page of pagesOf(rows)) await written(stream, sheet.add(page))
  await written(stream, sheet.finish({ position: 'bench', others: { decision: 'deny', reason: 'no_basis' } }))
  stream.end()
  await finished(stream)
}

async function* pagesOf(rows) {
  for (let from = 0; from < rows.length; from += pageRows) yield rows.slice(from, from + pageRows)
}

/** Standings as a page of the hub gives them, made when they are asked for; three in four are of one decision. */
function* madeRows(count) {
  for (let n = 0; n < count; n += 1) {
    const key = core.contactPointKey(secrets, { type: 'email', normalised: `person${n}@mail${n % 97}.example.be` })
    const choiceId = core.uuidV7(1_700_000_000_000 + n, Buffer.from(key.replaceAll('-', ''), 'hex'))
    const decision =
      n % 4 === 0
        ? { decision: 'allow', reason: 'customer_relation' }
        : { decision: 'deny', reason: 'objection', choiceId }
    yield {
      key,
      fingerprint: key.slice(0, 18).replaceAll('-', ''),
      type: 'email',
      decision: { ...decision, rulePack: 'BE@2026-01' },
    }
  }
}

async function measureExport(count) {
  const path = join(directory, 'standing.parquet')
  const sheet = new StandingParquet(about, 'bench')
  const stream = createWriteStream(path)
  const before = process.cpuUsage()
  const rssBefore = process.memoryUsage().rss
  let rssMax = 0
  let page = []
  for (const row of madeRows(count)) {
    page.push(row)
    if (page.length < pageRows) continue
    await written(stream, sheet.add(page))
    rssMax = Math.max(rssMax, process.memoryUsage().rss)
    page = []
  }
  await written(stream, sheet.add(page))
  await written(stream, sheet.finish({ position: 'bench', others: { decision: 'deny', reason: 'no_basis' } }))
  stream.end()
  await finished(stream)
  const { user, system } = process.cpuUsage(before)
  const seconds = (user + system) / 1_000_000
  console.log(
    '| rows | file | bytes a row | rows/s of CPU | memory before | memory at most |\n|---:|---:|---:|---:|---:|---:|',
  )
  const { size } = statSync(path)
  const cells = [
    count.toLocaleString('en'),
    `${(size / mebibyte).toFixed(1)} MiB`,
    (size / count).toFixed(1),
    Math.round(count / seconds).toLocaleString('en'),
    `${Math.round(rssBefore / mebibyte)} MiB`,
    `${Math.round(rssMax / mebibyte)} MiB`,
  ]
  console.log(`| ${cells.join(' | ')} |`)
}

function written(stream, bytes) {
  return new Promise((resolve, reject) => stream.write(bytes, (error) => (error ? reject(error) : resolve())))
}

async function loadParts() {
  const outfile = join(directory, 'parts.mjs')
  const source = `
    export * as core from '@verzet/core'
    export * as gate from '@verzet/gate'
    export { keyFunctionSql } from './packages/server/src/entry/key-function-sql.ts'
    export { StandingParquet } from './packages/server/src/adapters/parquet/standing-parquet.ts'`
  await build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    alias: {
      '@verzet/core': join(root, 'packages/core/src/index.ts'),
      '@verzet/gate': join(root, 'packages/gate/src/index.ts'),
    },
    outfile,
    logLevel: 'error',
  })
  return import(pathToFileURL(outfile).href)
}
