#!/usr/bin/env node
// `node bench/sidecar.mjs [--people 20000] [--questions 200000]`: questions a second that a sidecar answers over its socket.
import { spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir, runVerzet, startHub } from './hub-process.mjs'

const bundle = fileURLToPath(new URL('../packages/server/dist/verzet.mjs', import.meta.url))
/** Clock ticks a second in /proc/PID/stat, the same on every Linux that Node runs on. */
const ticksPerSecond = 100
const connections = 16
const batchQuestions = 1_000

const { values } = parseArgs({
  options: { people: { type: 'string', default: '20000' }, questions: { type: 'string', default: '200000' } },
})
const people = Number(values.people)
const questions = Number(values.questions)

function question(index) {
  const value =
    index % 4 === 3 ? `stranger${index}@example.org` : `person${index % people}@mail${index % 97}.example.be`
  return JSON.stringify({ contactPoint: { type: 'email', value }, brand: 'bench', channel: 'email', topic: 'news' })
}

function post(path, body) {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  return head + body
}

/** `ask` makes one request of some questions, `answered` counts the answers in a piece of text. */
const ways = [
  { name: 'line, one at a time', depth: 1, size: 1, ask: (index) => `${question(index)}\n`, end: '\n' },
  { name: 'line, 64 at a time', depth: 64, size: 1, ask: (index) => `${question(index)}\n`, end: '\n' },
  { name: 'HTTP, one at a time', depth: 1, size: 1, ask: (index) => post('/v1/gate', question(index)), end: '"}' },
  { name: 'HTTP, 64 at a time', depth: 64, size: 1, ask: (index) => post('/v1/gate', question(index)), end: '"}' },
  {
    name: `HTTP, batches of ${batchQuestions}`,
    depth: 1,
    size: batchQuestions,
    ask: (index) => {
      const all = Array.from({ length: batchQuestions }, (_, offset) => question(index + offset))
      return post('/v1/gate/batch', `{"questions":[${all.join(',')}]}`)
    },
    end: ']}',
  },
]

function countOf(text, end) {
  let found = 0
  for (let at = text.indexOf(end); at >= 0; at = text.indexOf(end, at + end.length)) found += 1
  return found
}

/** Each connection keeps `depth` requests under way until all are answered. */
async function measure(path, way, pid) {
  const requests = Math.floor(questions / way.size / connections / way.depth) * way.depth
  const prepared = Array.from({ length: requests / way.depth }, (_, round) =>
    Buffer.from(Array.from({ length: way.depth }, (_, at) => way.ask((round * way.depth + at) * way.size)).join('')),
  )
  const before = cpuSeconds(pid)
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(path).setEncoding('latin1')
      let waiting = 0
      let wake = () => {}
      let rest = ''
      socket.on('data', (text) => {
        const whole = rest + text
        waiting -= countOf(whole, way.end)
        // Only what could be the beginning of an end is kept.
        rest = whole.endsWith(way.end[0]) && way.end.length > 1 ? whole.slice(-1) : ''
        if (waiting <= 0) wake()
      })
      for (const bytes of prepared) {
        waiting += way.depth
        const answered = new Promise((resolve) => {
          wake = resolve
        })
        socket.write(bytes)
        await answered
      }
      socket.destroy()
    }),
  )
  const asked = requests * connections * way.size
  const seconds = (performance.now() - startedAt) / 1000
  const busySeconds = cpuSeconds(pid) - before
  return {
    name: way.name,
    asked,
    perSecond: Math.round(asked / seconds),
    perCoreSecond: Math.round(asked / busySeconds),
  }
}

function cpuSeconds(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

await ensureBuilt()
const { dataDir, remove } = makeDataDir()
const hub = await startHub(dataDir)
try {
  const brand = { id: 'bench', name: 'Bench', controller: 'Bench NV', country: 'BE', settings: {} }
  const topic = { brand: 'bench', id: 'news', purpose: 'marketing', names: { en: 'News' } }
  writeFileSync(join(dataDir, 'brand.json'), JSON.stringify(brand))
  writeFileSync(join(dataDir, 'topic.json'), JSON.stringify([topic]))
  await runVerzet(dataDir, ['brands', 'set', join(dataDir, 'brand.json')])
  await runVerzet(dataDir, ['topics', 'set', join(dataDir, 'topic.json')])
  const rows = Array.from({ length: people }, (_, index) => `person${index}@mail${index % 97}.example.be`)
  writeFileSync(join(dataDir, 'noes.csv'), `email\n${rows.join('\n')}\n`)
  await runVerzet(dataDir, ['import', '--objections', join(dataDir, 'noes.csv'), '--source', 'bench'])
  writeFileSync(join(dataDir, 'key'), hub.apiKey, { mode: 0o600 })
  const path = join(dataDir, 'gate.sock')
  const args = ['sidecar', '--hub', hub.url, '--key-file', join(dataDir, 'key'), '--socket', path, '--json']
  const sidecar = spawn(process.execPath, [bundle, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const isReady = new Promise((resolve) => {
    createInterface({ input: sidecar.stderr }).on('line', (line) => {
      if (line.includes('up to date')) resolve()
    })
  })
  await isReady
  const results = []
  for (const way of ways) results.push(await measure(path, way, sidecar.pid))
  process.stdout.write(`${await describeMachine()}; ${people} people who said no, ${connections} connections\n\n`)
  process.stdout.write('| way | questions | a second | a second of one core |\n|---|---:|---:|---:|\n')
  for (const { name, asked, perSecond, perCoreSecond } of results) {
    process.stdout.write(`| ${name} | ${asked} | ${perSecond} | ${perCoreSecond} |\n`)
  }
  sidecar.kill('SIGTERM')
  await new Promise((resolve) => sidecar.once('exit', resolve))
} finally {
  await hub.stop()
  remove()
}
