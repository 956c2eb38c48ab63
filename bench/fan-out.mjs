#!/usr/bin/env node
// `node bench/fan-out.mjs [--followers 100] [--processes 10] [--rate 1000] [--seconds 10] [--growth 1,10,100,1000]
// [--growth-rate 50] [--nats]`: from the hub's answer to a no until every gate refuses.
import { fork, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../scripts/build.mjs'
import { describeMachine, makeDataDir, startHub } from './hub-process.mjs'
import { sendAll } from './load.mjs'

/** Clock ticks a second in /proc/PID/stat, the same on every Linux that Node runs on. */
const ticksPerSecond = 100
const natsPort = 14_222
/** Of the noes, so many a second are watched in every gate. */
const watchedPerSecond = 20
/** A gate is told of whom to watch this long before the no. */
const aheadMs = 50
const settleMs = 5_000
const clients = 64

const { values } = parseArgs({
  options: {
    followers: { type: 'string', default: '100' },
    processes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '10' },
    growth: { type: 'string', default: '1,10,100,1000' },
    'growth-rate': { type: 'string', default: '50' },
    nats: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds)
let people = 0

const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const microseconds = () => Number(process.hrtime.bigint() / 1_000n)

function cpuMsOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond
}

function bodyOf(address) {
  return JSON.stringify({
    contactPoint: { type: 'email', value: address },
    kind: 'objection',
    scope: {},
    author: 'person',
  })
}

async function put(hub, path, body) {
  const response = await fetch(`${hub.url}${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${hub.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`)
}

async function startNats() {
  const store = mkdtempSync(join(tmpdir(), 'verzet-bench-nats-'))
  const child = spawn('nats-server', ['-js', '-sd', store, '-a', '127.0.0.1', '-p', String(natsPort)], {
    stdio: 'ignore',
  })
  await wait(1_000)
  return {
    url: `nats://127.0.0.1:${natsPort}`,
    stop() {
      child.kill('SIGKILL')
      rmSync(store, { recursive: true, force: true })
    },
  }
}

/** The gates, in processes of their own, all up to date. */
async function startGates(hub, followers, processes, natsUrl) {
  const counts = Array.from({ length: Math.min(processes, followers) }, (_, index) =>
    Math.floor((followers + index) / Math.min(processes, followers)),
  )
  const children = await Promise.all(
    counts.map((gates) => {
      const options = JSON.stringify({ url: hub.url, key: hub.apiKey, gates, natsUrl })
      const child = fork(fileURLToPath(new URL('fan-out-gates.mjs', import.meta.url)), [options])
      return new Promise((resolve, reject) => {
        child.once('message', () => resolve(child))
        child.once('exit', (code) => reject(new Error(`a process with gates ended with ${code}`)))
      })
    }),
  )
  return children
}

/** One no on a connection of its own; when the hub had answered it. */
function sayNo(hub, agent, address) {
  return new Promise((resolve, reject) => {
    const body = bodyOf(address)
    const headers = {
      authorization: `Bearer ${hub.apiKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(`${hub.url}/v1/choices`, { method: 'POST', agent, headers }, (response) => {
      const answeredAt = microseconds()
      response
        .resume()
        .once('end', () =>
          response.statusCode === 201 ? resolve(answeredAt) : reject(new Error(`${response.statusCode}`)),
        )
    })
    sent.once('error', reject)
    sent.end(body)
  })
}

function* otherNoes(hub, count) {
  const host = new URL(hub.url).host
  for (let index = 0; index < count; index += 1) {
    const body = bodyOf(`other${people++}@mail.example.be`)
    const head = `POST /v1/choices HTTP/1.1\r\nHost: ${host}\r\nAuthorization: Bearer ${hub.apiKey}\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
    yield Buffer.from(head + body)
  }
}

async function measure(hub, { followers, processes, rate, natsUrl }) {
  const children = await startGates(hub, followers, processes, natsUrl)
  const answeredAt = new Map()
  const latenciesMs = []
  const ends = []
  for (const child of children) {
    child.on('message', ({ refused, ended }) => {
      if (ended !== undefined) ends.push(ended)
      if (refused === undefined) return
      for (const at of refused.refusedAt) latenciesMs.push((at - answeredAt.get(refused.address)) / 1_000)
    })
  }
  const agent = new Agent({ keepAlive: true })
  const hubCpuMs = cpuMsOf(hub.child.pid)
  const startedAt = performance.now()
  const others = Math.max(0, rate - watchedPerSecond)
  const load =
    others === 0
      ? undefined
      : sendAll({ port: hub.port, clients, requests: otherNoes(hub, others * seconds), ratePerSecond: others })
  const noes = []
  for (let index = 0; index < watchedPerSecond * seconds; index += 1) {
    const address = `watched${people++}@mail.example.be`
    for (const child of children) child.send({ watch: address })
    noes.push(wait(aheadMs).then(async () => answeredAt.set(address, await sayNo(hub, agent, address))))
    await wait(startedAt + ((index + 1) * 1_000) / watchedPerSecond - performance.now())
  }
  await Promise.all(noes)
  const sent = await load
  const tookMs = performance.now() - startedAt
  await wait(settleMs)
  const hubCpu = (cpuMsOf(hub.child.pid) - hubCpuMs) / (tookMs + settleMs)
  for (const child of children) child.send({ end: true })
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))))
  latenciesMs.sort((a, b) => a - b)
  const at = (part) =>
    latenciesMs[Math.min(latenciesMs.length - 1, Math.floor(latenciesMs.length * part))] ?? Number.NaN
  return {
    followers,
    'noes/s': Math.round(
      ((sent?.latencies?.length ?? sent?.count ?? others * seconds) + noes.length) / (tookMs / 1_000),
    ),
    'p50 ms': at(0.5).toFixed(1),
    'p99 ms': at(0.99).toFixed(1),
    'max ms': at(1).toFixed(1),
    refusals: latenciesMs.length,
    missed: ends.reduce((sum, { unseen }) => sum + unseen, 0),
    gaps: ends.reduce((sum, { gaps }) => sum + gaps, 0),
    'hub, cores': hubCpu.toFixed(2),
    'gates, cores': (ends.reduce((sum, { cpuMs }) => sum + cpuMs, 0) / (tookMs + settleMs)).toFixed(2),
    errors: JSON.stringify(ends.flatMap(({ errors }) => errors)).slice(0, 200),
  }
}

await ensureBuilt()
const nats = values.nats ? await startNats() : undefined
const { dataDir, remove } = makeDataDir()
const hub = await startHub(dataDir, ['serve'], nats === undefined ? {} : { VERZET_NATS_URL: nats.url })
try {
  await put(hub, '/v1/brands/bench', { name: 'Bench', controller: 'Bench NV', country: 'BE' })
  await put(hub, '/v1/brands/bench/topics/news', { purpose: 'marketing', names: { en: 'News' } })
  const processes = Number(values.processes)
  const natsUrl = nats?.url
  console.log(await describeMachine(), natsUrl === undefined ? 'over HTTP' : 'over NATS JetStream')
  const aim = await measure(hub, { followers: Number(values.followers), processes, rate: Number(values.rate), natsUrl })
  console.table([aim])
  const growth = []
  for (const followers of values.growth.split(',').filter(Boolean).map(Number)) {
    growth.push(await measure(hub, { followers, processes, rate: Number(values['growth-rate']), natsUrl }))
  }
  if (growth.length > 0) console.table(growth)
} finally {
  await hub.stop()
  nats?.stop()
  remove()
}
