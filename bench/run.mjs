#!/usr/bin/env node
// `node bench/run.mjs [--people 10000,1000000] [--runs 5] [--opt-outs 8000]`: measures and writes bench/results.md.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine } from './hub-process.mjs'
import { measureAt } from './opt-outs.mjs'

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '10000,1000000' },
    runs: { type: 'string', default: '5' },
    'opt-outs': { type: 'string', default: '8000' },
    help: { type: 'boolean', short: 'h' },
  },
})
if (values.help) {
  process.stdout.write('node bench/run.mjs [--people 10000,1000000] [--runs 5] [--opt-outs 8000]\n')
  process.exit(0)
}

await ensureBuilt()
const log = (line) => process.stderr.write(`${line}\n`)
const rows = []
for (const people of values.people.split(',').map(Number)) {
  const optOuts = Math.min(Number(values['opt-outs']), Math.floor(people / Number(values.runs)))
  rows.push(await measureAt({ people, optOuts, runs: Number(values.runs), log }))
}

const columns = [
  ['contact points', (row) => (row.people * 2).toLocaleString('en')],
  ['engine, one-row inserts/s (pgbench, 64 clients)', (row) => row.engine],
  ['engine, the rows of an opt-out in one statement/s (pgbench, 64 clients)', (row) => row.engineRows],
  ['plain Node server, opt-outs/s', (row) => row.plain],
  ['plain Node server, opt-out p99, ms', (row) => row.plainP99Ms],
  ['Verzet, opt-outs/s', (row) => row.verzet],
  ['Verzet ÷ engine', (row) => (row.verzet / row.engine).toFixed(2)],
  ['Verzet ÷ engine with the same rows', (row) => (row.verzet / row.engineRows).toFixed(2)],
  ['Verzet ÷ plain server', (row) => (row.verzet / row.plain).toFixed(2)],
  ['opt-out p50, ms', (row) => row.p50Ms],
  ['opt-out p99, ms', (row) => row.p99Ms],
  ['gate single p50 / p99 at 1,000/s, ms', (row) => `${row.singleP50Ms} / ${row.singleP99Ms}`],
  ['gate batch of 1,000 p50 / p99, ms', (row) => `${row.batchP50Ms} / ${row.batchP99Ms}`],
  ['import, rows/s', (row) => row.importRowsPerSecond],
  ['links, rows/s', (row) => row.linkRowsPerSecond],
]
const table = [
  `| measure | ${rows.map((row) => `${row.people.toLocaleString('en')} people`).join(' | ')} |`,
  `|---|${rows.map(() => '---:').join('|')}|`,
  ...columns.map(([name, of]) => `| ${name} | ${rows.map(of).join(' | ')} |`),
]
const text = `# Results

Made by \`node bench/run.mjs\` on ${new Date().toISOString().slice(0, 10)}: ${await describeMachine()}.
Medians of ${values.runs} runs; each run measures the hub, the engine and the plain server one after the other on the same
embedded PostgreSQL (fsync on), with the load generator on the same machine. Every opt-out is a different person's one-click
POST (RFC 8058): it writes choice, evidence and owed acknowledgement, and rewrites and announces three standings (the address,
the phone number and the person). Questions are measured after five seconds of questions that are not counted.

${table.join('\n')}
`
const place = fileURLToPath(new URL('./results.md', import.meta.url))
const before = readFileSync(place, 'utf8')
// The other measurements have sections of their own.
const rest = before.includes('\n## ') ? before.slice(before.indexOf('\n## ')) : ''
writeFileSync(place, text + rest)
process.stdout.write(text)
